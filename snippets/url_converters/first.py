"""A converter before the colon decides what the variable accepts and what the view gets."""

from flask import Flask, url_for

app = Flask(__name__)


@app.get("/articles/<int:number>")
def article(number: int) -> dict[str, int | str]:
    return {"number": number, "next": url_for("article", number=number + 1)}
