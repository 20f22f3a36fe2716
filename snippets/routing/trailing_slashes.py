"""A folder, a file, and an address that answers both with and without a slash."""

from flask import Flask


def create_app() -> Flask:
    app = Flask(__name__)

    @app.route("/reports/", methods=["GET", "POST"])
    def reports() -> str:
        return "All reports"

    @app.route("/about")
    def about() -> str:
        return "About us"

    @app.route("/join", strict_slashes=False)
    def join() -> str:
        return "Join us"

    return app
