"""One text from a visitor, put into a page in five ways."""

from flask import Flask, render_template_string, request
from markupsafe import Markup

app = Flask(__name__)

PAGE = """\
{{ name }}
{{ name|safe }}
{{ formatted }}
{{ interpolated }}
{{ "<i>"|safe ~ name }}
"""


@app.get("/")
def index() -> str:
    name = request.args["name"]
    return render_template_string(
        PAGE,
        name=name,
        formatted=Markup("<i>{}</i>").format(name),
        # the f-string is complete before Markup sees it
        interpolated=Markup(f"<i>{name}</i>"),  # noqa: S704
    )
