"""Three views build URLs for the same endpoints, each from where it stands."""

from flask import Blueprint, Flask, url_for


def links() -> dict[str, str]:
    return {endpoint: url_for(endpoint) for endpoint in ("index", ".index", "notes.index")}


app = Flask(__name__)
notes = Blueprint("notes", __name__, url_prefix="/notes")
tags = Blueprint("tags", __name__, url_prefix="/tags")

for owner in (app, notes, tags):
    owner.add_url_rule("/", "index", links)

app.register_blueprint(notes)
app.register_blueprint(tags)
