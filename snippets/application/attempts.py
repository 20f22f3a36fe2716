"""Limit the attempts at a password, counted for all workers together."""

from math import ceil
from time import time

from flask import Flask, current_app, request
from limits import parse
from limits.storage import RedisStorage
from limits.strategies import FixedWindowRateLimiter, RateLimiter
from werkzeug.exceptions import TooManyRequests

from .attempt_table import AttemptTable

PER_NUMBER = parse("10 per 15 minutes")
PER_ADDRESS = parse("60 per 15 minutes")


def limiter() -> RateLimiter:
    found: RateLimiter = current_app.extensions["attempts"]
    return found


def count(what: str, number: str) -> None:
    """Count an attempt for a mobile number, and respond with 429 if there were too many."""
    # before the password is compared, otherwise many requests at once would all be checked
    for limit, who in ((PER_ADDRESS, request.remote_addr or ""), (PER_NUMBER, number)):
        if not limiter().hit(limit, what, who):
            reset = limiter().get_window_stats(limit, what, who).reset_time
            raise TooManyRequests(retry_after=max(1, ceil(reset - time())))


def forget(what: str, number: str) -> None:
    """Reset the counter of a number after a correct attempt."""
    limiter().clear(PER_NUMBER, what, number)


def init_app(app: Flask) -> None:
    redis = app.extensions["redis"]
    storage = (
        RedisStorage("redis://", redis.connection_pool, "notes:attempts", wrap_exceptions=True)
        if redis
        else AttemptTable(wrap_exceptions=True)
    )
    app.extensions["attempts"] = FixedWindowRateLimiter(storage)
