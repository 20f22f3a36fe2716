"""Without a secret key a session can be read but not written."""

from flask import Flask, session

app = Flask(__name__)


@app.get("/")
def index() -> str:
    return f"{session.get('user', 'nobody')}"


@app.post("/login")
def login() -> str:
    session["user"] = "阿达"
    return "welcome"
