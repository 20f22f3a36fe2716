"""What `SessionSerializer` promises beside the contract: Flask's format, type for type."""

from __future__ import annotations

import dataclasses
import json
from collections import OrderedDict, namedtuple
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID

import pytest
from flask.json.tag import JSONTag, TaggedJSONSerializer
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from proven.claims.proofs import proves
from snippets.sessions import SessionSerializer

ours, flasks = SessionSerializer(), TaggedJSONSerializer()

# Keys that look like tags, and such that do not.
KEYS = st.one_of(
    st.sampled_from([" t", " di", " b", " m", " u", " d", " t__", " di__", " b__", " ", "", "t"]),
    st.text(max_size=4),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(),
    st.binary(),
    st.uuids(),
    st.text().map(Markup),
    st.datetimes(datetime(1970, 1, 1), datetime(9000, 1, 1)),
    st.datetimes(datetime(1970, 1, 1), datetime(9000, 1, 1), timezones=st.just(UTC)),
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(KEYS, inner, max_size=3),
    ),
    max_leaves=12,
)
SESSIONS = st.dictionaries(KEYS, VALUES, max_size=5)


def typed(value: object) -> object:
    """Return a value with the types of all its parts, for comparison."""
    if isinstance(value, dict):
        return dict, {key: typed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value), [typed(item) for item in value]
    return type(value), repr(value)


@proves(
    "reference/session-classes",
    "Turn session data into bytes and back.",
    "Return the bytes to store.",
    "Return the data stored in payload.",
)
@given(SESSIONS)
def test_the_round_trip_gives_what_flasks_gives(data: dict[str, Any]) -> None:
    assert typed(ours.decode(ours.encode(data))) == typed(flasks.loads(flasks.dumps(data)))


@proves(
    "reference/session-classes",
    "The format is the tagged JSON that flask.json.tag.TaggedJSONSerializer writes, so "
    "the types are Flask's: the types of JSON, tuple, bytes, Markup, UUID and datetime "
    "(whole seconds, read back in UTC).",
)
@given(SESSIONS)
def test_flask_reads_what_is_written(data: dict[str, Any]) -> None:
    text = ours.encode(data).removeprefix(b"v1:").decode("ascii")
    assert typed(flasks.loads(text)) == typed(flasks.loads(flasks.dumps(data)))


@proves(
    "reference/session-classes",
    "The format is the tagged JSON that flask.json.tag.TaggedJSONSerializer writes, so "
    "the types are Flask's: the types of JSON, tuple, bytes, Markup, UUID and datetime "
    "(whole seconds, read back in UTC).",
)
@given(SESSIONS)
def test_what_flask_writes_is_read(data: dict[str, Any]) -> None:
    text = flasks.dumps(data)
    assert typed(ours.loads(text)) == typed(flasks.loads(text))


@given(
    st.one_of(st.binary(), st.binary().map(lambda tail: b"v1:" + tail), st.text().map(str.encode))
)
def test_what_is_not_a_payload_is_an_error_or_a_dictionary(payload: bytes) -> None:
    try:
        data = ours.decode(payload)
    except Exception:
        return
    assert isinstance(data, dict)


@given(
    st.recursive(st.text() | st.integers() | st.none(), lambda inner: st.dictionaries(KEYS, inner))
)
def test_json_that_misuses_tags_is_read_as_flask_reads_it_or_refused(value: object) -> None:
    text = json.dumps(value)
    try:
        expected = flasks.loads(text)
    except Exception:
        with pytest.raises(Exception):  # noqa: B017
            ours.loads(text)
    else:
        assert typed(ours.loads(text)) == typed(expected)


class Colour(StrEnum):
    RED = "red"


class Number(IntEnum):
    ONE = 1


@dataclasses.dataclass
class Point:
    x: int
    y: int


class Html:
    def __html__(self) -> str:
        return "<br>"


Pair = namedtuple("Pair", "left right")


@proves(
    "reference/session-classes",
    "The format is the tagged JSON that flask.json.tag.TaggedJSONSerializer writes, so "
    "the types are Flask's: the types of JSON, tuple, bytes, Markup, UUID and datetime "
    "(whole seconds, read back in UTC).",
    "Types that Flask's JSON provider can only write come back as what it wrote: Decimal "
    "as str, date as str, a dataclass as dict, and the keys of nested dictionaries are "
    "always str.",
)
@pytest.mark.parametrize(
    ("value", "read"),
    [
        (Decimal("1.10"), "1.10"),
        (date(2024, 2, 29), "Thu, 29 Feb 2024 00:00:00 GMT"),
        (Point(1, 2), {"x": 1, "y": 2}),
        (Html(), Markup("<br>")),
        (Pair(1, 2), (1, 2)),
        (OrderedDict(b=1, a=2), {"b": 1, "a": 2}),
        (Colour.RED, "red"),
        (Number.ONE, 1),
        ({1: "one", None: "no", 1.5: "x"}, {"1": "one", "null": "no", "1.5": "x"}),
        (datetime(2024, 2, 29, 12, 0, 0, 999_999, UTC), datetime(2024, 2, 29, 12, tzinfo=UTC)),
        (
            datetime(2024, 2, 29, 12, tzinfo=timezone(timedelta(hours=8))),
            datetime(2024, 2, 29, 4, tzinfo=UTC),
        ),
        (UUID(int=1), UUID(int=1)),
        ("\ud800", "\ud800"),
    ],
)
def test_a_value_of_another_type_comes_back_as_the_docstring_says(value: Any, read: Any) -> None:
    found = ours.decode(ours.encode({"a": 0, "value": [value]}))["value"][0]
    assert typed(found) == typed(read)


@proves(
    "reference/session-classes",
    "Unlike Flask's, it keeps the order of keys and does not depend on the JSON provider "
    "of the application.",
)
def test_keys_keep_their_order() -> None:
    data = {"b": 1, "a": {"d": 2, "c": 3}}
    assert ours.decode(ours.encode(data)) == data
    assert list(ours.decode(ours.encode(data))) == ["b", "a"]
    assert list(ours.decode(ours.encode(data))["a"]) == ["d", "c"]


def test_a_tag_of_ones_own_is_used() -> None:
    class TagComplex(JSONTag):
        __slots__ = ()
        key = " c"

        def check(self, value: Any) -> bool:
            return isinstance(value, complex)

        def to_json(self, value: Any) -> Any:
            return [value.real, value.imag]

        def to_python(self, value: Any) -> Any:
            return complex(*value)

    serializer = SessionSerializer()
    serializer.register(TagComplex)
    data = {"z": 1 + 2j, "deep": [{"z": 3j}], "like": {" c": 1}}
    assert serializer.decode(serializer.encode(data)) == data


def loop() -> list[Any]:
    value: list[Any] = []
    value.append(value)
    return value


@proves(
    "reference/session-classes",
    "TypeError -- A value cannot be stored.",
    "The message names its key.",
)
@pytest.mark.parametrize("value", [object(), {1}, loop(), {(1, 2): 3}, [10**5000], lambda: None])
def test_what_cannot_be_stored_names_its_key(value: object) -> None:
    with pytest.raises(TypeError, match=r"^session\['bad'\] cannot be stored: "):
        ours.encode({"good": 1, "bad": value, "also good": 2})


@proves(
    "reference/session-classes",
    "The mark at the beginning, v1:, distinguishes them from the sessions of other "
    "packages, which are not read.",
    "ValueError -- The payload was not written by this serializer.",
)
@pytest.mark.parametrize("payload", [b"", b"v1:", b"v2:{}", b"{}", b"v1:[]", b"v1:1", b"v1:{\xff}"])
def test_another_format_is_refused(payload: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        ours.decode(payload)


@proves(
    "reference/session-classes",
    "The bytes are ASCII, so clients that decode what they read do not damage them.",
)
def test_nothing_but_ascii_is_written() -> None:
    assert ours.encode({"早": "\x7f\u2028\U0001f600"}).isascii()
