"""Then and now: docs/guide/database.md."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.query import Query
from flask_sqlalchemy.record_queries import get_recorded_queries
from sqlalchemy import exc, orm
from sqlalchemy.orm import Mapped, mapped_column, relationship

from proven.claims.proofs import proves
from tests.guide.database.common import SAID, need_mysqlclient, new_base, table_of


@pytest.fixture
def old(made: Callable[..., Flask]) -> Iterator[tuple[SQLAlchemy, Any]]:
    """A model as old posts write it."""
    db = SQLAlchemy()

    class User(db.Model):
        id = db.Column(db.Integer, primary_key=True)
        name = db.Column(db.String(80), nullable=False)

    with made(db).app_context():
        db.create_all()
        db.session.add(User(name="ada"))
        db.session.commit()
        yield db, User


@proves(
    "guide/database-models",
    "from sqlalchemy.ext.declarative import declarative_base | DeclarativeBase; the old "
    "import still works, and the call warns",
)
def test_the_old_import_warns() -> None:
    from sqlalchemy.ext.declarative import declarative_base

    with pytest.warns(exc.MovedIn20Warning, match="declarative_base"):
        declarative_base()


@proves(
    "guide/database-queries",
    'User.query.filter_by(name="ada").first() | '
    'db.session.scalar(select(User).filter_by(name="ada")); the old form still works',
    "User.query.get(1) | db.session.get(User, 1); the old form warns",
    "User.query.get_or_404(1) | db.get_or_404(User, 1); the old form warns",
    "User.query.paginate(1, 20, False) | db.paginate(select(User), page=1, per_page=20, "
    "error_out=False); positional arguments raise an error",
)
@proves(
    "guide/database-models",
    "name = db.Column(db.String(80), nullable=False) | name: Mapped[str] = "
    "mapped_column(String(80)); the old form still works",
)
def test_old_models_and_queries_still_work(old: tuple[SQLAlchemy, Any]) -> None:
    db, user = old
    assert isinstance(user.query, Query)
    new = db.session.scalar(sa.select(user).filter_by(name="ada"))
    assert user.query.filter_by(name="ada").first() is new
    assert db.session.get(user, 1) is db.get_or_404(user, 1) is new
    for call in (user.query.get, user.query.get_or_404):
        with pytest.warns(exc.LegacyAPIWarning):
            assert call(1) is new
    with pytest.raises(TypeError, match="positional"):
        user.query.paginate(1, 20, False)
    page = db.paginate(sa.select(user), page=1, per_page=20, error_out=False)
    assert page.items == user.query.paginate(page=1, per_page=20, error_out=False).items == [new]


@proves(
    "guide/database-queries",
    'session.execute("SELECT 1") | session.execute(text("SELECT 1")); a plain string '
    "raises an error",
)
@proves(
    "guide/database",
    'engine.execute("SELECT 1") | connection.execute(text("SELECT 1")); the engine has no '
    "such method any more",
    "db.create_all(app=app) | with app.app_context(): db.create_all(); the argument was removed",
    "db.get_engine() | db.engine, db.engines; the old form warns",
)
def test_what_is_gone(old: tuple[SQLAlchemy, Any]) -> None:
    db, _ = old
    assert not hasattr(db.engine, "execute")
    with db.engine.connect() as connection:
        assert connection.execute(sa.text("SELECT 1")).scalar() == 1
    with pytest.raises(exc.ArgumentError, match="should be explicitly declared as text"):
        db.session.execute("SELECT 1")
    with pytest.raises(TypeError, match="unexpected keyword argument 'app'"):
        db.create_all(app=Flask("old"))
    with pytest.warns(DeprecationWarning, match="'get_engine' is deprecated"):
        assert db.get_engine() is db.engine is db.engines[None]


@proves(
    "guide/database-queries",
    'relationship(..., lazy="dynamic") | lazy="write_only"; the old form still works',
)
def test_dynamic_still_works() -> None:
    class Author(new_base()):
        __tablename__ = "author"
        id: Mapped[int] = mapped_column(primary_key=True)
        others = relationship("Author", lazy="dynamic", remote_side="Author.parent")
        parent: Mapped[int | None] = mapped_column(sa.ForeignKey("author.id"))

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert isinstance(Author().others, orm.Query)


def test_there_is_a_row_for_each_old_form() -> None:
    labels = ["database", "database-models", "database-queries"]
    assert [len(table_of(f"{label}-then-and-now")) for label in labels] == [3, 2, 6]


@proves(
    "guide/database",
    "mysql+mysqldb://<user>:<password>@<host>[:<port>]/<dbname> and "
    "mysql+pymysql://<username>:<password>@<host>/<dbname>[?<options>] are templates, and "
    "still correct.",
    "The brackets are not part of the URL.",
    "If you paste the first one unchanged, SQLAlchemy raises invalid literal for int() "
    "with base 10: '<port>]'.",
    "mysql+pymysql accepts a port too.",
)
def test_the_notes_urls() -> None:
    notes = (
        "mysql+mysqldb://<user>:<password>@<host>[:<port>]/<dbname>",
        "mysql+pymysql://<username>:<password>@<host>/<dbname>[?<options>]",
    )
    assert all(f"`{text}`" in SAID for text in notes)
    with pytest.raises(ValueError) as caught:
        sa.make_url(notes[0])
    assert f"`{caught.value}`" in SAID
    assert sa.make_url("mysql+pymysql://u:p@h:3307/d").port == 3307


@proves(
    "guide/database-models", "It takes a Sequence, among others.", "It replaces the name in Python."
)
def test_the_notes_words_for_what_a_column_takes() -> None:
    table = sa.Table("t", sa.MetaData(), sa.Column("display_name", sa.String, key="name"))
    assert table.c.keys() == ["name"]
    assert not hasattr(sa, "Sequenceobjects")
    assert sa.Column("x", sa.Integer, sa.Sequence("s")).default is not None


@proves("guide/database", "Install mysqlclient, which provides the same module MySQLdb.")
def test_mysqlclient_provides_mysqldb() -> None:
    need_mysqlclient()
    assert packages_distributions()["MySQLdb"] == ["mysqlclient"]


@proves(
    "guide/database",
    "SQLALCHEMY_TRACK_MODIFICATIONS | False | sends signals before and after a commit",
    "SQLALCHEMY_TRACK_MODIFICATIONS no longer has to be set: ….",
)
def test_signals_are_off_unless_asked(made: Callable[..., Flask]) -> None:
    from flask_sqlalchemy.track_modifications import models_committed

    for wanted in (False, True):
        db = SQLAlchemy(model_class=new_base())

        class Note(db.Model):
            id: Mapped[int] = mapped_column(primary_key=True)

        app = made(db, SQLALCHEMY_TRACK_MODIFICATIONS=wanted)
        sent: list[object] = []

        def keep(sender: Flask, changes: list[Any], sent: list[object] = sent) -> None:
            sent.extend(changes)

        with app.app_context(), models_committed.connected_to(keep, app):
            db.create_all()
            db.session.add(Note())
            db.session.commit()
        assert bool(sent) is wanted


@proves("guide/database", "SQLALCHEMY_COMMIT_ON_TEARDOWN was removed: ….")
def test_nothing_is_committed_on_teardown(made: Callable[..., Flask]) -> None:
    db = SQLAlchemy(model_class=new_base())

    class Note(db.Model):
        id: Mapped[int] = mapped_column(primary_key=True)

    app = made(db, SQLALCHEMY_COMMIT_ON_TEARDOWN=True)
    with app.app_context():
        db.create_all()
        db.session.add(Note())
    with app.app_context():
        assert db.session.scalars(sa.select(Note)).all() == []


@proves("guide/database", "SQLALCHEMY_POOL_SIZE is now an engine option, pool_size: ….")
def test_the_size_of_the_pool_is_an_engine_option(
    tmp_path: Path, made: Callable[..., Flask]
) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    for options, size in (
        ({"SQLALCHEMY_POOL_SIZE": 7}, 5),
        ({"SQLALCHEMY_ENGINE_OPTIONS": {"pool_size": 7}}, 7),
    ):
        db = SQLAlchemy(model_class=new_base())
        with made(db, SQLALCHEMY_DATABASE_URI=url, **options).app_context():
            assert db.engine.pool.size() == size


@proves(
    "guide/database-queries",
    "get_recorded_queries returns the statements of a request, so a test can count them.",
)
@proves(
    "guide/database",
    "SQLALCHEMY_RECORD_QUERIES | False | records each statement for get_recorded_queries()",
)
def test_statements_are_recorded_only_if_asked(made: Callable[..., Flask]) -> None:
    for wanted in (False, True):
        db = SQLAlchemy(model_class=new_base())
        with made(db, SQLALCHEMY_RECORD_QUERIES=wanted).app_context():
            db.session.execute(sa.text("SELECT 1"))
            recorded = [query.statement for query in get_recorded_queries()]
            assert recorded == (["SELECT 1"] if wanted else [])
