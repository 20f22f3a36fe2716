"""A decorator protects the view only below @app.route."""

from collections.abc import Callable
from functools import wraps

from flask import Flask, abort, request

app = Flask(__name__)


def members_only(view: Callable[[], str]) -> Callable[[], str]:
    # wraps keeps the name of the view, which becomes the endpoint
    @wraps(view)
    def guarded() -> str:
        if request.authorization is None:
            abort(401)
        return view()

    return guarded


@app.route("/accounts")
@members_only
def accounts() -> str:
    return "For members"


# wrong order: route registers the function before members_only wraps it
@members_only
@app.route("/salaries")
def salaries() -> str:
    return "For members"
