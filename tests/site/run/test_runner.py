"""What the worker does with a snippet, in this Python; the replay and the browser tests do it in the other one."""

from __future__ import annotations

import gzip
import hashlib
import importlib
import io
import json
import os
import random
import re
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask.sessions import SecureCookieSessionInterface

from proven.claims.proofs import proves
from proven.run import runner

SOURCE = """\
from flask import Flask, request, session

app = Flask(__name__)
app.secret_key = "not-a-secret"


@app.get("/")
def home():
    return f"<p>{request.args.get('name', 'nobody')}</p>"


@app.post("/form")
def form():
    return {"all": request.form.getlist("a"), "type": request.content_type}


@app.post("/raw")
def raw():
    return request.get_data()


@app.get("/old")
def old():
    return "", 302, {"Location": "/"}


@app.get("/login")
def login():
    session["user"] = "阿达"
    return "in"


@app.get("/user")
def user():
    return session.get("user", "nobody")


@app.get("/print")
def prints():
    print("printed")
    app.logger.warning("logged")
    return "ok"


@app.get("/fails")
def fails():
    return str(1 / 0)


@app.get("/endless")
def endless():
    def parts():
        while True:
            yield "x" * 1000

    return parts()
"""


@pytest.fixture
def program(tmp_path: Path) -> runner.Program:
    return runner.Program(tmp_path)


def load(program: runner.Program, source: str = SOURCE, **files: str) -> dict[str, Any]:
    own = {"snippets/__init__.py": "", "snippets/tea.py": source}
    return program.load("snippets.tea", {**own, **files})


def get(program: runner.Program, target: str, **rest: Any) -> tuple[dict[str, Any], bytes]:
    return program.send({"method": "GET", "target": target, **rest}, b"")


@proves(
    "about/house",
    "In the worker Pyodide runs run/runner.py: it imports the snippet and sends the requests of "
    "the reader through the test client.",
)
def test_a_request_is_answered_as_the_client_answers(program: runner.Program) -> None:
    loaded = load(program)
    assert loaded["ok"]
    assert loaded["log"] == ""
    assert ["/", ["GET"], "home"] in loaded["rules"]
    said, body = get(program, "/?name=Ada")
    assert (said["ok"], said["status"], body) == (True, "200 OK", b"<p>Ada</p>")
    assert ["Content-Type", "text/html; charset=utf-8"] in said["headers"]


def test_bodies_of_every_kind_arrive(program: runner.Program) -> None:
    load(program)
    form = {"method": "POST", "target": "/form"}
    _, body = program.send({**form, "form": [["a", "1"], ["a", "2"]]}, b"")
    assert json.loads(body) == {"all": ["1", "2"], "type": "application/x-www-form-urlencoded"}
    typed = {**form, "content_type": "application/x-www-form-urlencoded"}
    assert json.loads(program.send(typed, b"a=3&a=4")[1])["all"] == ["3", "4"]
    _, body = program.send({"method": "POST", "target": "/raw"}, b"\x00\xff")
    assert body == b"\x00\xff"


def test_redirects_are_followed_only_when_asked(program: runner.Program) -> None:
    load(program)
    said, _ = get(program, "/old")
    assert said["status"] == "302 FOUND"
    assert said["before"] == []
    said, body = get(program, "/old", follow=True)
    assert (said["status"], body) == ("200 OK", b"<p>nobody</p>")
    assert said["before"] == [["302 FOUND", "/"]]


def test_the_jar_keeps_cookies_and_a_session_is_read(program: runner.Program) -> None:
    load(program)
    said, _ = get(program, "/login")
    (cookie,) = said["cookies"]
    assert (cookie["name"], cookie["http_only"]) == ("session", True)
    assert json.loads(cookie["session"]) == {"user": "阿达"}
    assert get(program, "/user")[1].decode() == "阿达"
    program.clear()
    assert get(program, "/user")[1] == b"nobody"


def test_a_cookie_that_is_no_session_is_left_alone(program: runner.Program) -> None:
    load(program)
    assert runner.session(program.app, "session", "forged.x.y") is None
    assert runner.session(program.app, "other", "x") is None
    program.app.session_interface = SimpleNamespace()
    assert runner.session(program.app, "session", "x") is None
    program.app.session_interface = SecureCookieSessionInterface()
    assert runner.session(program.app, "session", "x") is None


def test_what_is_printed_and_logged_is_said(program: runner.Program) -> None:
    load(program)
    said, _ = get(program, "/print")
    assert "printed\n" in said["log"]
    assert "logged" in said["log"]
    log = runner.Log()
    for _ in range(3):
        log.write("x" * runner.MOST)
    assert log.getvalue() == "x" * runner.MOST


def test_a_traceback_begins_at_the_line_of_the_snippet(
    program: runner.Program, tmp_path: Path
) -> None:
    load(program)
    said, _ = get(program, "/fails")
    assert said["status"] == "500 INTERNAL SERVER ERROR"
    error = said["error"]
    number = SOURCE.splitlines().index("    return str(1 / 0)") + 1
    assert (error["file"], error["line"]) == ("snippets/tea.py", number)
    assert error["said"] == "ZeroDivisionError: division by zero"
    head, first = error["text"].splitlines()[:2]
    assert head.startswith("Traceback")
    assert first == f'  File "snippets/tea.py", line {number}, in fails'
    assert "site-packages" not in error["text"]
    assert str(tmp_path) not in error["text"]


@pytest.mark.parametrize(
    ("source", "line", "said"),
    [
        ("x = 1\ndef broken(:\n", 2, "SyntaxError: "),
        ("import nowhere\n", 1, "ModuleNotFoundError: No module named 'nowhere'"),
        ("x = 1\n\nraise SystemExit(3)\n", 3, "SystemExit: 3"),
        ("raise OSError(__file__)\n", 1, "OSError: snippets/tea.py"),
    ],
)
def test_a_module_that_fails_says_where(
    program: runner.Program, source: str, line: int, said: str
) -> None:
    loaded = load(program, source)
    assert not loaded["ok"]
    assert (loaded["error"]["file"], loaded["error"]["line"]) == ("snippets/tea.py", line)
    assert loaded["error"]["said"].startswith(said)
    assert program.send({"method": "GET", "target": "/"}, b"")[0]["ok"] is False


def test_a_module_without_an_application_says_so(program: runner.Program) -> None:
    loaded = load(program, "x = 1\n")
    assert (
        loaded["error"]["said"] == "RuntimeError: the module defines no `app` and no `create_app()`"
    )
    assert load(
        program, "from flask import Flask\ndef create_app():\n    return Flask(__name__)\n"
    )["ok"]


def test_nothing_is_left_of_the_code_before(program: runner.Program, tmp_path: Path) -> None:
    load(program, SOURCE, **{"snippets/old.py": "x = 1"})
    load(program, SOURCE.replace("nobody", "someone"))
    assert get(program, "/")[1] == b"<p>someone</p>"
    assert sorted(path.name for path in (tmp_path / "snippets").glob("*.py")) == [
        "__init__.py",
        "tea.py",
    ]
    assert "snippets.old" not in sys.modules


def test_bytes_are_written_as_bytes(program: runner.Program, tmp_path: Path) -> None:
    load(program, SOURCE, **{"snippets/dot.bin": {"base64": "AP8="}})  # type: ignore[arg-type]
    assert (tmp_path / "snippets/dot.bin").read_bytes() == b"\x00\xff"


def test_a_body_without_end_is_cut(program: runner.Program) -> None:
    load(program)
    said, body = get(program, "/endless")
    assert said["status"] == "200 OK"
    assert len(body) == runner.LONGEST


def test_the_hashes_of_the_page_are_those_of_openssl(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = hashlib.scrypt(b"p", salt=b"s", n=16, r=8, p=1, dklen=32)
    derived = hashlib.pbkdf2_hmac("sha256", b"p", b"s", 2)
    asked = []

    class Bytes(bytes):
        def to_bytes(self) -> bytes:
            return bytes(self)

    class Kdf:
        def scrypt(self, *values: Any) -> Bytes:
            asked.append(values)
            return Bytes(wanted)

        def pbkdf2(self, *values: Any) -> Bytes:
            asked.append(values)
            return Bytes(derived)

    monkeypatch.delattr(hashlib, "scrypt")
    monkeypatch.delattr(hashlib, "pbkdf2_hmac")
    runner.supply_hashes(Kdf(), lambda value: value)
    assert hashlib.scrypt(b"p", salt=b"s", n=16, r=8, p=1, dklen=32) == wanted
    assert hashlib.pbkdf2_hmac("sha256", b"p", b"s", 2) == derived
    assert asked == [(b"p", b"s", 16, 8, 1, 32), ("sha256", b"p", b"s", 2, 32)]


def output(program: runner.Program, source: str, module: str = "") -> str:
    found = program.push(source, module)
    assert found["more"] is False
    text: str = found["output"]
    return text


def test_a_console_runs_what_is_typed(program: runner.Program) -> None:
    program.enter({"snippets/__init__.py": "", "snippets/leaf.py": "tea = 3\n"})
    assert output(program, "from snippets.leaf import tea") == ""
    assert output(program, "tea + 1") == "4\n"
    assert output(program, "print('a')\nprint('b')\ntea") == "a\nb\n3\n"
    assert output(program, "None") == ""
    assert output(program, "def pour():\n    return 1 / 0\n") == ""
    said = output(program, "pour()")
    assert said.splitlines()[0] == "Traceback (most recent call last):"
    assert re.match(r'  File "<console-\d+>", line 1, in <module>', said.splitlines()[1])
    assert "return 1 / 0" in said
    assert said.endswith("ZeroDivisionError: division by zero\n")
    assert "runner.py" not in said
    assert program.push("raise SystemExit(3)")["raised"] == "SystemExit: 3\n"


@pytest.mark.parametrize(
    "source", ["for leaf in 'tea':", "for leaf in 'tea':\n    print(leaf)", "print(", '"""a']
)
def test_a_console_waits_for_the_end_of_a_statement(program: runner.Program, source: str) -> None:
    program.enter({})
    assert program.push(source) == {"more": True}


def test_a_typo_is_said_without_the_machinery(program: runner.Program) -> None:
    program.enter({})
    said = output(program, "def (:")
    assert "Traceback" not in said
    assert said.rstrip().endswith("SyntaxError: invalid syntax")


def test_what_a_console_logs_stands_with_what_it_prints(program: runner.Program) -> None:
    program.enter({})
    source = "import sys\nprint('one')\nprint('two', file=sys.stderr)\nprint('three')"
    found = program.push(source)
    assert (found["output"], found["printed"]) == ("one\ntwo\nthree\n", "one\nthree\n")


def test_the_console_of_a_snippet_sees_its_names(program: runner.Program) -> None:
    load(program)
    assert output(program, "app.secret_key", "snippets.tea") == "'not-a-secret'\n"
    output(program, "app.config['TEA'] = 'green'", "snippets.tea")
    assert program.app.config["TEA"] == "green"
    # Another console begins with no names.
    program.enter({})
    assert "NameError" in output(program, "app")


@proves(
    "about/house",
    "A module of the standard library that the first response does not need is loaded when "
    "something imports it.",
)
def test_the_rest_of_the_library_is_fetched_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        target.writestr("late_one.py", "value = 1")
        target.writestr("late_two/__init__.py", "")
        target.writestr("late_two/part.py", "value = 2")
        target.writestr("email/late_three.py", "value = 3")
    asked: list[str] = []

    class Answer:
        def to_bytes(self) -> bytes:
            asked.append("")
            return gzip.compress(packed.getvalue())

    names = ["late_one", "late_two", "email.late_three"]
    monkeypatch.setattr(sys, "meta_path", sys.meta_path[:])
    runner.supply_rest(json.dumps(names), Answer, str(tmp_path / "rest.zip"))
    for name, value in (("late_one", 1), ("late_two.part", 2), ("email.late_three", 3)):
        assert importlib.import_module(name).value == value
        del sys.modules[name]
    assert len(asked) == 1
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("later_still")


def test_a_rest_that_cannot_be_fetched_is_an_import_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> None:
        raise OSError("no network")

    monkeypatch.setattr(sys, "meta_path", sys.meta_path[:])
    runner.supply_rest('["late_four"]', fails, str(tmp_path / "rest.zip"))
    with pytest.raises(ImportError, match="late_four could not be loaded: no network"):
        importlib.import_module("late_four")


def test_a_library_is_fetched_when_the_code_of_the_reader_asks_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def packed(**files: str) -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as target:
            for name, text in files.items():
                target.writestr(f"{name}.py", text)
        return gzip.compress(made.getvalue())

    needs = "try:\n    import late_ribbon\nexcept ImportError:\n    late_ribbon = None\n"
    contents = {
        "box": packed(late_box=needs),
        "ribbon": packed(late_ribbon=""),
        "open": packed(late_open=""),
    }
    asked: list[str] = []

    class Answer:
        def __init__(self, name: str) -> None:
            self.name = name

        def to_bytes(self) -> bytes:
            asked.append(self.name)
            return contents[self.name]

    monkeypatch.setattr(sys, "meta_path", sys.meta_path[:])
    monkeypatch.setattr(sys, "path", sys.path[:])
    bundles = {f"late_{name}": name for name in contents}
    runner.supply_libraries(json.dumps(bundles), Answer, '["open"]', str(tmp_path))
    # What a library tries, and can do without, is not fetched.
    assert importlib.import_module("late_box").late_ribbon is None
    assert asked == ["box"]
    for _ in range(2):
        importlib.import_module("late_ribbon")
        importlib.import_module("late_open")
        del sys.modules["late_ribbon"], sys.modules["late_open"]
    assert asked == ["box", "ribbon", "open"]
    assert tmp_path.joinpath("open.zip", "late_open.py").is_file()
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("later_still")


def test_a_disk_without_links_gets_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = os.link
    runner.supply_links()
    assert os.link is own
    monkeypatch.delattr(os, "link")
    runner.supply_links()
    (tmp_path / "a").write_text("tea", encoding="utf-8")
    os.link(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").read_text(encoding="utf-8") == "tea"
    with pytest.raises(FileExistsError):
        os.link(tmp_path / "a", tmp_path / "b")
    monkeypatch.setattr(os, "link", own)


def test_a_memory_that_is_kept_has_what_takes_long_and_nothing_that_must_be_new(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sys.modules.pop("colorsys", None)
    runner.prepare('["colorsys"]')
    assert "colorsys" in sys.modules
    assert json.loads(runner.versions())["libraries"]["Flask"]
    monkeypatch.setattr(sys, "path", ["", *sys.path, ""])
    state = random.getstate()
    runner.wake()
    assert random.getstate() != state
    assert sys.path[0] != ""
    assert sys.path[-1] == ""


def test_the_worker_speaks_json(tmp_path: Path) -> None:
    versions = json.loads(runner.start(str(tmp_path)))
    assert versions["python"]
    assert versions["libraries"]["Flask"]
    job = {
        "module": "snippets.tea",
        "files": {"snippets/__init__.py": "", "snippets/tea.py": SOURCE},
    }
    assert json.loads(runner.load(json.dumps(job)))["ok"]
    said, body = runner.send(json.dumps({"method": "POST", "target": "/raw"}), b"tea")
    assert json.loads(said)["status"] == "200 OK"
    assert body == b"tea"
    runner.clear()
    runner.enter("{}")
    assert json.loads(runner.push("1 + 1", ""))["output"] == "2\n"
