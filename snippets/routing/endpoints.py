"""Endpoints: the default name, a chosen name, and one name for several rules."""

from flask import Flask, request, url_for

app = Flask(__name__)


@app.route("/about")
def about() -> dict[str, str | None]:
    return {"endpoint": request.endpoint, "url": url_for("about")}


@app.route("/login", endpoint="sign-in")
def login() -> dict[str, str | None]:
    return {"endpoint": request.endpoint, "url": url_for("sign-in")}


@app.route("/archive/<int:year>/<int:month>")
@app.route("/archive/<int:year>")
@app.route("/archive")
def archive(year: int | None = None, month: int | None = None) -> dict[str, str | None]:
    return {
        "endpoint": request.endpoint,
        "url": url_for("archive", year=year, month=month),
    }


# the rule first, its function later
app.add_url_rule("/help", endpoint="help")


@app.endpoint("help")
def support() -> dict[str, str | None]:
    return {"endpoint": request.endpoint, "url": url_for("help")}
