"""Extensions in an application, and what goes wrong: docs/guide/extensions.md."""

from __future__ import annotations

import importlib.metadata
import inspect
import logging
import sqlite3
import sys
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import get_type_hints

import flask
import pytest
from flask import Flask, current_app, g, render_template_string
from flask.testing import FlaskClient

from proven.claims.proofs import proves
from snippets.extensions import apart, listening, mixed_up, smallest, using
from snippets.extensions.flask_notice import Notice, Store, changed, current_store
from snippets.extensions.flask_notice import store as store_module
from snippets.extensions.flask_notice.bar import bar
from tests.guide.extensions.common import on_the_page


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "below" / "notice.sqlite"
    monkeypatch.setenv("FLASK_NOTICE_DATABASE", str(path))
    return path


@pytest.fixture
def app(file: Path) -> Flask:
    return using.create_app()


def stamps(app: Flask, *paths: str) -> list[str]:
    return [app.test_client().get(path).headers["X-Stamp"] for path in paths]


@proves(
    "guide/extensions",
    "It is one object, and its method init_app binds it to each application:",
    "init_app does all that has to be done for one application: it fills in settings that "
    "are missing, stores what belongs to this application in app.extensions, and "
    "registers hooks.",
    "Stamp(app) does both at once.",
)
def test_the_smallest() -> None:
    app = smallest.create_app()
    assert stamps(app, "/") == ["tea shop"]
    assert app.extensions == {"stamp": "tea shop"}
    bare = Flask("bare")
    smallest.stamp.init_app(bare)
    assert bare.config["STAMP_TEXT"] == "Flask"
    assert bare.after_request_funcs == {None: [smallest.add_header]}
    alone = Flask("alone")
    smallest.Stamp(alone)
    assert stamps(alone, "/nowhere") == ["Flask"]


@proves(
    "guide/extensions",
    "Install the distribution, such as flask-sqlalchemy, and import the package, such as "
    "flask_sqlalchemy.",
)
def test_names_of_a_known_extension() -> None:
    import flask_sqlalchemy

    assert importlib.metadata.version("flask-sqlalchemy")
    assert isinstance(flask_sqlalchemy.SQLAlchemy, type)


@proves(
    "guide/extensions",
    "The order matters: most extensions read their settings in init_app, and a value that "
    "you set later has no effect.",
    "In the factory, set the configuration first.",
)
def test_most_extensions_read_their_settings_in_init_app() -> None:
    import flask_sqlalchemy

    app = Flask("shop")
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///:memory:"
    db = flask_sqlalchemy.SQLAlchemy(app)
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///other.db"
    with app.app_context():
        assert db.engine.url.database in (None, ":memory:")
    shop = smallest.create_app()
    shop.config["STAMP_TEXT"] = "too late"
    assert stamps(shop, "/") == ["tea shop"]


@proves(
    "guide/extensions",
    "Your tests create an application for each test, and one process can serve several.",
    "This extension keeps the text on itself instead, and both shops get the text of the second:",
    "Here two shops use the same stamp:",
)
def test_two_applications() -> None:
    assert stamps(apart.create_app(), "/", "/books/", "/") == ["tea shop", "book shop", "tea shop"]
    assert stamps(mixed_up.create_app(), "/", "/books/") == ["book shop", "book shop"]


@proves(
    "guide/extensions",
    "current_app is the application of the request, so each response has the text of its own shop.",
)
def test_two_applications_at_the_same_time() -> None:
    app = apart.create_app()
    paths = ["/", "/books/"] * 50
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda path: stamps(app, path)[0], paths))
    assert found == ["tea shop", "book shop"] * 50


@proves(
    "guide/extensions",
    'what belongs to an application, such as a pool of connections | app.extensions["notice"]',
    "flask_notice shows a notice above each page, and a command sets it.",
    "The path belongs to the application, so it is in the Store.",
    "Commands of blueprint.cli are in a group with the name of the blueprint:",
    "Modules of the application call it where they need the store, and need no app.",
)
def test_the_whole_one(app: Flask, file: Path) -> None:
    client = app.test_client()
    assert "Closed on Sunday." in client.get("/").text
    assert not file.exists()
    assert client.get("/notice/static/notice.css", buffered=True).status_code == 200
    said = app.test_cli_runner().invoke(args=["notice", "set", "Back at <noon>"])
    assert said.output == "The notice is set.\n"
    assert "Back at &lt;noon&gt;" in client.get("/").text
    assert app.test_cli_runner().invoke(args=["notice", "show"]).output == "Back at <noon>\n"


@proves(
    "guide/extensions",
    "settings | app.config, with the name of the extension as prefix",
    "setdefault keeps what the application has set.",
    "The prefix NOTICE_ keeps the keys of extensions apart, and from_prefixed_env finds "
    "the setting in FLASK_NOTICE_DATABASE.",
    "For a value that nobody can guess, such as a password of a server, set no default: "
    'app.config["NOTICE_PASSWORD"] then raises a KeyError at the start, not at the first '
    "request.",
)
def test_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    app = Flask("shop", instance_path=str(tmp_path))
    app.config["NOTICE_DEFAULT"] = "kept"
    Notice(app)
    assert app.config["NOTICE_DEFAULT"] == "kept"
    assert app.config["NOTICE_DATABASE"] == tmp_path / "notice.sqlite"
    assert all(key.startswith("NOTICE_") for key in set(app.config) - set(Flask("x").config))
    monkeypatch.setenv("FLASK_NOTICE_URL_PREFIX", "/banner")
    client = using.create_app().test_client()
    assert client.get("/banner/static/notice.css", buffered=True).status_code == 200
    with pytest.raises(KeyError, match="NOTICE_PASSWORD"):
        app.config["NOTICE_PASSWORD"]


@proves(
    "guide/extensions",
    "what belongs to a request or a command, such as one connection | g, with the name of "
    "the extension as prefix",
    "It is opened when it is first used, and teardown_appcontext() closes it at the end "
    "of a request and of a command, also after an error.",
    "close finds nothing if the context has opened none.",
)
def test_the_connection_of_a_context(app: Flask) -> None:
    opened: list[sqlite3.Connection] = []

    @app.get("/fails")
    def fails() -> str:
        store = current_store()
        assert "notice_connection" not in g
        assert store.connection() is store.connection()
        opened.append(store.connection())
        raise LookupError

    with app.app_context():
        current_store().write("here")
    assert app.test_client().get("/fails").status_code == 500
    app.cli.command("look")(lambda: opened.append(current_store().connection()))
    assert app.test_cli_runner().invoke(args=["look"]).exit_code == 0
    assert len(opened) == 2
    for connection in opened:
        with pytest.raises(sqlite3.ProgrammingError, match="closed database"):
            connection.execute("SELECT 1")
    with app.app_context():
        assert store_module.close() is None  # type: ignore[func-returns-value]


@proves(
    "guide/extensions",
    "The connection belongs to one context, so it is in g: a thread never gets the "
    "connection of another one.",
)
def test_a_thread_gets_a_connection_of_its_own(app: Flask) -> None:
    def connection(_: int) -> sqlite3.Connection:
        with app.app_context():
            opened = current_store().connection()
            assert opened.execute("SELECT 1").fetchone() == (1,)
            return opened

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(connection, range(8)))
    assert len({id(one) for one in found}) == 8


def write(path: str, name: str) -> None:
    app = Flask("shop")
    app.config["NOTICE_DATABASE"] = path
    Notice(app)
    with app.app_context():
        for number in range(20):
            current_store().write(f"{name} {number}")


def test_processes_write_at_the_same_time(file: Path) -> None:
    processes = [get_context("spawn").Process(target=write, args=(str(file), n)) for n in "abc"]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    app = using.create_app()
    with app.app_context():
        assert current_store().read() in {"a 19", "b 19", "c 19"}


@proves(
    "guide/extensions",
    "app.extensions is a dict[str, Any], and the function gives what is in it a type.",
)
def test_the_type_of_the_state() -> None:
    assert "self.extensions: dict[str, t.Any] = {}" in inspect.getsource(flask.sansio.app)
    assert get_type_hints(current_store)["return"] is Store


@proves(
    "guide/extensions",
    "Templates of the application are found first: its own templates/notice/bar.html "
    "replaces the one of the extension.",
    "So the folder notice inside of templates is needed, or the names would collide.",
)
def test_a_template_of_the_application_is_found_first(app: Flask, tmp_path: Path) -> None:
    own = tmp_path / "templates" / "notice"
    own.mkdir(parents=True)
    own.joinpath("bar.html").write_text("own: {{ text }}")
    shop = Flask("shop", root_path=str(tmp_path))
    shop.config["NOTICE_DEFAULT"] = "tea"
    Notice(shop)
    with shop.test_request_context():
        assert render_template_string("{{ notice() }}") == "own: tea"
    assert 'class="notice"' in app.test_client().get("/").text


@proves(
    "guide/extensions",
    "If the file cannot be read, the page appears without its notice, and the log says why.",
)
def test_a_file_that_cannot_be_read(
    app: Flask, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file.parent.mkdir()
    file.write_bytes(b"no database" * 100)
    answer = app.test_client().get("/")
    assert (answer.status_code, answer.text) == (200, "\n<h1>Tea</h1>")
    assert "the notice could not be read" in caplog.text
    assert "file is not a database" in caplog.text
    with app.app_context():
        assert bar() == ""


@proves(
    "guide/extensions",
    "what belongs to nobody, such as a signal | the module",
    "The sender is the application, so a receiver can choose one:",
    "A signal tells the application what has happened, and the extension need not know "
    "who listens.",
)
def test_the_signal(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    app, other = listening.create_app(), using.create_app()
    for one in (other, app):
        with one.app_context():
            current_store().write(f"of {'app' if one is app else 'other'}")
    assert [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING] == [
        "new notice: of app"
    ]
    names = changed.name, type(changed).__name__
    assert names == ("notice-changed", "NamedSignal")


def test_an_application_is_not_kept() -> None:
    """Neither the object of the extension nor its modules keep an application that nobody else has."""
    import gc

    notice, app = Notice(), Flask("short-lived")
    notice.init_app(app)
    assert vars(notice) == {}
    gone = weakref.ref(app)
    del app
    gc.collect()
    assert gone() is None


@proves(
    "guide/extensions",
    "init_app is a convention, and Flask never calls it.",
    "It does not read app.extensions either: the dictionary is there so that extensions "
    "have one place.",
)
def test_flask_knows_nothing_of_the_convention() -> None:
    folder = Path(flask.__file__).parent
    sources = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
    assert "init_app" not in sources.replace("init_app(app)", "")
    lines = [line.strip() for line in sources.splitlines() if ".extensions" in line]
    assert lines == ["self.extensions: dict[str, t.Any] = {}"]


@proves("guide/extensions", "By convention, the key is the name of the extension without flask_.")
def test_known_keys(app: Flask) -> None:
    import flask_migrate
    import flask_sqlalchemy

    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///:memory:"
    flask_migrate.Migrate(app, flask_sqlalchemy.SQLAlchemy(app))
    assert set(app.extensions) == {"notice", "sqlalchemy", "migrate"}


@proves("guide/extensions", "init_app was not called for this application.")
def test_not_bound() -> None:
    app = Flask("shop")
    app.after_request(smallest.add_header)
    app.testing = True
    with pytest.raises(KeyError) as error:
        app.test_client().get("/")
    assert on_the_page(f"`KeyError: {error.value}`")


@proves(
    "guide/extensions",
    "init_app was called after the first request, for example in a view.",
    "The message goes on: It has already handled its first request, any changes will not "
    "be applied consistently. Call it in the factory.",
    "Then call init_app(app), before the first request.",
)
def test_bound_too_late() -> None:
    app = Flask("shop")
    app.add_url_rule("/", "late", lambda: smallest.stamp.init_app(app) or "done")
    app.testing = True
    with pytest.raises(AssertionError) as error:
        app.test_client().get("/")
    first, second = str(error.value).splitlines()[0].split(". ", 1)
    on_the_page(f"`AssertionError: {first}.`")
    on_the_page(f"`{second}`")


@proves(
    "guide/extensions",
    "A module reads current_app at its top, when no application is there.",
    "Read it within a function, at the time of the request.",
)
def test_current_app_at_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "from flask import current_app\nTEXT = current_app.config['NOTICE_DEFAULT']\n"
    tmp_path.joinpath("flask_early.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(RuntimeError) as error:
        import flask_early  # noqa: F401
    on_the_page(f"`RuntimeError: {str(error.value).splitlines()[0]}`")
    sys.modules.pop("flask_early", None)
    code = "from flask import current_app\ndef text(): return current_app.config['X']\n"
    tmp_path.joinpath("flask_early.py").write_text(code)
    namespace: dict[str, Callable[[], str]] = {}
    exec(code, namespace)
    app = Flask("shop")
    app.config["X"] = "tea"
    with app.app_context():
        assert namespace["text"]() == "tea"


@proves("guide/extensions", "It was set after init_app, or in another spelling.")
def test_another_spelling() -> None:
    app = Flask("shop")
    app.config["STAMP_TXT"] = "tea"
    smallest.stamp.init_app(app)
    app.config["STAMP_TEXT"] = "tea"
    assert stamps(app, "/") == ["Flask"]


@proves(
    "guide/extensions",
    "So the object of the extension has many applications, and it must not keep anything "
    "of one of them.",
    "Always test with two applications: what is kept in the wrong place shows at once.",
    "The extension keeps them on its object, as in self.app = app.",
)
def test_the_state_on_the_object_meets_in_tests() -> None:
    first = mixed_up.create_shop("first")
    assert stamps(first, "/") == ["first"]
    mixed_up.create_shop("second")
    assert stamps(first, "/") == ["second"]
    first = smallest.create_app("first")
    smallest.create_app("second")
    assert stamps(first, "/") == ["first"]


def test_bound_twice(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="bound to this application before"):
        using.notice.init_app(app)


@proves(
    "guide/extensions",
    "from flask.ext.notice import Notice. The package flask.ext found flask_notice.",
    "It is gone, so import the package by its name.",
    "app.extensions = {} if it is missing. Old extensions create it.",
    "Each application has it today.",
)
def test_the_stack_is_gone() -> None:
    with pytest.raises(ImportError) as error:
        from flask import _app_ctx_stack  # noqa: F401
    assert str(error.value).startswith("cannot import name '_app_ctx_stack' from 'flask'")
    on_the_page("`ImportError: cannot import name '_app_ctx_stack' from 'flask'`")
    assert Flask("shop").extensions == {}
    with pytest.raises(ModuleNotFoundError, match=r"No module named 'flask\.ext'"):
        import flask.ext.notice  # type: ignore[import-not-found]  # noqa: F401


def test_in_a_client(app: Flask) -> None:
    client: FlaskClient = app.test_client()
    with client:
        client.get("/")
        assert current_app.extensions["notice"] is app.extensions["notice"]
