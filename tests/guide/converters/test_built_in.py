"""The built-in converters."""

import inspect

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.exceptions import NotFound
from werkzeug.routing import (
    Map,
)

from proven.claims.proofs import proves
from snippets.url_converters import (
    builtin,
    first,
)
from tests.guide.converters.helpers import PAGE, get, match


@proves(
    "guide/converters",
    "A converter is the name before the colon in <int:number>.",
    "It decides which text of the URL the variable matches, which Python value the view "
    "receives, and how flask.url_for() writes that value into a URL.",
    "The view receives an int and does not have to check it.",
)
def test_the_converter_gives_the_view_an_int_and_url_for_writes_it_back() -> None:
    assert get(first.app, "/articles/7") == {"number": 7, "next": "/articles/8"}


@proves(
    "guide/converters",
    "For text that is not a number, Flask responds with 404 and does not call the view.",
)
def test_text_that_is_no_number_answers_404_before_the_view_is_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    called: list[object] = []
    monkeypatch.setitem(
        first.app.view_functions, "article", lambda number: called.append(number) or ""
    )
    assert get(first.app, "/articles/seven") == 404
    assert called == []


def table() -> dict[str, list[str]]:
    """Return the rows of the page's table by converter."""
    rows = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| `")]
    return {row[0].strip("`"): row for row in rows}


def test_the_table_has_every_converter_that_werkzeug_brings() -> None:
    assert set(table()) == set(Map.default_converters) - {"default"}
    assert Map.default_converters["default"] is Map.default_converters["string"]


@proves(
    "guide/converters",
    "string | one segment of the path, any characters except / | str | minlength=1, "
    "maxlength=None, length=None | 100",
    "int | digits | int | fixed_digits=0, min=None, max=None, signed=False | 50",
    "float | digits, a point, digits | float | min=None, max=None, signed=False | 50",
    "path | text that may contain slashes, but not at the start, and no line break after "
    "its first character | str | none | 200",
    "any | one of the given words | str | the words | 100",
    "uuid | a UUID with its four hyphens | uuid.UUID | none | 100",
)
@pytest.mark.parametrize("name", sorted(set(Map.default_converters) - {"default"}))
def test_the_table_says_the_weight_and_the_arguments(name: str) -> None:
    converter = Map.default_converters[name]
    row = table()[name]
    assert row[4] == str(converter.weight)
    parameters = list(inspect.signature(converter).parameters.values())[1:]
    named = [f"`{p.name}={p.default}`" for p in parameters if p.default is not p.empty]
    expected = ", ".join(named) or ("the words" if name == "any" else "none")
    assert row[3] == expected


VALUES = {
    "/string/hello": ("str", "hello"),
    "/default/hello": ("str", "hello"),
    "/int/7": ("int", "7"),
    "/int/007": ("int", "7"),
    "/float/1.5": ("float", "1.5"),
    "/path/a/b/c.txt": ("str", "a/b/c.txt"),
    "/any/about": ("str", "about"),
    "/any/terms-of-use": ("str", "terms-of-use"),
    "/uuid/9c5b94b1-35ad-49bb-b118-8e8fc24abf80": ("UUID", "9c5b94b1-35ad-49bb-b118-8e8fc24abf80"),
    "/uuid/9C5B94B1-35AD-49BB-B118-8E8FC24ABF80": ("UUID", "9c5b94b1-35ad-49bb-b118-8e8fc24abf80"),
}


@proves(
    "guide/converters",
    "string | one segment of the path, any characters except / | str | minlength=1, "
    "maxlength=None, length=None | 100",
    "int | digits | int | fixed_digits=0, min=None, max=None, signed=False | 50",
    "float | digits, a point, digits | float | min=None, max=None, signed=False | 50",
    "path | text that may contain slashes, but not at the start, and no line break after "
    "its first character | str | none | 200",
    "any | one of the given words | str | the words | 100",
    "uuid | a UUID with its four hyphens | uuid.UUID | none | 100",
    "<value> is short for <string:value>.",
    "int drops leading zeros, so /int/7 and /int/007 are two URLs for one value.",
    "uuid also matches uppercase letters.",
)
@pytest.mark.parametrize("path", VALUES)
def test_each_built_in_converter_gives_the_value_of_its_type(path: str) -> None:
    kind, value = VALUES[path]
    assert get(builtin.app, path) == {"type": kind, "value": value}
    name = path.split("/")[1]
    assert name == "default" or table()[name][2].rpartition(".")[2].strip("`") == kind


@proves("guide/converters", "If the text does not match, Flask responds with 404:")
@pytest.mark.parametrize(
    "path",
    ["/string/a/b", "/string/", "/int/-7", "/int/1.5", "/int/seven", "/float/1", "/float/.5",
     "/float/1e5", "/float/-1.5", "/any/contact", "/any/About",
     "/uuid/9c5b94b135ad49bbb1188e8fc24abf80", "/path/"],
)  # fmt: skip
def test_what_they_do_not_accept_answers_404(path: str) -> None:
    assert get(builtin.app, path) == 404


@proves(
    "guide/converters",
    "string | one segment of the path, any characters except / | str | minlength=1, "
    "maxlength=None, length=None | 100",
)
@given(st.text(st.characters(codec="utf-8", exclude_characters="/"), min_size=1))
@settings(deadline=None)
def test_string_takes_any_character_but_a_slash(text: str) -> None:
    assert match("/v/<value>", f"/v/{text}") == text


@proves(
    "guide/converters",
    "path | text that may contain slashes, but not at the start, and no line break after "
    "its first character | str | none | 200",
)
def test_path_takes_no_slash_at_the_start() -> None:
    response = builtin.app.test_client().get("/path//a")
    assert (response.status_code, response.location) == (308, "http://localhost/path/a")


@proves(
    "guide/converters",
    "path | text that may contain slashes, but not at the start, and no line break after "
    "its first character | str | none | 200",
)
def test_path_matches_no_line_break_after_its_first_character_and_string_does() -> None:
    assert match("/<path:value>", "/a\nb") is NotFound
    assert match("/<path:value>", "/a/b\n") is NotFound
    assert match("/<path:value>", "/\nb") == "\nb"
    assert match("/<value>", "/a\nb") == "a\nb"
