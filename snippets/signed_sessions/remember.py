"""Log in until the browser closes, or for thirty days if the visitor chooses so."""

from datetime import timedelta

from flask import Flask, request, session

app = Flask(__name__)
app.config.update(SECRET_KEY="dev", PERMANENT_SESSION_LIFETIME=timedelta(days=30))


@app.post("/login")
def log_in() -> str:
    session.clear()
    session["user"] = request.form["name"]
    session.permanent = "remember" in request.form
    return "welcome"


@app.get("/")
def index() -> str:
    return f"Hello {session.get('user', 'stranger')}"
