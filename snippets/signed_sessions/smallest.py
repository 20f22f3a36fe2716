"""Remember who is logged in, from one request to the next."""

from flask import Flask, redirect, request, session, url_for
from werkzeug import Response

app = Flask(__name__)
# For this example only: read a real key from outside the code.
app.secret_key = "dev"


@app.get("/")
def index() -> str:
    user = session.get("user")
    return f"Hello {user}" if user else "Hello stranger"


@app.post("/login")
def log_in() -> Response:
    session.clear()
    session["user"] = request.form["name"]
    return redirect(url_for("index"))


@app.post("/logout")
def log_out() -> Response:
    session.clear()
    return redirect(url_for("index"))
