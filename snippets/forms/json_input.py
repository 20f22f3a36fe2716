"""One form class for a page and for JSON: the body becomes what a browser would have sent."""

from collections.abc import Iterator
from typing import Any

from flask import Flask, request
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FieldList, Form, FormField, IntegerField, StringField
from wtforms.validators import InputRequired, Length

app = Flask(__name__)


class LineForm(Form):
    article = StringField(validators=[InputRequired()])
    count = IntegerField(default=1)


class OrderForm(Form):
    name = StringField(validators=[InputRequired(), Length(max=20)])
    gift = BooleanField()
    lines = FieldList(FormField(LineForm))


def flat(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    match value:
        case dict():
            for key, part in value.items():
                yield from flat(part, f"{name}-{key}" if name else key)
        case list():
            for index, part in enumerate(value):
                yield from flat(part, f"{name}-{index}")
        case None | False:
            return
        case _:
            yield name, str(value)


@app.post("/orders")
def order() -> tuple[dict[str, Any], int]:
    form = OrderForm(MultiDict(flat(request.get_json())))
    return (form.data, 201) if form.validate() else ({"errors": form.errors}, 422)
