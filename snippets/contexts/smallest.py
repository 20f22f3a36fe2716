"""Four names that stand for different objects in each request."""

from flask import Flask, current_app, g, request, session

app = Flask(__name__)
app.secret_key = "for this example only"


@app.before_request
def find_reader() -> None:
    g.reader = request.args.get("reader", "nobody")


def headline() -> str:
    # this function has no argument, and no global variable was changed
    return f"{g.reader} reads {request.path} in {current_app.name}"


@app.get("/news")
def news() -> dict[str, str | int]:
    session["visits"] = session.get("visits", 0) + 1
    return {"headline": headline(), "visits": session["visits"]}
