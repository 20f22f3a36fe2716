"""Secrets and key rotation: docs/guide/secrets.md."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import flask
import pytest
import time_machine
from flask import Flask, session
from itsdangerous import BadSignature, HMACAlgorithm, URLSafeSerializer

from proven.claims.proofs import proves
from snippets.configuration import key_rotation, missing_key
from tests.guide.configuration.common import PAGE, title_on_page


def test_the_command_makes_a_key_of_32_random_bytes() -> None:
    command = "import secrets; print(secrets.token_hex())"
    assert f"$ python -c '{command}'" in PAGE
    done = subprocess.run(
        [sys.executable, "-c", command], capture_output=True, text=True, check=True
    )
    assert re.fullmatch(r"[0-9a-f]{64}\n", done.stdout)


@proves(
    "guide/secrets",
    "Without a key, a view can read the session, which is empty.",
    "Writing to the session raises RuntimeError:",
    "A view writes to session, but SECRET_KEY is empty.",
)
def test_without_a_key_the_session_is_empty_to_read_and_an_error_to_write(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = missing_key.app.test_client()
    assert client.get("/").text == "nobody"
    monkeypatch.setitem(missing_key.app.config, "TESTING", True)
    with pytest.raises(RuntimeError) as caught:
        client.post("/login")
    assert title_on_page(caught.value)
    monkeypatch.setitem(missing_key.app.config, "SECRET_KEY", "dev")
    assert client.post("/login").text == "welcome"


@proves("guide/secrets", "The key must be a string or bytes.")
@pytest.mark.parametrize("key", ["text", b"bytes"])
def test_a_key_is_a_string_or_bytes(key: str | bytes) -> None:
    client = key_rotation.create_app({"SECRET_KEY": key}).test_client()
    client.post("/login")
    assert client.get("/").text == "阿达"


@proves(
    "reference/configuration",
    "Flask signs the session cookie with this key, and extensions may sign other data with it.",
    "Whoever knows it can forge both.",
)
@proves(
    "guide/secrets",
    "Flask signs the session cookie with SECRET_KEY.",
    "Whoever knows the key can forge any session and log in as any user.",
)
def test_whoever_knows_the_key_can_write_any_session() -> None:
    assert visitor(key_rotation.create_app(), signed_with("autumn", user="admin")) == "admin"


@proves(
    "guide/secrets",
    "The repr of app.config contains it, for example in a log or a traceback.",
    "And config is a variable in every template, so a template that a stranger can write "
    "may output {{ config.SECRET_KEY }}.",
)
def test_repr_and_templates_give_the_key_away(app: Flask) -> None:
    app.secret_key = "between us"
    assert "'SECRET_KEY': 'between us'" in repr(app.config)
    with app.app_context():
        assert flask.render_template_string("{{ config.SECRET_KEY }}") == "between us"


def signed_with(key: str, **values: str) -> str:
    """Return a session cookie as an application with this secret key writes it."""
    other = Flask("other")
    other.secret_key = key

    @other.get("/")
    def write() -> str:
        session.update(values)
        return ""

    client = other.test_client()
    client.get("/")
    return cookie_of(client)


def cookie_of(client: Any) -> str:
    cookie = client.get_cookie("session")
    assert cookie is not None
    return str(cookie.value)


def visitor(app: Flask, cookie: str) -> str:
    """Return who an application takes the bearer of a session cookie for."""
    client = app.test_client()
    client.set_cookie("session", cookie)
    return client.get("/").text


OLD = {"SECRET_KEY": "spring", "SECRET_KEY_FALLBACKS": None}


NEW_ONLY = {"SECRET_KEY_FALLBACKS": None}


@proves(
    "reference/configuration",
    "Flask accepts session cookies that were signed with one of them, but signs new "
    "cookies only with SECRET_KEY.",
)
@proves(
    "guide/secrets",
    "A new SECRET_KEY makes all sessions invalid, unless the old key is in "
    "SECRET_KEY_FALLBACKS (…).",
    "The application with both keys accepts the old cookie.",
    "A stolen key does not belong in the list: cookies that a stranger forged with it "
    "would stay valid.",
)
def test_old_cookies_are_read_with_the_fallback_and_not_without() -> None:
    client = key_rotation.create_app(OLD).test_client()
    client.post("/login")
    assert visitor(key_rotation.create_app(), cookie_of(client)) == "阿达"
    assert visitor(key_rotation.create_app(NEW_ONLY), cookie_of(client)) == "nobody"


@proves(
    "reference/configuration",
    "Flask accepts session cookies that were signed with one of them, but signs new "
    "cookies only with SECRET_KEY.",
)
@proves(
    "guide/secrets",
    "It signs each new cookie with the new key, so the application that knows only the "
    "new key accepts the new cookie:",
)
def test_new_cookies_are_signed_with_the_new_key() -> None:
    client = key_rotation.create_app().test_client()
    client.post("/login")
    assert visitor(key_rotation.create_app(NEW_ONLY), cookie_of(client)) == "阿达"
    assert visitor(key_rotation.create_app(OLD), cookie_of(client)) == "nobody"


@proves("guide/secrets", "The order of the list does not change which cookies are accepted.")
@pytest.mark.parametrize("fallbacks", [["winter", "spring"], ["spring", "winter"]])
@pytest.mark.parametrize("key", ["autumn", "winter", "spring"])
def test_any_order_of_the_fallbacks_accepts_the_same_cookies(
    fallbacks: list[str], key: str
) -> None:
    app = key_rotation.create_app({"SECRET_KEY_FALLBACKS": fallbacks})
    assert visitor(app, signed_with(key, user="阿达")) == "阿达"


@proves(
    "guide/secrets",
    "Order. Flask tries SECRET_KEY first, then the fallbacks from the last to the first.",
    "Put the most recent key at the end of the list, so that fewer keys are tried.",
)
@pytest.mark.parametrize(("key", "tries"), [("autumn", 1), ("spring", 2), ("winter", 3)])
def test_the_secret_key_is_tried_first_then_the_fallbacks_from_the_last(
    monkeypatch: pytest.MonkeyPatch, key: str, tries: int
) -> None:
    cookie = signed_with(key, user="阿达")
    app = key_rotation.create_app({"SECRET_KEY_FALLBACKS": ["winter", "spring"]})
    tried = []
    original = HMACAlgorithm.verify_signature

    def counted(self: HMACAlgorithm, key: bytes, value: bytes, signature: bytes) -> bool:
        tried.append(key)
        return original(self, key, value, signature)

    monkeypatch.setattr(HMACAlgorithm, "verify_signature", counted)
    assert visitor(app, cookie) == "阿达"
    assert len(tried) == tries


@proves(
    "guide/secrets",
    "How long. Flask signs the cookie again only when the session changes or is permanent.",
)
def test_a_cookie_is_signed_anew_only_if_the_session_changes_or_is_permanent() -> None:
    app = key_rotation.create_app()
    client = app.test_client()
    client.set_cookie("session", signed_with("spring", user="阿达"))
    assert "Set-Cookie" not in client.get("/").headers
    assert "Set-Cookie" in client.post("/login").headers
    client.set_cookie("session", signed_with("spring", user="阿达", _permanent="1"))
    assert "Set-Cookie" in client.get("/").headers


@proves(
    "guide/secrets",
    "It rejects each session cookie that was signed longer than "
    "PERMANENT_SESSION_LIFETIME ago, 31 days by default.",
    "After that time no valid cookie with the old key is left, and you can remove the key.",
)
def test_any_session_cookie_older_than_the_lifetime_is_rejected() -> None:
    app = key_rotation.create_app()
    assert app.permanent_session_lifetime == timedelta(days=31)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as clock:
        cookie = signed_with("spring", user="阿达")
        clock.move_to(start + timedelta(days=31))
        assert visitor(app, cookie) == "阿达"
        clock.move_to(start + timedelta(days=31, seconds=1))
        assert visitor(app, cookie) == "nobody"


@proves(
    "guide/secrets",
    "Only the session. The fallbacks do not apply to tokens that you or an extension sign "
    "with SECRET_KEY.",
)
def test_your_own_tokens_know_nothing_of_the_fallbacks() -> None:
    app = key_rotation.create_app()
    token = URLSafeSerializer("spring").dumps("阿达")
    with pytest.raises(BadSignature):
        URLSafeSerializer(str(app.secret_key)).loads(token)


@proves(
    "guide/converter-examples",
    "Otherwise anybody could sign: an empty key is known to all, and a string would count "
    "as a list of keys of one letter.",
)
@proves(
    "guide/secrets",
    'Flask treats SECRET_KEY_FALLBACKS = "spring" as six keys of one letter each, and '
    "accepts a session that is signed with the key s.",
    "FLASK_SECRET_KEY_FALLBACKS=spring in the environment has the same effect.",
    'Write ["spring"], also in the environment.',
)
def test_fallbacks_as_a_string_let_strangers_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    forged = signed_with("s", user="admin")
    assert visitor(key_rotation.create_app(), forged) == "nobody"
    app = key_rotation.create_app({"SECRET_KEY_FALLBACKS": "spring"})
    assert visitor(app, forged) == "admin"

    monkeypatch.setenv("FLASK_SECRET_KEY_FALLBACKS", "spring")
    app = key_rotation.create_app()
    app.config.from_prefixed_env()
    assert visitor(app, forged) == "admin"
    monkeypatch.setenv("FLASK_SECRET_KEY_FALLBACKS", '["spring"]')
    app.config.from_prefixed_env()
    assert visitor(app, forged) == "nobody"
    assert visitor(app, signed_with("spring", user="阿达")) == "阿达"
