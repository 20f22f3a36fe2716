"""The link of a mail: for any host that a client names, and for the hosts of this site."""

from flask import Flask, url_for


def create_app(careful: bool = True) -> Flask:
    app = Flask(__name__)
    if careful:
        app.config["TRUSTED_HOSTS"] = ["shop.example"]

    @app.get("/reset/<token>")
    def reset(token: str) -> str:
        return "a new password"

    @app.post("/forgot")
    def forgot() -> str:
        return url_for("reset", token="4711", _external=True)

    return app
