"""What a thread sees depends on how it is started."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from flask import Flask, Response, copy_current_request_context, g, has_request_context, request

app = Flask(__name__)


@app.before_request
def find_reader() -> None:
    g.reader = "ada"


def look() -> str:
    if not has_request_context():
        return "nothing"
    return f"request {request.path}, reader {g.get('reader', 'unknown')}"


@app.get("/page")
def page() -> Response:
    with ThreadPoolExecutor() as pool:
        plain = pool.submit(look)
        copied = pool.submit(copy_current_request_context(look))
        shared = pool.submit(copy_context().run, look)
    lines = [
        f"plain: {plain.result()}",
        f"copy_current_request_context: {copied.result()}",
        f"copy_context: {shared.result()}",
    ]
    return Response("\n".join(lines), mimetype="text/plain")
