"""A second page, with a name from the URL in a template."""

from flask import Flask, render_template

app = Flask(__name__)


@app.get("/")
def index() -> str:
    return "Hello, Flask!"


@app.get("/hello/<name>")
def hello(name: str) -> str:
    return render_template("hello.html", name=name)
