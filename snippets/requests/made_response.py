"""Render a template, and add a header and a cookie."""

from flask import Flask, Response, make_response, render_template

app = Flask(__name__)


@app.get("/")
def index() -> Response:
    response = make_response(render_template("hello.html", name="<阿达>"))
    response.headers["X-Something"] = "A value"
    response.set_cookie("seen", "yes")
    response.delete_cookie("old")
    return response


@app.get("/missing")
def missing() -> Response:
    # accepts every value that a view may return, and a status or headers
    return make_response({"error": "no such note"}, 404)
