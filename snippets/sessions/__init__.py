"""Server-side session interfaces for Flask: Redis, Memcached, MongoDB, SQL databases and files.

Every name can be imported from here. The module of a backend and its client library are imported
when one of its names is first used: sessions in files need no Redis.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .base import (
        Record,
        ServerSideSession,
        ServerSideSessionInterface,
        SessionBackendError,
        SessionEndedError,
        SessionStore,
    )
    from .cli import sessions_cli
    from .filesystem import FileSystemSessionInterface, FileSystemStore
    from .memcached import MemcachedSessionInterface, MemcachedStore
    from .mongodb import MongoDBSessionInterface, MongoDBStore
    from .redis import RedisSessionInterface, RedisStore
    from .serializer import SessionSerializer
    from .sqlalchemy import SqlAlchemySessionInterface, SqlAlchemyStore, session_table

__all__ = [
    "FileSystemSessionInterface",
    "FileSystemStore",
    "MemcachedSessionInterface",
    "MemcachedStore",
    "MongoDBSessionInterface",
    "MongoDBStore",
    "Record",
    "RedisSessionInterface",
    "RedisStore",
    "ServerSideSession",
    "ServerSideSessionInterface",
    "SessionBackendError",
    "SessionEndedError",
    "SessionSerializer",
    "SessionStore",
    "SqlAlchemySessionInterface",
    "SqlAlchemyStore",
    "session_table",
    "sessions_cli",
]

_MODULES = {
    "FileSystemSessionInterface": "filesystem",
    "FileSystemStore": "filesystem",
    "MemcachedSessionInterface": "memcached",
    "MemcachedStore": "memcached",
    "MongoDBSessionInterface": "mongodb",
    "MongoDBStore": "mongodb",
    "RedisSessionInterface": "redis",
    "RedisStore": "redis",
    "SessionSerializer": "serializer",
    "SqlAlchemySessionInterface": "sqlalchemy",
    "SqlAlchemyStore": "sqlalchemy",
    "session_table": "sqlalchemy",
    "sessions_cli": "cli",
}


def __getattr__(name: str) -> Any:
    """Import the module that holds `name` when it is first asked for (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_MODULES.get(name, 'base')}", __name__), name)


def __dir__() -> list[str]:
    return __all__
