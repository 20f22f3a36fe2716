"""Let programs in by a token, of which only the hash is stored."""

import hashlib

from flask import Flask, g, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


app = Flask(__name__)
OWNERS = {hashed("4f2a-secret"): "ada"}


@app.before_request
def read_token() -> None:
    sent = request.authorization
    is_bearer = sent is not None and sent.type == "bearer"
    owner = OWNERS.get(hashed(sent.token or "")) if is_bearer and sent else None
    if owner is None:
        raise Unauthorized("A token is needed.", www_authenticate=WWWAuthenticate("bearer"))
    g.user = owner


@app.get("/me")
def me() -> dict[str, str]:
    return {"user": g.user}
