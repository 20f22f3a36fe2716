"""Read headers of the client: language, token, request id and address."""

from flask import Flask, request
from flask.typing import ResponseReturnValue

app = Flask(__name__)
GREETINGS = {"en": "Hello", "zh": "Ni hao"}


@app.get("/")
def index() -> ResponseReturnValue:
    # for a browser with zh-CN, the best match is zh
    language = request.accept_languages.best_match(["en", "zh"], default="en")
    given = request.authorization
    body = {
        "greeting": GREETINGS[language],
        "token": given.token if given else None,
        "address": request.remote_addr,
        "request id": request.headers.get("X-Request-Id"),
    }
    # caches must store one response for each language
    return body, {"Vary": "Accept-Language"}
