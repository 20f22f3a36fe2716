"""Names are found by any of their names, and releases and signatures are told apart."""

from __future__ import annotations

import pytest

from proven.claims.proofs import proves
from proven.releases import timeline
from proven.releases.timeline import History, UnknownNameError

HISTORY = History()


def test_a_name_in_another_module_is_the_same_name() -> None:
    assert HISTORY.find("flask.helpers.url_for").name == "flask.url_for"
    assert HISTORY.find("flask.wrappers.Request.module").name == "flask.Request.module"


@proves("history/index", "A name that Flask inherits from Werkzeug counts as a name of Flask.")
def test_a_name_that_flask_takes_from_werkzeug_is_found() -> None:
    assert HISTORY.find("flask.Request.args").name == "werkzeug.wrappers.Request.args"


def test_a_name_that_went_into_a_class_of_werkzeug_has_not_gone() -> None:
    entry = HISTORY.find("flask.Request.is_json")
    assert (entry.library, entry.added, entry.removed) == ("Flask", "0.11", None)


def test_a_method_that_a_dict_has_anyway_has_not_gone() -> None:
    assert HISTORY.find("flask.sessions.SecureCookieSession.get").removed is None


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("flask.Config.from_jsn", "flask.Config.from_json"),
        ("flask:JSON_ASCII", "flask:JSON_AS_ASCII"),
        ("flask.from_json", "flask.Config.from_json"),
        ("flask.Flask.run(dotenv)", "flask.Flask.run"),
        ("coffee.brew", ""),
    ],
)
def test_a_name_that_nobody_knows_is_answered_with_the_nearest(name: str, nearest: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        HISTORY.find(name)
    assert caught.value.name == name
    assert nearest in [*caught.value.nearest, ""]


@pytest.mark.parametrize(
    ("version", "spoken"), [("2.3.0", "2.3"), ("2.3.1", "2.3.1"), ("1.0", "1.0"), ("0.10", "0.10")]
)
def test_a_release_is_called_what_people_call_it(version: str, spoken: str) -> None:
    assert timeline.short(version) == spoken


@proves(
    "history/api",
    "“Changed” lists parameters: +name was added, -name was removed, name=value has a new default.",
)
@pytest.mark.parametrize(
    ("before", "after", "differences"),
    [
        ("(a)", "(a, b=1)", ["+b"]),
        ("(a, b=1)", "(a)", ["-b"]),
        ("(a=(1, 2), b={'x': 1})", "(a=(1, 3), b={'x': 1})", ["a=(1, 3)"]),
        ("(a)", "(a, /, *args, b, **rest)", ["+args", "+b", "+rest"]),
        ("(a=1)", "(a)", []),
    ],
)
def test_signatures_are_compared(before: str, after: str, differences: list[str]) -> None:
    assert timeline.difference(before, after) == differences
