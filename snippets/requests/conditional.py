"""A body that is sent only if it has changed, and a write that does not overwrite another change."""

from flask import Flask, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue


def create_app() -> Flask:
    app = Flask(__name__)
    # all versions of the note; the last one is current
    texts = ["hello"]

    def current() -> Response:
        response = jsonify(text=texts[-1])
        response.set_etag(f"v{len(texts)}")
        return response

    @app.get("/note")
    def read() -> ResponseReturnValue:
        return current().make_conditional(request)

    @app.put("/note")
    def write() -> ResponseReturnValue:
        if not request.if_match.contains(f"v{len(texts)}"):
            abort(412)
        texts.append(request.get_json()["text"])
        return current()

    return app
