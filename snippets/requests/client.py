"""What the headers say about the client: its language, its token, its address."""

from flask import Flask, request
from flask.typing import ResponseReturnValue

app = Flask(__name__)
GREETINGS = {"en": "Hello", "zh": "Ni hao"}


@app.get("/")
def index() -> ResponseReturnValue:
    # a browser that asks for zh-CN is given zh
    language = request.accept_languages.best_match(["en", "zh"], default="en")
    given = request.authorization
    body = {
        "greeting": GREETINGS[language],
        "token": given.token if given else None,
        "address": request.remote_addr,
        "request id": request.headers.get("X-Request-Id"),
    }
    # a cache must not give one reader's language to another
    return body, {"Vary": "Accept-Language"}
