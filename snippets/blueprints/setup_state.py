"""A blueprint looks at the configuration of each application that takes it in."""

from flask import Blueprint, Flask, current_app
from flask.blueprints import BlueprintSetupState

notes = Blueprint("notes", __name__, url_prefix="/notes")


@notes.get("/")
def index() -> str:
    return f"{current_app.config['NOTES_PER_PAGE']} on a page"


def export() -> str:
    return "All notes"


@notes.record
def look_at_configuration(state: BlueprintSetupState) -> None:
    state.app.config.setdefault("NOTES_PER_PAGE", 20)
    if state.app.config.get("NOTES_EXPORT"):
        # with prefix and name of the blueprint
        state.add_url_rule("/export", view_func=export)


def create_app(**config: object) -> Flask:
    app = Flask(__name__)
    app.config.update(config)
    app.register_blueprint(notes)
    return app
