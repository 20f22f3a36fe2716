"""Log out after thirty idle minutes, and after eight hours in any case."""

import time
from datetime import timedelta

from flask import Flask, request, session

app = Flask(__name__)
app.config.update(SECRET_KEY="dev", PERMANENT_SESSION_LIFETIME=timedelta(minutes=30))
LONGEST = 8 * 60 * 60


@app.before_request
def end_in_time() -> None:
    if time.time() - session.get("began", time.time()) > LONGEST:
        session.clear()


@app.post("/login")
def log_in() -> str:
    session.clear()
    session.update(user=request.form["name"], began=int(time.time()))
    # Each request starts the thirty minutes again.
    session.permanent = True
    return "welcome"


@app.get("/")
def index() -> str:
    return f"Hello {session.get('user', 'stranger')}"
