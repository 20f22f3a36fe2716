"""A name of your own that means the user of the request."""

from flask import Flask, g, request
from flask.typing import ResponseReturnValue
from werkzeug.local import LocalProxy

app = Flask(__name__)
USERS = {"a1": {"name": "Ada"}, "b2": {"name": "阿达"}}


def find_user() -> dict[str, str] | None:
    if "user" not in g:
        # looked up once in a request, however often the name is used
        g.user = USERS.get(request.headers.get("X-Token", ""))
    user: dict[str, str] | None = g.user
    return user


current_user = LocalProxy(find_user)


@app.get("/me")
def me() -> ResponseReturnValue:
    if not current_user:
        return {"error": "who are you?"}, 401
    return {"name": current_user["name"]}
