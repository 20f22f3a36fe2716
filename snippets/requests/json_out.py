"""A JSON provider that leaves Chinese readable, keeps the order of keys and supports one more type."""

from datetime import date
from typing import Any

from flask import Flask, jsonify
from flask.json.provider import DefaultJSONProvider
from flask.typing import ResponseReturnValue


class OurJSON(DefaultJSONProvider):
    ensure_ascii = False
    sort_keys = False

    @staticmethod
    def default(value: Any) -> Any:
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, set):
            return sorted(value)
        # UUID, Decimal, dataclass; anything else is a TypeError
        return DefaultJSONProvider.default(value)


app = Flask(__name__)
app.json = OurJSON(app)


@app.get("/note")
def note() -> ResponseReturnValue:
    return {"text": "早", "day": date(2026, 1, 1), "tags": {"新", "红"}}


@app.get("/count")
def count() -> ResponseReturnValue:
    # a view may not return a number; jsonify creates a response from it
    return jsonify(3)
