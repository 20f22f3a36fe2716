"""What the tests of docs/guide/application.md are given."""

from __future__ import annotations

import functools
import importlib.util
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser
from redis import Redis
from sqlalchemy import create_engine, make_url, text
from werkzeug.security import generate_password_hash

from snippets.application import generations, registration
from snippets.sessions import FileSystemSessionInterface, RedisSessionInterface
from tests import needs
from tests.browser.reader import Reader
from tests.guide.application.common import (
    DATABASES,
    ROOT,
    Visitor,
    application,
    served,
)
from tests.servers import (
    Server,
    mariadb_server,
    postgresql,
    postgresql_server,
    redis,
    redis_server,
    running,
)

__all__ = ["mariadb_server", "postgresql_server", "redis_server"]


@pytest.fixture(autouse=True)
def cheap_hashes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords quickly, except in the test that looks at the hashes."""
    if "real_hashes" not in request.fixturenames:
        cheap = functools.partial(generate_password_hash, method="pbkdf2:sha256:1000")
        for module in (registration, generations):
            monkeypatch.setattr(module, "generate_password_hash", cheap)


@pytest.fixture
def real_hashes() -> None:
    """Ask for hashes as they are in earnest."""


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """The application as it starts by itself: SQLite and files."""
    with application(tmp_path) as app:
        yield app


@pytest.fixture
def ada(app: Flask) -> Visitor:
    return Visitor(app).register()


@pytest.fixture(scope="module", params=DATABASES)
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The URL of a database of our own on each kind of server."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('database')}/notes.db"
        return
    if request.param == "mariadb-mysqldb" and importlib.util.find_spec("MySQLdb") is None:
        reason = "mysqlclient not found; install with: pip install mysqlclient"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    kind, _, driver = request.param.partition("-")
    server: Server = request.getfixturevalue(f"{kind}_server")
    root, options = {
        "mariadb": (f"mysql+{driver}://root@127.0.0.1:{server.port}/test", "CHARACTER SET utf8mb4"),
        "postgresql": (f"postgresql+psycopg://postgres@127.0.0.1:{server.port}/postgres", ""),
    }[kind]
    engine = create_engine(root, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE notebook {options}"))
    yield make_url(root).set(database="notebook").render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE notebook"))
    engine.dispose()


@pytest.fixture
def anywhere(database: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on each database, with fresh tables."""
    with application(tmp_path, SQLALCHEMY_DATABASE_URI=database) as app:
        made = app.test_cli_runner().invoke(args=["init-db", "--fresh"], input="y\n")
        assert made.exit_code == 0, made.output
        yield app


@pytest.fixture(params=["files", "redis"])
def stored(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on each database, with each store of sessions."""
    settings = {"SQLALCHEMY_DATABASE_URI": database}
    if request.param == "redis":
        port = request.getfixturevalue("redis_server").port
        settings["REDIS_URL"] = f"redis://127.0.0.1:{port}/7"
        # what another test has counted does not count here
        with Redis(port=port, db=7) as client:
            client.flushdb()
    with application(tmp_path, **settings) as app:
        kind = RedisSessionInterface if request.param == "redis" else FileSystemSessionInterface
        assert isinstance(app.session_interface, kind)
        made = app.test_cli_runner().invoke(args=["init-db", "--fresh"], input="y\n")
        assert made.exit_code == 0, made.output
        yield app


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with needs.chromium() as browser:
        yield browser


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as address:
        yield address


@pytest.fixture
def reader(chromium: Browser, address: str) -> Iterator[Reader]:
    """Open browsers; none may complain, or ask another server for anything."""
    reader = Reader(chromium)
    yield reader
    reader.close()
    assert reader.faults == []
    assert reader.abroad(address) == []
    assert reader.requests


@pytest.fixture
def own_redis() -> Iterator[Server]:
    """A Redis that writes down each change before it answers, and may be killed."""
    with running(redis("--appendonly", "yes", "--appendfsync", "always")) as server:
        yield server


@pytest.fixture
def own_postgresql() -> Iterator[Server]:
    with running(postgresql()) as server:
        yield server


@pytest.fixture
def gunicorn(own_postgresql: Server, own_redis: Server, tmp_path: Path) -> Iterator[Server]:
    """The application with three workers of two threads, forked from one that has loaded it."""
    settings = {
        "PYTHONPATH": str(ROOT),
        "NOTES_SQLALCHEMY_DATABASE_URI": (
            f"postgresql+psycopg://postgres@127.0.0.1:{own_postgresql.port}/postgres"
        ),
        "NOTES_REDIS_URL": f"redis://127.0.0.1:{own_redis.port}",
        "NOTES_SECRET_KEY": "of the test",
    }
    environment = ["env", *(f"{name}={value}" for name, value in settings.items())]
    flask = [*environment, sys.executable, "-m", "flask", "--app", "snippets.application"]
    subprocess.run([*flask, "init-db"], check=True, cwd=tmp_path, capture_output=True)

    def command(port: int, folder: Path) -> list[str]:
        return [
            *[*environment, sys.executable, "-m", "gunicorn", "snippets.application:create_app()"],
            *["--preload", "--workers", "3", "--threads", "2", "--pid", str(folder / "pid")],
            *["--bind", f"127.0.0.1:{port}", "--worker-tmp-dir", str(tmp_path)],
        ]

    def ready(port: int) -> None:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60)

    server = Server(command, ready)
    try:
        # a busy machine is slow to load it, not wrong
        yield server.start(timeout=120)
    finally:
        server.remove()
