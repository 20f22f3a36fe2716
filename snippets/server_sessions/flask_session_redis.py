"""Let Flask-Session set its session interface from the configuration."""

from flask import Flask, session
from flask_session import Session
from redis import Redis


def create_app(url: str = "redis://localhost:6379/0") -> Flask:
    app = Flask(__name__)
    app.config.update(
        SESSION_TYPE="redis",
        SESSION_REDIS=Redis.from_url(url, socket_timeout=1),
        SESSION_KEY_PREFIX="shop:",
        SESSION_PERMANENT=False,
    )
    Session(app)

    @app.get("/")
    def index() -> str:
        session["xxx"] = 123
        return "Index"

    return app
