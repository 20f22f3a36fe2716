"""A blueprint requires a token; the rest of the application stays open."""

from secrets import compare_digest

from flask import Blueprint, Flask, abort, request
from werkzeug.datastructures import WWWAuthenticate

api = Blueprint("api", __name__, url_prefix="/api")


@api.before_request
def require_token() -> None:
    # a browser first asks for permission, without credentials
    if request.method == "OPTIONS":
        return
    sent = request.authorization
    token = sent.token if sent and sent.type == "bearer" else None
    # as bytes: compare_digest accepts only ASCII in text
    if not compare_digest((token or "").encode(), b"let-me-in"):
        abort(401, www_authenticate=WWWAuthenticate("bearer", {"realm": "api"}))


@api.get("/notes")
def notes() -> list[str]:
    return ["milk"]


app = Flask(__name__)
app.register_blueprint(api)


@app.get("/")
def front_page() -> str:
    return "Open to all"
