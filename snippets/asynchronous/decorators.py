"""A decorator that suits plain views and async views."""

from collections.abc import Callable
from functools import wraps

from flask import Flask, Response, current_app, make_response
from flask.typing import RouteCallable

app = Flask(__name__)


def kept_for(seconds: int) -> Callable[[RouteCallable], Callable[..., Response]]:
    def decorate(view: RouteCallable) -> Callable[..., Response]:
        @wraps(view)
        def wrapper(*args: object, **values: object) -> Response:
            answer = current_app.ensure_sync(view)(*args, **values)
            response = make_response(answer)
            response.cache_control.max_age = seconds
            return response

        return wrapper

    return decorate


@app.get("/plain")
@kept_for(60)
def plain() -> str:
    return "plain"


@app.get("/async")
@kept_for(60)
async def awaited() -> str:
    return "async"
