"""Settings of Gunicorn: with preload, each worker forgets the connections that were opened before the fork."""

from typing import Any

preload_app = True
workers = 2


def post_fork(server: Any, worker: Any) -> None:
    """Run in each new worker, before its first request."""
    app = server.app.wsgi()
    with app.app_context():
        for engine in app.extensions["sqlalchemy"].engines.values():
            # Not closed: they belong to the first process.
            engine.dispose(close=False)
