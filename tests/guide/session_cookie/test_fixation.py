"""Fixation: docs/guide/session-cookie.md."""

from __future__ import annotations

from pathlib import Path

from flask import session

from proven.claims.proofs import proves
from snippets.sessions import FileSystemSessionInterface
from snippets.signed_sessions import smallest
from tests.guide.sessions.common import content, cookie, new_app, put, visit, with_cookie


@proves(
    "guide/session-cookie",
    "A signed cookie has no id.",
    "The login produces a new cookie, and the planted one stays logged out.",
)
def test_a_planted_signed_cookie_does_not_get_logged_in() -> None:
    attacker = smallest.app.test_client()
    attacker.post("/login", data={"name": "eve"})
    planted = cookie(attacker)
    victim = with_cookie(smallest.app, planted)
    victim.post("/login", data={"name": "ada"})
    assert cookie(victim) != planted
    assert with_cookie(smallest.app, planted).get("/").text == "Hello eve"


def test_without_clear_what_was_planted_stays() -> None:
    app = new_app()
    attacker = app.test_client()
    visit(attacker, put(basket=["bait"]))
    victim = with_cookie(app, cookie(attacker))
    visit(victim, put(user="ada"))
    assert content(victim) == {"basket": ["bait"], "user": "ada"}


@proves(
    "guide/session-cookie",
    "If the session is on the server and keeps its id, both now use the same logged-in session.",
)
def test_a_session_on_the_server_that_keeps_its_id_is_shared(tmp_path: Path) -> None:
    app = new_app(FileSystemSessionInterface(tmp_path))
    attacker = app.test_client()
    visit(attacker, put(basket=["bait"]))
    victim = with_cookie(app, cookie(attacker))
    visit(victim, put(user="ada"))
    assert content(attacker) == {"basket": ["bait"], "user": "ada"}


@proves(
    "guide/session-cookie",
    "The session interfaces of this site have the method regenerate, see Session "
    "interfaces to copy.",
    "session fixation | a new id at login; session.clear() | a signed id",
)
def test_regenerate_leaves_the_attacker_without_a_session(tmp_path: Path) -> None:
    interface = FileSystemSessionInterface(tmp_path)
    app = new_app(interface)
    attacker = app.test_client()
    visit(attacker, put(basket=["bait"]))
    victim = with_cookie(app, cookie(attacker))

    def log_in() -> None:
        interface.regenerate(session)
        session["user"] = "ada"

    visit(victim, log_in)
    assert content(victim) == {"basket": ["bait"], "user": "ada"}
    assert content(attacker) == {}


@proves(
    "guide/session-cookie",
    "But what the planted cookie contained is still in the session of the victim, so call "
    "session.clear() first.",
)
def test_clear_takes_away_what_was_planted() -> None:
    app = new_app()
    attacker = app.test_client()
    visit(attacker, put(basket=["bait"]))
    victim = with_cookie(app, cookie(attacker))

    def log_in() -> None:
        session.clear()
        session["user"] = "ada"

    visit(victim, log_in)
    assert content(victim) == {"user": "ada"}
