"""A form checks the query string, and shows what the visitor entered."""

from flask import Flask, render_template_string, request
from flask.typing import ResponseReturnValue
from wtforms import Form, IntegerField, StringField
from wtforms.validators import InputRequired, NumberRange

app = Flask(__name__)

PAGE = """\
<form>
{% for field in form -%}
{{ field.label }}
{{ field }}
{%- for error in field.errors %}
<b>{{ error }}</b>
{%- endfor %}
{% endfor -%}
<button>Search</button>
</form>
"""


class SearchForm(Form):
    text = StringField("Words", [InputRequired()])
    count = IntegerField("Results", [NumberRange(1, 50)], default=10)


@app.get("/")
def search() -> ResponseReturnValue:
    form = SearchForm(request.args)
    if request.args and form.validate():
        return {"text": form.text.data, "count": form.count.data}
    return render_template_string(PAGE, form=form), 422 if request.args else 200
