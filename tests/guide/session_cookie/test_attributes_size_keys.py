"""Attributes, size, keys: docs/guide/session-cookie.md."""

from __future__ import annotations

import re
import uuid
from pathlib import Path
from typing import Any

import pytest

from proven.claims.proofs import proves
from snippets.sessions import FileSystemSessionInterface
from snippets.signed_sessions import hardened
from tests.guide.sessions.common import (
    TEXT,
    attributes,
    content,
    cookie,
    new_app,
    put,
    visit,
    with_cookie,
)


def test_a_hardened_cookie() -> None:
    answer = hardened.app.test_client().post("/login")
    name, _, _ = answer.headers["Set-Cookie"].partition("=")
    assert name == "__Host-session"
    assert attributes(answer) == ["Secure", "HttpOnly", "Path=/", "SameSite=Lax"]


ATTRIBUTES = [
    ({}, ["HttpOnly", "Path=/"]),
    ({"SESSION_COOKIE_HTTPONLY": False}, ["Path=/"]),
    ({"SESSION_COOKIE_SECURE": True}, ["Secure", "HttpOnly", "Path=/"]),
    ({"SESSION_COOKIE_SAMESITE": "Lax"}, ["HttpOnly", "Path=/", "SameSite=Lax"]),
    ({"SESSION_COOKIE_PATH": "/a"}, ["HttpOnly", "Path=/a"]),
    ({"APPLICATION_ROOT": "/b"}, ["HttpOnly", "Path=/b"]),
    ({"SESSION_COOKIE_DOMAIN": "a.test"}, ["Domain=a.test", "HttpOnly", "Path=/"]),
    ({"SESSION_COOKIE_PARTITIONED": True}, ["Secure", "HttpOnly", "Path=/", "Partitioned"]),
]


@proves(
    "guide/session-cookie",
    "SESSION_COOKIE_PATH, APPLICATION_ROOT | Path | The browser sends the cookie with "
    "requests below this path.",
    "SESSION_COOKIE_PARTITIONED | Partitioned and Secure | The browser keeps a separate "
    "cookie for each site that embeds yours.",
    'Set SESSION_COOKIE_SAMESITE = "Lax", because Flask sets no SameSite by default.',
)
@pytest.mark.parametrize(("config", "expected"), ATTRIBUTES)
def test_attributes_of_the_cookie(config: dict[str, Any], expected: list[str]) -> None:
    assert attributes(visit(new_app(**config).test_client(), put(a=1))) == expected
    assert all(f"`{key}`" in TEXT for key in config)


@proves(
    "guide/session-cookie",
    "Werkzeug warns if the whole Set-Cookie value, attributes included, is longer than 4093 bytes.",
    "The session does not fit into a cookie.",
)
def test_a_cookie_over_the_limit_is_sent_with_the_warning_on_the_page() -> None:
    noise = "".join(uuid.uuid5(uuid.NAMESPACE_URL, str(n)).hex for n in range(300))
    client = new_app().test_client()
    with pytest.warns(UserWarning, match="is too large") as caught:
        visit(client, put(noise=noise))
    assert len(cookie(client)) > 4093
    (quoted,) = re.findall(r"^:::\{pitfall\} `UserWarning: (.*)`$", TEXT, re.MULTILINE)
    said = str(caught[0].message)
    assert re.sub(r"\d+", "N", said) == re.sub(r"\d+", "N", quoted)
    for numbers in (re.findall(r"\d+", said), re.findall(r"\d+", quoted)):
        value, extra, size, limit = map(int, numbers)
        assert (value + extra, extra, limit) == (size, 26, 4093)


@proves(
    "guide/server-side-sessions",
    "A server-side session keeps its data in a store, such as Redis or a database, and "
    "the cookie contains only a random id.",
    "Then the limit of 4 KB does not apply, the user cannot read the data, and the server "
    "can end the session.",
)
def test_a_session_on_the_server_has_no_such_limit(tmp_path: Path) -> None:
    noise = "".join(uuid.uuid5(uuid.NAMESPACE_URL, str(n)).hex for n in range(300))
    client = new_app(FileSystemSessionInterface(tmp_path)).test_client()
    visit(client, put(noise=noise))
    assert len(cookie(client)) == 43
    assert content(client) == {"noise": noise}


@proves(
    "guide/session-cookie",
    "A new SECRET_KEY ends every session that was signed with the old one.",
    "To change the key without logging anybody out, list the old key in "
    "SECRET_KEY_FALLBACKS for a while: Change the key without signing anybody out.",
    "a leaked SECRET_KEY | a new key, and the old one not in SECRET_KEY_FALLBACKS |",
)
@proves("guide/sessions", "To end the sessions of all users at once, change the key.")
def test_a_new_key_ends_every_session_unless_the_old_one_is_a_fallback() -> None:
    old = new_app()
    client = old.test_client()
    visit(client, put(user="ada"))
    value = cookie(client)
    new = new_app()
    new.secret_key = "new"
    assert content(with_cookie(new, value)) == {}
    new.config["SECRET_KEY_FALLBACKS"] = ["test"]
    assert content(with_cookie(new, value)) == {"user": "ada"}
