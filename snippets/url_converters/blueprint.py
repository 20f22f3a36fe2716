"""A blueprint that registers the converter of its rules."""

from flask import Blueprint, Flask
from flask.blueprints import BlueprintSetupState

from snippets.converters import DateConverter

diary = Blueprint("diary", __name__, url_prefix="/diary")


@diary.record
def add_converters(state: BlueprintSetupState) -> None:
    state.app.url_map.converters.setdefault("date", DateConverter)


# After the function above: registering the blueprint runs both in this order.
@diary.get("/<date:day>")
def entry(day: object) -> str:
    return f"{type(day).__name__} {day}"


def create_app() -> Flask:
    app = Flask(__name__)
    app.register_blueprint(diary)
    return app
