"""The keys of old posts: docs/guide/old-configuration-keys.md."""

from __future__ import annotations

import io
import json
import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import flask
import pytest
from flask import Flask, request
from flask.json.provider import DefaultJSONProvider
from flask.logging import default_handler
from werkzeug.debug import DebuggedApplication
from werkzeug.test import Client, TestResponse

from proven.claims.proofs import proves
from snippets.configuration import chinese_json
from tests.guide.configuration.common import GONE, PAGE, failing, section

# The keys with the defaults that old posts give; they write DEBUG as this call.
NOTES: dict[str, Any] = {
    "DEBUG": "get_debug_flag(default=False)",
    "TESTING": False,
    "PROPAGATE_EXCEPTIONS": None,
    "PRESERVE_CONTEXT_ON_EXCEPTION": None,
    "SECRET_KEY": None,
    "PERMANENT_SESSION_LIFETIME": timedelta(days=31),
    "USE_X_SENDFILE": False,
    "LOGGER_NAME": None,
    "LOGGER_HANDLER_POLICY": "always",
    "SERVER_NAME": None,
    "APPLICATION_ROOT": None,
    "SESSION_COOKIE_NAME": "session",
    "SESSION_COOKIE_DOMAIN": None,
    "SESSION_COOKIE_PATH": None,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SECURE": False,
    "SESSION_REFRESH_EACH_REQUEST": True,
    "MAX_CONTENT_LENGTH": None,
    "SEND_FILE_MAX_AGE_DEFAULT": timedelta(hours=12),
    "TRAP_BAD_REQUEST_ERRORS": False,
    "TRAP_HTTP_EXCEPTIONS": False,
    "EXPLAIN_TEMPLATE_LOADING": False,
    "PREFERRED_URL_SCHEME": "http",
    "JSON_AS_ASCII": True,
    "JSON_SORT_KEYS": True,
    "JSONIFY_PRETTYPRINT_REGULAR": True,
    "JSONIFY_MIMETYPE": "application/json",
    "TEMPLATES_AUTO_RELOAD": None,
}


@proves(
    "guide/old-configuration-keys",
    "Today seven of them are gone, four have another default, and the others are unchanged.",
    "The default was None and is now /.",
    "The default was False and is now None.",
)
def test_of_the_28_keys_seven_are_gone_four_have_another_default_and_the_others_stand() -> None:
    assert len(NOTES) == 28
    assert {key for key in NOTES if key not in Flask.default_config} == GONE
    assert len(GONE) == 7
    changed = {key for key in set(NOTES) - GONE if Flask.default_config[key] != NOTES[key]}
    assert {key: Flask.default_config[key] for key in changed} == {
        "DEBUG": None,
        "APPLICATION_ROOT": "/",
        "SEND_FILE_MAX_AGE_DEFAULT": None,
        "TRAP_BAD_REQUEST_ERRORS": None,
    }


def test_the_page_names_every_key_that_went_changed_or_came() -> None:
    for key in GONE:
        assert f"`{key}" in section("config-gone-keys")
    for key in (
        "DEBUG",
        "APPLICATION_ROOT",
        "SEND_FILE_MAX_AGE_DEFAULT",
        "TRAP_BAD_REQUEST_ERRORS",
    ):
        assert f"\n`{key}`\n: " in section("config-changed-keys")
    came = set(Flask.default_config) - set(NOTES)
    assert len(came) == 8
    for key in came:
        assert f"`{key}" in section("config-new-keys")


@proves(
    "guide/old-configuration-keys",
    "Setting a removed key raises no error.",
    "Flask stores it like a key of your own, but nothing reads it.",
)
@pytest.mark.parametrize("key", sorted(GONE))
def test_a_key_that_is_gone_is_no_error_and_nothing_reads_it(app: Flask, key: str) -> None:
    app.config[key] = "anything"
    app.add_url_rule("/", view_func=lambda: {"城市": "北京"})
    assert app.test_client().get("/").text == '{"\\u57ce\\u5e02":"\\u5317\\u4eac"}\n'
    for file in Path(flask.__file__).parent.rglob("*.py"):
        assert key not in file.read_text(encoding="utf-8")


def city(app: Flask) -> TestResponse:
    app.add_url_rule("/", view_func=lambda: {"b": "北京", "a": 1})
    return app.test_client().get("/")


@proves(
    "guide/old-configuration-keys",
    "The four keys for JSON became attributes of the application's JSON provider, the "
    "object in app.json.",
    "Its class is DefaultJSONProvider:",
    "JSON_AS_ASCII = False | app.json.ensure_ascii = False",
    'app.config["JSON_AS_ASCII"] = False has no effect any more.',
    "Write app.json.ensure_ascii = False.",
)
def test_ensure_ascii_replaces_json_as_ascii(app: Flask) -> None:
    app.config["JSON_AS_ASCII"] = False
    assert isinstance(app.json, DefaultJSONProvider)
    assert "\\u5317\\u4eac" in city(app).text
    app.json.ensure_ascii = False
    assert "北京" in app.test_client().get("/").text
    assert ":::{pitfall} Chinese arrives as `\\u5317\\u4eac`" in PAGE


@proves("guide/old-configuration-keys", "JSON_SORT_KEYS = False | app.json.sort_keys = False")
def test_sort_keys_replaces_json_sort_keys(app: Flask) -> None:
    assert isinstance(app.json, DefaultJSONProvider)
    assert list(json.loads(city(app).text)) == ["a", "b"]
    app.json.sort_keys = False
    assert list(json.loads(app.test_client().get("/").text)) == ["b", "a"]


@proves(
    "guide/old-configuration-keys", "JSONIFY_PRETTYPRINT_REGULAR = True | app.json.compact = False"
)
def test_compact_replaces_jsonify_prettyprint_regular(app: Flask) -> None:
    assert isinstance(app.json, DefaultJSONProvider)
    assert city(app).text.count("\n") == 1
    app.json.compact = False
    assert app.test_client().get("/").text.startswith('{\n  "a": 1,\n')


@proves("guide/old-configuration-keys", 'JSONIFY_MIMETYPE = "…" | app.json.mimetype = "…"')
def test_mimetype_replaces_jsonify_mimetype(app: Flask) -> None:
    assert isinstance(app.json, DefaultJSONProvider)
    app.json.mimetype = "application/vnd.shop+json"
    assert city(app).mimetype == "application/vnd.shop+json"


@proves(
    "guide/old-configuration-keys",
    "This provider leaves Chinese readable and keeps the order in which you wrote the keys:",
)
def test_a_provider_of_your_own_keeps_chinese_readable_and_in_order() -> None:
    response = chinese_json.app.test_client().get("/")
    # Sorted, the city would come first.
    assert response.text == '{\n  "问候": "你好",\n  "城市": "北京"\n}\n'
    assert response.headers["Content-Type"] == "application/json; charset=utf-8"


@proves(
    "guide/old-configuration-keys",
    "The logger has the name of the application, and you can remove its default handler.",
    "This replaces LOGGER_NAME and LOGGER_HANDLER_POLICY:",
)
@pytest.mark.usefixtures("fresh_logger")
def test_the_logger_has_the_name_of_the_application_and_a_handler_to_remove(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    # pytest's own handlers on the root logger would make Flask's unneeded.
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    assert app.logger.name == app.name == "shop"
    assert app.logger.handlers == [default_handler]
    app.logger.removeHandler(default_handler)
    assert app.logger.handlers == []


@proves(
    "guide/old-configuration-keys",
    "The debugger keeps the context of a failed request for its console, and with "
    "app.test_client() as client: keeps the context of the last request until the block "
    "ends.",
)
def test_the_test_client_keeps_the_context_until_the_block_ends(app: Flask) -> None:
    failing(app)
    with app.test_client() as client:
        assert client.get("/boom").status_code == 500
        assert request.path == "/boom"
    with pytest.raises(RuntimeError, match=r"^Working outside of request context\."):
        request.path  # noqa: B018


def test_the_debugger_keeps_the_context_of_a_failed_request(app: Flask) -> None:
    failing(app).debug = True
    debugger = DebuggedApplication(app, evalex=True)
    Client(debugger).get("/boom", errors_stream=io.StringIO())
    contexts = next(iter(debugger.frame_contexts.values()))
    paths = []
    for context in contexts:
        with context:
            paths.append(request.path if request else None)
    assert paths[-1] == "/boom"
