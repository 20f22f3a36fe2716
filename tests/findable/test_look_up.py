"""The error look-up answers the bank, in Node; ``nox -s findable`` asks the same in Chromium."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from proven.claims.proofs import proves
from tests.findable.bank import FOLDERS, HAN, Places
from tests.findable.node import ask, asked, listed
from tests.findable.score import LOOK_UP_BOUNDS, score_look_up, verdict


def test_the_right_entry_is_first(site: Path) -> None:
    places = Places(site / "en")
    pairs = asked(site, ["tuned"])
    score = score_look_up(pairs, places)
    missed = [
        f"{message.id}: {[entry.title for entry in found[:2]]}"
        for message, found in pairs
        if not verdict(message, found, places).first
    ]
    assert score.share(score.first) >= LOOK_UP_BOUNDS["tuned"].first, missed
    assert score.share(score.wrong) <= LOOK_UP_BOUNDS["tuned"].wrong, missed


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
    # As titles, pages and questions write them.
    "AttributeError: Engine object has no attribute execute": "sqlalchemy.engine.Engine.execute",
    "cannot import name safe_str_cmp from werkzeug.security": "werkzeug.security.safe_str_cmp",
    "cannot import name &#39;Markup&#39; from &#39;jinja2&#39;": "jinja2.Markup",
    "'OptionEngine' object has no attribute 'execute'": "sqlalchemy.engine.Engine.execute",
    "from werkzeug import secure_filename": "werkzeug.secure_filename",
    "werkzeug.security.safe_str_cmp": "werkzeug.security.safe_str_cmp",
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


ENTRIES = {
    # The line of the status is that of another message too.
    "400 Bad Request: The CSRF session token is missing.": "#forms-csrf-errors",
    "413 Request Entity Too Large: The data value transmitted exceeds the capacity limit.": "guide/uploads#",
    # Since 3.10, Python says of which class a method is.
    "TypeError: __call__() missing 1 required positional argument: 'start_response'": "guide/deployment#",
    "TypeError: RegexConverter.__init__() missing 1 required positional argument: 'regex'": "guide/regex-converters#",
    # The class is the reader's, the attribute is not.
    "'UploadForm' object has no attribute 'validate_on_submit'": "guide/forms#",
    # A database numbers its messages.
    "MySQLdb.OperationalError: (2006, '')": "guide/database#pitfall-2006",
    # Cut off, or without its class.
    "RuntimeError: The session is unavailable because no sec": "#pitfall-runtimeerror-the-session-is",
    "Error: Could not locate a Flask": "#pitfall-error-could-not-locate",
    "'user' is undefined": "guide/template-errors#pitfall-jinja2-exceptions-undefinederror",
    "werkzeug.exceptions.NotFound: 404 Not Found: The requested URL was not found on the server.": "#pitfall-404-not",
    "from flask.ext.login import LoginManager": "#pitfall-modulenotfounderror-no-module-named-flask-ext",
}


@pytest.mark.parametrize("text", ENTRIES)
def test_a_message_is_known_however_it_is_pasted(site: Path, text: str) -> None:
    (answer,) = ask(site, "en", [text])
    assert ENTRIES[text] in answer["results"][0]["key"], answer


STRANGERS = [
    "TypeError: Basket.__init__() missing 1 required positional argument: 'owner'",
    "UnicodeEncodeError: 'gbk' codec can't encode character '\\u2022' in position 3",
    "AttributeError: 'dict' object has no attribute 'has_key'",
    "pymysql.err.OperationalError: (1153, \"Got a packet bigger than 'max_allowed_packet' bytes\")",
]


@pytest.mark.parametrize("text", STRANGERS)
def test_what_only_looks_like_a_message_of_the_site_has_no_entry(site: Path, text: str) -> None:
    (answer,) = ask(site, "en", [text])
    assert answer["results"] == []


@pytest.mark.parametrize("folder", FOLDERS.values())
def test_the_data_is_small(site: Path, folder: str) -> None:
    size = len(gzip.compress((site / folder / "look-up.js").read_bytes(), 6))
    # The names of eleven libraries are in it.
    assert size < 90_000
