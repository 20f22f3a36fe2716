"""Templates from a dictionary, from two folders and from a prefix, in this order."""

from pathlib import Path

from flask import Flask, render_template
from jinja2 import ChoiceLoader, DictLoader, FileSystemLoader, PrefixLoader

app = Flask(__name__)
root = Path(app.root_path)
app.jinja_loader = ChoiceLoader(
    [
        DictLoader({"banner.html": "<p>Closed today</p>"}),
        # the theme replaces what it has, file by file
        FileSystemLoader([root / "theme", root / "templates"]),
        PrefixLoader({"mail": DictLoader({"welcome.txt": "Hello {{ name }}"})}),
    ]
)


@app.get("/banner")
def banner() -> str:
    return render_template("banner.html")


@app.get("/mail/<name>")
def mail(name: str) -> str:
    return render_template("mail/welcome.txt", name=name)


@app.get("/pages/<name>")
def page(name: str) -> str:
    # the first one that exists
    return render_template([f"pages/{name}.html", "plain.html"], name=name)
