"""Let one request compute what many ask for, while the others wait for the result."""

import time
from collections.abc import Callable
from contextlib import suppress

from flask import Flask
from redis import Redis
from redis.exceptions import LockError


def kept(redis: Redis, key: str, seconds: int, compute: Callable[[], str]) -> str:
    def look() -> str | None:
        found = redis.get(key)
        return found.decode() if isinstance(found, bytes) else found

    found = look()
    if found is not None:
        return found
    # it ends after ten seconds by itself, if the process that has it dies
    lock = redis.lock(f"lock:{key}", timeout=10, blocking_timeout=10)
    mine = lock.acquire()
    try:
        # somebody may have stored it while this request waited
        found = look()
        if found is not None:
            return found
        text = compute()
        redis.set(key, text, ex=seconds)
        return text
    finally:
        if mine:
            with suppress(LockError):
                lock.release()


def create_app() -> Flask:
    app = Flask(__name__)
    app.config.from_mapping(REDIS_URL="redis://127.0.0.1:6379/0", SECONDS=1.0)
    app.config.from_prefixed_env("SHOP")
    redis = Redis.from_url(app.config["REDIS_URL"], socket_timeout=5)

    def report() -> str:
        # stands for a slow query
        time.sleep(app.config["SECONDS"])
        return f"report number {redis.incr('reports')}"

    @app.get("/report")
    def show() -> str:
        return kept(redis, "report", 60, report)

    return app
