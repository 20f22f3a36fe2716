"""Code to test: a function that reads the request and g, and is not a view."""

from flask import Flask, g, request, session

app = Flask(__name__)
app.secret_key = "for this example only"


@app.before_request
def find_currency() -> None:
    g.currency = session.get("currency", "CNY")


def price() -> str:
    return f"{request.args.get('amount', 1, type=int) * 3} {g.currency}"


@app.get("/price")
def show() -> dict[str, str]:
    return {"price": price()}
