"""Where Flask-Session stood, one line puts the session interface of this site."""

from flask import Flask, session
from redis import Redis

from snippets.sessions import RedisSessionInterface


def create_app() -> Flask:
    app = Flask(__name__)
    client = Redis(socket_timeout=1)
    app.session_interface = RedisSessionInterface(client, key_prefix="shop:session:")

    @app.post("/visits")
    def count_visits() -> dict[str, int]:
        session["visits"] = session.get("visits", 0) + 1
        return {"visits": session["visits"]}

    return app
