"""The four settings for JSON are attributes of the JSON provider."""

from flask import Flask
from flask.json.provider import DefaultJSONProvider


class ReadableJSON(DefaultJSONProvider):
    ensure_ascii = False
    sort_keys = False
    compact = False
    mimetype = "application/json; charset=utf-8"


app = Flask(__name__)
app.json = ReadableJSON(app)


@app.get("/")
def index() -> dict[str, str]:
    return {"问候": "你好", "城市": "北京"}
