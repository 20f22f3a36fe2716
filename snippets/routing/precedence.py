"""Rules that overlap, registered from the widest to the narrowest."""

from flask import Flask

app = Flask(__name__)


@app.get("/<path:rest>")
def any_path(rest: str) -> dict[str, str]:
    return {"rule": "/<path:rest>", "rest": rest}


@app.get("/users/<name>")
def by_name(name: str) -> dict[str, str]:
    return {"rule": "/users/<name>", "name": name}


@app.get("/users/<float:score>")
def by_score(score: float) -> dict[str, str | float]:
    return {"rule": "/users/<float:score>", "score": score}


@app.get("/users/<int(max=999):number>")
def by_number(number: int) -> dict[str, str | int]:
    return {"rule": "/users/<int(max=999):number>", "number": number}


@app.get("/users/user-<name>")
def prefixed(name: str) -> dict[str, str]:
    return {"rule": "/users/user-<name>", "name": name}


@app.get("/users/me")
def me() -> dict[str, str]:
    return {"rule": "/users/me"}
