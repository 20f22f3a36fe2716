"""Testing: docs/guide/database-queries.md."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from proven.claims.proofs import proves
from snippets.database import rolled_back, smallest
from tests.guide.database.common import everywhere, post


def use_rolled_back(app: Flask) -> tuple[list[str], list[str]]:
    """Return what a test sees that commits once and rolls back once, and what is left of it."""
    db = smallest.db

    def texts() -> list[str]:
        with app.app_context():
            return list(db.session.scalars(sa.select(smallest.Note.text)))

    with rolled_back.rolled_back(app, db):
        for text, end in (("kept", db.session.commit), ("undone", db.session.rollback)):
            with app.app_context():
                db.session.add(smallest.Note(text=text))
                db.session.flush()
                end()
        seen = texts()
    return seen, texts()


@proves(
    "guide/database-queries",
    "With create_savepoint, each transaction of the application is only a savepoint in "
    "the outer transaction, so the application can commit and roll back as usual.",
)
@everywhere
def test_rolled_back(url: str, made: Callable[..., Flask], tmp_path: Path) -> None:
    for database in [url] if url != "sqlite://" else [url, f"sqlite:///{tmp_path}/notes.db"]:
        app = made(smallest, database)
        if database.startswith("sqlite"):
            with app.app_context():
                rolled_back.begin_for_real(smallest.db.engine)
                smallest.db.create_all()
        for _ in range(2):
            assert use_rolled_back(app) == (["kept"], [])


@proves(
    "guide/database-queries",
    "Python's sqlite3 begins a transaction only before the first change, so the savepoint "
    "would be the outermost transaction, its end would be a commit, and the rows would "
    "stay.",
)
def test_on_sqlite_the_rows_stay_without_a_real_begin(made: Callable[..., Flask]) -> None:
    assert use_rolled_back(made(smallest)) == (["kept"], ["kept"])


@proves(
    "guide/database-queries",
    'On Python 3.12 and newer, connect_args={"autocommit": False} does the same as begin_for_real.',
)
def test_autocommit_false_does_the_same_since_python_3_12(made: Callable[..., Flask]) -> None:
    options = {"connect_args": {"autocommit": False}}
    app = made(smallest.db, SQLALCHEMY_ENGINE_OPTIONS=options)
    if sys.version_info < (3, 12):
        with app.app_context(), pytest.raises(TypeError, match="autocommit"):
            smallest.db.create_all()
    else:
        with app.app_context():
            smallest.db.create_all()
        assert use_rolled_back(app) == (["kept"], [])


def test_rolled_back_undoes_after_a_failure_too_and_leaves_no_option_behind(
    made: Callable[..., Flask],
) -> None:
    app = made(smallest)
    with app.app_context():
        rolled_back.begin_for_real(smallest.db.engine)
        smallest.db.create_all()
    options = smallest.db.session.session_factory.kw
    before = dict(options)
    with pytest.raises(ZeroDivisionError), rolled_back.rolled_back(app, smallest.db):
        post(app.test_client(), "/notes", 201, text="kept")
        assert dict(options)["join_transaction_mode"] == "create_savepoint"
        raise ZeroDivisionError
    assert dict(options) == before
    assert smallest.db.session.session_factory.kw is options
    assert app.test_client().get("/notes").get_json() == []


@proves(
    "guide/database-queries",
    "The requests would share its database session, and see rows that are not committed.",
)
def test_a_context_held_open_shares_its_session(made: Callable[..., Flask]) -> None:
    app = made(smallest)
    client = app.test_client()
    with app.app_context():
        smallest.db.session.add(smallest.Note(text="not committed"))
        assert client.get("/notes").get_json() == ["not committed"]
    assert client.get("/notes").get_json() == []
