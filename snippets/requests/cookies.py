"""Set a cookie, read it, set one with more attributes, and delete it."""

from datetime import timedelta

from flask import Flask, Response, make_response, request

app = Flask(__name__)


@app.get("/")
def index() -> str:
    return f"theme: {request.cookies.get('theme', 'none')}"


@app.post("/theme")
def choose() -> Response:
    response = make_response("", 204)
    response.set_cookie("theme", request.form["theme"], max_age=timedelta(days=365))
    return response


@app.post("/token")
def token() -> Response:
    response = make_response("", 204)
    response.set_cookie(
        "token",
        "abc",
        max_age=3600,
        path="/account",
        domain="example.com",
        secure=True,
        httponly=True,
        samesite="Lax",
        partitioned=True,
    )
    return response


@app.delete("/token")
def forget() -> Response:
    response = make_response("", 204)
    response.delete_cookie("theme")
    # path and domain identify the cookie: repeat them
    response.delete_cookie("token", path="/account", domain="example.com")
    return response
