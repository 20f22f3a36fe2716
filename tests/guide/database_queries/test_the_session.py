"""The session: docs/guide/database-queries.md."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import exc, orm

from proven.claims.proofs import proves
from snippets.database import savepoints, transactions
from tests.guide.database.common import engine_of, everywhere, post


@proves(
    "guide/database-queries",
    "When the context ends, Flask-SQLAlchemy closes the session: a change that is not "
    "committed is rolled back.",
    "A CHECK prevents a negative value in cents.",
    "If Ada has less than she sends, the second flush raises an error, the view does not "
    "reach the commit, and Bob does not get the money.",
)
@everywhere
def test_all_or_nothing(url: str, made: Callable[..., Flask]) -> None:
    app = made(transactions, url)
    client = app.test_client()
    assert post(client, "/transfer", cents=60) == "sent"
    assert post(client, "/forgotten") == "flushed, but not committed"
    assert client.get("/").get_json() == {"ada": 40, "bob": 60}
    with pytest.raises((exc.IntegrityError, exc.OperationalError)):
        client.post("/transfer", data={"cents": "41"})
    assert client.get("/").get_json() == {"ada": 40, "bob": 60}
    for cents in ("-60", "0", "all"):
        post(client, "/transfer", 400, cents=cents)
    app.testing = False
    assert post(client, "/transfer", 500, cents="41")
    assert client.get("/").get_json() == {"ada": 40, "bob": 60}


@proves(
    "guide/database-queries",
    "The database computes account.cents = Account.cents + change, so two requests at the "
    "same time both count.",
    "With account.cents += change, Python computes the sum, and the later request "
    "overwrites the earlier one.",
)
@pytest.mark.parametrize("url", ["sqlite", "psycopg"], indirect=True)
def test_what_the_database_computes_is_not_overwritten(url: str, tmp_path: Path) -> None:
    account = transactions.Account
    database = f"sqlite:///{tmp_path}/bank.db" if url == "sqlite://" else url
    with engine_of(database) as engine:
        transactions.Base.metadata.create_all(engine)
        for by_database, total in ((True, 30), (False, 20)):
            with orm.Session(engine) as first, orm.Session(engine) as second:
                first.merge(account(owner="eve", cents=0))
                first.commit()
                # both have read it before either writes
                accounts = [session.get_one(account, "eve") for session in (first, second)]
                assert [each.cents for each in accounts] == [0, 0]
                for session, each, change in ((first, accounts[0], 10), (second, accounts[1], 20)):
                    each.cents = (account.cents if by_database else each.cents) + change
                    session.commit()
                assert first.scalar(sa.select(account.cents)) == total


@proves(
    "guide/database-queries",
    "begin_nested | begins a savepoint",
    "A rollback to the savepoint undoes what came after it:",
)
@everywhere
def test_a_savepoint_gives_up_a_part(url: str, made: Callable[..., Flask]) -> None:
    answer = made(savepoints, url).test_client().post("/import", data={"names": "r,b,r,g"})
    assert answer.get_json() == {"refused": ["r"], "stored": 3}


@proves(
    "guide/database-queries",
    "add, delete | tells the session about an object; sends no statement",
    "flush | sends the statements; the transaction stays open. A query calls it first",
    "commit | flushes, ends the transaction, and expires all objects: the next access "
    "loads an object again",
    "rollback | undoes all changes since the last commit",
    "get | returns one object by its key; sends no statement if the session has the "
    "object and it is not expired",
    "Within one session, a row is always the same object, even if several queries return it.",
)
def test_the_calls_of_a_session(library: Any) -> None:
    session, sent = library.session, library.statements
    session.add(ada := library.user(name="ada"))
    assert sent == []
    session.flush()
    assert sent == ["INSERT"]
    session.add(library.user(name="bob"))
    assert len(session.scalars(sa.select(library.user)).all()) == 2
    assert sent == ["INSERT", "INSERT", "SELECT"]
    session.commit()
    assert ada.name == "ada"
    assert sent[3:] == ["SELECT"]
    assert session.get(library.user, 1) is ada
    assert len(sent) == 4
    # one that is expired is loaded again
    session.expire(ada)
    assert session.get(library.user, 1) is ada
    assert sent[4:] == ["SELECT"]
    assert session.scalars(sa.select(library.user).where(library.user.id == 1)).one() is ada
    session.add(library.user(name="eve"))
    session.flush()
    session.rollback()
    assert len(session.scalars(sa.select(library.user)).all()) == 2
    session.delete(ada)
    assert "DELETE" not in sent
    session.flush()
    assert "DELETE" in sent


@proves(
    "guide/database-queries",
    "An object is transient when you create it, pending after add, and persistent after the flush.",
    "It is deleted after delete and a flush, and detached when it has left its session.",
)
def test_the_states_of_an_object(library: Any) -> None:
    session = library.session
    states = sa.inspect(ada := library.user(name="ada"))
    assert states.transient
    session.add(ada)
    assert states.pending
    session.flush()
    assert states.persistent
    session.delete(ada)
    session.flush()
    assert states.deleted
    session.commit()
    assert states.detached
