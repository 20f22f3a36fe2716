"""Options of Jinja, set before anything uses it."""

from flask import Flask, render_template_string

app = Flask(__name__)
app.jinja_options = {
    "trim_blocks": True,
    "lstrip_blocks": True,
    "extensions": ["jinja2.ext.loopcontrols", "jinja2.ext.do"],
}

PAGE = """\
<ul>
  {% for number in range(9) %}
    {% if number is even %}
      {% continue %}
    {% endif %}
  <li>{{ number }}</li>
    {% if number > 4 %}
      {% break %}
    {% endif %}
  {% endfor %}
</ul>
"""


@app.get("/")
def index() -> str:
    return render_template_string(PAGE)
