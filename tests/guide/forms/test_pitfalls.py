"""Pitfalls: docs/guide/forms.md."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Field, FieldList, Form, StringField, validators
from wtforms.validators import InputRequired

from proven.claims.proofs import proves
from snippets.forms import login
from tests.guide.forms.common import OldLogin, attributes, said, with_field


def raised(call: Callable[[], object], kind: type[BaseException]) -> str:
    with pytest.raises(kind) as caught:
        call()
    return str(caught.value)


class OldValidator:
    field_flags = ("required",)

    def __call__(self, form: Form, field: Field) -> None:
        """Accept everything."""


def validate_old_login() -> None:
    with login.app.test_request_context(method="POST"):
        OldLogin(meta={"csrf": False}).validate_on_submit()


@proves(
    "guide/form-classes",
    "The parentheses are missing in FieldList(StringField).",
    'The code assigns a field to a form: form["note"] = StringField().',
)
@proves(
    "guide/validators",
    "If the list contains a string, the message is TypeError: required is not a valid "
    "validator because it is not callable.",
    "If a validator is passed without a list, it is TypeError: 'DataRequired' object is "
    "not iterable.",
    "form.name.errors.append(...) was called before validate.",
    'A validator of an old library has field_flags = ("required",).',
)
@pytest.mark.parametrize(
    ("call", "kind"),
    [
        (lambda: StringField(validators=[validators.DataRequired]), TypeError),
        (lambda: StringField(validators=["required"]), TypeError),
        (lambda: with_field(StringField("x", validators.DataRequired())), TypeError),
        (validate_old_login, TypeError),
        (lambda: with_field(StringField()).it.errors.append("x"), AttributeError),
        (lambda: with_field(StringField(validators=[OldValidator()])), AttributeError),
        (lambda: with_field(FieldList(StringField)), AssertionError),
        (lambda: Form().__setitem__("note", StringField()), TypeError),
    ],
)
def test_a_mistake_is_answered_with_what_the_page_says(
    call: Callable[[], object], kind: type[BaseException]
) -> None:
    assert said(kind.__name__, raised(call, kind))


@proves("guide/form-classes", "Write FieldList(StringField()).")
@proves(
    "guide/validators",
    "The errors of a field are a list only after validate.",
    'It must be a dictionary: {"required": True}.',
)
@proves(
    "guide/forms",
    "The errors of a field are a list after validate, so the view can append its own message.",
)
def test_the_remedies_of_those_mistakes() -> None:
    form = with_field(StringField(validators=[validators.DataRequired()]), it="")
    form.validate()
    form.it.errors.append("more")
    assert form.it.errors == ["This field is required.", "more"]
    OldValidator.field_flags = {"required": True}  # type: ignore[assignment]
    try:
        assert "required" in attributes(with_field(StringField(validators=[OldValidator()])).it)
    finally:
        OldValidator.field_flags = ("required",)
    assert with_field(FieldList(StringField(), min_entries=1)).it.data == [None]


@proves(
    "guide/form-fields",
    "A field has the same name as an attribute of the form.",
    "If a field is called validate, form.validate() renders this field, and HTML text "
    "counts as true.",
    "The names data, errors, process, meta and populate_obj are taken too.",
    'Choose another attribute name, and pass the name for the HTML: StringField(name="data").',
)
def test_a_field_named_like_a_part_of_the_form() -> None:
    def named(name: str) -> Any:
        return type(
            "F", (Form,), {name: StringField(), "it": StringField(validators=[InputRequired()])}
        )

    # HTML, and so true
    assert named("validate")().validate().startswith("<input")
    form = named("errors")()
    assert not form.validate()
    assert isinstance(form.errors, StringField)
    assert isinstance(named("data")().data, StringField)
    assert isinstance(named("populate_obj")().populate_obj, StringField)
    for taken, kind in (("process", TypeError), ("meta", AttributeError)):
        with pytest.raises(kind):
            named(taken)()
    other = type("F", (Form,), {"data_": StringField(name="data")})(MultiDict({"data": "x"}))
    assert other.data == {"data_": "x"}
