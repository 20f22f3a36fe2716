"""What a view may return."""

from collections.abc import Iterator

from flask import Flask, Response
from flask.typing import ResponseReturnValue

app = Flask(__name__)


@app.get("/text")
def text() -> str:
    return "<h1>早</h1>"


@app.get("/dict")
def a_dict() -> ResponseReturnValue:
    return {"id": 7}


@app.get("/list")
def a_list() -> ResponseReturnValue:
    return [1, 2, 3]


@app.post("/status")
def with_status() -> ResponseReturnValue:
    return {"id": 7}, 201


@app.get("/headers")
def with_headers() -> ResponseReturnValue:
    return "short and stout", 418, {"X-Tea": "green"}


@app.get("/response")
def a_response() -> Response:
    return Response("1 < 2", mimetype="text/plain")


@app.get("/stream")
def a_generator() -> Iterator[str]:
    yield "one, "
    yield "two"
