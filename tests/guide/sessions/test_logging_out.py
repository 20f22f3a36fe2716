"""Logging out: docs/guide/sessions.md."""

from __future__ import annotations

from pathlib import Path

import pytest
from cachelib.file import FileSystemCache
from flask.sessions import SecureCookieSessionInterface
from flask_session.cachelib import CacheLibSessionInterface

from proven.claims.proofs import proves
from snippets.sessions import FileSystemSessionInterface
from snippets.signed_sessions import everywhere, smallest
from tests.guide.sessions.common import cookie, with_cookie


@proves(
    "guide/sessions",
    "session.clear() ends the session in this browser.",
    "It does not end copies of the cookie.",
    "The server keeps no list of sessions, so whoever kept a copy of the cookie stays "
    "logged in until the signature is too old:",
)
@proves("guide/server-side-sessions", "signed cookie | yes | 4 KB | with a number | yes | 0, 0, 0")
def test_a_logout_ends_the_cookie_not_its_copies() -> None:
    client = smallest.app.test_client()
    client.post("/login", data={"name": "ada"})
    copied = cookie(client)
    client.post("/logout")
    assert client.get("/").text == "Hello stranger"
    assert with_cookie(smallest.app, copied).get("/").text == "Hello ada"


@proves("guide/sessions", "When the number of a user changes, all older sessions of this user end.")
@proves(
    "guide/session-cookie",
    "use of a copied cookie after the logout | a server-side session; a number | "
    "session.clear() of a signed cookie",
)
def test_a_number_in_the_session_ends_them_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(everywhere, "GENERATIONS", {"ada": 0, "bob": 0})
    phone, laptop, bob = (everywhere.app.test_client() for _ in range(3))
    for client, name in ((phone, "ada"), (laptop, "ada"), (bob, "bob")):
        client.post("/login", data={"name": name})
    copied = cookie(phone)
    phone.post("/logout")
    assert phone.get("/").text == "Hello stranger"
    assert laptop.get("/").text == "Hello ada"
    assert with_cookie(everywhere.app, copied).get("/").text == "Hello ada"
    laptop.post("/logout-everywhere")
    for client in (phone, laptop, with_cookie(everywhere.app, copied)):
        assert client.get("/").text == "Hello stranger"
    assert bob.get("/").text == "Hello bob"
    # and she can come back
    phone.post("/login", data={"name": "ada"})
    assert phone.get("/").text == "Hello ada"


@proves("guide/sessions", "This works with every session interface.")
@pytest.mark.parametrize("interface", ["cookie", "files", "flask-session"])
def test_the_number_works_with_each_kind_of_session_interface(
    interface: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(everywhere, "GENERATIONS", {"ada": 0})
    app = everywhere.app
    chosen = {
        "cookie": SecureCookieSessionInterface,
        "files": lambda: FileSystemSessionInterface(tmp_path),
        "flask-session": lambda: CacheLibSessionInterface(
            app, client=FileSystemCache(str(tmp_path))
        ),
    }
    monkeypatch.setattr(app, "session_interface", chosen[interface]())
    phone, laptop = app.test_client(), app.test_client()
    for client in (phone, laptop):
        client.post("/login", data={"name": "ada"})
        assert client.get("/").text == "Hello ada"
    laptop.post("/logout-everywhere")
    assert [client.get("/").text for client in (phone, laptop)] == ["Hello stranger"] * 2
