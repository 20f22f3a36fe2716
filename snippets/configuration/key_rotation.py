"""Replace the secret key; sessions signed with the old key stay valid."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, session


def create_app(settings: Mapping[str, Any] | None = None) -> Flask:
    app = Flask(__name__)
    app.config.update(
        # signs every cookie that is written
        SECRET_KEY="autumn",
        # accepted in cookies that are read; a list, even for one key
        SECRET_KEY_FALLBACKS=["spring"],
    )
    app.config.from_mapping(settings)

    @app.post("/login")
    def login() -> str:
        session["user"] = "阿达"
        return "welcome"

    @app.get("/")
    def index() -> str:
        return f"{session.get('user', 'nobody')}"

    return app
