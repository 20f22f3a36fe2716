"""What the tests of docs/guide/database-workers.md share."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from tests.guide.deployment.common import fetch, serving
from tests.servers import Server
from tests.source import Source

PAGE = "guide/database-workers"
_SOURCE = Source(PAGE)
on_the_page = _SOURCE.quotes
table = _SOURCE.table


def url_of(server: Server, name: str = "shop") -> str:
    """Return the URL of a PostgreSQL server, with a name for the connections."""
    return f"postgresql+psycopg://postgres@127.0.0.1:{server.port}/postgres?application_name={name}"


@contextmanager
def watching(url: str) -> Iterator[sa.Connection]:
    """Yield a connection that looks at the others, and has another name."""
    plain = sa.make_url(url).update_query_dict({"application_name": "watcher"})
    engine = sa.create_engine(plain, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection


def opened(connection: sa.Connection, name: str = "shop") -> int:
    """Return how many connections of a name are open."""
    query = sa.text("SELECT count(*) FROM pg_stat_activity WHERE application_name = :name")
    return int(connection.scalar(query, {"name": name}) or 0)


def ask(port: int, path: str, times: int) -> list[str]:
    """Send requests at the same time, and return what they get."""
    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(lambda _: fetch(port, path)[1], range(times)))


__all__ = [
    "Path",
    "ask",
    "fetch",
    "on_the_page",
    "opened",
    "serving",
    "table",
    "url_of",
    "watching",
]
