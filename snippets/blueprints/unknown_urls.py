"""One more rule makes the unknown URLs below the prefix belong to the blueprint."""

from flask import Blueprint, Flask, abort
from werkzeug.exceptions import NotFound

shop = Blueprint("shop", __name__, url_prefix="/shop")


@shop.get("/tea")
def tea() -> str:
    return "Tea"


@shop.get("/<path:rest>")
def unknown(rest: str) -> str:
    abort(404)


@shop.errorhandler(404)
def not_found(error: NotFound) -> tuple[str, int]:
    return "Not in the shop", 404


app = Flask(__name__)
app.register_blueprint(shop)
