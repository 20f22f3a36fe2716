"""Sessions in a table of an SQL database, with SQLAlchemy Core."""

import time
from collections.abc import Iterator
from functools import cached_property
from typing import Any, Unpack

from sqlalchemy import (
    BigInteger,
    Column,
    Engine,
    LargeBinary,
    MetaData,
    String,
    Table,
    bindparam,
    delete,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.dialects import mysql
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.sql import Executable

from .base import Record, ServerSideSessionInterface, SessionOptions, SessionStore

_BATCH = 1000

# MySQL compares text without regard to case, and its BLOB ends at 64 KB, unless told otherwise.
_KEY = String(255).with_variant(
    mysql.VARCHAR(255, charset="ascii", collation="ascii_bin"), "mysql", "mariadb"
)
_PAYLOAD = LargeBinary().with_variant(mysql.LONGBLOB(), "mysql", "mariadb")


class SqlAlchemyStore(SessionStore):
    """Keep each session in a row of three columns: its key as `id`, its data, and when it expires.

    Every method is one statement, committed by itself on a connection of its own. The transaction
    of a view, open in an ORM session somewhere, is another one: it is neither committed nor
    expired by this.

    Attributes:
        table: The table, for a migration tool to look at.
    """

    errors = (SQLAlchemyError,)

    def __init__(self, engine: Engine, table: str) -> None:
        self.table = Table(
            table,
            MetaData(),
            Column("id", _KEY, primary_key=True),
            Column("payload", _PAYLOAD, nullable=False),
            # Microseconds since 1970: a number means the same in every database and time zone.
            Column("expires", BigInteger, nullable=False, index=True),
        )
        self._engine = engine
        columns, key = self.table.c, bindparam("k", type_=_KEY)
        live = (columns.id == key) & (columns.expires > bindparam("now"))
        new = {
            "payload": bindparam("p", type_=_PAYLOAD),
            "expires": bindparam("e", type_=BigInteger),
        }
        self._select = select(columns.payload).where(live)
        self._insert = insert(self.table).values(id=key, **new)
        self._update = update(self.table).where(live).values(new)
        self._touch = update(self.table).where(live).values(expires=bindparam("e"))
        self._delete = delete(self.table).where(columns.id == key)

    @cached_property
    def engine(self) -> Engine:
        """The engine, with the table, which the first use makes if need be."""
        try:
            self.table.metadata.create_all(self._engine)
        except SQLAlchemyError:
            # Two processes may find the table missing at once; one of them is late.
            if not inspect(self._engine).has_table(self.table.name):
                raise
        return self._engine

    def read(self, key: str) -> Record | None:
        with self.engine.connect() as connection:
            payload = connection.scalar(self._select, {"k": key, "now": _now()})
        return None if payload is None else Record(payload)

    def create(self, key: str, payload: bytes, lifetime: float) -> bool:
        try:
            self._execute(self._insert, k=key, p=payload, e=_after(lifetime))
        except IntegrityError:
            return False
        return True

    def update(self, key: str, payload: bytes, lifetime: float) -> bool:
        return self._execute(self._update, k=key, now=_now(), p=payload, e=_after(lifetime)) == 1

    def touch(self, key: str, record: Record, lifetime: float) -> bool:
        return self._execute(self._touch, k=key, now=_now(), e=_after(lifetime)) == 1

    def delete(self, key: str) -> bool:
        return self._execute(self._delete, k=key) == 1

    def purge(self) -> Iterator[int]:
        """Remove expired rows, a thousand at a time so that no lock is held for long."""
        columns = self.table.c
        expired = columns.expires <= _now()
        while True:
            with self.engine.connect() as connection:
                keys = connection.scalars(select(columns.id).where(expired).limit(_BATCH)).all()
            if not keys:
                return
            yield self._execute(delete(self.table).where(columns.id.in_(keys), expired))

    def _execute(self, statement: Executable, **parameters: Any) -> int:
        with self.engine.begin() as connection:
            try:
                return connection.execute(statement, parameters).rowcount
            except IntegrityError:
                raise
            except SQLAlchemyError:
                # MySQL hangs up on a payload that is too large; the next request needs a new line.
                connection.invalidate()
                raise


def _now() -> int:
    return time.time_ns() // 1000


def _after(lifetime: float) -> int:
    return _now() + int(lifetime * 10**6)


class SqlAlchemySessionInterface(ServerSideSessionInterface):
    """Keep sessions in an SQL database: SQLite, MariaDB, MySQL or PostgreSQL.

    >>> from sqlalchemy import create_engine
    >>> from snippets.sessions import SqlAlchemySessionInterface
    >>> engine = create_engine(
    ...     "sqlite:////tmp/sessions.db", isolation_level="AUTOCOMMIT", skip_autocommit_rollback=True
    ... )
    >>> interface = SqlAlchemySessionInterface(engine)

    Args:
        engine: An engine for the sessions alone. With the options shown, a statement is one message
            to the server; without them, it is right all the same. With SQLite it must be another
            file than the application's: SQLite lets one connection write at a time, and a view
            that has written would wait for itself.
        table: The name of the table. It is made when the first session is read or written.
        options: See `ServerSideSessionInterface`.

    Expired sessions are not read, but stay in the table until ``flask sessions purge`` runs.
    """

    def __init__(
        self, engine: Engine, table: str = "http_sessions", **options: Unpack[SessionOptions]
    ) -> None:
        super().__init__(SqlAlchemyStore(engine, table), **options)
