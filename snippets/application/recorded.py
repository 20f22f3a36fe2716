"""The application of the exchanges on this page: in memory, without files and without CSRF tokens."""

from flask import Flask

from snippets.server_sessions.memory_store import MemoryStore
from snippets.sessions import ServerSideSessionInterface

from . import create_app as create_application


def create_app() -> Flask:
    return create_application(
        SECRET_KEY="dev",
        SQLALCHEMY_DATABASE_URI="sqlite://",
        # a token differs from build to build
        WTF_CSRF_ENABLED=False,
        PER_PAGE=2,
        SESSION_INTERFACE=ServerSideSessionInterface(MemoryStore()),
    )
