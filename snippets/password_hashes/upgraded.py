"""Log in, and replace an older hash while the password is at hand."""

from flask import Flask, request
from flask.typing import ResponseReturnValue
from werkzeug.security import generate_password_hash

from .hashes import hasher, is_outdated, is_right

# compared if there is no such user, so that the response takes as long
NOBODY = hasher.hash("nobody")


def create_app() -> Flask:
    app = Flask(__name__)
    # in your application a table of users
    hashes = {
        "ada": hasher.hash("correct horse"),
        "bob": generate_password_hash("battery staple"),
    }

    @app.post("/login")
    def login() -> ResponseReturnValue:
        name, password = request.form["name"], request.form["password"]
        if len(password) > 1000 or not is_right(hashes.get(name, NOBODY), password):
            return "The name or the password is wrong.", 422
        if is_outdated(hashes[name]):
            hashes[name] = hasher.hash(password)
        return "Welcome"

    @app.get("/kind/<name>")
    def kind(name: str) -> str:
        return "argon2id" if hashes[name].startswith("$argon2id$") else "scrypt"

    return app
