"""Handlers for a class that you define, for a base class and for all HTTP errors."""

from flask import Flask
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

app = Flask(__name__)
STOCK = {"tea": 3}


class SoldOutError(Exception):
    """The stock is smaller than the number ordered."""


@app.errorhandler(SoldOutError)
def sold_out(error: SoldOutError) -> ResponseReturnValue:
    return f"Only {error} left", 409


# KeyError and IndexError too
@app.errorhandler(LookupError)
def unknown(error: LookupError) -> ResponseReturnValue:
    return "We do not have that", 404


@app.errorhandler(HTTPException)
def any_http_error(error: HTTPException) -> ResponseReturnValue:
    error.description = "Ask at the counter"
    return error


@app.post("/buy/<item>/<int:number>")
def buy(item: str, number: int) -> str:
    if number > STOCK[item]:
        raise SoldOutError(STOCK[item])
    return f"Bought {item}"
