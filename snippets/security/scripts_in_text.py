"""A name from a stranger in a page: as HTML, and as text."""

from flask import Flask, render_template_string, request

app = Flask(__name__)


@app.get("/careless")
def careless() -> str:
    return f"<p>Hello, {request.args['name']}!"


@app.get("/careful")
def careful() -> str:
    return render_template_string("<p>Hello, {{ name }}!", name=request.args["name"])
