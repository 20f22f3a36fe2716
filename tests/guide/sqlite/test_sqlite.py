"""A connection for each request, tables, transactions, locks: docs/guide/sqlite.md."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask, g, jsonify

from proven.claims.proofs import proves
from snippets.sqlite import db, fresh, notes
from tests.source import Source

_SOURCE = Source("guide/sqlite")
ROOT = Path(__file__).parents[3]
FLASK = str(Path(sys.executable).with_name("flask"))


def message_of(error: BaseException) -> str:
    module = type(error).__module__.removeprefix("builtins")
    return f"{module}.{type(error).__name__}: {error}".removeprefix(".")


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    app = notes.create_app(str(tmp_path / "notes.sqlite"))
    with app.app_context():
        db.init_db()
    return app


def test_notes_are_stored_and_found(app: Flask) -> None:
    client = app.test_client()
    assert client.post("/notes", data={"author": 1, "title": "green tea"}).get_json() == {"id": 1}
    assert client.post("/notes", data={"author": 1, "title": "cups"}).status_code == 201
    assert client.get("/notes?with=tea").get_json() == [
        {"id": 1, "title": "green tea", "name": "ada"}
    ]
    assert len(client.get("/notes").get_json()) == 2
    assert fresh.create_app().test_client().get("/notes").get_json() == []


@proves(
    "guide/sqlite",
    "The first call in a request opens the connection, and each further call returns the same one.",
    "g belongs to one request, so no two requests share a connection.",
    "teardown_appcontext closes it, also after an error.",
)
def test_one_connection_a_request(app: Flask) -> None:
    seen: list[sqlite3.Connection] = []

    @app.get("/twice")
    def twice() -> str:
        assert "db" not in g
        seen.append(db.get_db())
        assert db.get_db() is seen[-1]
        return ""

    @app.get("/fails")
    def fails() -> str:
        seen.append(db.get_db())
        raise RuntimeError

    client = app.test_client()
    # this one opens nothing, and there is nothing to close
    assert client.get("/nowhere").status_code == 404
    answers = [client.get(path).status_code for path in ("/twice", "/twice", "/fails")]
    assert answers == [200, 200, 500]
    assert len({id(connection) for connection in seen}) == 3
    for connection in seen:
        with pytest.raises(sqlite3.ProgrammingError, match="closed database"):
            connection.execute("SELECT 1")


@proves(
    "guide/sqlite",
    'With sqlite3.Row, a row has names: row["title"].',
    "dict(row) makes it ready for JSON.",
    "A view returns rows.",
    "Return [dict(row) for row in rows].",
)
def test_rows(app: Flask) -> None:
    with app.app_context():
        row = db.get_db().execute("SELECT name AS title FROM author").fetchone()
        assert row["title"] == "ada"
        with pytest.raises(TypeError) as raised:
            jsonify([row])
        assert _SOURCE.quotes(message_of(raised.value))
        assert jsonify([dict(row)]).get_json() == [{"title": "ada"}]


@proves(
    "guide/sqlite",
    "Without PRAGMA foreign_keys = ON, SQLite accepts a note of an author who does not exist.",
    "The setting belongs to the connection, not to the file.",
)
def test_foreign_keys(app: Flask) -> None:
    wrong = ("INSERT INTO note (author_id, title) VALUES (9, 'nobody')",)
    with app.app_context(), pytest.raises(sqlite3.IntegrityError):
        db.get_db().execute(*wrong)
    other = sqlite3.connect(app.config["DATABASE"])
    assert other.execute("PRAGMA foreign_keys").fetchone() == (0,)
    other.execute(*wrong)
    other.commit()
    other.close()
    answer = app.test_client().post("/notes", data={"author": 9, "title": "nobody"})
    assert answer.status_code == 409


@proves(
    "guide/sqlite",
    "open_resource opens a file beside the module of the application.",
    "The folder of the file has to exist: create instance/ first.",
    "A second run of the command fails, because the tables are there.",
    "The folder of the file does not exist, or the process must not write to it.",
)
def test_the_command(tmp_path: Path) -> None:
    place = tmp_path / "instance"
    text = (
        f"from snippets.sqlite.notes import create_app\napp = create_app('{place}/notes.sqlite')\n"
    )
    (tmp_path / "shop.py").write_text(text, encoding="utf-8")

    def init() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [FLASK, "--app", "shop", "init-db"],
            cwd=tmp_path,
            env={"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
        )

    missing = init()
    assert missing.returncode == 1
    assert _SOURCE.quotes(missing.stderr.strip().splitlines()[-1])
    place.mkdir()
    assert init().returncode == 0
    assert (place / "notes.sqlite").exists()
    again = init()
    assert again.returncode == 1
    assert "table author already exists" in again.stderr


@proves(
    "guide/sqlite",
    "A ? or a :name in the SQL is a value, which SQLite never reads as SQL.",
    'The values are a text: ("tea") is no tuple, so each letter counts as a value.',
    'Write ("tea",).',
)
def test_values(app: Flask) -> None:
    attack = "x' OR '1'='1"
    with app.app_context():
        connection = db.get_db()
        for sql, values in (
            ("SELECT * FROM author WHERE name = ?", (attack,)),
            ("SELECT * FROM author WHERE name = :name", {"name": attack}),
        ):
            assert connection.execute(sql, values).fetchall() == []
        with pytest.raises(sqlite3.ProgrammingError) as raised:
            connection.execute("SELECT * FROM author WHERE name = ?", ("tea"))
        assert _SOURCE.quotes(message_of(raised.value))
        assert connection.execute("SELECT * FROM author WHERE name = ?", ("ada",)).fetchone()


@proves(
    "guide/sqlite",
    "with connection: is one transaction.",
    "It does not close the connection.",
    "If an exception leaves the block, all changes of the block are undone:",
    "The change was not committed, and closing a connection undoes it.",
    "Write inside of with connection:, or call commit().",
)
def test_transactions(app: Flask) -> None:
    path = app.config["DATABASE"]
    insert = "INSERT INTO note (author_id, title) VALUES (1, 'tea')"

    def stored() -> int:
        with app.app_context():
            found: int = db.get_db().execute("SELECT count(*) FROM note").fetchone()[0]
            return found

    lost = sqlite3.connect(path)
    lost.execute(insert)
    lost.close()
    assert stored() == 0
    kept = sqlite3.connect(path)
    with kept:
        kept.execute(insert)
    assert stored() == 1
    with pytest.raises(RuntimeError), kept:
        kept.execute(insert)
        kept.execute("DELETE FROM note")
        raise RuntimeError
    assert stored() == 1
    kept.execute(insert)
    kept.commit()
    kept.close()
    assert stored() == 2


@proves(
    "guide/sqlite",
    "Many connections can read a file at the same time, and one can write.",
    "Another one that wants to write waits for timeout seconds, and then raises "
    "sqlite3.OperationalError: database is locked.",
    "With PRAGMA journal_mode = WAL, which the file remembers, readers do not wait for the writer.",
)
def test_several_writers(tmp_path: Path) -> None:
    path = tmp_path / "tea.sqlite"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(path, timeout=0.2)

    first, second = connect(), connect()
    first.execute("CREATE TABLE tea (name TEXT)")
    first.execute("INSERT INTO tea VALUES ('oolong')")
    first.commit()
    for connection in (first, second):
        assert connection.execute("SELECT * FROM tea").fetchall() == [("oolong",)]
    first.execute("BEGIN EXCLUSIVE")
    for sql in ("INSERT INTO tea VALUES ('green')", "SELECT * FROM tea"):
        with pytest.raises(sqlite3.OperationalError) as raised:
            second.execute(sql)
        assert _SOURCE.quotes(message_of(raised.value))
    first.rollback()
    second.rollback()
    assert first.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
    third = connect()
    assert third.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    first.execute("BEGIN EXCLUSIVE")
    first.execute("INSERT INTO tea VALUES ('green')")
    assert third.execute("SELECT * FROM tea").fetchall() == [("oolong",)]
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        third.execute("INSERT INTO tea VALUES ('black')")
    for connection in (first, second, third):
        connection.close()


@proves(
    "guide/sqlite",
    "A database in :memory: belongs to one connection, so the next request would find it empty:",
    "The tables were not created, or they were created in another file: a path such as notes.sqlite depends on the "
    "folder in which the process was started.",
    "Use app.instance_path.",
)
def test_no_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for place in (":memory:", "notes.sqlite"):
        app = notes.create_app(place)
        app.testing = True
        with app.app_context():
            db.init_db()
        (tmp_path / "elsewhere").mkdir(exist_ok=True)
        monkeypatch.chdir(tmp_path / "elsewhere")
        with pytest.raises(sqlite3.OperationalError) as raised:
            app.test_client().get("/notes")
        assert _SOURCE.quotes(message_of(raised.value))
        monkeypatch.chdir(tmp_path)
    assert Path(notes.create_app().config["DATABASE"]).is_absolute()
