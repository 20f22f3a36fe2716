"""Defaults: docs/guide/database-models.md."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy import orm
from sqlalchemy.orm import Mapped, mapped_column

from proven.claims.proofs import proves
from snippets.database import defaults
from tests.guide.database.common import engine_of, everywhere, new_base, post


@proves(
    "guide/database-models",
    "SQLAlchemy applies default and onupdate to the statements that it generates: those "
    "of the ORM, of insert() and of update().",
    "They have no effect on SQL that you write as text, or on another program.",
    "server_default is part of the table, so it has an effect on every statement.",
)
@everywhere
def test_defaults_of_python_and_of_the_database(url: str, made: Callable[..., Flask]) -> None:
    client = made(defaults, url).test_client()
    post(client, "/orm", title="Tea")
    post(client, "/sql", title="Rice")
    client.put("/orm", data={"title": "Green tea"})
    client.put("/sql", data={"title": "Black tea"})
    rows = {row.pop("title"): row for row in client.get("/").get_json()}
    assert rows == {
        "Black tea": {"tags": "new", "edits": 1, "source": "unknown"},
        "Rice": {"tags": None, "edits": None, "source": "unknown"},
    }


@proves(
    "guide/database-models",
    "default | not given | None | value that SQLAlchemy inserts into a new row",
    "server_default | None | | value that the database inserts into a new row: DEFAULT in the SQL",
    "onupdate | None | | value that SQLAlchemy sets in each update",
    "A default is a value, a function or an SQL expression.",
    "Until SQLAlchemy sends the INSERT (the flush), the attribute is None.",
    "A function with one parameter gets the context.",
    'context.get_current_parameters()["title"] is the value of another column of the same row.',
    "onupdate applies to an UPDATE that does not set the column.",
    "If you assign the value that an attribute already has, there is no UPDATE.",
    'server_default is a text or an expression: server_default="0", server_default=func.now().',
    "In the ORM, a column with a default gets the default if you assign None.",
    "To store NULL, assign null().",
    "In Core, None means NULL.",
)
def test_the_rules_of_defaults() -> None:
    counter = iter(range(100))

    def make_slug(context: Any) -> str:
        return str(context.get_current_parameters()["title"]).lower()

    class Page(new_base()):
        __tablename__ = "page"
        id: Mapped[int] = mapped_column(primary_key=True)
        title: Mapped[str]
        slug: Mapped[str | None] = mapped_column(default=make_slug)
        number: Mapped[int | None] = mapped_column(default=sa.text("40 + 2"))
        zero: Mapped[int | None] = mapped_column(server_default="0")
        changed: Mapped[int | None] = mapped_column(onupdate=lambda: next(counter))
        made: Mapped[datetime] = mapped_column(server_default=sa.func.now())

    table = Page.__table__
    with engine_of("sqlite://") as engine, orm.Session(engine) as session:
        Page.metadata.create_all(engine)
        page = Page(title="Tea")
        session.add(page)
        assert (page.slug, page.zero) == (None, None)
        session.flush()
        assert (page.slug, page.number, page.zero, page.changed) == ("tea", 42, 0, None)
        assert isinstance(page.made, datetime)
        page.title = "Tea"
        session.flush()
        assert page.changed is None
        page.title = "Coffee"
        session.flush()
        assert page.changed == 0
        session.execute(sa.update(table).values(title="Milk", changed=77))
        session.refresh(page)
        assert page.changed == 77
        # None in the ORM, null(), and None in Core
        for none in (None, sa.null()):
            session.add(other := Page(title="X", slug=none, zero=none))
            session.flush()
            assert (other.slug, other.zero) == ((None, None) if none is not None else ("x", 0))
        key = session.execute(sa.insert(table).values(title="Y", slug=None, zero=None))
        row = session.get(Page, key.inserted_primary_key[0])
        assert row is not None
        assert (row.slug, row.zero) == (None, None)


@proves(
    "guide/database-models",
    "Pass the function, not its result: default=datetime.now() is the same time for all "
    "rows, the time when the program started.",
)
def test_a_default_that_is_a_value_is_one_moment() -> None:
    once = sa.Column("at", sa.DateTime, default=datetime.now())
    each = sa.Column("at", sa.DateTime, default=datetime.now)
    assert once.default.is_scalar
    assert each.default.is_callable
