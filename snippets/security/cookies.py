"""A session cookie for HTTPS only, out of the reach of scripts and of other sites."""

from flask import Flask, session

app = Flask(__name__)
app.secret_key = "dev"
app.config.update(
    SESSION_COOKIE_NAME="__Host-session",
    SESSION_COOKIE_SECURE=True,
    SESSION_COOKIE_HTTPONLY=True,
    SESSION_COOKIE_SAMESITE="Lax",
)


@app.post("/login")
def login() -> str:
    session.clear()
    session["user"] = "ada"
    return "Welcome"
