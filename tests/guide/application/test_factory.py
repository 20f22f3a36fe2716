"""The factory, its settings, the instance folder and the tables: docs/guide/application.md."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import URL, inspect

from proven.claims.proofs import proves
from snippets.application import commands, instance, recorded, settings, tables
from snippets.application.models import User, db
from tests.guide.application.common import (
    ADA,
    PASSWORD,
    ROOT,
    TEXT,
    Visitor,
    application,
    closing,
    count,
)
from tests.servers import Server, free_port, wait_for


@proves(
    "guide/application",
    "Run the command in the root of this repository and open http://127.0.0.1:5000/.",
    "You need no database server: the database is a file, and so is each session.",
    "The application creates them if they are missing.",
    "The database, the sessions and the secret key are in the instance folder.",
    "The application generates the key at the first start, in a file that only its owner can read.",
    "The folder contains a .gitignore with *, so Git ignores everything in it.",
)
@proves("index", "Then run A finished application, which starts with one command.")
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


@proves(
    "guide/application",
    "os.link() does not replace an existing file, so only one key is stored, and both "
    "workers read it.",
)
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


@proves(
    "guide/application",
    "The tables below are created under a lock, so the second worker waits and then finds them.",
)
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


@proves(
    "guide/application",
    "An environment variable with the prefix NOTES_ overrides the default, through "
    "from_prefixed_env().",
    "An argument of create_app, as in the tests, overrides both.",
    "NOTES_SECRET_KEY | the secret key, instead of the one in the instance folder",
    "NOTES_PER_PAGE | the number of notes on a page",
    "NOTES_SESSION_COOKIE_SECURE | true if the site is served over HTTPS",
    "Only its owner can read a folder that contains sessions or a database, even if the "
    "key comes from the environment.",
)
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
        assert {path.name for path in tmp_path.iterdir()} == {"sessions", ".gitignore"}
    elsewhere = tmp_path / "elsewhere"
    with application(elsewhere, REDIS_URL="redis://127.0.0.1"):
        assert not elsewhere.exists()
    with application(tmp_path, PER_PAGE=4) as app:
        assert app.config["PER_PAGE"] == 4
    # the database has its private folder all the same
    folder = tmp_path / "private"
    monkeypatch.delenv("NOTES_SQLALCHEMY_DATABASE_URI")
    with application(folder):
        made = {path.name for path in folder.iterdir()}
        assert made == {"notes.db", "sessions", ".gitignore"}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@proves("guide/application", "An argument of create_app may also be a sqlalchemy.engine.URL.")
def test_the_database_may_be_given_as_an_object(tmp_path: Path) -> None:
    url = URL.create("sqlite", database="notes.db")
    with application(tmp_path / "private", SQLALCHEMY_DATABASE_URI=url) as app:
        Visitor(app).register()
    assert {"notes.db", "secret.key"} <= {path.name for path in tmp_path.glob("private/*")}


@proves(
    "guide/application",
    "Then it closes the connection, because gunicorn --preload forks the workers later, "
    "and two workers must not share a connection.",
)
def test_the_factory_leaves_no_connection_that_a_fork_would_share(tmp_path: Path) -> None:
    with application(tmp_path) as app, app.app_context():
        tables.make_tables()
        assert db.engine.pool.checkedin() == 0  # type: ignore[attr-defined]
        assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


@proves("guide/application", "With SQLite, init_app creates the tables at the start.")
def test_tables_are_made_for_sqlite_and_by_the_command_for_a_server(
    postgresql_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"postgresql+psycopg://postgres@127.0.0.1:{postgresql_server.port}/postgres"
    for uri, expected in ((url, []), ("sqlite://", ["attempt", "audit_entry", "note", "user"])):
        with application(tmp_path, SQLALCHEMY_DATABASE_URI=uri) as app, app.app_context():
            assert sorted(inspect(db.engine).get_table_names()) == expected


@proves(
    "guide/application",
    "On a database server, this command creates the missing tables:",
    "With --fresh, the command asks for confirmation and deletes all tables first.",
    "It creates tables but does not change existing ones.",
)
@proves(
    "guide/application-notes",
    "The command flask --app snippets.application sessions purge removes expired files.",
)
def test_the_command_makes_what_is_missing_and_deletes_only_when_told(
    app: Flask, ada: Visitor
) -> None:
    run = app.test_cli_runner().invoke
    made = run(args=["init-db"])
    assert (made.exit_code, made.output) == (0, "Tables: attempt, audit_entry, note, user\n")
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


@proves(
    "guide/application", "The application of the exchanges on this page is made in the same way:"
)
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


@proves(
    "guide/application",
    "Each setting has a default.",
    "NOTES_SQLALCHEMY_DATABASE_URI | another database, such as "
    "postgresql+psycopg://user:password@host/notes",
    "NOTES_REDIS_URL | sessions and counters of attempts in Redis, such as redis://127.0.0.1",
    'NOTES_TRUSTED_HOSTS | the host names of the site, such as ["notes.example"]; the '
    "default is localhost and 127.0.0.1",
    "NOTES_PROXIES | the number of your proxies in front of the application",
)
def test_the_settings_of_the_page_are_settings() -> None:
    names = re.findall(r"^\| `NOTES_(\w+)` \|", TEXT, re.MULTILINE)
    assert len(names) == 7
    with closing(recorded.create_app()) as app:
        assert set(names) <= set(app.config)
        # what the exchanges do not set is as the page shows it
        same = {name for name, value in settings.DEFAULTS.items() if app.config[name] == value}
        changed = {"SQLALCHEMY_DATABASE_URI", "PER_PAGE", "SESSION_INTERFACE"}
        assert same == settings.DEFAULTS.keys() - changed
