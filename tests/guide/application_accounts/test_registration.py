"""Registration: docs/guide/application-accounts.md."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import DataError, IntegrityError, PendingRollbackError

from proven.claims.proofs import proves
from snippets.application import mobile, validators
from snippets.application.models import Note, User, db
from tests.guide.application.common import (
    ADA,
    BERT,
    ORIGIN,
    PASSWORD,
    Visitor,
    at_once,
    count,
    parsed,
    said,
)
from tests.servers import Server


@proves(
    "guide/application",
    "unique=True makes the database refuse a second account with the same number.",
)
@proves(
    "guide/application-accounts",
    "It inserts the row, and turns an IntegrityError into an error of the field.",
    "If four requests register one number at the same time, one gets 303 and three get "
    "422, and there is one account.",
    "This holds on each of the databases.",
)
@proves(
    "guide/application-notes",
    "A number that is registered | 422 | “This number is registered already: log in instead.”",
)
def test_of_several_registrations_at_once_one_wins(anywhere: Flask) -> None:
    visitors = [Visitor(anywhere) for _ in range(4)]
    fields = {"mobile": ADA, "password": PASSWORD, "again": PASSWORD}
    won, *lost = at_once(
        *(
            lambda client=visitor.client: client.post("/register", data=fields, headers=ORIGIN)
            for visitor in visitors
        )
    )
    assert won.status_code == 303
    assert {answer.status_code for answer in lost} == {422}
    for answer in lost:
        error = parsed(answer).select_one("#mobile-error")
        assert error is not None
        assert error.get_text() == "This number is registered already: log in instead."
    assert count(anywhere, User) == 1
    # and the account works
    assert Visitor(anywhere).login().status_code == 303


@proves(
    "guide/application-accounts",
    "The application stores only one form, E.164.",
    "WTForms runs the filters of a field before its validators, so the validators see the "
    "number in its stored form.",
)
@pytest.mark.parametrize(
    "spelling",
    [
        "13800138000",
        "138 0013 8000",
        "+86 138-0013-8000",
        "0086 13800138000",
        "１３８００１３８０００",
    ],
)
def test_a_number_is_one_account_however_it_is_spelt(app: Flask, spelling: str) -> None:
    assert mobile.normalize(spelling) == "+8613800138000"
    Visitor(app).register(spelling)
    answer = Visitor(app).post("/register", mobile=ADA, password=PASSWORD, again=PASSWORD)
    assert answer.status_code == 422
    assert "This number is registered already" in said(answer)


@pytest.mark.parametrize(
    "number",
    [
        *["", "10086", "12800138000", "1380013800", "138001380000", "+8612800138000", "+86"],
        *["+123456", "+1234567890123456", "+0234567", "hello", "+4915112345678'--", "1380013800a"],
    ],
)
def test_what_is_no_number_is_refused(app: Flask, number: str) -> None:
    answer = Visitor(app).post("/register", mobile=number, password=PASSWORD, again=PASSWORD)
    assert answer.status_code == 422
    assert "This is not a mobile number." in said(answer)
    assert count(app, User) == 0
    assert not mobile.is_valid(mobile.normalize(None))


@pytest.mark.usefixtures("real_hashes")
def test_a_password_is_stored_as_a_salted_hash(app: Flask) -> None:
    Visitor(app).register()
    Visitor(app).register(BERT)
    with app.app_context():
        first, second = db.session.scalars(select(User.password_hash))
    assert first.startswith("scrypt:")
    assert first != second
    assert PASSWORD not in first


@proves(
    "guide/application-accounts",
    "visible refuses a title that consists of spaces or zero-width characters, because "
    "users could neither see nor click its link.",
)
@pytest.mark.parametrize(
    "title",
    [
        *[" ", "\t\n", "\u3000", "\u00a0\u2003", "\u200b", "\ufeff", "\u200d\u2060", "\u00ad"],
        *validators.BLANK_LETTERS,
        *["\u115f\u1160", "\u0301", "\ufe0f", "\u034f", "\u202e "],
    ],
)
def test_a_title_that_nobody_sees_is_refused(app: Flask, ada: Visitor, title: str) -> None:
    answer = ada.post("/notes/new", title=title, text="x")
    assert answer.status_code == 422
    assert "It contains nothing visible." in said(answer)


@pytest.mark.parametrize(
    "title", ["0", ".", "中", "😀", "❤\ufe0f", "👩\u200d👧", " e\u0301 ", "ㅤa", "\U0001fae8"]
)
def test_a_title_with_anything_to_see_is_taken(app: Flask, ada: Visitor, title: str) -> None:
    ada.write(title)
    assert ada.titles() == [title]


EMOJI = "😀"


def test_the_longest_note_fits_into_the_longest_body(app: Flask, ada: Visitor) -> None:
    ada.write("题" * 100, EMOJI * 5000)
    with app.app_context():
        assert db.session.scalars(select(Note.text)).one() == EMOJI * 5000
    longer = ada.post("/notes/new", title="x", text="x" * 5001)
    assert longer.status_code == 422
    assert "x" * 5001 in longer.text


@proves(
    "guide/application-accounts",
    "Then call db.session.rollback(), because until then each query raises PendingRollbackError.",
)
def test_after_an_integrity_error_only_a_rollback_helps(app: Flask, ada: Visitor) -> None:
    with app.app_context():
        db.session.add(User(mobile="+8613800138000", password_hash="x"))
        with pytest.raises(IntegrityError):
            db.session.flush()
        with pytest.raises(PendingRollbackError):
            db.session.scalar(select(User.id))
        db.session.rollback()
        assert db.session.scalar(select(User.id)) == 1


@proves(
    "guide/application-accounts",
    "printable refuses a NUL character, which PostgreSQL cannot store in a text.",
)
def test_postgresql_stores_no_nul(postgresql_server: Server) -> None:
    url = f"postgresql+psycopg://postgres@127.0.0.1:{postgresql_server.port}/postgres"
    engine = create_engine(url)
    with engine.connect() as connection, pytest.raises(DataError, match="NUL"):
        connection.execute(text("SELECT :text"), {"text": "a\0b"})
    engine.dispose()
