"""An application with every kind of hook, whose journal records the life of a request."""

from functools import partial

from flask import Flask, Response, after_this_request, flash, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter

from snippets.signals.all_ten import brief, watch
from snippets.signals.journal import Journal

journal = Journal()
note, steps = journal.note, journal.steps


class Noted(IntegerConverter):
    def to_python(self, value: str) -> int:
        note("routing", "to_python", value=value)
        return int(value)


app = Flask(__name__)
app.secret_key = "for this example only"
app.wsgi_app = journal.around(app.wsgi_app)  # type: ignore[method-assign]
app.session_interface = journal
app.url_map.converters["noted"] = Noted
app.logger.addFilter(lambda record: note("log", "logger.error") or True)
watch(app, partial(note, "signal"))
app.url_value_preprocessor(lambda *values: note("hook", "url_value_preprocessor"))
app.context_processor(lambda: note("hook", "context_processor") or {"step": note})
app.teardown_request(lambda error: note("hook", "teardown_request", error=brief(error)))
app.teardown_appcontext(lambda error: note("hook", "teardown_appcontext", error=brief(error)))


@app.before_request
def check() -> str | None:
    note("hook", "before_request")
    return request.args.get("answer")


@app.get("/cart/<noted:count>")
def cart(count: int) -> str:
    note("view", "cart", count=count)
    after_this_request(partial(after, "after_this_request"))
    flash("猫")
    return render_template("cart.html", count=count)


@app.errorhandler(HTTPException)
def answer(error: HTTPException) -> HTTPException:
    note("hook", "errorhandler", error=brief(error))
    return error


def after(name: str, response: Response) -> Response:
    note("hook", name, response=brief(response))
    return response


app.after_request(partial(after, "after_request"))
