"""A view with a mistake in it."""

from flask import Flask, request

app = Flask(__name__)


@app.get("/price")
def price() -> dict[str, float]:
    grams = request.args.get("grams", 100, int)
    total = 12.5
    return {"per_gram": total / grams}
