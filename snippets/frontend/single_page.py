"""A single-page application beside its API: what the server does not know is a page, but not in the API."""

from pathlib import Path

from flask import Flask, Response, abort, request, send_from_directory
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

DIST = Path(__file__).parent / "dist"


def create_app() -> Flask:
    app = Flask(__name__, static_folder=DIST / "assets", static_url_path="/assets")

    @app.get("/")
    def page() -> Response:
        return send_from_directory(DIST, "index.html")

    @app.get("/api/teas/<int:number>")
    def tea(number: int) -> dict[str, int]:
        if number > 5:
            abort(404, "There are five teas.")
        return {"number": number}

    @app.errorhandler(HTTPException)
    def unknown(error: HTTPException) -> ResponseReturnValue:
        if request.path.startswith("/api/"):
            response = error.get_response()
            response.data = app.json.dumps({"error": error.description})
            response.content_type = "application/json"
            return response
        # no rule has matched: the script of the page knows what to show
        if error.code == 404 and request.url_rule is None and request.method in ("GET", "HEAD"):
            return page()
        return error

    @app.after_request
    def keep(response: Response) -> Response:
        # the names of these files have a hash
        if request.endpoint == "static" and response.status_code in (200, 304):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response

    return app
