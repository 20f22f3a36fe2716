"""The shortest converter for a regular expression in the rule."""

from flask import Flask
from werkzeug.routing import BaseConverter, Map


class RegexConverter(BaseConverter):
    def __init__(self, url_map: Map, regex: str) -> None:
        super().__init__(url_map)
        # Werkzeug reads this attribute once, when the rule is added.
        self.regex = regex


app = Flask(__name__)
# Register the name before the first rule that uses it.
app.url_map.converters["re"] = RegexConverter


@app.get(r'/send/<re(r"\d{11}"):mobile>')
def send_message(mobile: str) -> str:
    return f"send message to {mobile}"
