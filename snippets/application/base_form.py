"""What all forms share: the token, the language of the errors, and what counts as input."""

from typing import Any

from flask import current_app, request
from flask_wtf import FlaskForm

from .preferred import language
from .users import current_user


class Form(FlaskForm):
    class Meta(FlaskForm.Meta):
        @property
        def csrf(self) -> bool:
            # a token is kept in the session, and a stranger gets none
            return current_app.config["WTF_CSRF_ENABLED"] and current_user() is not None

        @property
        def locales(self) -> list[str]:
            return [language()]

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            # fields only: FlaskForm would let a file or JSON take the place of a text
            return request.form if request.method == "POST" else None
