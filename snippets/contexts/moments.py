"""Which names are available at each moment in the life of an application."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import Flask, Response, has_app_context, has_request_context

app = Flask(__name__)
seen: dict[str, str] = {}


def note(moment: str) -> None:
    found = "current_app, g" if has_app_context() else "nothing"
    seen.setdefault(moment, found + (", request, session" if has_request_context() else ""))


note("module level")
app.before_request(lambda: note("before_request"))
app.teardown_request(lambda error: note("teardown_request"))
app.teardown_appcontext(lambda error: note("teardown_appcontext"))
inner = app.wsgi_app


def middleware(environ: Any, start_response: Any) -> Iterable[bytes]:
    note("WSGI middleware")
    return inner(environ, start_response)


app.wsgi_app = middleware  # type: ignore[method-assign]


@app.after_request
def after(response: Response) -> Response:
    note("after_request")
    return response


@app.get("/")
def index() -> Response:
    note("view")
    with ThreadPoolExecutor() as pool:
        pool.submit(note, "thread started by the view")
    response = Response(generate())
    response.call_on_close(lambda: note("call_on_close"))
    return response


def generate() -> Iterator[str]:
    note("generator of the body")
    yield "sent"


@app.get("/moments")
def moments() -> Response:
    lines = [f"{moment}: {names}" for moment, names in seen.items()]
    return Response("\n".join(lines), mimetype="text/plain")
