"""The view receives the object; a key without an object returns 404."""

from dataclasses import dataclass
from operator import attrgetter

from flask import Flask, url_for

from snippets.converters import model_converter


@dataclass
class User:
    id: int
    name: str


def create_app() -> Flask:
    app = Flask(__name__)
    users = {1: User(1, "Ada"), 2: User(2, "Grace")}
    app.url_map.converters["user"] = model_converter(users.get, key=attrgetter("id"))

    @app.get("/users/<user:user>")
    def profile(user: User) -> dict[str, str]:
        return {"name": user.name, "link": url_for("profile", user=user)}

    return app
