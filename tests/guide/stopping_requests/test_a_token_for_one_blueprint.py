"""A token for one blueprint: docs/guide/stopping-requests.md."""

from __future__ import annotations

import pytest
from flask import Blueprint, abort

from proven.claims.proofs import proves
from snippets.hooks import token_guard
from tests.guide.hooks.common import new_app, send


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer let-me-in"}, 200),
        ({"Authorization": "bearer let-me-in"}, 200),
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Authorization": "Bearer 让我进去"}, 401),
        ({"Authorization": "Bearer"}, 401),
        ({"Authorization": "Basic bGV0LW1lLWluOg=="}, 401),
    ],
)
def test_only_the_token_opens_the_blueprint(headers: dict[str, str], status: int) -> None:
    headers = {name: value.encode().decode("latin-1") for name, value in headers.items()}
    answer = send(token_guard.app, "/api/notes", headers=headers)
    assert answer.status_code == status
    if status == 401:
        assert answer.headers["WWW-Authenticate"] == "Bearer realm=api"
    else:
        assert answer.json == ["milk"]


@proves(
    "guide/stopping-requests",
    "A hook of a blueprint guards the views of the blueprint and of the blueprints nested "
    "in it, and no others.",
)
def test_a_blueprint_guards_its_own_views_and_no_others() -> None:
    assert send(token_guard.app).text == "Open to all"
    assert send(token_guard.app, "/api/nowhere").status_code == 404


@proves(
    "guide/stopping-requests",
    "A hook of a blueprint guards the views of the blueprint and of the blueprints nested "
    "in it, and no others.",
)
def test_a_hook_of_a_blueprint_guards_nested_ones() -> None:
    app, inner = new_app(), Blueprint("inner", "inner")
    outer = Blueprint("outer", "outer")
    outer.before_request(lambda: abort(401))
    inner.add_url_rule("/inner", "view", lambda: "Inner")
    outer.register_blueprint(inner)
    app.register_blueprint(outer)
    assert [send(app, path).status_code for path in ("/inner", "/")] == [401, 200]


@proves(
    "guide/stopping-requests",
    "OPTIONS goes through because a CORS preflight never has credentials.",
)
def test_a_preflight_goes_through_without_a_token() -> None:
    assert send(token_guard.app, "/api/notes", "OPTIONS").status_code == 200


@proves(
    "guide/stopping-requests",
    "secrets.compare_digest() takes as long for a token that is wrong in its first "
    "character as for one that is wrong in its last, so the response time tells nothing "
    "about the token.",
)
def test_the_token_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[bytes, bytes]] = []

    def compare(sent: bytes, expected: bytes) -> bool:
        compared.append((sent, expected))
        return sent == expected

    monkeypatch.setattr(token_guard, "compare_digest", compare)
    send(token_guard.app, "/api/notes", headers={"Authorization": "Bearer wrong"})
    assert compared == [(b"wrong", b"let-me-in")]
