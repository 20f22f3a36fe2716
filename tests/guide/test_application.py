"""Every claim of the page on the application, proved: on each database, with each session store, in a browser."""

from __future__ import annotations

import functools
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
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import polib
import pytest
from axe_playwright_python.sync_playwright import Axe
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from flask import Flask, abort, request, session
from flask_wtf.csrf import CSRFError
from playwright.sync_api import Browser, Page, expect, sync_playwright
from redis import Redis
from sqlalchemy import create_engine, event, func, inspect, make_url, select, text, update
from sqlalchemy.exc import DataError, IntegrityError, PendingRollbackError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.security import generate_password_hash
from werkzeug.serving import make_server
from werkzeug.test import TestResponse
from wtforms.i18n import get_translations

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


def application(folder: Path, **settings: Any) -> AbstractContextManager[Flask]:
    """Make an application with its files in a folder."""
    return closing(create_app(str(folder), **settings))


@contextmanager
def closing(app: Flask) -> Iterator[Flask]:
    """Leave no connection of an application behind."""
    try:
        yield app
    finally:
        with app.app_context():
            db.engine.dispose()
        store = getattr(app.session_interface, "store", None)
        if isinstance(getattr(store, "client", None), Redis):
            store.client.close()


@pytest.fixture(autouse=True)
def cheap_hashes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords quickly, except in the test that looks at the hashes."""
    if "real_hashes" not in request.fixturenames:
        cheap = functools.partial(generate_password_hash, method="pbkdf2:sha256:1000")
        monkeypatch.setattr(registration, "generate_password_hash", cheap)


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


# One command


def test_one_command_starts_it_in_a_fresh_copy(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "snippets", tmp_path / "snippets")
    [command] = re.findall(r"^\$ (flask --app snippets\.application run)$", TEXT, re.MULTILINE)
    port = free_port()
    started = subprocess.Popen(
        [sys.executable, "-m", *command.split(), "--port", str(port)],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if not name.startswith("NOTES_")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(lambda: urllib.request.urlopen(f"http://127.0.0.1:{port}/register").status == 200)
    finally:
        started.terminate()
        started.wait()
    made = {path.name for path in tmp_path.joinpath("instance").iterdir()}
    assert made == {"notes.db", "secret.key", "sessions", ".gitignore"}
    assert {path.name for path in tmp_path.iterdir()} == {"instance", "snippets"}
    assert stat.S_IMODE(tmp_path.joinpath("instance/secret.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(tmp_path.joinpath("instance").stat().st_mode) == 0o700
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    status = subprocess.run(
        ["git", "status", "--short"], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert "snippets" in status.stdout
    assert "instance" not in status.stdout


def test_the_key_is_kept_and_made_once(tmp_path: Path) -> None:
    keys: list[str] = []
    file = tmp_path / "secret.key"
    threads = [
        threading.Thread(target=lambda: keys.append(instance.read_or_make(file))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    [key] = set(keys)
    assert re.fullmatch("[0-9a-f]{64}", key)
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]
    with application(tmp_path) as app:
        assert app.secret_key == key


def test_of_two_first_starts_the_first_key_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "secret.key"
    link = os.link

    def late(source: str, target: Path) -> None:
        file.write_text("the other process's")
        link(source, target)

    monkeypatch.setattr(os, "link", late)
    assert instance.read_or_make(file) == "the other process's"


def test_several_processes_may_start_at_once_on_an_empty_folder(tmp_path: Path) -> None:
    code = "import sys; from snippets.application import create_app; "
    code += "print(flush=True); input(); create_app(sys.argv[1])"
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    command = [sys.executable, "-c", code, str(tmp_path / "instance")]
    started = [subprocess.Popen(command, cwd=ROOT, text=True, **pipes) for _ in range(6)]
    # all have come as far as that, and go on at the same moment
    assert [process.stdout and process.stdout.readline() for process in started] == ["\n"] * 6
    for process in started:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in started:
        process.communicate()
    assert [process.returncode for process in started] == [0] * 6
    with application(tmp_path / "instance") as app:
        Visitor(app).register()


def test_settings_come_from_the_environment_and_a_given_key_makes_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTES_SECRET_KEY", "from outside")
    monkeypatch.setenv("NOTES_PER_PAGE", "3")
    monkeypatch.setenv("NOTES_SESSION_COOKIE_SECURE", "true")
    monkeypatch.setenv("NOTES_SQLALCHEMY_DATABASE_URI", "sqlite://")
    with application(tmp_path) as app:
        assert (app.secret_key, app.config["PER_PAGE"]) == ("from outside", 3)
        assert app.config["SESSION_COOKIE_SECURE"] is True
        assert list(tmp_path.iterdir()) == []
    with application(tmp_path, PER_PAGE=4) as app:
        assert app.config["PER_PAGE"] == 4
    # the database has its private folder all the same
    folder = tmp_path / "private"
    monkeypatch.delenv("NOTES_SQLALCHEMY_DATABASE_URI")
    with application(folder):
        assert {path.name for path in folder.iterdir()} == {"notes.db", ".gitignore"}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_tables_are_made_for_sqlite_and_by_the_command_for_a_server(
    postgresql_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"postgresql+psycopg://postgres@127.0.0.1:{postgresql_server.port}/postgres"
    for uri, tables in ((url, []), ("sqlite://", ["audit_entry", "note", "user"])):
        with application(tmp_path, SQLALCHEMY_DATABASE_URI=uri) as app, app.app_context():
            assert sorted(inspect(db.engine).get_table_names()) == tables


def test_the_command_makes_what_is_missing_and_deletes_only_when_told(
    app: Flask, ada: Visitor
) -> None:
    run = app.test_cli_runner().invoke
    made = run(args=["init-db"])
    assert (made.exit_code, made.output) == (0, "Tables: audit_entry, note, user\n")
    assert run(args=["init-db", "--fresh"], input="n\n").exit_code == 1
    assert count(app, User) == 1
    fresh = run(commands.init_db, ["--fresh"], input="y\n")
    assert fresh.exit_code == 0
    assert count(app, User) == 0
    assert "sessions.db" not in fresh.output
    # the password of a database is not shown
    assert "Delete everything in sqlite:////" in fresh.output
    purged = run(args=["sessions", "purge"])
    assert purged.output.endswith("Expired sessions removed: 0\n")


# Numbers, passwords, sessions


@pytest.mark.parametrize(
    "spelling",
    [
        "13800138000",
        "138 0013 8000",
        "+86 138-0013-8000",
        "0086 13800138000",
        "１３８００１３８０００",
    ],
)
def test_a_number_is_one_account_however_it_is_spelt(app: Flask, spelling: str) -> None:
    assert mobile.normalize(spelling) == "+8613800138000"
    Visitor(app).register(spelling)
    answer = Visitor(app).post("/register", mobile=ADA, password=PASSWORD, again=PASSWORD)
    assert answer.status_code == 422
    assert "This number is registered already" in said(answer)


@pytest.mark.parametrize(
    "number",
    [
        *["", "10086", "12800138000", "1380013800", "138001380000", "+8612800138000", "+86"],
        *["+123456", "+1234567890123456", "+0234567", "hello", "+4915112345678'--", "1380013800a"],
    ],
)
def test_what_is_no_number_is_refused(app: Flask, number: str) -> None:
    answer = Visitor(app).post("/register", mobile=number, password=PASSWORD, again=PASSWORD)
    assert answer.status_code == 422
    assert "This is not a mobile number." in said(answer)
    assert count(app, User) == 0
    assert not mobile.is_valid(mobile.normalize(None))


@pytest.mark.usefixtures("real_hashes")
def test_a_password_is_stored_as_a_salted_hash(app: Flask) -> None:
    Visitor(app).register()
    Visitor(app).register(BERT)
    with app.app_context():
        first, second = db.session.scalars(select(User.password_hash))
    assert first.startswith("scrypt:")
    assert first != second
    assert PASSWORD not in first


def test_an_unknown_number_costs_and_says_what_a_wrong_password_does(
    app: Flask, ada: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    monkeypatch.setattr(
        logins, "check_password_hash", lambda known, given: checked.append(known) or False
    )
    stranger = Visitor(app)
    answers = [said(stranger.login(number)) for number in (ADA, BERT)]
    assert answers[0] == answers[1]
    assert "The number or the password is wrong." in answers[0]
    assert checked[1] == logins.NOBODY
    # of the same kind as a real one
    assert logins.NOBODY.split("$")[0] == generate_password_hash("x").split("$")[0]


def test_the_login_changes_id_and_token_and_ends_the_old_session(app: Flask) -> None:
    ada = Visitor(app)
    token = ada.token()
    before = ada.client.get_cookie("session")
    ada.register()
    after = ada.client.get_cookie("session")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert ada.token() != token
    # with the id of before the login there is nothing to be had
    other = Visitor(app)
    other.client.set_cookie("session", before.value)
    assert other.get("/notes/").status_code == 303
    assert other.client.post("/logout", data={"csrf_token": token}).status_code == 400


def test_the_login_leads_to_the_page_that_was_asked_for(app: Flask, ada: Visitor) -> None:
    address = ada.write("First")
    ada.post("/logout")
    asked = ada.get(f"{address}?x=1")
    assert (asked.status_code, asked.location) == (303, "/login")
    assert "Log in first." in said(ada.get("/login"))
    assert ada.login().location == f"{address}?x=1"
    ada.post("/logout")
    assert ada.login().location == "/notes/"
    ada.post("/logout")
    # also where the application is mounted below a path
    mounted = {"base_url": "http://localhost/app", "headers": ada.headers}
    assert ada.client.get("/account/", **mounted).location == "/app/login"
    assert ada.login().location == "/app/account/"


def test_a_login_ends_when_its_account_is_gone(app: Flask, ada: Visitor) -> None:
    with app.app_context():
        db.session.delete(db.session.scalars(select(User)).one())
        db.session.commit()
    assert ada.get("/notes/").status_code == 303


def test_the_first_page_greets_strangers_and_leads_users_on(app: Flask, ada: Visitor) -> None:
    assert "A notebook that is yours alone" in said(Visitor(app).get("/"))
    assert ada.get("/").location == "/notes/"


def test_a_static_file_costs_neither_session_nor_database(
    app: Flask, ada: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    read = FileSystemSessionInterface.load
    monkeypatch.setattr(FileSystemSessionInterface, "load", lambda *a: asked.append(a) or read(*a))
    answer = ada.get("/static/notes.css")
    assert (answer.status_code, asked) == (200, [])
    answer.close()
    ada.get("/login")
    assert len(asked) == 1


def test_a_call_outside_of_the_guard_answers_401(app: Flask) -> None:
    with app.test_request_context("/"), pytest.raises(Exception, match="401"):
        users.the_user()


# Audit


def test_the_trail_has_address_and_id_of_the_request(app: Flask, ada: Visitor) -> None:
    heard: list[int] = []

    def hear(sender: Flask, user_id: int, **extra: object) -> None:
        heard.append(user_id)

    with audit.login_failed.connected_to(hear, app):
        answer = Visitor(app).login(password="wrong horse")
    assert heard == [1]
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        assert (entry.event, entry.user_id, entry.address) == ("login-failed", 1, "127.0.0.1")
        assert entry.request_id == answer.headers["X-Request-ID"]
        # nobody's failure has no user
        assert Visitor(app).login(BERT).status_code == 422
        [last] = db.session.scalars(
            select(AuditEntry.user_id).order_by(AuditEntry.id.desc()).limit(1)
        )
    assert last is None


def test_each_signal_has_a_name_on_the_account_page_and_each_application_its_own_trail(
    app: Flask, ada: Visitor, tmp_path_factory: pytest.TempPathFactory
) -> None:
    template = PACKAGE.joinpath("templates/account.html").read_text(encoding="utf-8")
    assert set(re.findall(r'^  "([\w-]+)": _', template, re.MULTILINE)) == set(audit.events)
    with application(tmp_path_factory.mktemp("second")) as second:
        Visitor(second).register()
        assert (count(app, AuditEntry), count(second, AuditEntry)) == (1, 1)
    assert account.bp.name == "account"


def test_a_trail_that_fails_is_logged_and_undoes_nothing(
    app: Flask, ada: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context():
        AuditEntry.__table__.drop(db.engine)
    Visitor(app).register(BERT)
    assert count(app, User) == 2
    assert "The audit trail has a gap: registered by user 2" in caplog.text


# Languages


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("zh-CN,en;q=0.8", "zh"),
        ("en-US,zh;q=0.5", "en"),
        ("zh-Hans-CN", "zh"),
        ("zh_TW", "zh"),
        ("de,zh;q=0.5", "zh"),
        ("zh;q=0,de", "en"),
        ("de", "en"),
        ("*", "en"),
        ("", "en"),
        (";;,,q=", "en"),
    ],
)
def test_the_language_is_the_first_that_the_browser_likes(
    app: Flask, wanted: str, language: str
) -> None:
    answer = Visitor(app, wanted).get("/login")
    page = parsed(answer)
    assert answer.content_language.as_set() == {language}
    assert "Accept-Language" in answer.vary
    assert page.html is not None
    assert page.html["lang"] == {"zh": "zh-CN", "en": "en"}[language]
    assert page.select_one("h1").get_text() == {"zh": "登录", "en": "Log in"}[language]  # type: ignore[union-attr]


def test_best_match_would_prefer_an_exact_tag(app: Flask) -> None:
    for wanted, found in (("zh-CN,en;q=0.8", "en"), ("en-US,zh;q=0.5", "zh")):
        with app.test_request_context(headers={"Accept-Language": wanted}):
            assert request.accept_languages.best_match(["en", "zh"]) == found
            assert languages.language() != found
            assert f"`{wanted}`" in TEXT


def test_the_catalog_is_complete_and_has_nothing_else() -> None:
    keywords = {"_": None, "gettext": None, "marked": None, "ngettext": (1, 2)}
    methods = [("templates/**.html", "jinja2.ext:babel_extract"), ("**.py", "python")]
    options = {"templates/**.html": {"silent": "false", "newstyle_gettext": "true"}}
    found = extract_from_dir(PACKAGE, methods, options, keywords)
    texts = {text for _, _, text, _, _ in found}
    with PACKAGE.joinpath("translations/zh.po").open("rb") as file:
        catalog = read_po(file, abort_invalid=True)
    assert len(texts) > 50
    assert {entry.id for entry in catalog if entry.id} == texts
    for entry in catalog:
        if entry.id:
            assert entry.string, entry.id
            assert not entry.fuzzy
            assert list(entry.check()) == []
    assert not catalog.obsolete


def test_forms_errors_and_messages_are_translated_too(app: Flask) -> None:
    ada = Visitor(app, "zh-CN,zh;q=0.9")
    answer = said(ada.post("/register", mobile="1", password="short", again="other"))
    # our own, and those of WTForms
    for words in (
        "这不是手机号。",
        "两次输入的密码不一样。",
        "字段长度必须介于 8 到 200 个字符之间。",
    ):
        assert words in answer
    ada.register()
    assert "欢迎！写下第一条笔记吧。" in said(ada.get("/notes/"))
    ada.write("早")
    assert "1 条笔记" in said(ada.get("/notes/"))
    assert "这个地址上什么也没有。" in said(ada.get("/nothing"))
    one = Visitor(app)
    one.login()
    assert "1 note" in said(one.get("/notes/"))
    one.write("two")
    assert "2 notes" in said(one.get("/notes/"))


def test_outside_a_request_the_language_is_english(app: Flask) -> None:
    with app.app_context():
        assert (languages.language(), languages.gettext("Log in")) == ("en", "Log in")


def test_a_function_of_new_style_gettext_escapes_nothing_and_the_filter_does(app: Flask) -> None:
    with app.test_request_context():
        render = app.jinja_env.from_string
        assert render("{{ _(text) }}").render(text="<b>") == "<b>"
        autoescaped = app.jinja_env.overlay(autoescape=True).from_string
        assert autoescaped("{{ _(text) }}").render(text="<b>") == "<b>"
        assert autoescaped("{{ text|translate }}").render(text="<b>") == "&lt;b&gt;"


# Bad input: the table of the page, row by row


def sent(visitor: Visitor, path: str = "/notes/new", **options: Any) -> TestResponse:
    """Post what no form of ours sends; a valid token goes along, where no other is given."""
    headers = {"Accept-Language": "en", "X-CSRFToken": visitor.token()}
    return visitor.client.post(path, headers=headers | options.pop("headers", {}), **options)


def cookie(visitor: Visitor, value: str) -> TestResponse:
    visitor.client.set_cookie("session", value)
    return visitor.get("/notes/")


EMOJI = "😀"
BAD: dict[str, Callable[[Visitor, str], TestResponse]] = {
    "A title of 101 characters": lambda ada, _: ada.post("/notes/new", title="x" * 101),
    "A form without its text": lambda ada, _: ada.post("/notes/new", title="x"),
    "A NUL in a text": lambda ada, _: ada.post("/notes/new", title="x", text="a\0b"),
    "A file in the place of a text": lambda ada, _: ada.post(
        "/notes/new", title=(io.BytesIO(b"x"), "x.txt"), text="x"
    ),
    "JSON in the place of a form": lambda ada, _: sent(ada, json=[1, 2]),
    "A broken multipart body": lambda ada, _: sent(
        ada, data=b"--x\r\n", content_type="multipart/form-data; boundary=x"
    ),
    "Fields that the form does not have: `owner_id`, `id`": lambda ada, _: ada.post(
        "/notes/new", title="mine", text="x", owner_id="2", id="77"
    ),
    "`<script>` in a title": lambda ada, _: ada.post("/notes/new", title="<script>1</script>"),
    "No CSRF token, or a wrong one": lambda ada, _: ada.client.post(
        "/notes/new", data={"title": "x", "text": "my text", "csrf_token": "wrong"}
    ),
    "The CSRF token of another session": lambda ada, _: ada.client.post(
        "/notes/new",
        data={
            "title": "x",
            "text": "my text",
            "csrf_token": Visitor(ada.client.application).token(),
        },
    ),
    "A body of 200,000 bytes": lambda ada, _: ada.post("/notes/new", title="x", text="x" * 200_000),
    "A form of more than 20 parts": lambda ada, _: sent(
        ada, data={f"a{n}": "x" for n in range(30)}, content_type="multipart/form-data"
    ),
    "A note's number without its signature": lambda ada, _: ada.get("/notes/1"),
    "A signature of another number": lambda ada, address: ada.get(
        address.replace("/notes/1.", "/notes/2.")
    ),
    "Somebody else's signed address": lambda ada, address: (
        Visitor(ada.client.application).register(BERT).get(address)
    ),
    "A version that is no number": lambda ada, address: ada.post(
        address, title="x", text="my text", version="x"
    ),
    "`?page=0`, or a page past the last": lambda ada, _: ada.get("/notes/?page=0"),
    "`?page=99999999999999999999`": lambda ada, _: ada.get(f"/notes/?page={'9' * 20}"),
    "`?page=x`": lambda ada, _: ada.get("/notes/?page=x"),
    "A made-up session cookie": lambda ada, _: cookie(ada, "A" * 43),
    "A note, when the login has ended": lambda ada, _: (
        ada.post("/logout"),
        ada.post("/notes/new", title="x", text="my text"),
    )[1],
    "PUT where there is none": lambda ada, _: ada.client.put(
        "/notes/new", headers={"X-CSRFToken": ada.token()}
    ),
    "A number that is registered": lambda ada, _: ada.post(
        "/register", mobile=ADA, password=PASSWORD, again=PASSWORD
    ),
}


def table(label: str) -> dict[str, list[str]]:
    """Return the rows of the first table after a label of the page: first cell to the others."""
    after = TEXT.split(f"({label})=", 1)[1].split("\n(", 1)[0]
    rows = [line.strip("| ").split(" | ") for line in after.splitlines() if line.startswith("|")]
    return {first: others for first, *others in rows[2:]}


def test_the_table_of_bad_input_is_what_is_tested() -> None:
    assert list(table("application-bad-input")) == list(BAD)


def test_the_chinese_page_quotes_the_chinese_interface() -> None:
    page = polib.pofile(str(ROOT / "locale/zh_CN/LC_MESSAGES/guide/application.po"))
    own = polib.pofile(str(PACKAGE / "translations/zh.po"))
    wtforms = get_translations(["zh"])
    longest = "Field cannot be longer than %(max)d character"
    texts = [entry.msgstr for entry in own] + [
        wtforms.gettext("This field is required."),
        wtforms.ngettext(f"{longest}.", f"{longest}s.", 100) % {"max": 100},
    ]
    rows = [entry for entry in page if entry.msgid.startswith("“")]
    assert len(rows) >= 10
    for row in rows:
        [quoted] = re.findall("“([^”]+)”", row.msgstr)
        assert any(quoted in text for text in texts), quoted


@pytest.mark.parametrize("what", BAD)
def test_bad_input_has_a_clear_answer_and_costs_nothing(
    app: Flask, ada: Visitor, what: str
) -> None:
    address = ada.write("First", "one")
    answer = BAD[what](ada, address)
    status, says = table("application-bad-input")[what]
    assert str(answer.status_code) == status
    shown = said(answer) if answer.mimetype == "text/html" and answer.status_code != 303 else ""
    for quoted in re.findall(r"“([^”]+)”", says):
        assert quoted in shown, shown
    if "text given back" in says:
        assert "my text" in [kept.get_text() for kept in parsed(answer).select("pre")]
    assert "Location" not in answer.headers or f"`{answer.location}`" in says
    # what was there is there, of its owner
    with app.app_context():
        rows = db.session.execute(select(Note.id, Note.owner_id, Note.title)).all()
    assert rows[0] == (1, 1, "First")
    assert {owner for _, owner, _ in rows} == {1}
    assert len(rows) == (2 if "saved" in says.lower().split() else 1), rows


def test_a_title_is_shown_as_text(app: Flask, ada: Visitor) -> None:
    ada.write("<script>alert(1)</script>", "{{ 7 * 7 }} %(n)s <b>")
    assert ada.titles() == ["<script>alert(1)</script>"]
    assert "{{ 7 * 7 }} %(n)s <b>" in said(ada.get("/notes/"))
    assert "<script" not in ada.get("/notes/").text


def test_without_the_own_wrapper_a_file_or_json_would_break_the_form(
    app: Flask, ada: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(forms.Form.Meta, "wrap_formdata")
    assert BAD["A file in the place of a text"](ada, "").status_code == 500
    assert BAD["JSON in the place of a form"](ada, "").status_code == 500


def test_the_longest_note_fits_into_the_longest_body(app: Flask, ada: Visitor) -> None:
    ada.write("题" * 100, EMOJI * 5000)
    with app.app_context():
        assert db.session.scalars(select(Note.text)).one() == EMOJI * 5000
    longer = ada.post("/notes/new", title="x", text="x" * 5001)
    assert longer.status_code == 422
    assert "x" * 5001 in longer.text


def test_a_form_is_good_as_long_as_its_session(
    app: Flask, ada: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = ada.token()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 86_400)
    data = {"title": "x", "text": "", "csrf_token": token}
    assert ada.client.post("/notes/new", data=data).status_code == 303
    app.config["WTF_CSRF_TIME_LIMIT"] = 3600
    assert ada.client.post("/notes/new", data=data).status_code == 400


def test_a_huge_body_over_a_socket_is_refused_before_it_is_read(app: Flask) -> None:
    with served(app) as address:
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            head = f"POST /login HTTP/1.1\r\nHost: {host}\r\nContent-Length: 100000000\r\n"
            head += "Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\r\n"
            connection.sendall(head.encode())
            assert connection.recv(64).split(b"\r\n")[0].endswith(b"413 REQUEST ENTITY TOO LARGE")


# Errors and headers


def test_an_error_of_ours_shows_a_number_that_the_log_has(
    app: Flask, ada: Visitor, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise LookupError("a secret detail")

    monkeypatch.setitem(app.view_functions, "notes.index", fail)
    answer = ada.get("/notes/")
    number = answer.headers["X-Request-ID"]
    assert answer.status_code == 500
    assert number in said(answer)
    assert "a secret detail" not in answer.text
    assert f"The request that failed: {number}" in caplog.text
    assert "a secret detail" in caplog.text


def test_without_its_database_it_answers_500(app: Flask, ada: Visitor) -> None:
    with app.app_context():
        db.drop_all()
    answer = ada.get("/notes/")
    assert answer.status_code == 500
    assert errors.TEXTS[500] in said(answer)


def test_without_its_session_store_it_answers_503(tmp_path: Path) -> None:
    with application(tmp_path, REDIS_URL=f"redis://127.0.0.1:{free_port()}") as app:
        # it cannot be written for a stranger, and not be read for a user
        stranger, user = Visitor(app), Visitor(app)
        user.client.set_cookie("session", "A" * 43)
        for visitor, path in ((stranger, "/login"), (user, "/notes/"), (user, "/nothing")):
            answer = visitor.get(path)
            status = 404 if path == "/nothing" else 503
            assert answer.status_code == status
            assert errors.TEXTS[status] in said(answer)


def test_an_error_page_takes_no_flashed_message(app: Flask, ada: Visitor) -> None:
    ada.post("/notes/new", title="x", text="")
    assert ada.get("/favicon.ico").status_code == 404
    assert "Saved." in said(ada.get("/notes/"))


def test_an_error_without_a_text_of_ours_has_its_name(app: Flask) -> None:
    app.add_url_rule("/teapot", "teapot", lambda: abort(418))
    assert "I'm a teapot" in said(Visitor(app).get("/teapot"))


@pytest.mark.parametrize("path", ["/", "/login", "/nothing", "/notes/", "/static/notes.css"])
def test_every_answer_has_the_headers(app: Flask, path: str) -> None:
    answer = Visitor(app).get(path)
    for name, value in middleware.HEADERS.items():
        if (path, name) != ("/static/notes.css", "Cache-Control"):
            assert answer.headers[name] == value
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-ID"])
    answer.close()


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(app: Flask) -> None:
    [header] = Visitor(app).get("/login").headers.getlist("Set-Cookie")
    assert {"HttpOnly", "SameSite=Lax"} <= set(header.split("; "))
    app.config["SESSION_COOKIE_SECURE"] = True
    assert "Secure" in Visitor(app).get("/login").headers["Set-Cookie"]


def test_no_template_has_script_or_style_in_it() -> None:
    for file in PACKAGE.joinpath("templates").glob("*.html"):
        source = file.read_text(encoding="utf-8")
        assert not re.search(r"<script|<style|\bstyle=|\bon\w+=|https?://", source), file


# The parts of other pages, and the application of the exchanges


def test_the_application_of_the_exchanges_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    default = Path(Flask("snippets.application").instance_path)
    before = list(default.rglob("*"))
    with closing(recorded.create_app()) as app:
        assert app.instance_path == str(default)
        client = app.test_client()
        fields = {"mobile": ADA, "password": PASSWORD, "again": PASSWORD}
        assert client.post("/register", data=fields).status_code == 303
        assert client.get("/notes/").status_code == 200
    assert list(default.rglob("*")) == before
    assert list(tmp_path.iterdir()) == []


def test_sessions_hold_an_id_and_a_generation_and_no_more(app: Flask, ada: Visitor) -> None:
    assert isinstance(app.session_interface, FileSystemSessionInterface)
    assert sessions.__doc__ is not None
    with ada.client as client:
        client.get("/account/")
        assert session["user"] == (1, 0)
        assert set(session) == {"user", "csrf_token"}


def test_two_url_parameters_of_the_list_cannot_be_chosen_from_outside(
    app: Flask, ada: Visitor
) -> None:
    for number in range(8):
        ada.write(str(number))
    assert len(ada.titles("/notes/?per_page=100")) == 6
    assert notes.bp.url_prefix == "/notes"
    assert note.bp.url_prefix == '/notes/<signed("note"):note_id>'


# What the page says of errors and settings


def test_the_settings_of_the_page_are_settings() -> None:
    names = re.findall(r"^\| `NOTES_(\w+)` \|", TEXT, re.MULTILINE)
    assert len(names) == 5
    with closing(recorded.create_app()) as app:
        assert set(names) <= set(app.config)


def test_the_entry_on_the_page_is_in_the_catalog() -> None:
    [entry] = re.findall(r"^(msgid .*\nmsgstr .*)$", TEXT, re.MULTILINE)
    assert entry in PACKAGE.joinpath("translations/zh.po").read_text(encoding="utf-8")


def raised(app: Flask, caplog: pytest.LogCaptureFixture, call: Callable[[], TestResponse]) -> str:
    """Return the last line of the traceback that a request leaves in the log."""
    assert call().status_code == 500
    [record] = [record for record in caplog.records if record.exc_info]
    assert record.exc_info is not None
    assert record.exc_info[0] is not None
    return f"{record.exc_info[0].__name__}: {record.exc_info[1]}"


def test_a_file_in_the_place_of_a_text_raises_what_the_page_quotes(
    app: Flask,
    ada: Visitor,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.delattr(forms.Form.Meta, "wrap_formdata")
    said = raised(app, caplog, lambda: BAD["A file in the place of a text"](ada, ""))
    assert f"{{pitfall}} `{said}`" in TEXT


def test_flask_wtf_wants_the_referrer_under_https_and_our_policy_sends_it(app: Flask) -> None:
    reasons: list[str] = []
    app.register_error_handler(
        CSRFError, lambda error: (reasons.append(error.description) or "", 400)
    )
    client = app.test_client()
    options: dict[str, Any] = {"base_url": "https://localhost"}
    page = BeautifulSoup(client.get("/login", **options).text, "lxml")
    token = page.select_one("[name=csrf_token]")["value"]  # type: ignore[index]
    fields = {"mobile": ADA, "password": PASSWORD, "again": PASSWORD, "csrf_token": token}
    assert client.post("/register", data=fields, **options).status_code == 400
    assert [f"{{pitfall}} `{reason}`" in TEXT for reason in reasons] == [True]
    options["headers"] = {"Referer": "https://localhost/register"}
    assert client.post("/register", data=fields, **options).status_code == 303
    assert middleware.HEADERS["Referrer-Policy"] == "same-origin"


def test_an_old_token_says_what_the_page_quotes(
    app: Flask, ada: Visitor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "flask_wtf.csrf")
    app.config["WTF_CSRF_TIME_LIMIT"] = 3600
    token, now = ada.token(), time.time()
    monkeypatch.setattr(time, "time", lambda: now + 3700)
    assert ada.client.post("/logout", data={"csrf_token": token}).status_code == 400
    [record] = [record for record in caplog.records if record.name == "flask_wtf.csrf"]
    assert f"{{pitfall}} `{record.getMessage()}`" in TEXT


def test_after_an_integrity_error_only_a_rollback_helps(app: Flask, ada: Visitor) -> None:
    with app.app_context():
        db.session.add(User(mobile="+8613800138000", password_hash="x"))
        with pytest.raises(IntegrityError):
            db.session.flush()
        with pytest.raises(PendingRollbackError):
            db.session.scalar(select(User.id))
        db.session.rollback()
        assert db.session.scalar(select(User.id)) == 1


def test_without_a_version_the_later_update_wins(app: Flask, ada: Visitor) -> None:
    ada.write("First", "one")
    with app.app_context(), app.app_context():
        here = db.session.scalars(select(Note)).one()
        with app.app_context():
            there = db.session.scalars(select(Note)).one()
            there.text = "theirs"
            db.session.commit()
        here.text = "mine"
        with pytest.raises(StaleDataError):
            db.session.commit()
        db.session.rollback()
        # the statement that a model without a version column would send
        db.session.execute(update(Note).where(Note.id == 1).values(text="mine"))
        db.session.commit()
        assert db.session.scalars(select(Note.text)).all() == ["mine"]


def test_405_keeps_its_header(app: Flask, ada: Visitor) -> None:
    answer = BAD["PUT where there is none"](ada, "")
    assert {"GET", "POST"} <= set(answer.allow)


def test_behind_a_proxy_the_trail_has_the_visitors_address(app: Flask) -> None:
    app.wsgi_app = ProxyFix(app.wsgi_app)  # type: ignore[method-assign]
    visitor = Visitor(app)
    visitor.headers["X-Forwarded-For"] = "203.0.113.9"
    visitor.register()
    assert "203.0.113.9" in said(visitor.get("/account/"))


def test_a_large_body_ends_before_the_view_and_a_post_leaves_in_the_order_of_the_page(
    app: Flask, ada: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    token = ada.token()

    def note_step(owner: object, name: str, step: str) -> None:
        inner = getattr(owner, name)

        def outer(*args: Any, **kwargs: Any) -> Any:
            steps.append(step)
            return inner(*args, **kwargs)

        monkeypatch.setattr(owner, name, outer)

    note_step(app.session_interface, "open_session", "open")
    note_step(app.session_interface, "load", "read")
    note_step(users, "current_user", "user")
    note_step(app.session_interface, "save_session", "save")
    monkeypatch.setitem(
        app.view_functions,
        "notes.write",
        lambda inner=app.view_functions["notes.write"]: (
            steps.append("view"),
            inner(),
        )[1],
    )
    fields = {"title": "x", "text": "", "csrf_token": token}
    assert ada.client.post("/notes/new", data=fields).status_code == 303
    assert list(dict.fromkeys(steps)) == ["open", "read", "user", "view", "save"]
    steps.clear()
    fields["text"] = "x" * 200_000
    assert ada.client.post("/notes/new", data=fields).status_code == 413
    assert "view" not in steps
    assert "user" not in steps


def test_a_page_of_the_list_costs_three_queries(app: Flask, ada: Visitor) -> None:
    for number in range(3):
        ada.write(str(number))
    asked: list[str] = []

    def watch(connection: object, cursor: object, statement: str, *_: object) -> None:
        asked.append(" ".join(re.findall(r'FROM "?(\w+)', statement)))

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", watch)
    ada.get("/notes/")
    # who is there by primary key, the notes, and their number
    assert asked == ["user", "note", "note"]
    asked.clear()
    ada.get("/account/")
    assert asked == ["user", "audit_entry"]


def test_with_the_default_of_flask_wtf_its_messages_stay_english(app: Flask) -> None:
    visitor = Visitor(app, "zh")
    assert "该字段是必填字段。" in said(visitor.post("/login", mobile=ADA))
    app.config["WTF_I18N_ENABLED"] = True
    assert "This field is required." in said(visitor.post("/login", mobile=ADA))


def test_a_link_logs_nobody_out(app: Flask, ada: Visitor) -> None:
    for path in ("/logout", "/account/logout-everywhere"):
        assert ada.get(path).status_code == 405
    assert ada.get("/notes/").status_code == 200


def test_postgresql_stores_no_nul(postgresql_server: Server) -> None:
    url = f"postgresql+psycopg://postgres@127.0.0.1:{postgresql_server.port}/postgres"
    engine = create_engine(url)
    with engine.connect() as connection, pytest.raises(DataError, match="NUL"):
        connection.execute(text("SELECT :text"), {"text": "a\0b"})
    engine.dispose()


def test_each_stranger_who_opens_a_form_leaves_a_file(app: Flask, tmp_path: Path) -> None:
    Visitor(app).get("/")
    assert list(tmp_path.glob("sessions/*/*")) == []
    for _ in range(2):
        Visitor(app).get("/login")
    assert len(list(tmp_path.glob("sessions/*/*"))) == 2


# A real browser


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve the application on a free port and yield its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    if executable is None:
        pytest.skip("Chromium is not installed: sudo apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


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


def sign(page: Page, address: str, register: bool = True) -> None:
    page.goto(f"{address}/{'register' if register else 'login'}")
    page.get_by_label("Mobile number").fill(ADA)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    if register:
        page.get_by_label("Password again").fill(PASSWORD)
    page.locator("main button").click()
    page.wait_for_url(f"{address}/notes/")


def put(page: Page, title: str, text: str) -> None:
    page.get_by_role("link", name="New note").click()
    page.get_by_label("Title").fill(title)
    page.get_by_label("Text").fill(text)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("Saved.")


def test_a_browser_registers_writes_turns_pages_and_logs_out_everywhere(
    app: Flask, address: str, reader: Reader
) -> None:
    app.config["PER_PAGE"] = 2
    desk = reader(locale="en-GB")
    sign(desk, address)
    expect(desk.get_by_role("status")).to_have_text("Welcome! Write your first note.")
    for number in (1, 2, 3):
        put(desk, f"Note {number}", "a line\nanother 😀")
    expect(desk.locator(".notes h2")).to_have_text(["Note 3", "Note 2"])
    desk.get_by_role("link", name="Older").click()
    expect(desk.locator(".notes h2")).to_have_text(["Note 1"])
    desk.get_by_role("link", name="Note 1").click()
    desk.get_by_label("Text").fill("changed")
    desk.get_by_role("button", name="Save").click()
    desk.get_by_role("link", name="Note 2").click()
    desk.get_by_text("Delete this note").click()
    desk.get_by_role("button", name="Delete it").click()
    expect(desk.get_by_role("status")).to_have_text("Deleted.")
    put(desk, "Note 4", "")
    phone = reader(locale="en-GB", width=390)
    sign(phone, address, register=False)
    phone.get_by_role("link", name="Older").click()
    expect(phone.locator(".notes .text")).to_have_text("changed")
    phone.get_by_role("link", name="Account").click()
    expect(phone.locator("tbody tr")).to_have_count(3)
    phone.get_by_role("button", name="Log out everywhere").click()
    expect(phone.get_by_role("status")).to_have_text("You are logged out in every browser.")
    desk.get_by_role("link", name="My notes").click()
    expect(desk).to_have_url(f"{address}/login")
    desk.go_back()
    expect(desk).to_have_url(f"{address}/login")


MISSING = "Failed to load resource: the server responded with a status of 404 (NOT FOUND)"


@pytest.mark.parametrize(
    ("locale", "width", "scheme"), [("zh-CN", 390, "dark"), ("en-GB", 1280, "light")]
)
def test_every_page_fits_and_axe_finds_nothing(
    app: Flask, address: str, reader: Reader, locale: str, width: int, scheme: Any
) -> None:
    page = reader(width=width, locale=locale, color_scheme=scheme)
    found: dict[str, Any] = {}

    def look(path: str) -> None:
        page.goto(address + path)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, (path, wide)
        report = Axe().run(page).response
        assert report["passes"]
        found.update({f"{path} {fault['id']}": fault["nodes"] for fault in report["violations"]})
        assert page.locator("html").get_attribute("lang") == locale.replace("-GB", "")

    for path in ("/", "/login", "/register"):
        look(path)
    for name, value in (("mobile", ADA), ("password", PASSWORD), ("again", PASSWORD)):
        page.locator(f"[name={name}]").fill(value)
    page.locator("main button").click()
    page.wait_for_url(f"{address}/notes/")
    with app.app_context():
        for number in range(8):
            db.session.add(Note(owner_id=1, title=f"{number}" + "W" * 99, text="x" * 300))
        db.session.commit()
    page.goto(f"{address}/notes/")
    note_path = page.locator(".notes a").first.get_attribute("href")
    for path in ("/notes/", str(note_path), "/notes/new", "/account/", "/nothing"):
        look(path)
    assert found == {}
    # a page that is not there is a fault for the reader, and the only one
    assert reader.faults == [f"console: {MISSING}"]
    reader.faults.clear()


def test_an_error_is_linked_to_its_field_and_the_keyboard_is_enough(
    address: str, reader: Reader
) -> None:
    page = reader(locale="en-GB")
    page.goto(f"{address}/register")
    page.keyboard.press("Tab")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) == "solid"
    page.get_by_label("Mobile number").fill("10086")
    page.keyboard.press("Enter")
    field = page.get_by_label("Mobile number")
    expect(field).to_have_accessible_description("This is not a mobile number.")
    expect(field).to_have_attribute("aria-invalid", "true")
    assert Axe().run(page).violations_count == 0
    [fault] = reader.faults
    assert "422 (UNPROCESSABLE ENTITY)" in fault
    reader.faults.clear()


def test_a_note_that_was_not_saved_is_shown_because_the_way_back_is_empty(
    app: Flask, address: str, reader: Reader
) -> None:
    page = reader(locale="en-GB")
    sign(page, address)
    page.get_by_role("link", name="New note").click()
    page.get_by_label("Title").fill("An hour of work")
    page.context.clear_cookies()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("pre")).to_have_text("An hour of work")
    sign(page, address, register=False)
    page.goto(f"{address}/notes/new")
    page.get_by_label("Title").fill("An hour of work")
    page.goto(f"{address}/account/")
    page.go_back()
    expect(page.get_by_label("Title")).to_have_value("")
    [fault] = reader.faults
    assert "400 (BAD REQUEST)" in fault
    reader.faults.clear()


def test_no_script_runs_not_even_one_that_got_into_a_page(
    app: Flask, address: str, reader: Reader
) -> None:
    script = "<h1>x</h1><script>document.title = 'ran'</script><img src=/x onerror=alert(1)>"
    app.view_functions["registration.welcome"] = lambda: script
    page = reader()
    page.goto(address)
    expect(page.locator("h1")).to_have_text("x")
    assert page.title() != "ran"
    # Only then is everything said that there is to say.
    page.close()
    assert any("Content Security Policy" in fault for fault in reader.faults)
    reader.faults.clear()
