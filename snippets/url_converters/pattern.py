"""A converter whose regular expression stands in the rule: the shortest one that works."""

from flask import Flask
from werkzeug.routing import BaseConverter, Map


class RegexConverter(BaseConverter):
    def __init__(self, url_map: Map, regex: str) -> None:
        super().__init__(url_map)
        # Werkzeug reads this attribute once, when the rule is added.
        self.regex = regex


app = Flask(__name__)
# Before the first rule that uses the name.
app.url_map.converters["re"] = RegexConverter


@app.get(r'/send/<re(r"\d{11}"):mobile>')
def send_message(mobile: str) -> str:
    return f"send message to {mobile}"
