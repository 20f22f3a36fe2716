"""A job that each process may start, and only one does."""

import time

import click
from flask import Flask, current_app
from redis import Redis


def first(name: str, seconds: int) -> bool:
    """Say whether nobody has done this in the current period."""
    period = int(time.time() // seconds)
    redis = Redis.from_url(current_app.config["REDIS_URL"])
    return bool(redis.set(f"once:{name}:{period}", "1", nx=True, ex=2 * seconds))


def create_app() -> Flask:
    app = Flask(__name__)
    app.config["REDIS_URL"] = "redis://127.0.0.1:6379/0"
    app.config.from_prefixed_env("SHOP")

    @app.cli.command()
    def clean() -> None:
        if first("clean", 3600):
            click.echo("cleaned")

    return app
