"""The converter before the colon decides what the variable matches and what the view receives."""

from flask import Flask, url_for

app = Flask(__name__)


@app.get("/articles/<int:number>")
def article(number: int) -> dict[str, int | str]:
    return {"number": number, "next": url_for("article", number=number + 1)}
