"""How it works inside: docs/guide/form-fields.md."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Field, Form, IntegerField, StringField, validators, widgets
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, StopValidation, ValidationError

from proven.claims.proofs import proves
from snippets.forms import journal, login
from tests.guide.forms.common import errors, with_field

STEPS = [
    *("LoginForm.__init__", "Meta.get_translations", "Meta.bind_field", "NameField.__init__"),
    *("LoginForm.process", "Meta.wrap_formdata", "NameField.process", "NameField.process_data"),
    *("NameField.process_formdata", "LoginForm.filter_name", "LoginForm.post_process"),
    *("NameField.post_process", "LoginForm.validate", "NameField.validate"),
    *("NameField.pre_validate", "InputRequired", "Length", "LoginForm.validate_name"),
    *("NameField.post_validate", "NameField.__html__", "NameField.__call__"),
    *("Meta.render_field", "TextInput"),
]


@proves(
    "guide/form-classes",
    "A template calls __html__.",
    "The next steps are __call__, meta.render_field and widget.__call__.",
    "process runs in __init__, before validate.",
)
@proves(
    "guide/form-fields",
    "gets the translations from Meta and binds each field: this step creates the StringField.",
    "Then it calls process.",
    "fills each field.",
    "The field first gets its default or the value of the object (process_data), then the "
    "data of the request (process_formdata), and then the filters run.",
    "In the third exchange there is no data, so process_formdata is not called.",
    "Then pre_validate, the validators, validate_name and post_validate run.",
    "In the second exchange InputRequired stops the chain: Length and validate_name do "
    "not run, and post_validate does.",
    "The last steps of the first exchange render the field.",
    "A template calls __html__, and str calls __str__.",
    "Both call the field.",
    "The call field() calls meta.render_field, which calls the widget, the object that "
    "turns a field into HTML:",
)
def test_the_journal_has_every_step_in_order() -> None:
    client = journal.app.test_client()
    assert client.get("/?name=ada").text.splitlines() == STEPS
    rendered = STEPS[:-4]
    stopped = [step for step in rendered if step not in ("Length", "LoginForm.validate_name")]
    assert client.get("/?name=").text.splitlines() == stopped
    nothing = [step for step in stopped if step != "NameField.process_formdata"]
    assert client.get("/").text.splitlines() == nothing


@proves(
    "guide/form-fields",
    "A conversion that fails is recorded in process_errors.",
    "validates all fields, even after one has failed.",
    "The errors of a field begin with its process_errors.",
)
def test_every_field_is_validated_and_begins_with_its_conversion() -> None:
    class Two(Form):
        first = IntegerField(validators=[validators.NumberRange(min=1)])
        second = StringField(validators=[InputRequired()])

    form = Two(MultiDict({"first": "x"}))
    assert form.first.process_errors == ["Not a valid integer value."]
    assert form.errors == {}
    assert not form.validate()
    assert form.first.errors == ["Not a valid integer value.", "Number must be at least 1."]
    assert form.second.errors == ["This field is required."]


@proves("guide/form-fields", "When all fields have their values, post_process runs.")
def test_post_process_runs_when_all_fields_have_their_values() -> None:
    seen: list[Any] = []

    class Reader(StringField):
        def post_process(self, formdata: Any = None) -> None:
            seen.append(later())

    class Two(Form):
        first = Reader()
        second = StringField()

    later: Callable[[], Any]

    class Watched(Two):
        def post_process(self, formdata: Any = None) -> None:
            nonlocal later
            later = lambda: self.second.data  # noqa: E731
            super().post_process(formdata)

    Watched(MultiDict({"second": "b"}))
    assert seen == ["b"]


@proves(
    "guide/form-fields",
    "BaseForm defines process.",
    "The fields in a class body and the methods validate_<name> come with its subclass Form.",
)
def test_the_base_form_processes_and_knows_no_methods() -> None:
    assert "process" in vars(BaseForm)
    assert "process" not in vars(Form)
    called: list[str] = []

    class Plain(BaseForm):
        def validate_name(self, field: Field) -> None:
            called.append("inline")

    form = Plain({"name": StringField()})
    form.process(MultiDict({"name": "ada"}))
    assert form.validate()
    assert (form["name"].data, called, hasattr(form, "name")) == ("ada", [], False)


@proves(
    "guide/validators",
    "FileRequired and FileAllowed of Flask-WTF stop too, and so does your own validator "
    "if it raises StopValidation.",
    "If it raises StopValidation, the validators after it do not run.",
)
def test_a_stop_in_the_chain_and_post_validate() -> None:
    class Watched(StringField):
        stopped: list[bool] = []  # noqa: RUF012

        def post_validate(self, form: Form, validation_stopped: bool) -> None:
            self.stopped.append(validation_stopped)

    def stop(form: Form, field: Field) -> None:
        raise StopValidation("stopped")

    def fail(form: Form, field: Field) -> None:
        raise ValidationError("failed")

    assert errors(Watched(validators=[fail, stop, fail])) == ["failed", "stopped"]
    assert errors(Watched(validators=[fail])) == ["failed"]
    assert Watched.stopped == [True, False]


@proves(
    "guide/form-fields",
    "A template calls __html__, and str calls __str__.",
    "Both call the field.",
    "The call field() calls meta.render_field, which calls the widget, the object that "
    "turns a field into HTML:",
    "All fields of a class share one widget.",
    "The widget calls _value() of the field and takes attributes such as required from "
    "field.flags.",
    "html_params() escapes the attributes and sorts them by name.",
    "The result is Markup, so a template does not escape it again.",
)
def test_the_rendering_chain() -> None:
    form = with_field(StringField(), it='<"Ada">')
    field = form.it
    html = field.widget(field)
    assert html == field() == str(field) == field.__html__() == form.meta.render_field(field, {})
    assert field.widget is StringField.widget is with_field(StringField()).it.widget
    names = re.findall(r" ([a-z]+)=", html)
    assert names == sorted(names)
    assert widgets.html_params(b='"', a=True) == 'a b="&#34;"'
    assert "&lt;" in login.app.jinja_env.from_string("{{ field }}").render(field=field)
    assert "&amp;lt;" not in login.app.jinja_env.from_string("{{ field() }}").render(field=field)
