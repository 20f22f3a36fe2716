"""A visitor's text as a value of a template, and as a part of its source."""

from flask import Flask, render_template_string, request

app = Flask(__name__)
# for this example only: a real key comes from outside
app.secret_key = "dev"


@app.get("/value")
def value() -> str:
    return render_template_string("<p>Hello {{ name }}</p>", name=request.args["name"])


@app.get("/source")
def source() -> str:
    # wrong: what the visitor writes is run
    return render_template_string("<p>Hello " + request.args["name"] + "</p>")
