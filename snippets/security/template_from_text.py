"""A greeting that a stranger writes: as a template, and as a value."""

from flask import Flask, render_template_string, request

app = Flask(__name__)
app.secret_key = "known to nobody"


@app.get("/careless")
def careless() -> str:
    return render_template_string("Dear " + request.args["name"])


@app.get("/careful")
def careful() -> str:
    return render_template_string("Dear {{ name }}", name=request.args["name"])
