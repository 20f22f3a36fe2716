"""Every claim of the page on the application, proved: on each database, with each session store, in a browser."""

from __future__ import annotations

import importlib.util
import io
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from flask import Flask, session
from playwright.sync_api import Browser, Page, expect, sync_playwright
from redis import Redis
from sqlalchemy import create_engine, event, func, inspect, make_url, select, text, update
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from snippets.application import (
    account,
    audit,
    commands,
    create_app,
    errors,
    forms,
    instance,
    languages,
    logins,
    middleware,
    mobile,
    models,
    note,
    notes,
    recorded,
    registration,
    sessions,
    users,
)
from snippets.application.models import AuditEntry, Note, User, db
from snippets.sessions import FileSystemSessionInterface, RedisSessionInterface
from tests.browser.reader import Reader
from tests.servers import (
    Server,
    free_port,
    mariadb_server,
    postgresql_server,
    redis_server,
    wait_for,
)

__all__ = ["mariadb_server", "postgresql_server", "redis_server"]

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "snippets/application"
TEXT = (ROOT / "docs/guide/application.md").read_text(encoding="utf-8")
ADA, BERT = "13800138000", "+4915112345678"
PASSWORD = "correct horse battery"
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
CHROMIUM_FLAGS += [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Visitor:
    """A browser without a window: it sends the token of the page, as a browser does."""

    def __init__(self, app: Flask, language: str = "en") -> None:
        self.client = app.test_client()
        self.headers = {"Accept-Language": language}

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, headers=self.headers)

    def page(self, path: str) -> BeautifulSoup:
        answer = self.get(path)
        assert answer.status_code == 200, answer.status
        return parsed(answer)

    def token(self) -> str:
        return str(self.page("/login").select_one("[name=csrf_token]")["value"])  # type: ignore[index]

    def post(self, path: str, **fields: Any) -> TestResponse:
        data = {"csrf_token": self.token(), **fields}
        return self.client.post(path, data=data, headers=self.headers)

    def register(self, number: str = ADA, password: str = PASSWORD) -> Visitor:
        answer = self.post("/register", mobile=number, password=password, again=password)
        assert answer.status_code == 303, parsed(answer).get_text(" ", strip=True)
        return self

    def login(self, number: str = ADA, password: str = PASSWORD) -> TestResponse:
        return self.post("/login", mobile=number, password=password)

    def write(self, title: str, text: str = "") -> str:
        """Write a note and return its address."""
        assert self.post("/notes/new", title=title, text=text).status_code == 303
        return str(self.page("/notes/").select_one(".notes a")["href"])  # type: ignore[index]

    def titles(self, path: str = "/notes/") -> list[str]:
        return [link.get_text() for link in self.page(path).select(".notes h2")]


def parsed(answer: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "lxml")


def said(answer: TestResponse) -> str:
    """Return what the page says, in one line."""
    main = parsed(answer).select_one("main")
    assert main is not None
    return main.get_text(" ", strip=True)


@contextmanager
def application(folder: Path, **settings: Any) -> Iterator[Flask]:
    """Make an application that leaves no connection behind."""
    app = create_app(str(folder), **settings)
    try:
        yield app
    finally:
        with app.app_context():
            db.engine.dispose()
        store = getattr(app.session_interface, "store", None)
        if isinstance(getattr(store, "client", None), Redis):
            store.client.close()


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """The application as it starts by itself: SQLite and files."""
    with application(tmp_path) as app:
        yield app


@pytest.fixture
def ada(app: Flask) -> Visitor:
    return Visitor(app).register()


def count(app: Flask, model: type[models.Base]) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


# Every database, with every session store


DATABASES = ("sqlite", "mariadb-pymysql", "mariadb-mysqldb", "postgresql")


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
        settings["REDIS_URL"] = f"redis://127.0.0.1:{port}"
    with application(tmp_path, **settings) as app:
        kind = RedisSessionInterface if request.param == "redis" else FileSystemSessionInterface
        assert isinstance(app.session_interface, kind)
        made = app.test_cli_runner().invoke(args=["init-db", "--fresh"], input="y\n")
        assert made.exit_code == 0, made.output
        yield app


def test_from_registration_to_logout_everywhere(stored: Flask) -> None:
    ada = Visitor(stored).register()
    assert "Welcome! Write your first note." in said(ada.get("/notes/"))
    for number in range(1, 9):
        address = ada.write(f"Note {number} 早😀", "one\r\ntwo")
    assert ada.titles() == [f"Note {number} 早😀" for number in range(8, 2, -1)]
    assert ada.titles("/notes/?page=2") == ["Note 2 早😀", "Note 1 早😀"]
    assert "8 notes" in said(ada.get("/notes/"))
    # change one, delete one
    version = ada.page(address).select_one("[name=version]")["value"]  # type: ignore[index]
    changed = ada.post(address, title="Changed", text="三", version=version)
    assert (changed.status_code, changed.location) == (303, "/notes/")
    assert ada.titles()[0] == "Changed"
    assert ada.post(f"{address}/delete").status_code == 303
    assert "Changed" not in ada.titles()
    assert ada.get(address).status_code == 404
    # another person sees nothing of it
    address = ada.write("Secret")
    bert = Visitor(stored).register(BERT)
    assert bert.titles() == []
    assert bert.get(address).status_code == 404
    assert bert.post(address, title="x", version=1).status_code == 404
    assert bert.post(f"{address}/delete").status_code == 404
    # out here, and in again elsewhere
    assert ada.post("/logout").location == "/"
    assert ada.get("/notes/").status_code == 303
    assert ada.login(password="wrong horse").status_code == 422
    assert ada.login("138 0013-8000").location == "/notes/"
    phone = Visitor(stored)
    assert phone.login("+8613800138000").status_code == 303
    assert phone.titles()[0] == "Secret"
    assert phone.post("/account/logout-everywhere").location == "/login"
    assert [each.get("/notes/").status_code for each in (ada, phone, bert)] == [303, 303, 200]
    # what happened is written down, and only one's own is shown
    assert ada.login().status_code == 303
    cells = [row.select("td")[1].get_text() for row in ada.page("/account/").select("tbody tr")]
    assert cells == [
        *["Logged in", "Logged out everywhere", "Logged in", "Logged in"],
        *["Login failed", "Note deleted", "Registered"],
    ]


def at_once(*calls: Callable[[], TestResponse]) -> list[TestResponse]:
    """Make the calls at the same moment."""
    answers: list[TestResponse] = []
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], TestResponse]) -> None:
        barrier.wait()
        answers.append(call())

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == len(calls)
    return sorted(answers, key=lambda answer: answer.status_code)


def test_of_several_registrations_at_once_one_wins(anywhere: Flask) -> None:
    visitors = [Visitor(anywhere) for _ in range(4)]
    fields = {"mobile": ADA, "password": PASSWORD, "again": PASSWORD}
    sent = [(visitor.client, visitor.token()) for visitor in visitors]
    won, *lost = at_once(
        *(
            lambda client=client, token=token: client.post(
                "/register", data={**fields, "csrf_token": token}
            )
            for client, token in sent
        )
    )
    assert won.status_code == 303
    assert {answer.status_code for answer in lost} == {422}
    for answer in lost:
        error = parsed(answer).select_one("#mobile-error")
        assert error is not None
        assert error.get_text() == "This number is registered already: log in instead."
    assert count(anywhere, User) == 1
    # and the account works
    assert Visitor(anywhere).login().status_code == 303


def test_logouts_everywhere_at_once_are_both_counted(anywhere: Flask) -> None:
    Visitor(anywhere).register()
    with anywhere.app_context():
        user = db.session.scalars(select(User)).one()
        # meanwhile, another request
        with db.engine.begin() as connection:
            connection.execute(update(User).values(generation=User.generation + 1))
        users.end_all_sessions(user)
        assert user.generation == 2


@pytest.mark.parametrize("moment", ["before the request", "within the request"])
def test_a_note_changed_in_two_windows_loses_neither_text(anywhere: Flask, moment: str) -> None:
    ada = Visitor(anywhere).register()
    address = ada.write("First", "one")

    def overtake(*_: object) -> None:
        with anywhere.app_context(), db.engine.begin() as connection:
            connection.execute(update(Note).values(text="theirs", version=Note.version + 1))

    if moment == "before the request":
        overtake()
        answer = ada.post(address, title="First", text="mine", version=1)
    else:
        event.listen(db.session, "before_flush", overtake, once=True)
        answer = ada.post(address, title="First", text="mine", version=1)
    assert answer.status_code == 409
    page = parsed(answer)
    assert page.select_one("[role=alert] .text").get_text() == "theirs"  # type: ignore[union-attr]
    assert page.select_one("textarea").get_text().strip() == "mine"  # type: ignore[union-attr]
    # saving again decides
    version = page.select_one("[name=version]")["value"]  # type: ignore[index]
    assert ada.post(address, title="First", text="mine", version=version).status_code == 303
    with anywhere.app_context():
        assert db.session.scalars(select(Note.text)).all() == ["mine"]


def test_a_note_deleted_in_another_window_gives_the_text_back(anywhere: Flask) -> None:
    ada = Visitor(anywhere).register()
    address = ada.write("First", "one")

    def overtake(*_: object) -> None:
        with anywhere.app_context(), db.engine.begin() as connection:
            connection.execute(Note.__table__.delete())

    event.listen(db.session, "before_flush", overtake, once=True)
    answer = ada.post(address, title="First", text="mine", version=1)
    assert answer.status_code == 404
    assert [kept.get_text() for kept in parsed(answer).select("pre")] == ["First", "mine"]


def test_mariadb_may_see_the_conflict_first(mariadb_server: Server, tmp_path: Path) -> None:
    # the default of newer servers: they answer with error 1020 instead of "no row matched"
    url = f"mysql+pymysql://root@127.0.0.1:{mariadb_server.port}/test"
    first = {"init_command": "SET innodb_snapshot_isolation = ON"}
    options = {"connect_args": first}
    with application(
        tmp_path, SQLALCHEMY_DATABASE_URI=url, SQLALCHEMY_ENGINE_OPTIONS=options
    ) as app:
        app.test_cli_runner().invoke(args=["init-db"])
        ada = Visitor(app).register()
        address = ada.write("First", "one")
        seen: list[str] = []

        def overtake(*_: object) -> None:
            with app.app_context(), db.engine.begin() as connection:
                connection.execute(update(Note).values(text="theirs", version=Note.version + 1))

        def watch(context: Any) -> None:
            seen.append(str(context.original_exception.args[0]))

        event.listen(db.session, "before_flush", overtake, once=True)
        with app.app_context():
            event.listen(db.engine, "handle_error", watch)
        answer = ada.post(address, title="First", text="mine", version=1)
        assert (answer.status_code, seen) == (409, ["1020"])
        app.test_cli_runner().invoke(args=["init-db", "--fresh"], input="y\n")
