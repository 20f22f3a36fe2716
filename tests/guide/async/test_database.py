"""AsyncSession in views, on a real PostgreSQL: docs/guide/async.md."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, ForeignKey, create_engine, select, text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, selectinload
from sqlalchemy.pool import NullPool

from proven.claims.proofs import proves
from snippets.asynchronous import notes
from tests.servers import Server

from .common import new_app, on_the_page, outcomes


@pytest.fixture
def plain(postgresql_server: Server) -> Iterator[Engine]:
    url = f"postgresql+psycopg://postgres@127.0.0.1:{postgresql_server.port}/postgres"
    engine = create_engine(url, poolclass=NullPool)
    notes.Base.metadata.create_all(engine)
    yield engine
    notes.Base.metadata.drop_all(engine)


@pytest.fixture
def app(plain: Engine, postgresql_server: Server, monkeypatch: pytest.MonkeyPatch) -> Flask:
    url = f"postgresql+asyncpg://postgres@127.0.0.1:{postgresql_server.port}/postgres"
    monkeypatch.setenv("SHOP_DATABASE_URL", url)
    return notes.create_app()


@proves("guide/async", "NullPool closes each connection after use:")
def test_notes(app: Flask, plain: Engine) -> None:
    client = app.test_client()
    for number, word in enumerate(("茶", "tea"), 1):
        answer = client.post("/notes", data={"text": word})
        assert (answer.status_code, answer.json) == (201, {"id": number})
    assert client.get("/notes").json == [{"id": 1, "text": "茶"}, {"id": 2, "text": "tea"}]
    assert client.post("/notes").status_code == 400
    # what PostgreSQL refuses is rolled back, and the next request works
    app.logger.disabled = True
    assert client.post("/notes", data={"text": "a\x00b"}).status_code == 500
    app.logger.disabled = False
    assert client.post("/notes", data={"text": "cup"}).status_code == 201
    with plain.connect() as connection:
        time.sleep(0.2)
        mine = text("SELECT count(*) FROM pg_stat_activity WHERE client_port IS NOT NULL")
        assert connection.scalar(mine) == 1


def pooled(port: int, driver: str, pool: str = "") -> list[str]:
    code = f"""
from flask import Flask
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool
app = Flask("shop")
app.testing = True
engine = create_async_engine("postgresql+{driver}://postgres@127.0.0.1:{port}/postgres"{pool})
@app.get("/")
async def view():
    async with engine.connect() as connection:
        return str(await connection.scalar(text("SELECT pg_backend_pid()")))
"""
    return outcomes(code, *["/"] * 4)


@proves(
    "guide/async",
    "A connection belongs to the event loop in which it was opened, and the next request has another loop.",
    "With another pool, asyncpg fails in the second request, with these messages.",
    "A pool gave the view a connection of asyncpg from an earlier request.",
    "Use poolclass=NullPool.",
    "The next request fails with cannot perform operation: another operation is in progress.",
    "NullPool opens a connection for each request.",
    "psycopg does not fail here, but SQLAlchemy documents the same rule for all drivers.",
)
def test_a_connection_belongs_to_a_loop(postgresql_server: Server) -> None:
    first, second, third, _ = pooled(postgresql_server.port, "asyncpg")
    assert first.isdigit()
    message = on_the_page(
        "got Future <Future pending cb=[BaseProtocol._on_waiter_completed()]> "
        "attached to a different loop"
    )
    assert second.startswith("RuntimeError: Task <Task pending")
    assert message in second
    assert on_the_page("cannot perform operation: another operation is in progress") in third
    fresh = pooled(postgresql_server.port, "asyncpg", ", poolclass=NullPool")
    assert all(pid.isdigit() for pid in fresh)
    assert len(set(fresh)) == 4
    [same] = set(pooled(postgresql_server.port, "psycopg"))
    assert same.isdigit()


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "author"
    id: Mapped[int] = mapped_column(primary_key=True)
    books: Mapped[list[Book]] = relationship()


class Book(Base):
    __tablename__ = "book"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"))


@proves(
    "guide/async",
    "An attribute that would be loaded later, like a relationship, raises MissingGreenlet: load it with the "
    "query, for example with selectinload().",
    "An attribute was read that was not loaded.",
    "Load it with the query: select(Author).options(selectinload(Author.books)).",
    "A session is for one task.",
    "Tasks of gather each open their own.",
    "Several tasks use one AsyncSession.",
    "Open one for each task.",
)
def test_what_a_session_refuses(plain: Engine, postgresql_server: Server) -> None:
    url = f"postgresql+asyncpg://postgres@127.0.0.1:{postgresql_server.port}/postgres"
    engine = create_async_engine(url, poolclass=NullPool)
    new_session = async_sessionmaker(engine)
    Base.metadata.create_all(plain)

    async def lazily() -> int:
        async with new_session() as session:
            author = (await session.scalars(select(Author))).one()
            return len(author.books)

    async def loaded() -> int:
        async with new_session() as session:
            query = select(Author).options(selectinload(Author.books))
            return len((await session.scalars(query)).one().books)

    async def shared() -> None:
        async with new_session() as session:
            await asyncio.gather(*(session.scalar(select(Author.id)) for _ in range(3)))

    async def one() -> int | None:
        async with new_session() as session:
            return await session.scalar(select(Author.id))

    async def own() -> list[int | None]:
        return await asyncio.gather(*(one() for _ in range(3)))

    try:
        with plain.begin() as connection:
            connection.execute(text("INSERT INTO author (id) VALUES (7)"))
        for function in (lazily, shared):
            with pytest.raises(Exception) as caught:
                asyncio.run(function())
            kind = type(caught.value)
            said = f"{kind.__name__}: {caught.value}".split(" (Background")[0]
            if kind.__name__ == "MissingGreenlet":
                on_the_page(f"{kind.__module__}.{said}")
            else:
                on_the_page(said.split(" and this would")[0])
        assert asyncio.run(loaded()) == 0
        assert asyncio.run(own()) == [7, 7, 7]
    finally:
        Base.metadata.drop_all(plain)


@proves(
    "guide/async",
    "db.session of Flask-SQLAlchemy works in an async view, and blocks its tasks while it waits.",
    "All tasks of a request share that one session.",
)
def test_flask_sqlalchemy(plain: Engine) -> None:
    app = new_app()
    app.config["SQLALCHEMY_DATABASE_URI"] = plain.url.render_as_string()
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"poolclass": NullPool}
    db = SQLAlchemy(app)
    sessions = []

    async def task() -> None:
        sessions.append(db.session())
        db.session.execute(text("SELECT pg_sleep(0.2)"))

    @app.get("/")
    async def view() -> str:
        began = time.monotonic()
        await asyncio.gather(task(), task())
        sessions.append(db.session())
        return str(time.monotonic() - began)

    assert float(app.test_client().get("/").text) >= 0.4
    assert (len(sessions), len(set(sessions))) == (3, 1)


@proves("guide/async", 'Run pip install "sqlalchemy[asyncio]".')
def test_without_greenlet() -> None:
    code = "import sys\nsys.modules['greenlet'] = None\nimport sqlalchemy.ext.asyncio"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    message = on_the_page(
        "ImportError: The SQLAlchemy asyncio module requires that the Python 'greenlet' library is installed."
    )
    assert message in done.stderr
