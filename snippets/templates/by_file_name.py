"""The end of a template's name decides whether values are escaped."""

from flask import Flask, Response, render_template
from jinja2 import DictLoader, select_autoescape

NAMES = ("a.html", "a.HTML", "a.xml", "a.svg", "a.html.j2", "a.jinja", "a.txt", "a.md")


def create_app(*, wider: bool = False) -> Flask:
    app = Flask(__name__)
    app.jinja_loader = DictLoader(dict.fromkeys(NAMES, "{{ value }}"))
    if wider:
        # in upper and lower case; True for strings
        endings = ("html", "htm", "xml", "xhtml", "svg", "html.j2", "jinja")
        app.jinja_options = {"autoescape": select_autoescape(enabled_extensions=endings)}

    @app.get("/")
    def index() -> Response:
        lines = [f"{name}: {render_template(name, value='<')}" for name in NAMES]
        return Response("\n".join(lines), mimetype="text/plain")

    return app
