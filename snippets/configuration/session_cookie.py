"""A session cookie for a page that other sites embed in a frame."""

from flask import Flask, session

app = Flask(__name__)
app.config.update(
    SECRET_KEY="dev",
    SESSION_COOKIE_SAMESITE="None",
    SESSION_COOKIE_PARTITIONED=True,
)


@app.post("/login")
def login() -> str:
    session["user"] = "阿达"
    return "welcome"
