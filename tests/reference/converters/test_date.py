"""DateConverter: days."""

from datetime import date, datetime

import pytest
from hypothesis import strategies as st
from werkzeug.exceptions import NotFound

from proven.claims.proofs import proves
from tests.reference.converters.helpers import holds_for, match, round_trip, urls


@proves(
    "reference/converters",
    "A date in ISO 8601, as year, month and day: /log/2025-01-31 is datetime.date(2025, 1, 31).",
    "Return the date.",
)
@holds_for(st.dates())
def test_every_day_comes_back(day: date) -> None:
    assert round_trip("/v/<date:value>", day) == day


@proves(
    "reference/converters",
    "Return the date with four digits for the year, also before the year 1000.",
)
@pytest.mark.parametrize("day", [date.min, date(33, 4, 3), date(999, 12, 31), date.max])
def test_a_year_has_four_digits(day: date) -> None:
    url = urls("/<date:value>").build("it", {"value": day})
    assert url == f"/{day.year:04}-{day.month:02}-{day.day:02}"


@proves("reference/converters", "ValidationError -- If there is no such date.")
@pytest.mark.parametrize(
    "text",
    [
        "2025-02-30", "2025-13-01", "0000-01-01", "20250131", "2025-W05-5", "2025-1-31", "33-04-03",
        "12025-01-31", "2025-01-31T00:00", "２０２５-01-31", "2025-01-31\n", "",
    ],
)  # fmt: skip
def test_what_is_no_day_answers_404(text: str) -> None:
    assert match("/<date:value>", f"/{text}") is NotFound


@proves(
    "reference/converters",
    "ValueError -- If the value is not a datetime.date, or if it is a datetime.datetime.",
)
@pytest.mark.parametrize("value", ["2025-01-31", datetime(2025, 1, 31), 20250131])
def test_url_for_refuses_what_is_no_date(value: object) -> None:
    with pytest.raises(ValueError) as refusal:
        urls("/<date:value>").build("it", {"value": value})
    assert str(refusal.value) == f"{value!r} is not a datetime.date"


def test_a_date_takes_no_arguments() -> None:
    with pytest.raises(TypeError):
        urls("/<date(short):value>")
