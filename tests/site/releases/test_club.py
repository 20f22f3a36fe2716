"""An application in the manner of the tutorials of 2014 to 2018, in several files: each line that fails is named.

``club/`` is the application. A line that fails today ends with ``#>`` and the line of today that takes its place, one
that raises nothing and has lost its effect with ``#~``. Both are tried: with all lines of today the application
answers, and with any single old line it does not.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from proven.claims.proofs import proves
from proven.releases import upgrade
from proven.releases.timeline import History

CLUB = Path(__file__).with_name("club")
MARKED = re.compile(r"(?P<indent> *)(?P<old>.*?)  #(?P<kind>[>~]) ?(?P<new>.*)")


class Old(NamedTuple):
    """A line that fails today.

    Attributes:
        file: Its file, from the folder of the application.
        line: Its number.
        kind: ``>`` for a line that raises, ``~`` for one that has no effect.
        text: The line.
        new: The line of today.
    """

    file: str
    line: int
    kind: str
    text: str
    new: str


def old_lines() -> Iterator[Old]:
    for path in sorted(CLUB.rglob("*.py")):
        file = path.relative_to(CLUB).as_posix()
        for number, text in enumerate(path.read_text("utf-8").splitlines(), 1):
            if found := MARKED.fullmatch(text):
                new = found["indent"] + found["new"] if found["kind"] == ">" else text
                yield Old(file, number, found["kind"], text, new)


OLD = list(old_lines())
RAISING = [old for old in OLD if old.kind == ">"]


@cache
def history() -> History:
    return History()


@pytest.fixture
def club(tmp_path: Path) -> Path:
    """Return a copy of the application without the marks, which would be read as nothing anyway."""
    folder = tmp_path / "club"
    shutil.copytree(CLUB, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@proves(
    "history/check",
    "The command reads every Python file below the folder and imports nothing.",
    "It knows more than this page: what a file imports from another one of the folder, such as "
    "from . import db.",
)
def test_each_line_that_fails_today_is_named_and_no_other(club: Path) -> None:
    found, unread = upgrade.read(club, history())
    assert unread == []
    named = {
        (item.file.relative_to(club).as_posix(), item.line): item for item in found if item.removed
    }
    marked = {(old.file, old.line): old.text for old in OLD}
    assert len(marked) > 40
    assert {place: text for place, text in marked.items() if place not in named} == {}
    assert {place: item for place, item in named.items() if place not in marked} == {}


def test_what_only_the_folder_says_is_not_said_of_a_file_alone(club: Path) -> None:
    found, _unread = upgrade.read(club / "app" / "api.py", history())
    assert "sqlalchemy.engine.Engine.execute" not in {item.name for item in found}


EXERCISE = """
import json, os, sys
import cachelib, flask, flask_login, flask_sqlalchemy, flask_wtf, wtforms

def exercise():
    import manage
    app = manage.app
    seeded = app.test_cli_runner().invoke(args=["seed"])
    assert seeded.output == "['books', 'readers']\\n", seeded
    client = app.test_client()
    def get(url, **more):
        return client.get(url, **more).get_data(as_text=True).strip()
    assert get("/") == "BOOK 0 BOOK 1 5"
    assert get("/?page=3") == "BOOK 4 5"
    assert get("/", headers={"X-Requested-With": "XMLHttpRequest"}) == "5"
    assert app.extensions["club"] == "warm"
    assert "<input" in get("/new")
    login = client.post("/auth/login", data={"name": "ada", "password": "ada"})
    assert login.location == "/", login
    saved = client.post("/new", data={"title": "A tale", "read_on": "2016-02-03"})
    assert saved.location == "/cover/A_tale", saved
    assert get("/cover/A_tale") == "<b>A_tale</b>"
    token = json.loads(get("/api/token?key=open"))["token"]
    assert client.get("/api/books").status_code == 403
    assert len(json.loads(get("/api/books", headers={"X-Token": token}))["books"]) == 6
    text = client.get("/api/books.txt?key=open")
    assert (text.headers["Cache-Control"], text.headers.get("ETag")) == ("public, max-age=60", None), text.headers
    assert "A tale" in text.get_data(as_text=True)
    assert json.loads(get("/api/seen?key=open")) == {"seen": True}
    assert client.get("/files/none").status_code == 404
    client.get("/auth/logout")
    manage.main()

results = []
for folder in json.load(sys.stdin):
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.chdir(folder)
        sys.path.insert(0, folder)
        sys.dont_write_bytecode = True
        try:
            exercise()
        except BaseException as error:
            os.write(2, f"{folder}: {type(error).__name__}: {error}\\n".encode())
            os._exit(1)
        os._exit(0)
    results.append(os.waitpid(child, 0)[1] == 0)
print(json.dumps(results))
"""


def variant(folder: Path, kept: Old | None) -> str:
    """Write the application as of today, but for one line."""
    shutil.copytree(CLUB, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in {old.file for old in OLD}:
        path = folder / file
        lines = path.read_text("utf-8").splitlines()
        for old in OLD:
            if old.file == file and old != kept:
                lines[old.line - 1] = old.new
        path.write_text("\n".join(lines) + "\n", "utf-8")
    return str(folder)


def run(folders: list[str]) -> tuple[list[bool], str]:
    command = [sys.executable, "-W", "ignore", "-c", EXERCISE]
    done = subprocess.run(
        command, input=json.dumps(folders), capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout), done.stderr


def test_with_the_lines_of_today_the_application_answers(tmp_path: Path) -> None:
    results, said = run([variant(tmp_path / "today", None)])
    assert results == [True], said


def test_with_any_single_old_line_it_does_not(tmp_path: Path) -> None:
    folders = [variant(tmp_path / str(number), old) for number, old in enumerate(RAISING)]
    results, said = run(folders)
    working = [old for old, works in zip(RAISING, results, strict=True) if works]
    assert working == [], said


def test_the_lines_of_today_are_not_named(tmp_path: Path) -> None:
    found, unread = upgrade.read(Path(variant(tmp_path / "club", None)), history())
    assert unread == []
    silent = {(old.file, old.line) for old in OLD if old.kind == "~"}
    places = {
        (item.file.relative_to(tmp_path / "club").as_posix(), item.line)
        for item in found
        if item.removed
    }
    assert places == silent
