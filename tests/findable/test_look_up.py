"""The error look-up answers the bank, in Node; ``nox -s findable`` asks the same in Chromium."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from proven.claims.proofs import proves
from tests.findable.bank import FOLDERS, HAN, Places
from tests.findable.judge import LOOKED_UP, WRONG, score_look_up, verdict
from tests.findable.node import ask, asked, listed


def test_the_right_entry_is_first(site: Path) -> None:
    places = Places(site / "en")
    pairs = asked(site, ["tuned"])
    score = score_look_up(pairs, places)
    missed = [
        f"{message.id}: {[entry.title for entry in found[:2]]}"
        for message, found in pairs
        if not verdict(message, found, places).first
    ]
    assert score.share(score.first) >= LOOKED_UP, missed
    assert score.share(score.wrong) <= WRONG, missed


@pytest.mark.parametrize("folder", FOLDERS.values())
def test_each_entry_finds_itself(site: Path, folder: str) -> None:
    page = site / folder / "reference/errors.html"
    found = [
        (key, title)
        for (key, _name), (title, _text) in listed(page).items()
        if not HAN.search(title)
    ]
    answers = ask(site, folder, [title for _key, title in found])
    lost = [
        title
        for (key, title), answer in zip(found, answers, strict=True)
        if key not in [each.get("key") for each in answer["results"]]
    ]
    assert len(found) > 250
    assert len(lost) <= 0.05 * len(found), lost


UNKNOWN = {
    "AttributeError: 'Flask' object has no attribute 'teapot'": "teapot",
    "ImportError: cannot import name 'teapot' from 'flask'": "teapot",
    "AttributeError: module 'werkzeug.urls' has no attribute 'teapot'": "teapot",
    "ModuleNotFoundError: No module named 'teapot'": "teapot",
    "NameError: name 'teapot' is not defined": "teapot",
    "TypeError: brew() got an unexpected keyword argument 'teapot'": "teapot",
}


@pytest.mark.parametrize("text", UNKNOWN)
def test_a_name_that_no_release_has_is_unknown(site: Path, text: str) -> None:
    (answer,) = ask(site, "en", [text])
    assert answer["results"] == []
    assert answer["unknown"]["name"] == UNKNOWN[text]


KNOWN = {
    "ImportError: cannot import name 'safe_str_cmp' from 'werkzeug.security'": "werkzeug.security.safe_str_cmp",
    "AttributeError: 'Engine' object has no attribute 'execute'": "sqlalchemy.engine.Engine.execute",
    "AttributeError: module 'wtforms.validators' has no attribute 'Required'": "wtforms.validators.Required",
    "TypeError: send_file() got an unexpected keyword argument 'cache_timeout'": "flask.send_file(cache_timeout)",
    "ModuleNotFoundError: No module named 'werkzeug.contrib.cache'": "werkzeug.contrib.cache",
    "NameError: name 'url_for' is not defined": "flask.url_for",
    "ImportError: cannot import name 'stream_template' from 'flask'": "flask.stream_template",
}


@proves(
    "reference/errors",
    "If the message is about a name, such as cannot import name or has no attribute, the "
    "look-up reads the releases of the libraries and tells you which release removed the "
    "name, what to write today, and which package is too old.",
)
@pytest.mark.parametrize("text", KNOWN)
def test_a_name_is_answered_from_the_releases(site: Path, text: str) -> None:
    (answer,) = ask(site, "en", [text])
    names = [each.get("names", [""])[0] for each in answer["results"]]
    assert KNOWN[text] in names, answer


@proves(
    "reference/errors",
    "If the message is about a name, such as cannot import name or has no attribute, the "
    "look-up reads the releases of the libraries and tells you which release removed the "
    "name, what to write today, and which package is too old.",
)
def test_a_package_that_makes_the_call_is_named(site: Path) -> None:
    text = """Traceback (most recent call last):
  File "/srv/app.py", line 3, in <module>
    import flask_login
  File "/srv/env/lib/python3.11/site-packages/flask_login/utils.py", line 13, in <module>
    from werkzeug.urls import url_decode
ImportError: cannot import name 'url_decode' from 'werkzeug.urls'
"""
    (answer,) = ask(site, "en", [text])
    first = answer["results"][0]
    said = " ".join(first["says"])
    assert "the package `flask_login`" in said
    assert "Install Flask-Login 0.6.3 or newer" in said
    assert first["place"].startswith("history/pairs.html#name-flask-login-0-6-2")


def test_a_file_of_ones_own_that_hides_a_library(site: Path) -> None:
    text = (
        "ImportError: cannot import name 'Flask' from partially initialized module 'flask' "
        "(most likely due to a circular import) (/srv/me/flask.py)"
    )
    (answer,) = ask(site, "en", [text])
    # The page for beginners has an entry of this very message.
    first, second = answer["results"][:2]
    assert first["key"] == "start/first-app#pitfall-importerror-cannot-import-name-flask"
    assert second["title"] == "flask.py"


@pytest.mark.parametrize("folder", FOLDERS.values())
def test_the_data_is_small(site: Path, folder: str) -> None:
    size = len(gzip.compress((site / folder / "look-up.js").read_bytes(), 6))
    assert size < 80_000
