"""Sessions are kept in files, or in Redis where there is one."""

from pathlib import Path

from flask import Flask
from flask.sessions import SessionInterface
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from snippets.sessions import FileSystemSessionInterface, RedisSessionInterface, sessions_cli


def init_app(app: Flask) -> None:
    url = app.config["REDIS_URL"]
    app.extensions["redis"] = client(url) if url else None
    app.session_interface = app.config["SESSION_INTERFACE"] or interface(app)
    # flask sessions purge
    app.cli.add_command(sessions_cli)


def client(url: str) -> Redis:
    # a request waits at most a second for a server that hangs, and no command is sent twice
    once = Retry(NoBackoff(), 0)
    return Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1, retry=once)


def interface(app: Flask) -> SessionInterface:
    if redis := app.extensions["redis"]:
        return RedisSessionInterface(redis, key_prefix="notes:")
    return FileSystemSessionInterface(Path(app.instance_path, "sessions"))
