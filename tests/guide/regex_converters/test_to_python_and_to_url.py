"""The two methods of a converter."""

from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.exceptions import Gone, NotFound
from werkzeug.routing import (
    BaseConverter,
    Map,
    Rule,
    ValidationError,
)

from proven.claims.proofs import proves
from snippets.url_converters import (
    careless,
    month,
)
from tests.guide.converters.helpers import build, get


@proves(
    "guide/regex-converters",
    "regex decides whether the text matches.",
    "to_python converts the text of the URL to the value for the view.",
    "to_url converts a value to the text for the URL.",
)
def test_to_python_makes_the_value_and_to_url_the_text() -> None:
    assert get(month.app, "/reports/2025-02") == {
        "month": "February 2025",
        "year before": "/reports/2024-02",
    }


@proves(
    "guide/regex-converters",
    "If it raises ValidationError, the URL does not exist and the response is 404.",
)
def test_validation_error_answers_404() -> None:
    assert get(month.app, "/reports/2025-13") == 404
    assert issubclass(ValidationError, ValueError)


@proves("guide/regex-converters", "Digits and hyphens need no encoding.")
@given(st.dates().map(lambda day: day.replace(day=1)))
@settings(deadline=None)
def test_every_month_comes_back(day: date) -> None:
    adapter = month.app.url_map.bind("example.com")
    assert adapter.match(adapter.build("report", {"month": day}))[1] == {"month": day}


@proves("guide/regex-converters", "to_python receives the text after percent-decoding.")
def test_to_python_gets_the_text_without_percent_encoding() -> None:
    app = Flask("encoded")
    app.add_url_rule("/<value>", "page", lambda value: {"value": value})
    assert get(app, "/%E4%BD%A0%20%25") == {"value": "你 %"}


@proves(
    "guide/regex-converters",
    "to_url must return text that is already percent-encoded.",
    "The method of the base class encodes it: super().to_url(text).",
)
def test_to_url_of_the_base_class_encodes() -> None:
    assert BaseConverter(Map()).to_url("C# 100%?") == "C%23%20100%25%3F"
    assert BaseConverter(Map()).to_url(5) == "5"


@proves("guide/regex-converters", "to_python raises a ValueError.")
def test_a_value_error_answers_500() -> None:
    assert careless.app.test_client().get("/log/2025-02-28").text == "2025-02-28"
    assert get(careless.app, "/log/2025-02-30") == 500


def test_added_the_other_way_round_get_answers_404() -> None:
    rules = [
        Rule("/<int(max=99):value>", endpoint=method, methods=[method])
        for method in ("GET", "DELETE")
    ]
    with pytest.raises(NotFound):
        Map(rules).bind("example.com").match("/100", method="GET")


@proves(
    "guide/regex-converters",
    "The converter's to_url returns the text without encoding it.",
    "A browser treats # as the beginning of the fragment and ? as the beginning of the "
    "query string.",
)
def test_text_that_is_not_encoded_ends_at_the_hash() -> None:
    assert urlsplit("http://example.com/a?b#c").path == "/a"
    assert get(careless.app, "/cloud") == {"link": "/tags/C#"}
    assert get(careless.app, "/tags/C#") == {"tag": "C"}


@proves(
    "guide/regex-converters",
    "to_url returned a number, but it must return text.",
    "Write return str(value), or return super().to_url(value), which also encodes the text.",
)
def test_a_number_from_to_url_is_a_type_error() -> None:
    class Returning(BaseConverter):
        def to_url(self, value: Any) -> Any:
            return value

    with pytest.raises(TypeError) as error:
        build("/pages/<it:value>", 5, it=Returning)
    assert str(error.value) == "sequence item 1: expected str instance, int found"


@proves(
    "reference/converters", "Werkzeug's werkzeug.routing.ValidationError, a subclass of ValueError."
)
@proves(
    "guide/regex-converters",
    "Raise ValidationError, which is a subclass of it, for a URL that does not exist.",
    "Werkzeug also passes on HTTP exceptions such as NotFound; every other exception "
    "becomes a 500.",
)
@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ValidationError(), 404),
        (NotFound(), 404),
        (Gone(), 410),
        *[(kind(), 500) for kind in (ValueError, TypeError, LookupError, KeyError, OSError)],
    ],
)
def test_only_validation_error_and_http_exceptions_are_no_error_of_the_program(
    error: Exception, status: int
) -> None:
    class Raising(BaseConverter):
        def to_python(self, value: str) -> str:
            raise error

    app = Flask("raising")
    app.logger.disabled = True
    app.url_map.converters["it"] = Raising
    app.add_url_rule("/<it:value>", "page", lambda value: value)
    assert app.test_client().get("/x").status_code == status
