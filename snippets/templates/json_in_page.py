"""A value from Python for a script of the page."""

from datetime import date

from flask import Flask, render_template_string

app = Flask(__name__)

PAGE = """\
<script>const order = {{ order|tojson }};</script>
<script type="application/json" id="order">{{ order|tojson }}</script>
<p data-order='{{ order|tojson }}' data-again="{{ order|tojson|forceescape }}"></p>
"""


@app.get("/")
def index() -> str:
    order = {"name": "O'Brien </script>", "day": date(2026, 5, 1), "paid": None}
    return render_template_string(PAGE, order=order)
