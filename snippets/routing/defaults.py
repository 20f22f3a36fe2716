"""Two rules for one list: the first page has a short address."""

from flask import Flask, url_for

app = Flask(__name__)


@app.route("/notes/", defaults={"page": 1})
@app.route("/notes/page/<int:page>")
def notes(page: int) -> dict[str, int | str]:
    return {
        "page": page,
        "first": url_for("notes", page=1),
        "next": url_for("notes", page=page + 1),
    }
