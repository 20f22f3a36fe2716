"""The forms: what may come in, and what is said when something else does."""

import re
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import Field, IntegerField, PasswordField, StringField, TextAreaField
from wtforms.validators import EqualTo, InputRequired, Length, ValidationError
from wtforms.widgets import HiddenInput

from .languages import language, marked
from .mobile import is_valid, normalize


class Form(FlaskForm):
    class Meta(FlaskForm.Meta):
        @property
        def locales(self) -> list[str]:
            return [language()]

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            # fields only: FlaskForm would let a file or JSON take the place of a text
            return request.form if request.method == "POST" else None


def mobile_number(form: Any, field: Field) -> None:
    if not is_valid(field.data):
        raise ValidationError(marked("This is not a mobile number."))


def printable(form: Any, field: Field) -> None:
    # PostgreSQL stores no NUL, and nobody reads the others
    if re.search(r"[\x00-\x08\x0b-\x1f\x7f]", field.data or ""):
        raise ValidationError(marked("There is a character in it that cannot be stored."))


def unix_lines(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n")  # None, if the field was not sent


class LoginForm(Form):
    mobile = StringField(marked("Mobile number"), [mobile_number], [normalize])
    password = PasswordField(marked("Password"), [InputRequired()])


class RegistrationForm(LoginForm):
    password = PasswordField(marked("Password"), [InputRequired(), Length(8, 200)])
    again = PasswordField(
        marked("Password again"), [EqualTo("password", marked("The passwords differ."))]
    )


class NoteForm(Form):
    title = StringField(marked("Title"), [InputRequired(), Length(max=100), printable])
    text = TextAreaField(marked("Text"), [Length(max=5000), printable], [unix_lines])


class EditForm(NoteForm):
    version = IntegerField(validators=[InputRequired()], widget=HiddenInput())
