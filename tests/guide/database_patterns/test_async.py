"""What an AsyncSession does not load: docs/guide/database-patterns.md."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy import exc, orm
from sqlalchemy.ext.asyncio import (
    AsyncAttrs,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import Mapped, mapped_column, undefer
from sqlalchemy.pool import NullPool

from proven.claims.proofs import proves
from snippets.database import async_loading
from snippets.database.async_loading import Author, Book
from tests.guide.database.common import engine_of
from tests.servers import Server

postgresql = pytest.mark.parametrize("url", ["psycopg"], indirect=True)


def without_waiting(url: str) -> str:
    """Return the URL with the driver for an async engine."""
    return url.replace("+psycopg", "+asyncpg")


@proves(
    "guide/database-patterns",
    "a relationship that was not loaded | selectinload in the query, or await author.awaitable_attrs.books",
    "awaitable_attrs needs AsyncAttrs in the bases of the model.",
    "run_sync calls a plain function with a plain session, in which everything loads as usual: this also helps for "
    "Base.metadata.create_all.",
)
@postgresql
def test_three_ways_to_load(url: str) -> None:
    async def create() -> None:
        engine = create_async_engine(without_waiting(url), poolclass=NullPool)
        async with engine.begin() as connection:
            await connection.run_sync(async_loading.Base.metadata.create_all)

    asyncio.run(create())
    with engine_of(url) as engine, orm.Session(engine) as session:
        session.add(Author(id=1, books=[Book(), Book()]))
        session.commit()
    client = async_loading.create_app(without_waiting(url)).test_client()
    for path in ("/query", "/attribute", "/function"):
        assert client.get(path).text == "2"
    assert issubclass(Author, AsyncAttrs)
    assert not hasattr(orm.DeclarativeBase, "awaitable_attrs")


class Base(AsyncAttrs, orm.DeclarativeBase):
    pass


class Note(Base):
    __tablename__ = "note"
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    long: Mapped[str] = mapped_column(deferred=True, default="long")
    changed: Mapped[datetime | None] = mapped_column(onupdate=sa.func.now())


@proves(
    "guide/database-patterns",
    "An async engine cannot load anything when an attribute is read, because reading is not awaited.",
    "It raises MissingGreenlet.",
    "an attribute after commit | async_sessionmaker(engine, expire_on_commit=False)",
    "a column with deferred=True | undefer in the query, or awaitable_attrs",
    "a column with onupdate=func.now() after an UPDATE | await session.refresh(author)",
    "commit expires all attributes, and the next access would load them.",
)
@postgresql
# a connection that is refused leaves its coroutine behind
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_what_is_not_loaded(url: str, postgresql_server: Server) -> None:
    with engine_of(url) as engine, orm.Session(engine) as session:
        Base.metadata.create_all(engine)
        session.add(Note(id=1, text="tea"))
        session.commit()

    def run(act: Callable[[AsyncSession, Note], Awaitable[object]], **options: bool) -> object:
        async def with_a_note() -> object:
            engine = create_async_engine(without_waiting(url), poolclass=NullPool)
            async with async_sessionmaker(engine, **options)() as session:
                return await act(session, await session.get_one(Note, 1))

        return asyncio.run(with_a_note())

    async def committed(session: AsyncSession, note: Note) -> object:
        await session.commit()
        return note.text

    async def deferred(session: AsyncSession, note: Note) -> object:
        return note.long

    async def changed(session: AsyncSession, note: Note) -> object:
        note.text += "s"
        await session.flush()
        return note.changed

    for act in (committed, deferred, changed):
        with pytest.raises(exc.MissingGreenlet):
            run(act)

    async def awaited(session: AsyncSession, note: Note) -> object:
        return await note.awaitable_attrs.long

    async def undeferred(session: AsyncSession, note: Note) -> object:
        query = (
            sa.select(Note).options(undefer(Note.long)).execution_options(populate_existing=True)
        )
        return (await session.scalars(query)).one().long

    async def refreshed(session: AsyncSession, note: Note) -> object:
        note.text += "s"
        await session.flush()
        await session.refresh(note)
        return note.changed

    assert run(committed, expire_on_commit=False) == "tea"
    assert [run(awaited), run(undeferred)] == ["long", "long"]
    assert isinstance(run(refreshed), datetime)
