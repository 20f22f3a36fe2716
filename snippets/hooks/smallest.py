"""A language is chosen before each view and named in each response."""

from flask import Flask, Response, g, request

app = Flask(__name__)
GREETINGS = {"en": "Good morning", "zh": "早上好"}


@app.before_request
def choose_language() -> None:
    g.language = request.accept_languages.best_match(GREETINGS, default="en")


@app.after_request
def name_language(response: Response) -> Response:
    response.headers["Content-Language"] = g.language
    response.vary.add("Accept-Language")
    return response


@app.get("/")
def greet() -> str:
    return GREETINGS[g.language]
