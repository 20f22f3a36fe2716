"""Set a cookie until the browser closes, set one for an hour, and delete it."""

from flask import Flask, Response

app = Flask(__name__)


@app.get("/until-the-browser-closes")
def no_end() -> Response:
    response = Response("set")
    response.set_cookie("k", "v")
    return response


@app.get("/an-hour")
def an_hour() -> Response:
    response = Response("set")
    response.set_cookie("k", "v", max_age=3600)
    return response


@app.get("/gone")
def gone() -> Response:
    response = Response("deleted")
    response.delete_cookie("k")
    return response
