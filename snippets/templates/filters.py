"""A filter that makes HTML, and makes none in a text template."""

from flask import Flask, render_template
from jinja2 import DictLoader, pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

app = Flask(__name__)
app.jinja_loader = DictLoader(dict.fromkeys(("note.html", "note.txt"), "{{ text|nl2br }}"))

TEXT = "bread\n<butter>"


@app.template_filter()
@pass_eval_context
def nl2br(context: EvalContext, text: str) -> str:
    if not context.autoescape:
        return text
    # join escapes what is not Markup
    return Markup("<br>").join(text.splitlines())


@app.get("/html")
def html() -> str:
    return render_template("note.html", text=TEXT)


@app.get("/text")
def plain() -> tuple[str, dict[str, str]]:
    return render_template("note.txt", text=TEXT), {"Content-Type": "text/plain"}
