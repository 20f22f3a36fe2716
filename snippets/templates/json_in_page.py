"""A value from Python for a script of the page."""

from flask import Flask, render_template_string

app = Flask(__name__)

PAGE = """\
<script>const order = {{ order|tojson }};</script>
<script type="application/json" id="order">{{ order|tojson }}</script>
<p data-order='{{ order|tojson }}'></p>
<p data-order="{{ order|tojson|forceescape }}"></p>
"""


@app.get("/")
def index() -> str:
    return render_template_string(PAGE, order={"name": "O'Brien </script>", "paid": None})
