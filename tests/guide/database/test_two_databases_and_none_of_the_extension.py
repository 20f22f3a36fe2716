"""Two databases, and none of the extension: docs/guide/database.md."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import exc

from proven.claims.proofs import proves
from snippets.database import two_databases, without_extension
from tests.guide.database.common import everywhere, new_base, post


@proves(
    "guide/database",
    "SQLALCHEMY_BINDS | {} | more databases, see More than one database",
    "The session selects the engine by the model.",
)
@everywhere
def test_two_databases(url: str, made: Callable[..., Flask]) -> None:
    app = made(two_databases, url, "sqlite://")
    assert app.test_client().post("/orders").get_json() == {"orders": 1, "audit": 1}
    db = two_databases.db
    with app.app_context():
        tables = [sa.inspect(db.engines[key]).get_table_names() for key in (None, "audit")]
        assert tables == [["order"], ["audit"]]


@proves(
    "guide/database",
    'With db.Table(..., bind_key="audit"), the statements insert, update and delete work, '
    "but a select goes to the default database and fails there with no such table.",
    'Pass bind_arguments={"bind": db.engines["audit"]}.',
)
def test_a_select_of_a_bound_table_goes_to_the_default_database(made: Callable[..., Flask]) -> None:
    db = SQLAlchemy(model_class=new_base())
    table = db.Table("audit", sa.Column("id", sa.Integer, primary_key=True), bind_key="audit")
    with made(db, SQLALCHEMY_BINDS={"audit": "sqlite://"}).app_context():
        db.create_all()
        for id_ in (1, 2):
            db.session.execute(sa.insert(table).values(id=id_))
        db.session.execute(sa.update(table).values(id=3).where(table.c.id == 1))
        db.session.execute(sa.delete(table).where(table.c.id == 2))
        with pytest.raises(exc.OperationalError, match="no such table"):
            db.session.execute(sa.select(table))
        bind = {"bind": db.engines["audit"]}
        assert db.session.execute(sa.select(table), bind_arguments=bind).all() == [(3,)]


@proves(
    "guide/database",
    "One commit ends two transactions.",
    "If the second commit fails, the first one has already happened.",
)
def test_one_commit_ends_two_transactions_and_the_first_stays(made: Callable[..., Flask]) -> None:
    db, models = two_databases.db, {None: two_databases.Order, "audit": two_databases.Audit}
    with made(two_databases).app_context():
        ended: list[str | None] = []

        def end(key: str | None) -> None:
            if ended:
                raise RuntimeError("the second commit")
            ended.append(key)

        for key, engine in db.engines.items():
            sa.event.listen(engine, "commit", lambda _, key=key: end(key))
        db.session.add_all([two_databases.Order(), two_databases.Audit(path="/")])
        with pytest.raises(RuntimeError, match="the second commit"):
            db.session.commit()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", exc.SAWarning)
            db.session.rollback()
        for key, model in models.items():
            stored = db.session.scalar(sa.select(sa.func.count(model.id)))
            assert stored == (1 if [key] == ended else 0)


@proves("guide/database", "An application can do this without the extension:")
def test_without_the_extension() -> None:
    app = without_extension.app
    app.add_url_rule("/other", "other", lambda: "no session")
    client = app.test_client()
    post(client, "/notes", 201, text="bread")
    assert client.get("/notes").get_json() == ["bread"]
    assert client.get("/other").text == "no session"
    with app.app_context():
        session = without_extension.get_session()
        assert without_extension.get_session() is session
        session.add(without_extension.Note(text="lost"))
        session.flush()
    assert client.get("/notes").get_json() == ["bread"]
    without_extension.engine.dispose()
