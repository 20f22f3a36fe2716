"""The seven steps from a page to an application: docs/start/tour.md."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, g, url_for
from sqlalchemy.exc import OperationalError
from werkzeug.routing import BuildError
from werkzeug.security import check_password_hash

from proven.base.project import ROOT
from proven.claims.proofs import proves
from snippets.tour import recorded, step_4, step_5, step_6, step_7
from snippets.tour.step_1 import notes as step_1
from snippets.tour.step_2 import notes as step_2
from snippets.tour.step_3 import notes as step_3
from snippets.tour.step_4 import models as models_4
from snippets.tour.step_4 import pages as pages_4
from snippets.tour.step_5 import pages as pages_5
from snippets.tour.step_6 import accounts, models
from snippets.tour.step_6 import pages as pages_6
from tests.source import Source

_SOURCE = Source("start/tour")
SOURCE = _SOURCE.text
on_the_page = _SOURCE.says
SNIPPETS = ROOT / "snippets" / "tour"
ADA = {"name": "ada", "password": "correct horse"}
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
# Each step that takes notes from everybody.
OPEN: list[Callable[[], Flask]] = [lambda: step_2.app, lambda: step_3.app, step_4.create_app]


@proves(
    "start/tour", "The view passes the list to the template, and for makes an item of each note."
)
def test_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    client = step_1.app.test_client()
    assert re.findall("<li>(.*)</li>", client.get("/").text) == step_1.notes
    monkeypatch.setattr(step_1, "notes", [])
    assert "There are no notes yet." in client.get("/").text


@proves(
    "start/tour",
    "GET shows the page, and POST changes something.",
    "After the POST, the browser is sent to the list with 303.",
    "So reloading the page does not send the form again.",
    "The view checks again, because a program can send anything.",
    "{{ note }} writes the HTML of a visitor as text.",
)
@pytest.mark.parametrize("create", OPEN)
def test_a_form(create: Callable[[], Flask]) -> None:
    client = create().test_client()
    for text in ("", "   ", "x" * 201):
        answer = client.post("/", data={"text": text})
        assert answer.status_code == 422
        assert "A note has 1 to 200 characters." in answer.text
    answer = client.post("/", data={"text": " <b>Tea</b> "}, follow_redirects=True)
    assert (answer.request.method, answer.history[0].status_code) == ("GET", 303)
    assert "<li>&lt;b&gt;Tea&lt;/b&gt;" in answer.text
    assert "<b>Tea" not in answer.text


@proves(
    "start/tour",
    "A class describes a table, and an object is a row of it:",
    "A note is deleted by a POST, because search engines and browsers follow links by themselves.",
)
@pytest.mark.parametrize("create", OPEN[1:])
def test_a_database(create: Callable[[], Flask]) -> None:
    client = create().test_client()
    client.post("/", data={"text": "Buy tea"})
    (key,) = set(re.findall(r'action="/(\d+)/delete"', client.get("/").text)[-1:])
    assert client.get(f"/{key}/delete").status_code == 405
    assert client.post(f"/{key}/delete").status_code == 303
    assert client.post(f"/{key}/delete").status_code == 404


@proves(
    "start/tour",
    "Restart the server, and the new notes are gone.",
    "With sqlite:///notes.db, the notes are in a file and survive a restart.",
)
def test_a_restart(tmp_path: Path) -> None:
    for step, there in (("step_2", False), ("step_3", True)):
        folder = tmp_path / step
        shutil.copytree(SNIPPETS / step, folder)
        (folder / "__init__.py").unlink()
        file = folder / "notes.py"
        file.write_text(file.read_text().replace('"sqlite://"', '"sqlite:///notes.db"'))
        code = (
            "from notes import app\nclient = app.test_client()\n"
            "print('Green' in client.get('/').text)\nclient.post('/', data={'text': 'Green'})"
        )
        said = [
            subprocess.run(
                [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True
            ).stdout
            for _ in range(2)
        ]
        assert said == ["False\n", f"{there}\n"]
        assert (folder / "instance" / "notes.db").is_file() is there


@proves(
    "start/tour",
    "Divide it by task: the folder becomes a package, and a function creates the application.",
    "Start it with flask --app notebook run --debug.",
    "The function is an application factory, and bp is a blueprint.",
    "Its views are called pages.index and pages.delete, so change url_for in the template.",
    ".index means the blueprint of the request.",
    "The view is in a blueprint now: write pages.index.",
)
def test_a_package(tmp_path: Path) -> None:
    shutil.copytree(SNIPPETS / "step_4", tmp_path / "notebook")
    words = [sys.executable, "-m", "flask", "--app", "notebook", "routes"]
    printed = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert {"pages.index", "pages.delete"} <= set(printed.split())
    tree = SOURCE.split("```{code-block} text\n")[1].split("```")[0]
    shown = {line.split()[-1] for line in tree.splitlines()[3:]}
    there = {
        p.relative_to(SNIPPETS / "step_4").as_posix() for p in (SNIPPETS / "step_4").rglob("*.*")
    }
    assert shown == {name for name in there if not name.endswith(".pyc")}
    app = step_4.create_app()
    assert app is not step_4.create_app()
    assert app.blueprints == {"pages": pages_4.bp}
    assert app.extensions["sqlalchemy"] is models_4.db
    with app.test_request_context("/"):
        assert url_for(".index") == url_for("pages.index") == "/"
        with pytest.raises(BuildError) as error:
            url_for("index")
    on_the_page(f"`BuildError: {error.value}`")


@proves(
    "start/tour",
    "A token, which that site cannot know, stops this.",
    "The layout has what all pages share, and a page fills its blocks.",
    "flash() keeps a message for the next page: call it in delete too.",
    "Token and message are in the session, a cookie that is signed with SECRET_KEY.",
)
def test_tokens_and_messages() -> None:
    client = step_5.create_app().test_client()
    assert client.post("/", data={"text": "forged"}).status_code == 400
    token = TOKEN.findall(client.get("/").text)[0]
    stranger = step_5.create_app().test_client()
    assert stranger.post("/", data={"text": "x", "csrf_token": token}).status_code == 400
    said = client.post("/", data={"text": "Tea", "csrf_token": token}, follow_redirects=True).text
    assert "The note is stored." in said
    assert "forged" not in said
    assert "The note is stored." not in client.get("/").text
    said = client.post("/1/delete", data={"csrf_token": token}, follow_redirects=True).text
    assert "The note is deleted." in said
    assert client.post("/", data={"text": "", "csrf_token": token}).status_code == 422
    assert "<title>Notes</title>" in said
    assert client.get_cookie("session")
    assert step_5.create_app().blueprints == {"pages": pages_5.bp}


@proves("start/tour", "SECRET_KEY is not set.")
def test_without_a_key() -> None:
    app = step_5.create_app()
    app.secret_key = None
    app.testing = True
    with pytest.raises(RuntimeError) as error:
        app.test_client().post("/", data={"text": "Tea"})
    on_the_page(f"`RuntimeError: {error.value}`")


@proves(
    "start/tour",
    "The table has a hash of the password, from which nobody can compute the password.",
    "The condition owner_id is in every query.",
    "So a user who guesses the number of another note gets 404.",
    "It stores the user in g, which is there for one request, and templates can read it.",
)
def test_users() -> None:
    app = recorded.create_app()
    client = app.test_client()
    for page in ("/register", "/login"):
        assert "<h1>" in client.get(page).text
    assert client.get("/").location == "/login"
    assert client.post("/", data={"text": "Tea"}).location == "/login"
    for name, password in (("", "correct horse"), ("ada", "short"), ("a" * 41, "correct horse")):
        answer = client.post("/register", data={"name": name, "password": password})
        assert answer.status_code == 422
    assert client.post("/register", data=ADA).status_code == 303
    again = client.post("/register", data=ADA)
    assert (again.status_code, "This name is taken." in again.text) == (422, True)
    for name in ("ada", "nobody"):
        answer = client.post("/login", data={"name": name, "password": "wrong"})
        assert answer.status_code == 422
        assert "The name or the password is wrong." in answer.text
    with client:
        assert client.post("/login", data=ADA, follow_redirects=True).status_code == 200
        assert g.user.name == "ada"
    assert client.post("/", data={"text": " "}).status_code == 422
    client.post("/", data={"text": "Buy tea"})
    assert "Buy tea" in client.get("/").text
    bob = app.test_client()
    bob.post("/register", data={**ADA, "name": "bob"})
    bob.post("/login", data={**ADA, "name": "bob"})
    assert "Buy tea" not in bob.get("/").text
    assert bob.post("/1/delete").status_code == 404
    assert client.post("/1/delete").status_code == 303
    client.post("/logout")
    assert client.get("/").location == "/login"
    with app.app_context():
        user = models.db.session.get(models.User, 1)
        assert user
        assert "correct horse" not in user.password
        assert check_password_hash(user.password, "correct horse")
    assert app.blueprints == {"accounts": accounts.bp, "pages": pages_6.bp}


@proves("start/tour", "The requests are recorded with the check of tokens off:")
def test_the_forms_of_users_have_tokens() -> None:
    client = step_6.create_app().test_client()
    assert client.post("/register", data=ADA).status_code == 400
    for path in ("/register", "/login"):
        token = TOKEN.findall(client.get(path).text)[0]
        assert client.post(path, data={**ADA, "csrf_token": token}).status_code == 303
    assert len(TOKEN.findall(client.get("/").text)) == 2


@proves(
    "start/tour",
    "create_all creates tables that are missing.",
    "The table has new columns: delete instance/notes.db once.",
    "SQLite says no such table: note.",
    "The class has a column that the table does not have.",
    "create_all does not change a table.",
)
def test_an_old_table(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/notes.db"
    step_4.create_app(database)
    app = step_6.create_app(database)
    with app.app_context(), pytest.raises(OperationalError) as error:
        models.db.session.query(models.Note).all()
    on_the_page(f"`sqlalchemy.exc.OperationalError: {str(error.value).splitlines()[0]}`")
    with app.app_context(), pytest.raises(OperationalError) as error:
        models.db.drop_all()
        models.db.session.query(models.Note.text).all()
    on_the_page(f"`{str(error.value).splitlines()[0].partition(') ')[2]}`")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setenv("NOTES_SECRET_KEY", "only for tests")
    monkeypatch.setenv("NOTES_SQLALCHEMY_DATABASE_URI", "sqlite://")
    monkeypatch.setenv("NOTES_SESSION_COOKIE_SECURE", "true")
    return step_7.create_app()


@proves(
    "start/tour",
    "The command creates the tables.",
    "Put the application behind a real server, and set NOTES_SESSION_COOKIE_SECURE=true there.",
)
def test_settings_and_errors(server: Flask) -> None:
    client = server.test_client()
    answer = client.get("/nowhere")
    assert (answer.status_code, "<h1>Not Found</h1>" in answer.text) == (404, True)
    assert answer.headers["Content-Security-Policy"] == "default-src 'self'"
    assert client.post("/login", data=ADA).status_code == 400
    assert "The CSRF token is missing." in client.post("/login", data=ADA).text
    assert "; Secure" in client.get("/login").headers["Set-Cookie"]
    assert client.post("/login", data={"name": "x" * 200_000}).status_code == 413
    said = server.test_cli_runner().invoke(args=["create-tables"])
    assert said.output == "The tables are there.\n"


@proves(
    "start/tour",
    "Without a secret key, the application does not start.",
)
def test_no_key_no_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTES_SECRET_KEY", raising=False)
    monkeypatch.setenv("NOTES_SQLALCHEMY_DATABASE_URI", "sqlite://")
    with pytest.raises(RuntimeError, match="Set NOTES_SECRET_KEY"):
        step_7.create_app()


@proves(
    "start/tour",
    "In each step, Flask does the same: it finds the rule of the address, calls the "
    "functions that are registered before the view, then the view, and makes a response "
    "of what it returns.",
    "load_user is such a function.",
)
def test_the_order_of_a_request() -> None:
    app = recorded.create_app()
    called: list[str] = []
    app.before_request(lambda: called.append("before"))
    view = app.view_functions["accounts.login"]
    app.view_functions["accounts.login"] = lambda: (called.append("view"), view())[1]
    assert app.test_client().get("/login").mimetype == "text/html"
    assert called == ["before", "view"]
    assert accounts.load_user in app.before_request_funcs[None]


@proves(
    "start/tour",
    "@app.before_first_request. Old tutorials create the tables there.",
    "It is gone: ….",
)
def test_before_the_first_request() -> None:
    message = "'Flask' object has no attribute 'before_first_request'"
    with pytest.raises(AttributeError, match=message):
        Flask("notebook").before_first_request(models.db.create_all)  # type: ignore[attr-defined]
    on_the_page(message)
