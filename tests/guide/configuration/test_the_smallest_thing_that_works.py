"""The smallest thing that works: docs/guide/configuration.md."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Config, Flask

from proven.claims.proofs import proves
from proven.releases.timeline import History
from snippets.configuration import smallest
from tests.guide.configuration.common import PAGE


@proves("guide/configuration", "Views, Flask and its extensions read their settings from it.")
def test_a_key_that_is_set_is_read_in_a_view() -> None:
    assert smallest.app.test_client().get("/").text == "你好, Flask"


@proves(
    "guide/configuration",
    "flask.Config is a subclass of dict, so every method of a dict works on it.",
    "setdefault does not change a key that already has a value, so extensions use it for "
    "their defaults.",
)
def test_config_is_a_subclass_of_dict(app: Flask) -> None:
    assert issubclass(Config, dict)
    assert type(app.config) is Config
    app.config.update(PAGE_SIZE=50)
    assert app.config.setdefault("PAGE_SIZE", 10) == 50
    assert "PAGE_SIZE" in app.config
    assert app.config.get("ABSENT") is None


@proves(
    "guide/configuration",
    "get_namespace() returns the keys with a given prefix as a dict, without the prefix "
    "and in lower case.",
)
def test_get_namespace_cuts_the_prefix_for_keyword_arguments(app: Flask) -> None:
    app.config.update(MAIL_HOST="localhost", MAIL_PORT=25, TITLE="x")
    assert app.config.get_namespace("MAIL_") == {"host": "localhost", "port": 25}


@proves(
    "guide/configuration",
    "Four keys have an attribute on the application: app.debug, app.testing, "
    "app.secret_key and app.permanent_session_lifetime.",
    "No other key has an attribute.",
)
def test_four_keys_have_an_attribute_and_no_other_key_has(app: Flask) -> None:
    with_attribute = {key for key in Flask.default_config if hasattr(app, key.lower())}
    assert with_attribute == {"DEBUG", "TESTING", "SECRET_KEY", "PERMANENT_SESSION_LIFETIME"}


@proves("guide/configuration", "Key and attribute are the same setting.")
@pytest.mark.parametrize(
    ("attribute", "value"), [("debug", True), ("testing", True), ("secret_key", "dev")]
)
def test_key_and_attribute_are_the_same_setting(app: Flask, attribute: str, value: object) -> None:
    setattr(app, attribute, value)
    assert app.config[attribute.upper()] == value
    app.config[attribute.upper()] = None
    assert getattr(app, attribute) is None


@proves(
    "guide/configuration",
    "If the lifetime is a number of seconds, the attribute returns it as a timedelta.",
)
def test_the_lifetime_attribute_turns_seconds_into_a_timedelta(app: Flask) -> None:
    app.permanent_session_lifetime = 3600
    assert app.config["PERMANENT_SESSION_LIFETIME"] == 3600
    assert app.permanent_session_lifetime == timedelta(hours=1)


@proves(
    "guide/configuration",
    'app.session_cookie_name = "shop" from an old post raises no error and changes nothing.',
    "Old posts assign to app.session_cookie_name, app.use_x_sendfile, "
    "app.send_file_max_age_default or app.templates_auto_reload.",
    "These attributes are gone.",
)
@pytest.mark.parametrize(
    "attribute",
    ["session_cookie_name", "use_x_sendfile", "send_file_max_age_default", "templates_auto_reload"],
)
def test_attributes_of_old_posts_raise_nothing_and_change_nothing(
    app: Flask, attribute: str
) -> None:
    assert f"`app.{attribute}" in PAGE
    assert History().find(f"flask.Flask.{attribute}").removed is not None
    before = dict(app.config)
    setattr(app, attribute, "shop")
    assert dict(app.config) == before
