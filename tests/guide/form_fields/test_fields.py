"""Fields: docs/guide/form-fields.md."""

from __future__ import annotations

import inspect
import io
import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
import wtforms
from flask_wtf import FlaskForm
from flask_wtf import file as wtf_file
from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import (
    BooleanField,
    Field,
    Form,
    IntegerField,
    SelectField,
    StringField,
)

from proven.claims.proofs import proves
from snippets.forms import login, typed
from tests.guide.forms.common import Person, attributes, code, rows, with_field

BASES = {"Field", "SelectFieldBase"}
SAMPLES = {
    "BooleanField": "y",
    "SubmitField": "Send",
    "DateField": "2026-01-02",
    "TimeField": "10:30",
    "DateTimeLocalField": "2026-01-02T10:30",
    "MonthField": "2026-01",
    "WeekField": "2026-W01",
}


@proves(
    "guide/form-fields",
    "StringField | text | str",
    "PasswordField | password | str",
    "EmailField | email | str",
    "URLField | url | str",
    "TelField | tel | str",
    "SearchField | search | str",
    "ColorField | color | str",
    "HiddenField | hidden | str",
    "TextAreaField | textarea | str",
    "IntegerField | number | int",
    "IntegerRangeField | range | int",
    "FloatField | number | float",
    "DecimalField | number | Decimal",
    "DecimalRangeField | range | Decimal",
    "BooleanField | checkbox | bool",
    "DateField | date | date",
    "TimeField | time | time",
    "DateTimeLocalField | datetime-local | datetime",
    "MonthField | month | date",
    "WeekField | week | date",
    "SelectField | select | str",
    "RadioField | radio | str",
    "SelectMultipleField | select | list",
    "FileField | file | str",
    "MultipleFileField | file | list",
    "SubmitField | submit | bool",
    "ButtonField | submit | str",
    "Two more fields contain other fields: FormField holds a form, and FieldList holds a list.",
)
@proves("guide/forms", "Form fields and validators lists every field and validator.")
def test_the_table_of_fields_shows_type_and_value_of_each() -> None:
    table = [row for row in rows("forms-fields") if row[0] != "Field"]
    shown = {code(row[0])[0].rpartition(".")[2]: row[1:] for row in table}
    for name, (html, value) in shown.items():
        cls = getattr(wtforms, name)
        options = {"choices": ["1"]} if issubclass(cls, SelectField) else {}
        form = with_field(cls(**options), it=SAMPLES.get(name, "1"))
        attrs = attributes(form.it)
        tag = re.findall(r"<(\w+)", str(form.it))[0]
        assert code(html) == [attrs.get("type", tag)], name
        assert code(value) == [type(form.it.data).__name__], name
        assert form.validate(), name
    assert set(shown) == set(field_classes()) - {"FormField", "FieldList", "DateTimeField"}


@proves(
    "guide/form-fields", "The value of the file fields of Flask-WTF is a FileStorage, see Files."
)
def test_the_file_fields_of_flask_wtf_give_a_file() -> None:
    form = with_field(wtf_file.FileField(), it=FileStorage(io.BytesIO(b"x"), "a.png"))
    assert isinstance(form.it.data, FileStorage)


@proves("guide/form-fields", "If you pass no label, WTForms makes one from the name.")
def test_a_label_is_made_from_the_name() -> None:
    class Named(Form):
        how_many = IntegerField()
        other = IntegerField("Pieces")

    assert [field.label.text for field in Named()] == ["How Many", "Pieces"]


@proves(
    "guide/form-fields",
    "A field takes its value from the first of these sources that has one:",
    "the data of the request",
    "the object obj",
    "the keyword argument of its name, or the dictionary data",
    "the default of the field",
)
def test_where_a_value_comes_from() -> None:
    class Named(Form):
        name = StringField(default="default")

    sources: dict[str, dict[str, Any]] = {
        "sent": {"formdata": MultiDict({"name": "sent"})},
        "object": {"obj": Person()},
        "keyword": {"name": "keyword"},
        "data": {"data": {"name": "data"}},
        "default": {},
    }
    given: dict[str, Any] = {}
    for expected, source in reversed(sources.items()):
        given |= source
        assert Named(**given).name.data == expected
    # one that the request does not contain
    assert Named(MultiDict({"x": "y"}), obj=Person()).name.data == "object"
    assert Named(MultiDict()).name.data == "default"


#: A default for each class of field that is not a text.
DEFAULTS: dict[str, Any] = {
    "BooleanField": True,
    "SubmitField": True,
    "IntegerField": 5,
    "IntegerRangeField": 5,
    "FloatField": 1.5,
    "DecimalField": Decimal(2),
    "DecimalRangeField": Decimal(2),
    "DateField": date(2026, 1, 1),
    "MonthField": date(2026, 1, 1),
    "WeekField": date(2026, 1, 5),
    "TimeField": time(1),
    "DateTimeField": datetime(2026, 1, 1),
    "DateTimeLocalField": datetime(2026, 1, 1),
    "SelectMultipleField": ["a"],
    "MultipleFileField": ["a"],
    "FieldList": ["a"],
    "FormField": {"inner": "a"},
}


def field_classes() -> dict[str, type[Field]]:
    """Return every class of field that WTForms offers, without the bases of the others."""
    found = {name: getattr(wtforms, name) for name in wtforms.__all__}
    return {
        name: cls
        for name, cls in found.items()
        if inspect.isclass(cls) and issubclass(cls, Field) and name not in BASES
    }


@proves(
    "guide/form-fields",
    "A field that the request does not contain keeps the value from the other sources, "
    "except for these five fields.",
    "A browser sends nothing for an unchecked box, for an empty list or for a button that "
    "was not pressed, so these fields treat missing data as a value:",
    "BooleanField | False",
    "SubmitField | False",
    "A ButtonField ignores its default: its value is None unless the request contains the button.",
    "Its data is empty, and empty data means an unchecked box.",
)
@pytest.mark.filterwarnings("ignore:'DateTimeField'")
def test_what_each_field_makes_of_missing_data() -> None:
    class Inner(Form):
        inner = StringField()

    first: dict[str, tuple[Any, ...]] = {"FieldList": (StringField(),), "FormField": (Inner,)}
    changed = {}
    for name, cls in field_classes().items():
        default = DEFAULTS.get(name, "a")
        options = {"choices": ["a"]} if issubclass(cls, SelectField) else {}
        field = cls(*first.get(name, ()), default=default, **options)
        form_class = type("F", (Form,), {"it": field, "other": StringField()})
        if name == "ButtonField":
            # It has no default at all.
            assert form_class().it.data is form_class(MultiDict()).it.data is None
            assert form_class(MultiDict({"it": "b"})).it.data == "b"
            continue
        assert form_class().it.data == default, name
        data = form_class(MultiDict({"other": "x"})).it.data
        if data != default:
            changed[name] = repr(data)
    table = [row for row in rows("forms-default") if row[0] != "Field"]
    assert {code(row[0])[0].rpartition(".")[2]: code(row[1])[0] for row in table} == changed
    assert len(changed) == 5


@proves(
    "guide/form-fields",
    'Pass request.form if request.method == "POST" else None, or use a FlaskForm, which '
    "passes no data in a GET request.",
)
def test_a_flask_form_passes_no_data_in_a_get() -> None:
    with login.app.test_request_context("/?it=1"):
        cls = type("F", (FlaskForm,), {"it": BooleanField(default=True)})
        assert cls(meta={"csrf": False}).it.data is True


@proves(
    "guide/form-fields",
    "BooleanField is also False for the texts in its argument false_values.",
    'The default is (False, "false", ""), so the texts 0, off, no and False count as checked.',
)
def test_which_texts_are_false() -> None:
    assert BooleanField.false_values == (False, "false", "")
    texts = ("y", "on", "true", "0", "off", "no", "False", "false", "")
    checked = [text for text in texts if with_field(BooleanField(), it=text).it.data]
    assert checked == ["y", "on", "true", "0", "off", "no", "False"]
    own = BooleanField(false_values=("off",))
    assert [with_field(own, it=text).it.data for text in ("off", "false")] == [False, True]


@proves(
    "guide/form-fields",
    "The constructor of a form calls process, which fills the fields.",
    "If you call process() again, pass the data of the request again.",
    "Otherwise the fields lose what the visitor sent:",
)
def test_a_second_process_without_data_loses_what_was_sent() -> None:
    class Named(Form):
        name = StringField(default="default")
        age = IntegerField(default=1)

    sent = MultiDict({"name": "sent", "age": "5"})
    form = Named(sent)
    form.process()
    assert form.data == {"name": "default", "age": 1}
    form.process(sent)
    assert form.data == {"name": "sent", "age": 5}


@proves(
    "guide/form-fields",
    "form.data is a dictionary with the values of all fields.",
    "form.errors contains only the fields that have errors.",
)
def test_errors_hold_only_the_fields_that_have_some() -> None:
    class Two(Form):
        good = StringField()
        wrong = IntegerField()

    form = Two(MultiDict({"good": "a", "wrong": "x"}))
    assert not form.validate()
    assert form.data == {"good": "a", "wrong": None}
    assert form.errors == {"wrong": ["Not a valid integer value."]}


def test_the_smallest_form_converts_and_validates() -> None:
    client = typed.app.test_client()
    sent = {"guest": "Ada", "nights": "3", "arrival": "2026-05-01", "breakfast": "y"}
    booked = client.post("/bookings", data=sent)
    values = {"guest": "'Ada'", "nights": "3", "arrival": repr(date(2026, 5, 1))}
    assert (booked.status_code, booked.json) == (201, {**values, "breakfast": "True"})
    wrong = client.post("/bookings", data={"guest": "", "nights": "three", "arrival": "1 May"})
    assert wrong.status_code == 422
    assert set(wrong.json) == {"guest", "nights", "arrival"}  # type: ignore[arg-type]
