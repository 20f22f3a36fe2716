"""Replace Flask-Session by a session interface of this site."""

from flask import Flask, session
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from snippets.sessions import RedisSessionInterface


def create_app() -> Flask:
    app = Flask(__name__)
    # These two lines limit how long a request waits for Redis.
    once = Retry(NoBackoff(), 0)
    client = Redis(socket_timeout=1, socket_connect_timeout=1, retry=once)
    app.session_interface = RedisSessionInterface(client, key_prefix="shop:session:")

    @app.post("/visits")
    def count_visits() -> dict[str, int]:
        session["visits"] = session.get("visits", 0) + 1
        return {"visits": session["visits"]}

    return app
