"""Messages of your own, before those of WTForms."""

from datetime import date
from typing import Any

from flask import Flask, request
from wtforms import DateField, Form, StringField
from wtforms.meta import DefaultMeta
from wtforms.validators import DateRange, InputRequired, Length

app = Flask(__name__)

OWN = {
    "This field is required.": "不能为空。",
    # WTForms has no Chinese translation of this one.
    "Date must be at least %(min)s.": "不能早于 %(min)s。",
}


class Messages:
    def __init__(self, others: Any) -> None:
        self.others = others

    def gettext(self, text: str) -> str:
        return OWN.get(text) or self.others.gettext(text)

    def ngettext(self, one: str, many: str, number: int) -> str:
        return OWN.get(many) or self.others.ngettext(one, many, number)


class ChineseForm(Form):
    class Meta(DefaultMeta):
        locales = ("zh",)

        def get_translations(self, form: Form) -> Messages:
            return Messages(super().get_translations(form))


class TripForm(ChineseForm):
    place = StringField("地点", [InputRequired(), Length(max=10)])
    day = DateField("日期", [DateRange(min=date(2026, 1, 1))])


@app.post("/")
def check() -> tuple[dict[str, object], int]:
    form = TripForm(request.form)
    return ({}, 204) if form.validate() else (form.errors, 422)
