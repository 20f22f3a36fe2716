"""Answer 304 to whoever has the version, and 412 to whoever would overwrite another one."""

from flask import Flask, Response, abort, jsonify, request
from werkzeug.wrappers import Response as AnyResponse

app = Flask(__name__)
note = {"title": "tea"}


def current() -> Response:
    response = jsonify(note)
    response.add_etag()
    return response


@app.get("/note")
def show() -> AnyResponse:
    return current().make_conditional(request)


@app.put("/note")
def change() -> Response:
    etag = current().get_etag()[0] or ""
    if not request.if_match:
        abort(428)
    if etag not in request.if_match:
        abort(412)
    note.update(request.get_json())
    return current()
