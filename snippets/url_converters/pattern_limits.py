"""Patterns for which the shortest converter fails, but only during a request."""

from flask import Flask

from snippets.url_converters.pattern import RegexConverter

app = Flask(__name__)
app.url_map.converters["re"] = RegexConverter


@app.get(r'/archive/<re(r"\d{4}/\d{2}"):value>')
@app.get(r'/sections/<re(r"^[a-z]+$"):value>')
@app.get(r'/pages/<re(r"^[a-z]+$"):value>.html')
@app.get(r'/twice/<re(r"(\w)\1"):value>')
def show(value: str) -> dict[str, str]:
    return {"value": value}
