"""Remember who is logged in, from one request to the next."""

from flask import Flask, redirect, request, session, url_for
from werkzeug import Response

app = Flask(__name__)
# for this example only: a real key comes from outside
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
