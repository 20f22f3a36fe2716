"""Set a session interface of Flask-Session yourself."""

from flask import Flask, session
from flask_session.redis import RedisSessionInterface
from redis import Redis


def create_app(url: str = "redis://localhost:6379/0") -> Flask:
    app = Flask(__name__)
    client = Redis.from_url(url, socket_timeout=1)
    sessions = RedisSessionInterface(app, client=client, key_prefix="shop:")
    app.session_interface = sessions

    @app.get("/")
    def index() -> str:
        session["xxx"] = 123
        return "Index"

    @app.post("/login")
    def log_in() -> str:
        sessions.regenerate(session)
        session["user"] = "ada"
        return "welcome"

    return app
