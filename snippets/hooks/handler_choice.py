"""Which of several handlers gets an error: each returns its name."""

from flask import Blueprint, Flask, abort
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

app = Flask(__name__)
shop = Blueprint("shop", __name__, url_prefix="/shop")
ERRORS = {"KeyError": KeyError, "IndexError": IndexError, "OSError": OSError}


def attach(owner: Flask | Blueprint, what: int | type[Exception], name: str) -> None:
    @owner.errorhandler(what)
    def handler(error: Exception) -> ResponseReturnValue:
        status = error.code if isinstance(error, HTTPException) else None
        return name, status or 500


attach(app, 404, "application, code")
attach(app, HTTPException, "application, HTTPException")
attach(app, KeyError, "application, KeyError")
attach(app, OSError, "application, OSError")
attach(shop, 403, "blueprint, code")
attach(shop, HTTPException, "blueprint, HTTPException")
attach(shop, LookupError, "blueprint, LookupError")


@shop.get("/abort/<int:code>")
def stop(code: int) -> ResponseReturnValue:
    abort(code)


@shop.get("/raise/<name>")
def fail(name: str) -> ResponseReturnValue:
    raise ERRORS[name]


app.register_blueprint(shop)
