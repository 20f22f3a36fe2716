"""A form that records each of its steps."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, g, request
from markupsafe import escape
from wtforms import Field, Form, StringField
from wtforms.meta import DefaultMeta
from wtforms.validators import InputRequired, Length
from wtforms.widgets import TextInput

app = Flask(__name__)


def note(cls: type, *names: str) -> None:
    for name in names:
        setattr(cls, name, noting(f"{cls.__name__}.{name}", getattr(cls, name)))


def noting(step: str, method: Callable[..., Any]) -> Callable[..., Any]:
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        g.setdefault("steps", []).append(step)
        return method(*args, **kwargs)

    return wrapped


class NameField(StringField):
    widget = staticmethod(noting("TextInput", TextInput()))


class LoginForm(Form):
    class Meta(DefaultMeta): ...

    name = NameField(
        validators=[noting("InputRequired", InputRequired()), noting("Length", Length(max=5))]
    )

    def filter_name(self, value: str | None) -> str | None:
        return value.strip() if value else value

    def validate_name(self, field: Field) -> None:
        pass


note(LoginForm.Meta, "get_translations", "bind_field", "wrap_formdata", "render_field")
note(LoginForm, "__init__", "process", "filter_name", "post_process", "validate", "validate_name")
note(NameField, "__init__", "process", "process_data", "process_formdata", "post_process")
note(NameField, "validate", "pre_validate", "post_validate", "__html__", "__str__", "__call__")


@app.get("/")
def journal() -> Response:
    form = LoginForm(request.args or None)
    if form.validate():
        escape(form.name)
    return Response("\n".join(g.steps), mimetype="text/plain")
