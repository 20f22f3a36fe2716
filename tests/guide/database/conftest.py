"""The fixtures that the tests of docs/guide/database.md share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import orm
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.pool import NullPool

from tests.guide.database.common import engine_of, listen_to, need_mysqlclient
from tests.servers import Server, mariadb_server, postgresql_server

__all__ = ["mariadb_server", "postgresql_server"]


@pytest.fixture
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty database; by default one in memory, for other backends by parameter."""
    backend: str = getattr(request, "param", "sqlite")
    if backend == "sqlite":
        yield "sqlite://"
        return
    if backend == "mysqldb":
        need_mysqlclient()
    if backend == "psycopg":
        server: Server = request.getfixturevalue("postgresql_server")
        url = f"postgresql+psycopg://postgres@127.0.0.1:{server.port}/postgres"
        empty = ["DROP SCHEMA public CASCADE", "CREATE SCHEMA public"]
        base = url
    else:
        server = request.getfixturevalue("mariadb_server")
        base = f"mysql+{backend}://root@127.0.0.1:{server.port}/"
        url = f"{base}shop"
        empty = ["DROP DATABASE IF EXISTS shop", "CREATE DATABASE shop CHARACTER SET utf8mb4"]
    engine = sa.create_engine(base, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        for statement in empty:
            connection.execute(sa.text(statement))
    yield url


@pytest.fixture
def made() -> Iterator[Callable[..., Flask]]:
    """Make applications, and close their connections in the end."""
    apps: list[Flask] = []

    def make(source: ModuleType | SQLAlchemy, *arguments: Any, **options: Any) -> Flask:
        if isinstance(source, SQLAlchemy):
            app = Flask("database-test", instance_path=options.pop("instance_path", None))
            app.config.update({"SQLALCHEMY_DATABASE_URI": "sqlite://"} | options)
            source.init_app(app)
        else:
            app = source.create_app(*arguments, **options)
        app.testing = True
        apps.append(app)
        return app

    yield make
    for app in apps:
        with app.app_context():
            for engine in app.extensions["sqlalchemy"].engines.values():
                engine.dispose()


@pytest.fixture
def library() -> Iterator[Any]:
    """Two mapped classes, a session and the first words of the statements that it sends."""

    class Base(DeclarativeBase):
        pass

    class User(Base):
        __tablename__ = "users"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(unique=True)
        posts: Mapped[list[Post]] = relationship(back_populates="user")

    class Post(Base):
        __tablename__ = "posts"
        id: Mapped[int] = mapped_column(primary_key=True)
        user_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id))
        user: Mapped[User | None] = relationship(back_populates="posts")

    sent: list[str] = []
    with engine_of("sqlite://") as engine, orm.Session(engine) as session:
        Base.metadata.create_all(engine)
        listen_to(engine, sent)
        yield SimpleNamespace(user=User, post=Post, session=session, statements=sent)
    # Or one of the two might outlive the other, and whoever configures all mappers next would miss it.
    Base.registry.dispose()
