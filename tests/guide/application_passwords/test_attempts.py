"""Limits on attempts: docs/guide/application-passwords.md."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from flask import Flask
from limits import parse
from sqlalchemy import insert, update

from proven.claims.proofs import proves
from snippets.application import attempt_table, attempts
from snippets.application.models import Attempt, db
from tests.guide.application.common import (
    ADA,
    BERT,
    NEW,
    ORIGIN,
    Telephone,
    Visitor,
    application,
    at_once,
    count,
)


@proves(
    "guide/application",
    "limit the attempts at a password | Limits on attempts",
    "Attempt counts attempts if there is no Redis.",
)
@proves(
    "guide/application-passwords",
    "Within 15 minutes, ten are allowed for a number and sixty for an address.",
    "The eleventh attempt for a number gets 429 with Retry-After, even if the password is correct.",
    "If NOTES_REDIS_URL is set, the counters are in Redis.",
    "In both cases all workers share the counters:",
    "If it counted afterwards, a hundred requests at the same time would all be checked.",
)
def test_attempts_are_counted_by_all_workers_together(stored: Flask, tmp_path: Path) -> None:
    settings = {key: stored.config[key] for key in ("SQLALCHEMY_DATABASE_URI", "REDIS_URL")}
    number = f"+4915{time.time_ns() % 10**9:09}"
    Visitor(stored).register(number)
    with application(tmp_path, **settings) as second:
        workers = [stored, second]
        fields = {"mobile": number, "password": "wrong horse"}
        clients = [workers[turn % 2].test_client() for turn in range(14)]
        answers = at_once(
            *(lambda c=client: c.post("/login", data=fields, headers=ORIGIN) for client in clients)
        )
        statuses = [answer.status_code for answer in answers]
        assert statuses == [422] * 10 + [429] * 4
        assert 0 < int(answers[-1].headers["Retry-After"]) <= 15 * 60
        for app in workers:
            # the right password is refused too, or it could be guessed
            assert Visitor(app).login(number).status_code == 429
            # and a number that nobody has is treated alike
            assert Visitor(app).login("+491601234567").status_code == 422


@proves("guide/application-passwords", "A correct password resets the counter of its number.")
def test_a_right_password_forgets_the_wrong_ones(app: Flask, ada: Visitor) -> None:
    for _ in range(3):
        for _ in range(6):
            assert Visitor(app).login(password="wrong horse").status_code == 422
        assert Visitor(app).login().status_code == 303


@proves(
    "guide/application-passwords",
    "Somebody who knows a number can use up its attempts, so that its owner cannot log in "
    "for up to 15 minutes.",
    "A new password resets the counter.",
)
def test_attempts_are_free_again_when_the_time_is_over_or_the_password_is_new(
    app: Flask, ada: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    telephone = Telephone(app)

    def lock() -> None:
        for _ in range(11):
            answer = Visitor(app).login(password="wrong horse")
        assert answer.status_code == 429

    lock()
    now = time.time()
    for module in (attempts, attempt_table):
        monkeypatch.setattr(module, "time", lambda: now + 15 * 60 + 1)
    assert Visitor(app).login().status_code == 303
    lock()
    Visitor(app).post("/forgot", mobile=ADA)
    Visitor(app).post(telephone.link(), password=NEW, again=NEW)
    assert Visitor(app).login(password=NEW).status_code == 303


@proves(
    "guide/application-accounts",
    "This application only limits how many numbers one address can try.",
)
@proves(
    "guide/application-passwords",
    "Attempts in this form and at the login count together, so somebody who finds an open "
    "browser cannot guess the password here either.",
)
def test_an_address_has_its_own_bound_and_each_form_counts(
    app: Flask, ada: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "PER_ADDRESS", parse("5 per 15 minutes"))
    fields = {"mobile": BERT, "password": "x" * 8, "again": "y" * 8}
    for path in ("/login", "/forgot", "/register"):
        fields["again"] = "x" * 8
        statuses = [
            app.test_client()
            .post(path, data=fields | {"mobile": f"+49160123456{n}"}, headers=ORIGIN)
            .status_code
            for n in range(6)
        ]
        assert statuses[4] != 429, path
        assert statuses[5] == 429, path
    # from elsewhere it goes on
    elsewhere = {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}
    answer = app.test_client().post("/login", data=fields, headers=ORIGIN, **elsewhere)
    assert answer.status_code == 422
    # the present password can no more be guessed than at the login
    monkeypatch.setattr(attempts, "PER_ADDRESS", parse("500 per 15 minutes"))
    fields = {"current": "wrong", "password": NEW, "again": NEW}
    statuses = [ada.post("/account/password", **fields).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]


@proves(
    "guide/application-passwords",
    "Otherwise they are in a table, through a class with the six methods that limits "
    "requires of a storage.",
)
def test_the_table_of_attempts_counts_as_the_library_expects(anywhere: Flask) -> None:
    table = attempt_table.AttemptTable()
    with anywhere.app_context():
        assert [table.incr("a", 60), table.incr("a", 60, 2), table.incr("b", 60)] == [1, 3, 1]
        assert table.get("a") == 3
        assert time.time() + 55 < table.get_expiry("a") <= time.time() + 60
        assert (table.get("nobody"), table.check()) == (0, True)
        table.clear("a")
        assert (table.get("a"), table.get("b")) == (0, 1)
        # what is over starts again, and what nobody asks for any more is removed
        with db.engine.begin() as connection:
            connection.execute(update(Attempt).values(until=1.0))
        assert table.get("b") == 0
        assert abs(table.get_expiry("b") - time.time()) < 5
        assert table.incr("b", 60) == 1
        with db.engine.begin() as connection:
            connection.execute(update(Attempt).values(until=1.0))
        table.incr("c", 60)
        assert count(anywhere, Attempt) == 1
        assert table.reset() == 1


def test_of_two_first_attempts_at_once_both_are_counted(app: Flask) -> None:
    table = attempt_table.AttemptTable()

    def overtake(_: object) -> int:
        with db.engine.begin() as connection:
            new = {"key": "a", "count": 1, "until": time.time() + 60}
            connection.execute(insert(Attempt).values(new))
        return 0

    with app.app_context(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "_delete", overtake)
        assert table.incr("a", 60) == 2
