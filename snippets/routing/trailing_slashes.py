"""Rules with a slash at the end, without one, and with strict_slashes=False."""

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
