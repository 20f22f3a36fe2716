"""Tells where a template comes from, in three ways."""

from pathlib import Path

from flask import Flask, render_template_string
from jinja2 import pass_context
from jinja2.runtime import Context

app = Flask(__name__)
app.config["EXPLAIN_TEMPLATE_LOADING"] = True
app.logger.setLevel("INFO")


@app.template_global()
@pass_context
def template_name(context: Context) -> str | None:
    return context.name


@app.get("/files/<path:name>")
def file_of(name: str) -> dict[str, str | None]:
    template = app.jinja_env.get_template(name)
    file = Path(template.filename or "").relative_to(app.root_path)
    return {"name": template.name, "file": file.as_posix()}


@app.get("/names")
def names() -> list[str]:
    every = app.jinja_env.list_templates(extensions=["html"])
    return sorted(name for name in every if name.startswith("notes/"))


@app.get("/")
def index() -> str:
    return render_template_string("{% include 'whoami.html' %}")
