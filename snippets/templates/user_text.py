"""Texts with placeholders that users may write, filled without Flask's templates."""

from string import Template

from flask import Flask, request
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

app = Flask(__name__)

# no globals of Flask, no files, no private attributes
sandbox = SandboxedEnvironment(autoescape=True)


@app.post("/gaps")
def gaps() -> Markup:
    text = Template(request.form["text"]).safe_substitute(name="Ada", total="12.50")
    return Markup("<p>{}</p>").format(text)


@app.post("/sandbox")
def sandboxed() -> str | tuple[dict[str, str], int]:
    try:
        return sandbox.from_string(request.form["text"]).render(name="Ada", total=12.5)
    except Exception as error:
        # not only errors of Jinja: {{ 1 / 0 }} is Python's
        return {"error": str(error)}, 400
