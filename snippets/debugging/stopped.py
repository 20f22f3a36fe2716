"""Stop in a view, and look at its variables in the terminal."""

from flask import Flask, request

app = Flask(__name__)


@app.get("/price")
def price() -> dict[str, float]:
    grams = request.args.get("grams", 100, int)
    total = 12.5
    breakpoint()
    return {"per_gram": total / grams}
