"""A visitor's name and address in attributes."""

from urllib.parse import urlsplit

from flask import Flask, render_template_string, request

app = Flask(__name__)

PAGE = """\
<p title="{{ name }}" data-name="{{ name }}"></p>
<p{{ {"lang": "zh", "id": none}|xmlattr }}></p>
<a href="/search?q={{ name|urlencode }}">search</a>
{% if home is web_address %}<a href="{{ home }}">home</a>{% endif %}
"""


@app.template_test()
def web_address(value: str) -> bool:
    return urlsplit(value).scheme in {"http", "https"}


@app.get("/")
def index() -> str:
    name, home = request.args["name"], request.args["home"]
    return render_template_string(PAGE, name=name, home=home)
