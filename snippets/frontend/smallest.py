"""A page, a script in the folder static, and the data that the script asks for."""

from flask import Flask, render_template_string

app = Flask(__name__)

PAGE = """\
<!doctype html>
<title>Tea</title>
<p>Left: <b id="left" data-url="{{ url_for('stock') }}">?</b></p>
<script src="{{ url_for('static', filename='stock.js') }}" type="module"></script>
"""


@app.get("/")
def index() -> str:
    return render_template_string(PAGE)


@app.get("/api/stock")
def stock() -> dict[str, int]:
    return {"left": 5}
