"""The same response, looked at in a hook and in a middleware."""

from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, request, session

app = Flask(__name__)
app.secret_key = "dev"
seen: list[str] = []


class Watch:
    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(
            status: str, headers: list[tuple[str, str]], *exc_info: Any
        ) -> Callable[[bytes], object]:
            names = [name for name, value in headers]
            # the application can leave a value in the environ
            user = environ.get("sees.user", "nobody")
            seen.append(f"middleware: {status}, {', '.join(names)}, for {user}")
            return start_response(status, headers, *exc_info)

        return self.app(environ, start)


app.wsgi_app = Watch(app.wsgi_app)  # type: ignore[method-assign]


@app.after_request
def watch(response: Response) -> Response:
    names = ", ".join(response.headers.keys())
    seen.append(f"hook: {response.status}, {names}, at {request.endpoint}")
    return response


@app.post("/login")
def login() -> str:
    session["user"] = request.environ["sees.user"] = request.form["user"]
    return "Welcome"


@app.get("/seen")
def show_seen() -> Response:
    return Response("\n".join(seen), mimetype="text/plain")
