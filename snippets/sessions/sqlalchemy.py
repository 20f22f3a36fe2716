"""Sessions in a table of an SQL database, with SQLAlchemy Core."""

import os
import time
from collections.abc import Iterator
from typing import Any, Unpack
from weakref import WeakKeyDictionary

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
from sqlalchemy.pool import Pool, SingletonThreadPool, StaticPool
from sqlalchemy.sql import Executable

from .base import Record, ServerSideSessionInterface, SessionOptions, SessionStore
from .requirements import require

require("sqlalchemy")

_BATCH = 1000

# The process that an engine's pool belongs to.
_OWNERS: WeakKeyDictionary[Engine, int] = WeakKeyDictionary()
# The pools of others. They are kept, because a connection that Python clears away says goodbye to
# the server, and that would end it for the other process, too.
_LEFT_ALONE: list[Pool] = []

# MySQL compares text without regard to case, and its BLOB ends at 64 KB, unless told otherwise.
_KEY = String(255).with_variant(
    mysql.VARCHAR(255, charset="ascii", collation="ascii_bin"), "mysql", "mariadb"
)
_PAYLOAD = LargeBinary().with_variant(mysql.LONGBLOB(), "mysql", "mariadb")


def session_table(
    name: str = "http_sessions", metadata: MetaData | None = None, schema: str | None = None
) -> Table:
    """Return the table of sessions, for `SqlAlchemySessionInterface` and for your migrations.

    Args:
        name: The name of the table, without a schema.
        metadata: Where the table is registered, for example ``db.metadata``, so that a migration
            tool sees it. By default, it is registered in new metadata of its own.
        schema: The schema of the table, if it is not the default one.
    """
    return Table(
        name,
        MetaData() if metadata is None else metadata,
        Column("id", _KEY, primary_key=True),
        Column("payload", _PAYLOAD, nullable=False),
        # Microseconds since 1970: a number means the same in every database and time zone.
        Column("expires", BigInteger, nullable=False, index=True),
        schema=schema,
    )


class SqlAlchemyStore(SessionStore):
    """Keep each session in a row of three columns: its key as `id`, its data, and when it expires.

    Every method is one statement, committed by itself on a connection of its own. The transaction
    of a view, open in an ORM session somewhere, is another one: it is neither committed nor
    expired by this. What is logged of a statement has no parameters.

    Attributes:
        table: The table.
    """

    errors = (SQLAlchemyError,)

    def __init__(self, engine: Engine, table: Table, create_table: bool = True) -> None:
        if not isinstance(engine, Engine):
            raise TypeError("engine must be an Engine; with an AsyncEngine, nothing is saved")
        self.table = table
        self._create_table = create_table
        self._process: int | None = None
        self._shared = engine
        self._engine = engine.execution_options()  # on the same pool, but with settings of its own
        self._engine.hide_parameters = True
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

    @property
    def engine(self) -> Engine:
        """The engine, with connections of this process, and the table if it is to be made."""
        if self._process != os.getpid():
            _have_a_pool_of_ones_own(self._shared)
            self._process = os.getpid()
        if self._create_table:
            try:
                self.table.create(self._engine, checkfirst=True)
            except SQLAlchemyError:
                # Two processes may find the table missing at once; one of them is late.
                if not inspect(self._engine).has_table(self.table.name, self.table.schema):
                    raise
            self._create_table = False
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


def _have_a_pool_of_ones_own(engine: Engine) -> None:
    """Give an engine connections that no other process has, before it is used in this one.

    After a fork, parent and child have the same connections. Who shares one reads the answers to
    the other's questions.
    """
    owner = _OWNERS.get(engine)
    if owner == os.getpid():
        return
    # Nobody else can use a database that is in memory; without its connection, it would be empty.
    if owner or not isinstance(engine.pool, SingletonThreadPool | StaticPool):
        _LEFT_ALONE.append(engine.pool)
        engine.dispose(close=False)
    _OWNERS[engine] = os.getpid()


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
        engine: An engine that only the sessions use. With the options above, a statement is one
            message to the server. Without them, it works the same with more messages. With
            SQLite, use another file than that of the application, because SQLite allows only one
            connection to write: saving the session would wait for the view that has written.
        table: The name of the table, or the table itself, from :func:`session_table`. If you pass
            a name, the table is created when the first session is read or written, unless it
            exists. If you pass a table, create it yourself, with a migration for example: the
            application then needs no right to create tables.
        schema: The schema of the table, if `table` is a name.
        options: See `ServerSideSessionInterface`.

    Raises:
        TypeError: `engine` is not an `Engine`: an asyncio one, for example.
        ValueError: The name of the table has a dot. Pass the part before it as `schema`.

    Expired sessions cannot be read, but stay in the table until ``flask sessions purge`` runs.
    """

    def __init__(
        self,
        engine: Engine,
        table: str | Table = "http_sessions",
        *,
        schema: str | None = None,
        **options: Unpack[SessionOptions],
    ) -> None:
        create = isinstance(table, str)
        if isinstance(table, str):
            if "." in table:
                raise ValueError(f"table={table!r} has a dot: give the part before it as schema")
            table = session_table(table, schema=schema)
        super().__init__(SqlAlchemyStore(engine, table, create), **options)
