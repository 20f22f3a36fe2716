"""A shop answers the errors of its own views; what matched none of its rules goes to the site."""

from flask import Blueprint, Flask, abort
from werkzeug.exceptions import HTTPException

shop = Blueprint("shop", __name__, url_prefix="/shop")


@shop.get("/items/<int:number>")
def show(number: int) -> str:
    if number > 9:
        abort(404)
    return f"{10 // number} left"


@shop.errorhandler(HTTPException)
def shop_error(error: HTTPException) -> tuple[str, int]:
    return f"The shop says {error.code}", error.code or 500


app = Flask(__name__)
app.register_blueprint(shop)


@app.errorhandler(HTTPException)
def site_error(error: HTTPException) -> tuple[str, int]:
    return f"The site says {error.code}", error.code or 500
