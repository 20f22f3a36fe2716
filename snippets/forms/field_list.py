"""An order with any number of lines, each a form of its own."""

from flask import Flask, render_template_string, request
from flask.typing import ResponseReturnValue
from wtforms import FieldList, Form, FormField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

app = Flask(__name__)

PAGE = """\
<form method="post">
{% for line in form.lines -%}
<fieldset>{% for field in line %}{{ field.label }} {{ field }} {% endfor %}</fieldset>
{% endfor -%}
<button name="more" value="yes">One more line</button> <button>Order</button>
</form>
"""


class LineForm(Form):
    article = StringField("Article", [InputRequired()])
    count = IntegerField("Pieces", [NumberRange(min=1)])


class OrderForm(Form):
    lines = FieldList(FormField(LineForm), min_entries=1, max_entries=20)
    mails = FieldList(StringField("E-mail", [Length(max=80)]))


@app.route("/orders", methods=["GET", "POST"])
def order() -> ResponseReturnValue:
    form = OrderForm(request.form or None)
    if "more" in request.form:
        form.lines.append_entry()
    elif request.form:
        return (form.data, 201) if form.validate() else (form.errors, 422)
    return render_template_string(PAGE, form=form)
