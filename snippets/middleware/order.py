"""Two middlewares, the hooks, the view and its body each record when they run."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response
from werkzeug.wsgi import ClosingIterator

app = Flask(__name__)
steps: list[str] = []


class Trace:
    def __init__(self, app: WSGIApplication, name: str) -> None:
        self.app, self.name = app, name

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, *rest: Any) -> Callable[[bytes], object]:
            steps.append(f"{self.name}: {status}")
            return start_response(status, *rest)

        steps.append(f"{self.name}: called")
        body = self.app(environ, start)
        steps.append(f"{self.name}: has the body")
        return ClosingIterator(body, lambda: steps.append(f"{self.name}: closed"))


app.wsgi_app = Trace(app.wsgi_app, "inner")  # type: ignore[method-assign]
app.wsgi_app = Trace(app.wsgi_app, "outer")  # type: ignore[method-assign]
app.before_request(lambda: steps.append("before_request"))
app.teardown_request(lambda error: steps.append("teardown_request"))


@app.after_request
def after(response: Response) -> Response:
    steps.append("after_request")
    return response


def body() -> Iterator[str]:
    for number in (1, 2):
        steps.append(f"line {number}")
        yield f"line {number}\n"


@app.get("/lines")
def lines() -> Iterator[str]:
    steps.append("view")
    return body()


@app.get("/steps")
def show_steps() -> Response:
    return Response("\n".join(steps), mimetype="text/plain")
