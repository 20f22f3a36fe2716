"""A teapot that refuses to brew coffee."""

from flask import Flask, abort

app = Flask(__name__)


@app.get("/brew/<drink>")
def brew(drink: str) -> str:
    # RFC 2324, section 2.3.2
    if drink == "coffee":
        abort(418)
    return f"Here is your {drink}."
