"""The messages of WTForms, in the language that the browser asks for."""

from flask import Flask, request
from wtforms import Form, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

app = Flask(__name__)


class LocalForm(Form):
    class Meta:
        @property
        def locales(self) -> list[str]:
            return [request.accept_languages.best_match(["zh", "zh_TW", "ja"]) or "en"]


class NameForm(LocalForm):
    name = StringField("名字", [InputRequired(), Length(2, 10)])
    age = IntegerField("年龄", [NumberRange(min=18, message="须年满 %(min)s 岁。")])


@app.post("/")
def check() -> tuple[dict[str, object], int]:
    form = NameForm(request.form)
    return (form.data, 200) if form.validate() else (form.errors, 422)
