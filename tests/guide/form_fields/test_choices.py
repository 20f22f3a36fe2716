"""Choices: docs/guide/form-fields.md."""

from __future__ import annotations

import functools
from enum import Enum
from typing import Any

import pytest
from bs4 import BeautifulSoup
from werkzeug.datastructures import MultiDict
from wtforms import Form, SelectChoice, SelectField, StringField, fields

from proven.claims.proofs import proves
from snippets.forms import choices
from tests.guide.forms.common import SAID, errors, said, with_field


def test_choices_are_read_for_each_form_and_may_depend_on_a_field() -> None:
    client = choices.app.test_client()

    def options(name: str) -> list[str]:
        page = BeautifulSoup(client.get("/books").text, "lxml")
        return [tag.text for tag in page.select(f"select[name={name}] option")]

    assert options("author") == ["Ada", "Grace"]
    client.post("/authors/3/Alan")
    assert options("author") == ["Ada", "Grace", "Alan"]
    assert options("city") == ["Beijing", "Shanghai"]
    groups = [tag["label"] for tag in BeautifulSoup(client.get("/books").text, "lxml")("optgroup")]
    assert groups == ["Python", "Other"]
    sent = {"author": "4", "country": "uk", "city": "Beijing", "topics": ["web", "x"]}
    wrong = client.post("/books", data=sent)
    assert (wrong.status_code, wrong.json) == (
        422,
        {
            "author": ["Not a valid choice."],
            "city": ["Not a valid choice."],
            "topics": ["'x' is not a valid choice for this field."],
        },
    )
    sent |= {"author": "3", "city": "London", "topics": ["web"]}
    right = client.post("/books", data=sent)
    assert (right.status_code, right.json) == (
        201,
        {"author": 3, "country": "uk", "city": "London", "topics": ["web"]},
    )


@proves(
    "guide/form-fields",
    "A list in the class body is read once, when the module is imported.",
    "Choices that you add later do not reach it.",
    "You can also assign the choices in the view, before validate: form.author.choices = [...].",
)
def test_a_list_is_read_once_and_a_view_can_assign() -> None:
    known = ["a"]
    form_class = type("F", (Form,), {"it": SelectField(choices=list(known))})
    known.append("b")
    assert not form_class(MultiDict({"it": "b"})).validate()
    form = form_class(MultiDict({"it": "b"}))
    form.it.choices = known
    assert form.validate()


@proves(
    "guide/form-fields",
    "A function is called for each form, when the form first needs its choices.",
    "A function with two parameters gets the form and the field, and the other fields "
    "already have their values.",
)
def test_a_function_is_called_once_a_form_when_the_choices_are_needed() -> None:
    calls: list[str | None] = []

    def known(form: Form, field: SelectField) -> list[str]:
        calls.append(form.other.data)
        return ["a"]

    form_class = type("F", (Form,), {"it": SelectField(choices=known), "other": StringField()})
    forms = [form_class(MultiDict({"it": "a", "other": name})) for name in ("x", "y")]
    assert calls == []
    for form in forms:
        assert form.validate()
        assert form.validate()
    assert calls == ["x", "y"]


@proves(
    "guide/form-fields",
    "optgroup puts choices into groups.",
    "A group ends where the next choice has another optgroup, so keep the choices of a "
    "group together: otherwise the page has two groups of the same name.",
    'Old posts write the groups as a dictionary of lists, which is deprecated: {"Python": '
    '["web", "data"]}.',
)
def test_choices_of_a_group_stand_together_or_the_group_is_there_twice() -> None:
    def groups(choices: Any) -> list[str]:
        html = BeautifulSoup(str(with_field(SelectField(choices=choices)).it), "lxml")
        return [tag["label"] for tag in html("optgroup")]

    made = [
        SelectChoice(name, name, optgroup=group)
        for name, group in (("web", "Python"), ("c", "Other"), ("data", "Python"))
    ]
    assert groups(made) == ["Python", "Other", "Python"]
    assert groups(sorted(made, key=lambda choice: choice.optgroup)) == ["Other", "Python"]
    with pytest.warns(DeprecationWarning, match="in a dict is deprecated"):
        assert groups({"Python": ["web", "data"]}) == ["Python"]


class Size(Enum):
    SMALL = "s"


@proves(
    "guide/form-fields",
    "coerce converts what was sent into the type of your keys.",
    "WTForms applies it to the keys of the choices too, so coerce=int fails if one key is "
    "the empty string.",
    'Write a function that returns None for "".',
    "validate_choice=False accepts values that are not in the list, for choices that a "
    "script adds in the browser.",
    "For the members of an enum.Enum, use enum_choices() and enum_coerce().",
    "The types differ: what was sent is text, and the key is a number.",
    "Pass coerce=int.",
    "The field has coerce=int and a choice with an empty key.",
    "WTForms applies coerce to the keys too.",
    "Write coerce=lambda value: int(value) if value else None.",
)
def test_coerce_and_the_kinds_of_choices() -> None:
    number = functools.partial(SelectField, choices=[SelectChoice(1, "one")])
    assert errors(number(), "1") == []
    assert errors(SelectField(choices={"cn": "China"}), "cn") == []
    # the key is a number, and what was sent is text
    plain = SelectField(coerce=lambda value: value, choices=[SelectChoice(1, "one")])
    assert errors(plain, "1") == ["Not a valid choice."]
    assert "`Not a valid choice.` for a choice that is there" in SAID
    assert errors(number(coerce=int), "1") == []
    empty = [SelectChoice("", "none"), SelectChoice(1, "one")]
    with pytest.raises(ValueError) as caught:
        str(with_field(SelectField(coerce=int, choices=empty)).it)
    assert said("ValueError", caught.value)
    own = SelectField(coerce=lambda value: int(value) if value else None, choices=empty)
    assert [with_field(own, it=value).it.data for value in ("", "1")] == [None, 1]
    assert errors(own, "") == errors(own, "1") == []
    assert errors(SelectField(choices=["a"], validate_choice=False), "new") == []
    enum = {"choices": fields.enum_choices(Size), "coerce": fields.enum_coerce(Size)}
    assert with_field(SelectField(**enum), it="s").it.data is Size.SMALL


@proves("guide/form-fields", "A SelectField had no choices when validate ran.")
def test_choices_that_nobody_gave() -> None:
    with pytest.raises(TypeError) as caught:
        errors(SelectField(), "a")
    assert said("TypeError", caught.value)


@proves(
    "guide/form-fields",
    'Write a dictionary of texts, {"cn": "China"}, or a list of SelectChoice.',
    "A list of texts is still allowed.",
)
def test_tuples_are_deprecated_and_the_others_are_not() -> None:
    with pytest.warns(DeprecationWarning, match="as tuples") as caught:
        with_field(SelectField(choices=[("cn", "China")]))
    assert said("DeprecationWarning", caught[0].message)
    for given in (["cn"], {"cn": "China"}, [SelectChoice("cn", "China")]):
        assert errors(SelectField(choices=given), "cn") == []
