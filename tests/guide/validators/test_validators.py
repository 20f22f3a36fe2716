"""Validators: docs/guide/validators.md."""

from __future__ import annotations

import ast
import inspect
import io
import re
from datetime import date, datetime
from typing import Any

import pytest
from flask_wtf import file as wtf_file
from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import Field, Form, IntegerField, StringField, fields, validators
from wtforms.validators import InputRequired, Length, ValidationError

from proven.claims.proofs import proves
from snippets.forms import own_validators, whole_form
from tests.guide.forms.common import Person, attributes, code, errors, rows, with_field

FAILING: dict[str, tuple[Any, list[str]]] = {
    "InputRequired": (StringField, [""]),
    "DataRequired": (StringField, [" "]),
    "Length": (StringField, ["a"]),
    "NumberRange": (IntegerField, ["6"]),
    "DateRange": (fields.DateField, ["2025-12-31"]),
    "Regexp": (StringField, ["7"]),
    "Email": (StringField, ["a"]),
    "URL": (StringField, ["a"]),
    "IPAddress": (StringField, ["a"]),
    "MacAddress": (StringField, ["a"]),
    "UUID": (StringField, ["a"]),
    "AnyOf": (StringField, ["c"]),
    "NoneOf": (StringField, ["!"]),
    "EqualTo": (StringField, ["a"]),
    "ReadOnly": (StringField, ["a"]),
    "Disabled": (StringField, ["a"]),
}


HTML_RULES = {"required", "readonly", "disabled", "min", "max", "minlength", "maxlength", "pattern"}


@proves(
    "guide/validators",
    "InputRequired | InputRequired() | required | This field is required.",
    "DataRequired | DataRequired() | required | This field is required.",
    "Optional | Optional() | |",
    "Length | Length(2, 5) | minlength, maxlength | Field must be between 2 and 5 characters long.",
    "NumberRange | NumberRange(1, 5) | min, max | Number must be between 1 and 5.",
    "DateRange | DateRange(date(2026, 1, 1)) | min | Date must be at least 2026-01-01 00:00:00.",
    'Regexp | Regexp("[a-z]+") | | Invalid input.',
    "Email | Email() | | Invalid email address.",
    "URL | URL() | | Invalid URL.",
    "IPAddress | IPAddress() | | Invalid IP address.",
    "MacAddress | MacAddress() | | Invalid Mac address.",
    "UUID | UUID() | | Invalid UUID.",
    'AnyOf | AnyOf(["a", "b"]) | | Invalid value, must be one of: a, b.',
    'NoneOf | NoneOf(["", "!"]) | | Invalid value, can\'t be any of: , !.',
    'EqualTo | EqualTo("other") | | Field must be equal to other.',
    "ReadOnly | ReadOnly() | readonly | This field cannot be edited.",
    "Disabled | Disabled() | disabled | This field is disabled and cannot have a value.",
    "All of them except Optional, ReadOnly and Disabled have the argument message for "
    "your own text.",
)
@proves("guide/forms", "Form fields and validators lists every field and validator.")
def test_the_table_of_validators_shows_message_and_attributes_of_each() -> None:
    table = [row for row in rows("forms-validators") if row[0] != "Validator"]
    shown = []
    for first, sample, html, message in table:
        name = code(first)[0].rpartition(".")[2]
        shown.append(name)
        validator = eval(code(sample)[0], {**vars(validators), "date": date})
        cls, failing = FAILING.get(name, (StringField, ["x"]))
        form_class = type("F", (Form,), {"it": cls(validators=[validator]), "other": StringField()})
        form = form_class(MultiDict({"it": failing, "other": "b"}))
        form.validate()
        assert [f"`{text}`" for text in form.it.errors] == ([message] if message else []), name
        assert set(code(html)) == HTML_RULES & set(attributes(form.it)), name
        own = "message" in inspect.signature(getattr(validators, name)).parameters
        assert own is (name not in ("Optional", "ReadOnly", "Disabled")), name
        if own and name != "EqualTo":
            arguments = ast.parse(code(sample)[0], mode="eval").body
            assert isinstance(arguments, ast.Call)
            source = ast.unparse(
                ast.Call(
                    arguments.func, arguments.args, [ast.keyword("message", ast.Constant("own"))]
                )
            )
            renamed = eval(source, {**vars(validators), "date": date})
            assert errors(cls(validators=[renamed]), *failing) == ["own"], name
    public = {name for name in validators.__all__ if name[0].isupper()}
    assert set(shown) == public - {"ValidationError", "StopValidation"}


def stops(*checks: Any) -> bool:
    """Tell whether a validator keeps the next one from an empty value."""
    reached: list[str] = []
    errors(StringField(validators=[*checks, lambda form, field: reached.append("reached")]), "")
    return not reached


@proves(
    "guide/validators",
    "Three validators of WTForms can stop the ones after them:",
    "InputRequired and DataRequired stop if they fail.",
    "Optional stops if nothing was sent, or only white space.",
)
def test_three_validators_stop_the_others() -> None:
    made = {
        "InputRequired": (),
        "DataRequired": (),
        "Optional": (),
        "Length": (1,),
        "NumberRange": (1,),
        "DateRange": (date(2026, 1, 1),),
        "Regexp": ("a",),
        "Email": (),
        "IPAddress": (),
        "MacAddress": (),
        "UUID": (),
        "AnyOf": (["a"],),
        "NoneOf": ([""],),
        "EqualTo": ("nobody",),
        "ReadOnly": (),
        "URL": (),
        "Disabled": (),
    }
    known = {name for name in validators.__all__ if name[0].isupper()}
    assert set(made) == known - {"ValidationError", "StopValidation"}
    halting = set()
    for name, arguments in made.items():
        validator = getattr(validators, name)(*arguments)
        if name in ("NumberRange", "DateRange"):
            reached: list[str] = []
            cls = IntegerField if name == "NumberRange" else fields.DateField
            errors(cls(validators=[validator, lambda form, field: reached.append("x")]), "")  # noqa: B023
            assert reached == ["x"]
        elif stops(validator):
            halting.add(name)
    assert halting == {"InputRequired", "DataRequired", "Optional"}


def refuse(form: Form, field: Field) -> None:
    raise ValidationError("before")


@proves(
    "guide/validators",
    "Optional stops if nothing was sent, or only white space.",
    "When one of the three stops, it deletes the errors that the field has so far, "
    "including that of a failed conversion.",
)
@pytest.mark.parametrize(
    ("validator", "sent", "left"),
    [
        (InputRequired(), "", ["This field is required."]),
        (validators.DataRequired(), "x", ["This field is required."]),
        (validators.Optional(), " ", []),
        (validators.Optional(), "", []),
        # one that does not stop deletes nothing
        (InputRequired(), "x", ["Not a valid integer value.", "before"]),
        (validators.Optional(), "x", ["Not a valid integer value.", "before"]),
    ],
)
def test_what_stops_deletes_the_errors_before_it(
    validator: Any, sent: str, left: list[str]
) -> None:
    assert errors(IntegerField(validators=[refuse, validator]), sent) == left


@proves(
    "guide/validators",
    "FileRequired and FileAllowed of Flask-WTF stop too, and so does your own validator "
    "if it raises StopValidation.",
)
def test_the_validators_of_flask_wtf_that_stop() -> None:
    def stopping(validator: Any, *sent: FileStorage) -> bool:
        reached: list[str] = []
        field = wtf_file.FileField(validators=[validator, lambda *_: reached.append("reached")])
        with_field(field, it=list(sent)).validate()
        return not reached

    wrong = FileStorage(io.BytesIO(b"xx"), "a.gif")
    assert stopping(wtf_file.FileRequired())
    assert stopping(wtf_file.FileAllowed(["png"]), wrong)
    assert not stopping(wtf_file.FileSize(1), wrong)
    classes = {name for name, cls in vars(wtf_file).items() if name.startswith("File")}
    assert classes == {"FileRequired", "FileAllowed", "FileSize", "FileField", "FileStorage"}


@proves(
    "guide/validators",
    "The validators of a field run in the order in which you write them.",
    "One that fails does not stop the others, so a field can have several errors.",
    "The validators of a field also run when the field is empty.",
)
def test_validators_run_in_order_and_all_of_them() -> None:
    field = StringField(validators=[Length(min=3), validators.Regexp("[0-9]")])
    assert errors(field, "ab") == [
        "Field must be at least 3 characters long.",
        "Invalid input.",
    ]
    # an empty field is validated like any other
    assert errors(StringField(validators=[Length(min=3)]), "") != []
    assert errors(StringField(validators=[validators.Optional(), Length(min=3)]), "") == []


@proves(
    "guide/validators",
    "ReadOnly accepts only the value that the form was created with.",
    "Disabled accepts no value.",
)
def test_readonly_and_disabled() -> None:
    read_only = type("F", (Form,), {"name": StringField(validators=[validators.ReadOnly()])})
    for sent, passes in (("object", True), ("changed", False)):
        assert read_only(MultiDict({"name": sent}), obj=Person()).validate() is passes
    disabled = StringField(validators=[validators.Disabled()])
    assert (errors(disabled), errors(disabled, "") != []) == ([], True)


@proves(
    "guide/validators",
    "DateRange compares a date as midnight of that day, so its message shows a time.",
)
def test_a_date_is_compared_as_its_midnight() -> None:
    noon = datetime(2026, 1, 1, 12)
    late = fields.DateField(validators=[validators.DateRange(min=noon)])
    assert errors(late, "2026-01-01") == ["Date must be at least 2026-01-01 12:00:00."]
    assert errors(late, "2026-01-02") == []


@proves(
    "guide/validators",
    'form.validate(extra_validators={"name": [check]}) adds validators for one call.',
)
def test_validators_for_one_call() -> None:
    form = with_field(StringField(), it="ada")
    assert not form.validate(extra_validators={"it": [Length(max=2)]})
    assert form.validate()


@proves(
    "guide/validators",
    "Regexp matches at the start of the text and ignores the rest.",
    "To match the whole text, pass matcher=re.fullmatch.",
    "A $ at the end of the pattern is not enough: it allows a line break after it.",
)
def test_regexp_matches_from_the_start_only() -> None:
    assert errors(StringField(validators=[validators.Regexp("[a-z]")]), "a7") == []
    dollar = StringField(validators=[validators.Regexp("[a-z]$")])
    assert [errors(dollar, text) != [] for text in ("a7", "a\n")] == [True, False]
    full = validators.Regexp("[a-z]", matcher=re.fullmatch)
    assert [errors(StringField(validators=[full]), text) != [] for text in ("a7", "a\n")] == [
        True
    ] * 2


@proves("guide/validators", "To refuse the value, it raises ValidationError.")
@pytest.mark.parametrize(
    ("code_", "count", "expected"),
    [
        ("A B", "7", {"code": ["No spaces here."], "count": ["This is no multiple of 6."]}),
        ("", "6", {"code": ["This field is required."]}),
        (
            "Xtest",
            "12",
            {"code": ["'test' is not allowed.", "Codes with X come by six."]},
        ),
        (
            "A1",
            "x",
            {"count": ["Not a valid integer value.", "This is no multiple of 6."]},
        ),
        ("X1", "6", None),
    ],
)
def test_own_validators(code_: str, count: str, expected: dict[str, list[str]] | None) -> None:
    answer = own_validators.app.test_client().post("/orders", data={"code": code_, "count": count})
    assert (answer.status_code, answer.json) == (
        (422, expected) if expected else (201, {"code": "X1", "count": 6})
    )


def test_a_class_of_validator_gives_attributes_to_the_widget() -> None:
    assert attributes(own_validators.OrderForm().count)["step"] == "6"


@proves(
    "guide/validators",
    "At that time all fields have their values, but the fields further down are not "
    "validated yet and have no errors.",
)
def test_an_inline_validator_sees_values_of_fields_that_are_not_validated() -> None:
    seen: list[Any] = []

    class Two(Form):
        first = StringField()
        second = StringField(validators=[InputRequired()])

        def validate_first(self, field: Field) -> None:
            seen.append((self.second.data, list(self.second.errors)))

    form = Two(MultiDict({"first": "a", "second": ""}))
    assert not form.validate()
    assert seen == [("", [])]
    assert form.second.errors


@proves(
    "guide/validators",
    "validate_code runs after the validators of the field, unless one of them stopped.",
)
def test_a_stopped_chain_skips_the_inline_validator() -> None:
    called: list[str] = []

    class One(Form):
        it = StringField(validators=[InputRequired()])

        def validate_it(self, field: Field) -> None:
            called.append(field.data)

    assert not One(MultiDict({"it": ""})).validate()
    assert called == []
    assert One(MultiDict({"it": "a"})).validate()
    assert called == ["a"]


@proves("guide/validators", 'A message of the whole form has the key "" in errors.')
def test_a_rule_of_the_form_has_an_empty_key() -> None:
    client = whole_form.app.test_client()
    wrong = client.post("/trips", data={"start": "2026-05-02", "end": "2026-05-01"})
    assert (wrong.status_code, wrong.json) == (422, {"": ["The trip ends before it begins."]})
    right = client.post("/trips", data={"start": "2026-05-01", "end": "2026-05-03"})
    assert (right.status_code, right.json) == (201, {"days": 2})
    empty = client.post("/trips", data={"start": "2026-05-01"})
    assert empty.json == {"end": ["This field is required."]}
