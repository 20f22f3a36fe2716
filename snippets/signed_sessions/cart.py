"""Lose a change inside a list, and save it in two ways."""

from flask import Flask, session

app = Flask(__name__)
app.secret_key = "dev"


@app.get("/")
def show() -> dict[str, list[str]]:
    return {"cart": session.get("cart", [])}


@app.post("/empty")
def start() -> dict[str, list[str]]:
    session["cart"] = []
    return {"cart": session["cart"]}


@app.post("/lost/<item>")
def add_and_lose(item: str) -> dict[str, list[str]]:
    session["cart"].append(item)
    return {"cart": session["cart"]}


@app.post("/marked/<item>")
def add_and_mark(item: str) -> dict[str, list[str]]:
    session["cart"].append(item)
    session.modified = True
    return {"cart": session["cart"]}


@app.post("/assigned/<item>")
def add_and_assign(item: str) -> dict[str, list[str]]:
    session["cart"] = [*session["cart"], item]
    return {"cart": session["cart"]}
