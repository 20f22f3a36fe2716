"""Configure the session cookie of a site that is served over HTTPS only."""

from datetime import timedelta

from flask import Flask, session

app = Flask(__name__)
app.config.update(
    SECRET_KEY="dev",
    SESSION_COOKIE_NAME="__Host-session",
    SESSION_COOKIE_SECURE=True,
    SESSION_COOKIE_SAMESITE="Lax",
    PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
)


@app.post("/login")
def log_in() -> str:
    session.clear()
    session["user"] = "ada"
    return "welcome"
