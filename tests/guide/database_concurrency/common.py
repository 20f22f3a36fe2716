"""What the tests of docs/guide/database-concurrency.md share."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from sqlalchemy import exc, orm

from tests.source import Source

PAGE = "guide/database-concurrency"
_SOURCE = Source(PAGE)
on_the_page = _SOURCE.quotes
table = _SOURCE.table
#: The two with locks on rows.
locking = pytest.mark.parametrize("url", ["pymysql", "psycopg"], indirect=True)
#: How long a statement that cannot go on is watched.
WATCHED = 0.3


def error_of(function: Callable[[], object]) -> str:
    """Return what the database says when it refuses."""
    with pytest.raises(exc.DBAPIError) as caught:
        function()
    return said(caught.value)


def said(error: exc.DBAPIError) -> str:
    """Return the message of the driver, in one line."""
    assert error.orig is not None
    return " ".join(str(error.orig).split())


@contextmanager
def waiting(statement: Callable[[], object]) -> Iterator[Future[object]]:
    """Run what is to wait in a thread, and make sure that it does before the block begins."""
    begun = threading.Event()

    def run() -> object:
        begun.set()
        return statement()

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(run)
        begun.wait()
        time.sleep(WATCHED)
        assert not future.done()
        yield future


@contextmanager
def two_sessions(engine: sa.Engine) -> Iterator[tuple[orm.Session, orm.Session]]:
    with orm.Session(engine) as first, orm.Session(engine) as second:
        yield first, second
