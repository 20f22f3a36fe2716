"""enum_converter: the members of an enum."""

from enum import Enum, Flag, IntEnum
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import strategies as st
from werkzeug.exceptions import NotFound

from proven.claims.proofs import proves
from snippets.converters import (
    enum_converter,
)
from tests.reference.converters.helpers import TEXT, Size, holds_for, match, round_trip, urls


class Color(Enum):
    RED = "red"
    DARK_RED = "dark red"
    CHINESE = "中国红"
    MIXED = "red/green"
    CRIMSON = "red"  # noqa: PIE796  a second name for RED


class Level(IntEnum):
    LOW = 1
    HIGH = 10


class Permission(Flag):
    READ = 1
    WRITE = 2
    CHANGE = 3
    DELETE = 4


@proves(
    "reference/converters",
    "enum_converter() and model_converter() return a class for one enum or one model.",
    "Return a converter class for the members of an enum.",
    "The URL contains the value of the member.",
    "The URL contains exactly str(member.value).",
    "A class to register in app.url_map.converters.",
)
@pytest.mark.parametrize("members", [Color, Level, Size, Permission])
@pytest.mark.parametrize("rule", ["/v/<it:value>", "/v/<it:value>.html", "/v/x-<it:value>/edit"])
def test_every_member_comes_back(members: type[Enum], rule: str) -> None:
    for member in members:
        assert round_trip(rule, member, it=enum_converter(members)) is member


@holds_for(
    st.lists(TEXT.filter(lambda t: t not in {".", ".."}), min_size=1, max_size=4, unique=True),
    st.data(),
)
def test_members_with_any_texts_come_back(texts: list[str], data: st.DataObject) -> None:
    members: Any = Enum("Members", {f"M{number}": text for number, text in enumerate(texts)})
    member = data.draw(st.sampled_from(list(members)))
    adapter = urls("/v/<it:value>", it=enum_converter(members))
    try:
        url = adapter.build("it", {"value": member})
    except ValueError:
        assert member.value.startswith("/") or {".", ".."} & set(member.value.split("/"))
    else:
        assert adapter.match(unquote(url)) == ("it", {"value": member})


@pytest.mark.parametrize("text", ["RED", "Red", "redd", "", "dark", "dark%20red"])
def test_what_is_no_value_of_a_member_answers_404(text: str) -> None:
    assert match("/<it:value>", f"/{text}", it=enum_converter(Color)) is NotFound


@proves("reference/converters", "A combination of flags is a member if the enum has a name for it.")
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Permission.READ | Permission.WRITE, "3"),
        (Permission.READ | Permission.DELETE, None),
        (Permission(0), None),
    ],
)
def test_flags_together_are_a_member_if_they_have_a_name(
    value: Permission, text: str | None
) -> None:
    rule, it = "/v/<it:value>", enum_converter(Permission)
    if text:
        assert urls(rule, it=it).build("it", {"value": value}) == f"/v/{text}"
        assert round_trip(rule, value, it=it) is value
    else:
        with pytest.raises(ValueError) as refusal:
            urls(rule, it=it).build("it", {"value": value})
        assert str(refusal.value) == f"{value!r} is not a member of Permission"
        assert match(rule, f"/v/{value.value}", it=it) is NotFound


@pytest.mark.parametrize("text", [".", "..", "a/../b", "/a"])
def test_a_member_that_a_browser_would_rewrite_is_refused(text: str) -> None:
    members: Any = Enum("Members", {"IT": text})
    with pytest.raises(ValueError, match=r"browsers take for a folder|leave a segment"):
        urls("/v/<it:value>", it=enum_converter(members)).build("it", {"value": members.IT})


@proves("reference/converters", "Its to_url raises ValueError for any value that is not a member.")
@pytest.mark.parametrize("value", ["red", "RED", Level.LOW, Color])
def test_url_for_refuses_what_is_no_member(value: object) -> None:
    with pytest.raises(ValueError) as refusal:
        urls("/<it:value>", it=enum_converter(Color)).build("it", {"value": value})
    assert str(refusal.value) == f"{value!r} is not a member of Color"


class Same(Enum):
    NUMBER = 1
    TEXT = "1"


class Blank(Enum):
    NOTHING = ""


class Memberless(Enum):
    pass


@proves(
    "reference/converters",
    "ValueError -- If the enum has no members, if two members have the same text, or if a "
    "text is empty.",
)
@pytest.mark.parametrize("members", [Same, Blank, Memberless])
def test_an_enum_whose_members_a_url_cannot_tell_apart_is_refused(members: type[Enum]) -> None:
    with pytest.raises(ValueError) as refusal:
        enum_converter(members)
    assert (
        str(refusal.value)
        == f"the values of {members.__name__} are not texts that are different and not empty"
    )
