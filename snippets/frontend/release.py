"""Static files that a browser keeps for a year, with the release in their URL."""

from typing import Any

from flask import Flask, Response, render_template_string, request, send_from_directory

YEAR = 365 * 24 * 3600
PAGE = """\
<!doctype html>
<link rel="icon" href="{{ url_for('static', filename='icon.svg') }}">
<link rel="stylesheet" href="{{ url_for('static', filename='shop.css') }}">
"""


def create_app(release: str = "1.4.2") -> Flask:
    app = Flask(__name__)

    @app.url_defaults
    def add_release(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" or endpoint.endswith(".static"):
            values.setdefault("v", release)

    @app.after_request
    def keep(response: Response) -> Response:
        # only what was asked for with the release that runs here
        if response.status_code in (200, 304) and request.args.get("v") == release:
            response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
        return response

    @app.get("/")
    def index() -> str:
        return render_template_string(PAGE)

    @app.get("/favicon.ico")
    def favicon() -> Response:
        return send_from_directory(app.static_folder or "", "icon.svg", max_age=24 * 3600)

    return app
