"""JSON with the default settings of Flask."""

from datetime import date
from decimal import Decimal

from flask import Flask
from flask.typing import ResponseReturnValue

app = Flask(__name__)


@app.get("/note")
def note() -> ResponseReturnValue:
    return {"text": "早", "day": date(2026, 1, 1), "price": Decimal("9.90")}
