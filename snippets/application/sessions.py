"""Sessions are kept in files, or in Redis where there is one."""

from pathlib import Path

from flask import Flask
from redis import Redis

from snippets.sessions import FileSystemSessionInterface, RedisSessionInterface, sessions_cli


def init_app(app: Flask) -> None:
    if app.config["REDIS_URL"]:
        client = Redis.from_url(app.config["REDIS_URL"], socket_timeout=5)
        app.session_interface = RedisSessionInterface(client, key_prefix="notes:")
    else:
        folder = Path(app.instance_path, "sessions")
        app.session_interface = FileSystemSessionInterface(folder)
    # flask sessions purge
    app.cli.add_command(sessions_cli)
