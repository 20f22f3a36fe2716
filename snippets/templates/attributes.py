"""A visitor's name and address in attributes."""

from urllib.parse import urlsplit

from flask import Flask, render_template_string, request

app = Flask(__name__)

PAGE = """\
<p title="{{ name }}" data-name="{{ name }}"{{ {"lang": "zh", "hidden": none}|xmlattr }}></p>
<a href="/search?q={{ name|urlencode }}">search</a>
{% if home is web_address %}<a href="{{ home }}">home</a>{% endif %}
"""


@app.template_test()
def web_address(value: str) -> bool:
    return urlsplit(value).scheme in {"http", "https"}


@app.get("/")
def index() -> str:
    return render_template_string(PAGE, name=request.args["name"], home=request.args["home"])
