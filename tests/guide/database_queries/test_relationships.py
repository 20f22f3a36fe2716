"""Relationships: docs/guide/database-queries.md."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import exc, orm
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from proven.claims.proofs import proves
from snippets.database import loading, relationships
from tests.guide.database.common import engine_of, everywhere, listen_to, table_of


@proves(
    "guide/database-queries",
    'cascade="all, delete" deletes the books together with their author.',
    "SQLAlchemy deletes the rows of book_tag itself, and the tag remains.",
)
@everywhere
def test_a_cascade_deletes_the_books_and_not_the_tag(url: str, made: Callable[..., Flask]) -> None:
    app = made(relationships, url)
    answer = app.test_client().delete("/authors/Cao").get_json()
    assert answer == {"author": 0, "book": 0, "book_tag": 0, "tag": 1}


@proves(
    "guide/database-queries",
    "back_populates names the attribute of the other class.",
    "If you change one of the two attributes, SQLAlchemy changes the other.",
)
def test_both_sides_change_together(library: Any) -> None:
    ada, text = library.user(name="ada"), library.post()
    ada.posts.append(text)
    assert text.user is ada
    text.user = None
    assert ada.posts == []


@proves(
    "guide/database-queries",
    "Without it, SQLAlchemy sets the foreign key of the books to NULL, which this table refuses.",
)
def test_without_a_cascade_the_key_becomes_null(library: Any) -> None:
    session = library.session
    session.add(ada := library.user(name="ada", posts=[library.post()]))
    session.commit()
    session.delete(ada)
    session.commit()
    assert session.scalars(sa.select(library.post.user_id)).all() == [None]


@proves(
    "guide/database-queries",
    "Without it, SQLAlchemy sets the foreign key of the books to NULL, which this table refuses.",
    'cascade="all, delete-orphan" also deletes a book that you only remove from the list.',
)
@pytest.mark.parametrize(
    ("cascade", "left"), [("save-update", None), ("all, delete", None), ("all, delete-orphan", 0)]
)
def test_delete_orphan(cascade: str, left: int | None) -> None:
    class Base(DeclarativeBase):
        pass

    class Author(Base):
        __tablename__ = "author"
        id: Mapped[int] = mapped_column(primary_key=True)
        books = relationship("Book", cascade=cascade)

    class Book(Base):
        __tablename__ = "book"
        id: Mapped[int] = mapped_column(primary_key=True)
        author_id: Mapped[int] = mapped_column(sa.ForeignKey(Author.id))

    with engine_of("sqlite://") as engine, orm.Session(engine) as session:
        Base.metadata.create_all(engine)
        session.add(author := Author(books=[Book()]))
        session.commit()
        author.books.clear()
        if left is None:
            # the foreign key would become NULL, which the column refuses
            with pytest.raises(exc.IntegrityError, match="NOT NULL"):
                session.commit()
        else:
            session.commit()
            assert session.scalar(sa.select(sa.func.count(Book.id))) == left


@proves(
    "guide/database-queries",
    "By default, SQLAlchemy loads a relationship when you first access it.",
    "lazyload() | 11 | the default, for one object at a time",
)
def test_lazy_is_the_default() -> None:
    assert inspect.signature(relationship).parameters["lazy"].default == "select"


LOADERS = {
    re.findall(r"orm\.(\w+)load`", row[0])[0]: row[1] for row in table_of("database-loading")
}


@proves(
    "guide/database-queries",
    "For ten authors that is one statement, and then one statement for the books of each author.",
    "lazyload() | 11 | the default, for one object at a time",
    "selectinload() | 2 | collections",
    "joinedload() | 1 | a single object, such as the author of a book; a collection needs unique()",
    "subqueryload() | 2 | collections; the second statement contains the first one",
    "raiseload() | | raises InvalidRequestError if a relationship was not loaded by the query",
)
@everywhere
def test_the_number_of_statements(url: str, made: Callable[..., Flask]) -> None:
    client = made(loading, url).test_client()
    assert set(LOADERS) == set(loading.LOAD)
    for name, statements in LOADERS.items():
        if name == "raise":
            with pytest.raises(
                exc.InvalidRequestError, match="is not available due to lazy='raise'"
            ):
                client.get("/raise")
        else:
            found = client.get(f"/{name}").get_json()
            assert found == {"books": 20, "statements": int(statements)}


def test_more_authors_cost_more_only_if_lazy(made: Callable[..., Flask]) -> None:
    client = made(loading, authors=30).test_client()
    assert client.get("/lazy").get_json()["statements"] == 31
    assert client.get("/selectin").get_json()["statements"] == 2


@proves(
    "guide/database-queries",
    'lazy="selectin" in relationship makes this option the default of the model.',
    'lazy="write_only" is for a collection that is too large to load.',
)
def test_lazy_as_the_default_of_a_model() -> None:
    class Base(DeclarativeBase):
        pass

    class Author(Base):
        __tablename__ = "author"
        id: Mapped[int] = mapped_column(primary_key=True)
        books = relationship("Book", lazy="selectin")
        more = relationship("Book", lazy="write_only", viewonly=True)

    class Book(Base):
        __tablename__ = "book"
        id: Mapped[int] = mapped_column(primary_key=True)
        author_id: Mapped[int] = mapped_column(sa.ForeignKey(Author.id))

    sent: list[str] = []
    with engine_of("sqlite://") as engine, orm.Session(engine) as session:
        Base.metadata.create_all(engine)
        session.add_all([Author(books=[Book()]), Author()])
        session.commit()
        listen_to(engine, sent)
        found = session.scalars(sa.select(Author)).all()
        assert sum(len(author.books) for author in found) == 1
        assert len(sent) == 2
        assert isinstance(found[0].more, orm.WriteOnlyCollection)
