"""Every claim of the page on contexts, proved."""

import asyncio
import code
import contextvars
import gc
import http.client
import importlib
import importlib.metadata
import inspect
import io
import logging
import operator
import pickle
import pkgutil
import re
import subprocess
import sys
import threading
import warnings
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import Context, ContextVar, copy_context
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

import click
import flask
import greenlet
import jinja2.nodes
import pytest
import sqlalchemy.orm
from flask import (
    Flask,
    Request,
    Response,
    after_this_request,
    copy_current_request_context,
    current_app,
    g,
    has_app_context,
    has_request_context,
    request,
    session,
    stream_with_context,
)
from flask.cli import with_appcontext
from flask.ctx import AppContext, RequestContext
from flask.globals import app_ctx, request_ctx
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from flask.views import MethodView
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import FlaskForm
from packaging.requirements import Requirement
from werkzeug.local import Local, LocalProxy
from werkzeug.routing import BaseConverter
from werkzeug.serving import make_server
from wtforms import Form, StringField

from snippets.contexts import (
    async_views,
    background,
    current_user,
    lifetime,
    metaclass,
    moments,
    priced,
    proxy,
    scripts,
    smallest,
    streaming,
    thread_local,
    threads,
)
from timeline import History

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/guide/contexts.md").read_text(encoding="utf-8")
WAIT = 10

OUTSIDE_APP = """\
Working outside of application context.

This typically means that you attempted to use functionality that needed
the current application. To solve this, set up an application context
with app.app_context(). See the documentation for more information."""
OUTSIDE_REQUEST = """\
Working outside of request context.

This typically means that you attempted to use functionality that needed
an active HTTP request. Consult the documentation on testing for
information about how to avoid this problem."""


def new_app(**options: Any) -> Flask:
    """Return an application with a secret key and no route."""
    app = Flask("contexts-test", static_folder=None, **options)
    app.secret_key = "test"
    app.testing = True
    return app


def error_of(function: Callable[..., Any], *args: Any, **options: Any) -> BaseException:
    """Return what a call raises."""
    with pytest.raises(BaseException) as caught:
        function(*args, **options)
    return caught.value


def in_thread(function: Callable[..., Any], *args: Any) -> Any:
    """Return what a call gives in a thread of its own."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(function, *args).result(WAIT)


def on_the_page(message: str) -> str:
    """Return the message, having made sure that the page quotes each sentence of it to the letter."""
    for sentence in re.split(r"(?<=\.)\s", message):
        assert sentence in PAGE
    return message


def use_app() -> Any:
    return current_app.name


def use_request() -> Any:
    return request.path


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    assert (has_app_context(), has_request_context()) == (False, False)
    yield
    assert (has_app_context(), has_request_context()) == (False, False)


# The smallest example


def test_a_function_finds_the_request_without_an_argument() -> None:
    client = smallest.app.test_client()
    first = client.get("/news?reader=ada").json
    assert first == {"headline": "ada reads /news in snippets.contexts.smallest", "visits": 1}
    assert inspect.signature(smallest.headline).parameters == {}


def test_g_starts_empty_in_the_next_request_and_the_session_remembers() -> None:
    client = smallest.app.test_client()
    client.get("/news?reader=ada")
    second = client.get("/news").json
    assert second == {"headline": "nobody reads /news in snippets.contexts.smallest", "visits": 2}
    assert smallest.app.test_client().get("/news").json["visits"] == 1


# The two contexts


def test_which_names_are_there_at_each_moment() -> None:
    moments.seen.clear()
    moments.note("module level")
    client = moments.app.test_client()
    with client.get("/") as answer:
        assert answer.text == "sent"
    both = "current_app, g, request, session"
    assert client.get("/moments").text.splitlines() == [
        "module level: nothing",
        "WSGI middleware: nothing",
        f"before_request: {both}",
        f"view: {both}",
        "thread started by the view: nothing",
        f"after_request: {both}",
        f"teardown_request: {both}",
        "teardown_appcontext: current_app, g",
        "generator of the body: nothing",
        "call_on_close: nothing",
    ]


def test_a_request_pushes_the_application_context_first_and_pops_it_last() -> None:
    app = new_app()
    order = []

    class Recorder(RequestContext):
        def match_request(self) -> None:
            order.append("push ends")
            super().match_request()

    app.request_context = lambda environ: Recorder(app, environ)  # type: ignore[method-assign]
    app.teardown_request(lambda error: order.append("request popped"))
    app.teardown_appcontext(lambda error: order.append("application popped"))

    def pushed(sender: Flask, **_: Any) -> None:
        order.append(f"application pushed, request: {has_request_context()}")

    with flask.appcontext_pushed.connected_to(pushed, app):
        app.test_client().get("/")
    assert order == [
        "application pushed, request: False",
        "push ends",
        "request popped",
        "application popped",
    ]


def test_a_flask_command_gets_an_application_context_and_no_request() -> None:
    app = new_app()

    @app.cli.command("look")
    def look() -> None:
        click.echo(f"{has_app_context()} {has_request_context()} {current_app.name} {list(g)}")

    assert app.test_cli_runner().invoke(args=["look"]).output == "True False contexts-test []\n"


def test_has_context_and_the_truth_of_a_name_ask_instead_of_failing() -> None:
    def found() -> list[bool]:
        return [has_app_context(), bool(current_app), has_request_context(), bool(request)]

    assert found() == [False, False, False, False]
    with smallest.app.app_context():
        assert found() == [True, True, False, False]
    with smallest.app.test_request_context():
        assert found() == [True, True, True, True]


# Working outside of a context: the messages


def test_the_whole_message_outside_of_an_application_context_is_on_the_page() -> None:
    assert str(error_of(use_app)) == str(error_of(lambda: g.user)) == OUTSIDE_APP
    assert f"RuntimeError: {OUTSIDE_APP}".replace("\n\n", "\n<BLANKLINE>\n") in PAGE


def test_the_whole_message_outside_of_a_request_context_is_on_the_page() -> None:
    assert str(error_of(use_request)) == str(error_of(lambda: session["x"])) == OUTSIDE_REQUEST
    assert f"RuntimeError: {OUTSIDE_REQUEST}".replace("\n\n", "\n<BLANKLINE>\n") in PAGE


db = SQLAlchemy()
NEED_APP: dict[str, Callable[[], Any]] = {
    "url_for": lambda: flask.url_for("news"),
    "render_template": lambda: flask.render_template("page.html"),
    "render_template_string": lambda: flask.render_template_string("text"),
    "stream_template": lambda: flask.stream_template("page.html"),
    "get_template_attribute": lambda: flask.get_template_attribute("page.html", "macro"),
    "jsonify": lambda: flask.jsonify(1),
    "make_response": lambda: flask.make_response("text"),
    "db.session": lambda: db.session.execute(sqlalchemy.text("select 1")),
    "db.engine": lambda: db.engine,
    "db.create_all()": lambda: db.create_all(),
}
NEED_REQUEST: dict[str, Callable[[], Any]] = {
    "flash": lambda: flask.flash("text"),
    "get_flashed_messages": flask.get_flashed_messages,
    "send_file": lambda: flask.send_file(__file__),
    "send_from_directory": lambda: flask.send_from_directory(ROOT, "README.md"),
    "Flask-WTF": FlaskForm,
    "template that reads `request`": lambda: flask.render_template_string("{{ request.path }}"),
    "or `session`": lambda: flask.render_template_string("{{ session.user }}"),
}


@pytest.mark.parametrize("name", NEED_APP)
def test_what_needs_an_application_context(name: str) -> None:
    section = PAGE.partition("(outside-application-context)=")[2].partition("| Where")[0]
    assert re.search(rf"[`.]{re.escape(name)}`", section)
    error = error_of(NEED_APP[name])
    assert (type(error), str(error)) == (RuntimeError, OUTSIDE_APP)


@pytest.mark.parametrize("name", NEED_REQUEST)
def test_what_needs_a_request_context(name: str) -> None:
    section = PAGE.partition("(outside-request-context)=")[2].partition("| Where")[0]
    assert name in section
    with new_app().app_context():
        error = error_of(NEED_REQUEST[name])
    assert (type(error), str(error)) == (RuntimeError, OUTSIDE_REQUEST)


def test_what_works_without_a_context() -> None:
    app = new_app()
    app.add_url_rule("/x", endpoint="x")
    assert flask.redirect("/x").status_code == 302
    assert error_of(flask.abort, 404).code == 404  # type: ignore[attr-defined]
    assert Response("text").status_code == 200
    assert app.json.dumps([1]) == "[1]"
    assert "Unable to build URLs outside an active request" in str(error_of(app.url_for, "x"))
    app.config["SERVER_NAME"] = "example.com"
    assert app.url_for("x") == "http://example.com/x"


@pytest.mark.parametrize(
    "function", [after_this_request, copy_current_request_context, stream_with_context]
)
def test_three_functions_have_messages_of_their_own(function: Callable[..., Any]) -> None:
    message = on_the_page(
        f"'{function.__name__}' can only be used when a request context is active,"
        " such as in a view function."
    )
    argument: Any = iter(()) if function is stream_with_context else use_app
    with new_app().app_context():
        assert str(error_of(function, argument)) == message


# Working outside of a context: the places


def at_module_level(use: str) -> Any:
    exec(f"import flask\nvalue = flask.{use}", {})


def in_a_class_body(use: str) -> Any:
    exec(f"import flask\nclass Settings:\n    value = flask.{use}", {})


def in_a_default_argument(use: str) -> Any:
    exec(f"import flask\ndef view(value=flask.{use}): ...", {})


def in_create_app(use: str) -> Any:
    def create_app() -> Flask:
        app = new_app()
        operator.attrgetter(use)(flask)
        return app  # pragma: no cover

    create_app()


def in_a_script(use: str) -> Any:
    command = [sys.executable, "-c", f"import flask; flask.{use}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    message = done.stderr.partition("RuntimeError: ")[2].rstrip()
    raise RuntimeError(message)


def in_plain_python(use: str) -> Any:
    console = code.InteractiveInterpreter({"flask": flask})
    with mock.patch.object(console, "write") as written:
        console.runsource(f"flask.{use}")
    text = "".join(call.args[0] for call in written.call_args_list)
    raise RuntimeError(text.partition("RuntimeError: ")[2].rstrip())


def in_a_plain_click_command(use: str) -> Any:
    app = new_app()
    app.cli.add_command(click.Command("plain", callback=lambda: operator.attrgetter(use)(flask)))
    raise app.test_cli_runner().invoke(args=["plain"]).exception or AssertionError


def in_a_thread(use: str) -> Any:
    with new_app().test_request_context():
        in_thread(operator.attrgetter(use), flask)


def in_a_generator(use: str) -> Any:
    app = new_app()

    @app.get("/")
    def view() -> Iterator[str]:
        yield str(operator.attrgetter(use)(flask))

    app.test_client().get("/")


def in_call_on_close(use: str) -> Any:
    app = new_app()

    @app.get("/")
    def view() -> Response:
        response = Response("text")
        response.call_on_close(lambda: operator.attrgetter(use)(flask))
        return response

    app.test_client().get("/").close()


def in_a_middleware(use: str) -> Any:
    app = new_app()
    app.wsgi_app = lambda *_: operator.attrgetter(use)(flask)  # type: ignore[method-assign]
    app.test_client().get("/")


def in_a_test(use: str) -> Any:
    priced.price() if use == "request.args" else operator.attrgetter(use)(flask)


PLACES = [
    at_module_level,
    in_a_class_body,
    in_a_default_argument,
    in_create_app,
    in_a_script,
    in_plain_python,
    in_a_plain_click_command,
    in_a_thread,
    in_a_generator,
    in_call_on_close,
    in_a_middleware,
    in_a_test,
]


@pytest.mark.parametrize(
    ("use", "message"),
    [("current_app.name", OUTSIDE_APP), ("request.args", OUTSIDE_REQUEST)],
    ids=["application", "request"],
)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_each_place_where_a_context_is_missing(
    place: Callable[[str], Any], use: str, message: str
) -> None:
    error = error_of(place, use)
    assert (type(error), str(error)) == (RuntimeError, message)


def inside_an_application_context() -> Any:
    with new_app().app_context():
        use_request()


def in_a_flask_command() -> Any:
    app = new_app()
    app.cli.command("look")(use_request)
    raise app.test_cli_runner().invoke(args=["look"]).exception or AssertionError


def in_teardown_appcontext() -> Any:
    app = new_app()
    app.teardown_appcontext(lambda error: use_request())
    app.test_client().get("/")


def in_a_patch() -> Any:
    mock.patch(f"{__name__}.request", create=True).start()


@pytest.mark.parametrize(
    "place",
    [inside_an_application_context, in_a_flask_command, in_teardown_appcontext],
    ids=lambda place: place.__name__,
)
def test_each_place_where_the_request_alone_is_missing(place: Callable[[], Any]) -> None:
    error = error_of(place)
    assert (type(error), str(error)) == (RuntimeError, OUTSIDE_REQUEST)


def test_the_value_can_be_read_in_the_view_for_later() -> None:
    app = new_app()
    later = []

    @app.get("/")
    def view() -> Response:
        path = request.path
        response = Response("text")
        response.call_on_close(lambda: later.append(path))
        return response

    app.test_client().get("/").close()
    assert later == ["/"]


def test_teardown_request_and_g_still_have_what_teardown_appcontext_has_not() -> None:
    app = new_app()
    found = []
    app.before_request(lambda: g.setdefault("path", request.path) and None)
    app.teardown_request(lambda error: found.append(request.path))
    app.teardown_appcontext(lambda error: found.append(g.path))
    app.test_client().get("/x")
    assert found == ["/x", "/x"]


def test_a_plain_click_command_is_mended_by_with_appcontext_or_by_app_cli_command() -> None:
    app = new_app()

    @click.command()
    @with_appcontext
    def first() -> None:
        click.echo(current_app.name)

    @app.cli.command()
    def second() -> None:
        click.echo(current_app.name)

    app.cli.add_command(first)
    runner = app.test_cli_runner()
    assert [runner.invoke(args=[name]).output for name in ("first", "second")] == [
        "contexts-test\n",
        "contexts-test\n",
    ]


def flask_command(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-X", "utf8", "-m", "flask", "--app", "snippets.contexts.scripts"]
    return subprocess.run(
        [*command, *arguments],
        cwd=ROOT,
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )


def test_flask_shell_has_an_application_context_and_no_request() -> None:
    lines = "from flask import current_app, request\n(current_app.name, bool(request))\n"
    assert "('snippets.contexts.scripts', False)" in flask_command("shell", stdin=lines).stdout


def test_create_all_in_create_app_needs_an_application_context_around_it() -> None:
    database = SQLAlchemy()
    app = new_app()
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    database.init_app(app)
    assert str(error_of(database.create_all)) == OUTSIDE_APP
    with app.app_context():
        assert database.create_all() is None
        database.session.remove()
        database.engine.dispose()


def test_one_function_for_a_view_a_command_and_a_script() -> None:
    assert scripts.app.test_client().get("/").text == "Welcome to 早茶"
    assert scripts.app.test_cli_runner().invoke(args=["banner"]).output == "Welcome to 早茶\n"
    assert scripts.script() == "Welcome to 早茶"
    assert str(error_of(scripts.banner)) == OUTSIDE_APP


def test_the_command_on_the_page_gives_what_the_page_shows() -> None:
    shown = "$ flask --app snippets.contexts.scripts banner\n"
    assert shown + flask_command("banner").stdout in PAGE


@pytest.mark.parametrize(
    "look",
    [lambda: getattr(g, "user", None), lambda: hasattr(g, "user"), lambda: "user" in g],
    ids=["getattr", "hasattr", "in"],
)
def test_a_default_does_not_cover_a_g_that_is_not_there(look: Callable[[], Any]) -> None:
    assert str(error_of(look)) == OUTSIDE_APP
    with new_app().app_context():
        assert not look()


def test_flask_sqlalchemy_in_the_context_of_another_application() -> None:
    message = on_the_page(
        "The current Flask app is not registered with this 'SQLAlchemy' instance."
        " Did you forget to call 'init_app', or did you create multiple 'SQLAlchemy' instances?"
    )
    app = new_app()
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    with app.app_context():
        forgotten = error_of(NEED_APP["db.session"])
    other = SQLAlchemy(app)
    with app.app_context():
        second = error_of(NEED_APP["db.session"])
        other.engine.dispose()
    for error in (forgotten, second):
        assert (type(error), str(error)) == (RuntimeError, message)


@pytest.mark.parametrize(
    ("name", "message"),
    [("request", OUTSIDE_REQUEST), ("g", OUTSIDE_APP), ("current_app", OUTSIDE_APP)],
)
def test_patching_a_proxy_raises_outside_of_its_context(name: str, message: str) -> None:
    module = ModuleType("shop_views")
    setattr(module, name, getattr(flask, name))
    with mock.patch.dict(sys.modules, {"shop_views": module}):
        assert str(error_of(mock.patch(f"shop_views.{name}").start)) == message
        with new_app().test_request_context(), mock.patch(f"shop_views.{name}") as patched:
            assert getattr(module, name) is patched


def test_a_log_formatter_that_reads_the_request_loses_messages(
    capsys: pytest.CaptureFixture[str],
) -> None:
    class Careless(logging.Formatter):
        def format(self, record: logging.LogRecord) -> str:
            return f"{request.path} {record.getMessage()}"

    class Guarded(logging.Formatter):
        def format(self, record: logging.LogRecord) -> str:
            place = request.path if has_request_context() else "-"
            return f"{place} {record.getMessage()}"

    def logged(formatter: logging.Formatter) -> str:
        handler = logging.StreamHandler(stream := io.StringIO())
        handler.setFormatter(formatter)
        handler.handle(logging.makeLogRecord({"msg": "outside"}))
        with new_app().test_request_context("/x"):
            handler.handle(logging.makeLogRecord({"msg": "inside"}))
        return stream.getvalue()

    assert logged(Careless()) == "/x inside\n"
    errors = capsys.readouterr().err
    assert on_the_page("--- Logging error ---") in errors
    assert "RuntimeError: Working outside of request context." in errors
    assert logged(Guarded()) == "- outside\n/x inside\n"
    assert capsys.readouterr().err == ""


# The lifetime of g


def test_a_connection_lives_for_one_request() -> None:
    client = lifetime.app.test_client()
    first, second = client.get("/orders").json, client.get("/orders").json
    number = first["used"][0]
    assert first == {"used": [number, number], "open": [number]}
    assert second == {"used": [number + 1, number + 1], "open": [number + 1]}
    assert client.get("/about").json == {"used": [], "open": []}


def test_g_lives_exactly_as_long_as_its_application_context() -> None:
    class Thing:
        pass

    app = new_app()
    alive: list[weakref.ref[Thing]] = []
    found = []

    @app.get("/")
    def view() -> str:
        g.thing = Thing()
        alive.append(weakref.ref(g.thing))
        return "text"

    app.after_request(lambda response: found.append(list(g)) or response)
    app.teardown_request(lambda error: found.append(list(g)))
    app.teardown_appcontext(lambda error: found.append(list(g)))
    app.test_client().get("/")
    assert found == [["thing"]] * 3
    gc.collect()
    assert alive[0]() is None
    with app.app_context():
        assert list(g) == []


def test_teardown_runs_when_the_view_raises_as_well() -> None:
    app = new_app()
    errors = []
    app.teardown_appcontext(lambda error: errors.append(error))

    @app.get("/")
    def view() -> str:
        raise KeyError("view")

    raised = error_of(app.test_client().get, "/")
    assert errors == [raised]


def test_g_is_not_shared_with_a_request_that_runs_at_the_same_time() -> None:
    app = new_app()
    both = threading.Barrier(2, timeout=WAIT)

    @app.get("/<name>")
    def view(name: str) -> dict[str, str]:
        g.name = name
        both.wait()
        return {"g": g.name, "request": request.path, "session": session.setdefault("x", name)}

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda path: app.test_client().get(path).json, ["/a", "/b"]))
    assert answers == [
        {"g": "a", "request": "/a", "session": "a"},
        {"g": "b", "request": "/b", "session": "b"},
    ]


def test_a_name_that_g_does_not_have() -> None:
    on_the_page("`AttributeError: user`")
    on_the_page("`KeyError: 'user'`")
    with new_app().app_context():
        missing, popped = error_of(lambda: g.user), error_of(g.pop, "user")
        assert (type(missing), str(missing)) == (AttributeError, "user")
        assert (type(popped), str(popped)) == (KeyError, "'user'")
        assert g.get("user") is None
        assert g.pop("user", "nobody") == "nobody"
        assert g.setdefault("user", "ada") == g.user == "ada"


def test_an_application_context_inside_a_view_hides_g_and_runs_teardown() -> None:
    app = new_app()
    events: list[Any] = []
    app.teardown_appcontext(lambda error: events.append("teardown"))

    @app.get("/")
    def view() -> str:
        g.user = "ada"
        with app.app_context():
            events.append(list(g))
        events.append(list(g))
        return "text"

    app.test_client().get("/")
    assert events == [[], "teardown", ["user"], "teardown"]


# Testing


def test_a_pushed_request_is_matched_and_has_its_session_but_ran_no_hook() -> None:
    with priced.app.test_request_context("/price?amount=2"):
        assert (request.endpoint, request.args["amount"], dict(session)) == ("show", "2", {})
        assert str(error_of(priced.price)) == "currency"
        assert priced.app.preprocess_request() is None
        assert priced.price() == "6 CNY"


def test_test_request_context_takes_what_the_client_takes() -> None:
    app = priced.app
    with app.test_request_context(
        "/x", method="PUT", json={"n": 1}, headers={"X-A": "1"}, base_url="https://shop.example/"
    ):
        assert (request.method, request.json) == ("PUT", {"n": 1})
        assert (request.headers["X-A"], request.url) == ("1", "https://shop.example/x")
    with app.test_request_context("/x", method="POST", data={"name": "阿达"}):
        assert request.form["name"] == "阿达"


def test_the_client_in_a_with_block_keeps_the_contexts_of_its_last_request() -> None:
    app = new_app()
    torn = []
    app.before_request(lambda: g.setdefault("path", request.path) and None)
    app.teardown_request(lambda error: torn.append("request"))
    app.teardown_appcontext(lambda error: torn.append("application"))
    pair = ["request", "application"]
    with app.test_client() as client:
        client.get("/one")
        # teardown has run, and runs again when the contexts are dropped
        assert (request.path, g.path, torn) == ("/one", "/one", pair)
        client.get("/two")
        assert (request.path, g.path, torn) == ("/two", "/two", pair * 3)
    assert torn == pair * 4
    assert not has_request_context()


def test_the_session_can_be_written_before_the_request() -> None:
    client = priced.app.test_client()
    with client.session_transaction() as stored:
        stored["currency"] = "JPY"
    assert client.get("/price?amount=2").json == {"price": "6 JPY"}


def test_requests_share_the_g_of_an_active_context_of_their_application() -> None:
    app = new_app()

    @app.get("/")
    def view() -> str:
        g.count = g.get("count", 0) + 1
        return str(g.count)

    client = app.test_client()

    def answers() -> list[str]:
        return [client.get("/").text for _ in range(3)]

    assert answers() == ["1", "1", "1"]
    with app.app_context():
        assert answers() == ["1", "2", "3"]
    with new_app().app_context():
        # the context of another application is not joined
        assert answers() == ["1", "1", "1"]


def test_a_client_enters_its_with_block_once() -> None:
    message = on_the_page("Cannot nest client invocations")

    def nested(client: FlaskClient) -> None:
        with client, client:
            pass  # pragma: no cover

    error = error_of(nested, priced.app.test_client())
    assert (type(error), str(error)) == (RuntimeError, message)


# push and pop by hand


@pytest.mark.parametrize("kind", ["app", "request"])
def test_contexts_popped_in_the_order_in_which_they_were_pushed(kind: str) -> None:
    app = new_app()

    def wrong_order() -> None:
        make = app.app_context if kind == "app" else app.test_request_context
        first, second = make(), make()
        first.push()
        second.push()
        first.pop()

    # in a context of its own, which takes the mess with it
    error = error_of(Context().run, wrong_order)
    assert type(error) is AssertionError
    assert str(error).startswith(on_the_page(f"Popped wrong {kind} context."))


@pytest.mark.parametrize("kind", ["app", "request"])
def test_a_context_popped_that_was_not_pushed(kind: str) -> None:
    app = new_app()
    context: Any = app.app_context() if kind == "app" else app.test_request_context()
    error = error_of(context.pop)
    assert type(error) is LookupError
    assert str(error).startswith(f"<ContextVar name='flask.{kind}_ctx' at 0x")
    with context:
        pass
    assert type(error_of(context.pop)) is LookupError
    on_the_page("LookupError: <ContextVar name='flask.app_ctx' at 0x")


TOKEN = (
    r"<Token var=<ContextVar name='flask\.request_ctx' at 0x\w+> at 0x\w+>"
    r" was created in a different Context"
)


def test_a_context_pushed_in_one_thread_and_popped_in_another() -> None:
    assert re.search(f"`ValueError: {TOKEN}`", PAGE)

    def push_and_pop() -> None:
        context = new_app().test_request_context()
        in_thread(context.push)
        # the thread that pops has a request of its own
        with new_app().test_request_context():
            context.pop()

    error = error_of(Context().run, push_and_pop)
    assert type(error) is ValueError
    assert re.fullmatch(TOKEN, str(error))


# Threads


def test_what_a_thread_sees_by_the_way_it_was_started() -> None:
    assert threads.app.test_client().get("/page").text.splitlines() == [
        "plain: nothing",
        "copy_current_request_context: request /page, reader unknown",
        "copy_context: request /page, reader ada",
    ]


def test_a_threaded_server_gives_each_thread_its_own_request() -> None:
    app = new_app()
    both = threading.Barrier(2, timeout=WAIT)

    @app.get("/<name>")
    def view(name: str) -> str:
        both.wait()
        return f"{request.path} {threading.get_ident()}"

    server = make_server("127.0.0.1", 0, app, threaded=True)
    runner = threading.Thread(target=server.serve_forever)
    runner.start()

    def fetch(path: str) -> list[str]:
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=WAIT)
        connection.request("GET", path)
        with connection.getresponse() as answer:
            text = answer.read().decode()
        connection.close()
        return text.split()

    try:
        with ThreadPoolExecutor(2) as pool:
            (first, thread_a), (second, thread_b) = pool.map(fetch, ["/a", "/b"])
    finally:
        server.shutdown()
        runner.join()
        server.server_close()
    assert (first, second) == ("/a", "/b")
    assert thread_a != thread_b


@pytest.mark.parametrize(
    ("way", "own", "torn"),
    [("copy_current_request_context", True, 2), ("copy_context", False, 1)],
)
def test_what_a_thread_shares_with_the_view(way: str, own: bool, torn: int) -> None:
    app = new_app()
    ends: list[str] = []
    app.teardown_request(lambda error: ends.append("request"))
    app.teardown_appcontext(lambda error: ends.append("application"))

    def parts() -> list[Any]:
        return [
            request_ctx.request,
            request_ctx.session,
            operator.attrgetter("_get_current_object")(request_ctx)(),
            operator.attrgetter("_get_current_object")(app_ctx)(),
            app_ctx.g,
        ]

    @app.get("/")
    def view() -> str:
        here = parts()
        copied: Callable[[], list[Any]] = copy_current_request_context(parts)
        shared = way == "copy_context"
        there = in_thread(copy_context().run, parts) if shared else in_thread(copied)
        same = [a is b for a, b in zip(here, there, strict=True)]
        # request, session, request context, application context, g
        assert same == [True, True, not own, not own, not own]
        return "text"

    app.test_client().get("/")
    assert ends == ["request", "application"] * torn


def upload_app() -> tuple[Flask, list[Future[bytes]], threading.Event]:
    app = new_app()
    results: list[Future[bytes]] = []
    answered = threading.Event()
    pool = ThreadPoolExecutor(1)

    def read_later() -> bytes:
        assert answered.wait(WAIT)
        return request.files["file"].read()

    def read_now() -> bytes:
        return request.files["file"].read()

    @app.post("/thread-after-response")
    def later() -> str:
        assert request.files["file"].filename == "hello.txt"
        results.append(pool.submit(copy_current_request_context(read_later)))
        return "text"

    @app.post("/view-after-thread")
    def now() -> bytes:
        assert in_thread(copy_current_request_context(read_now)) == b"hello"
        return read_now()

    return app, results, answered


def test_an_uploaded_file_is_closed_with_the_context_and_with_its_copy() -> None:
    app, results, answered = upload_app()
    client = app.test_client()
    message = on_the_page("I/O operation on closed file.")

    def upload() -> dict[str, Any]:
        return {"file": (io.BytesIO(b"hello"), "hello.txt")}

    client.post("/thread-after-response", data=upload())
    answered.set()
    late = results[0].exception(WAIT)
    early = error_of(client.post, "/view-after-thread", data=upload())
    assert (type(late), str(late)) == (ValueError, message)
    assert (type(early), str(early)) == (ValueError, message)


def test_one_copy_of_a_request_context_is_for_one_thread() -> None:
    entered = [threading.Event(), threading.Event()]
    may_leave = [threading.Event(), threading.Event()]

    def work(number: int) -> None:
        entered[number].set()
        assert may_leave[number].wait(WAIT)

    def start(pool: ThreadPoolExecutor, functions: list[Callable[[int], None]]) -> list[Any]:
        for event in entered + may_leave:
            event.clear()
        futures = []
        for number, function in enumerate(functions):
            futures.append(pool.submit(function, number))
            assert entered[number].wait(WAIT)
        # the one that came first leaves first
        for number, event in enumerate(may_leave):
            event.set()
            futures[number].exception(WAIT)
        return [future.exception() for future in futures]

    on_the_page("pool.submit(copy_current_request_context(work))")
    with new_app().test_request_context(), ThreadPoolExecutor(2) as pool:
        one = copy_current_request_context(work)
        errors = start(pool, [one, one])
        assert {type(error) for error in errors} == {ValueError}
        assert re.fullmatch(TOKEN, str(errors[0]))
        own = [copy_current_request_context(work) for _ in range(2)]
        with ThreadPoolExecutor(2) as fresh:
            assert start(fresh, own) == [None, None]


def test_background_work_takes_values_and_an_application_context_of_its_own() -> None:
    background.reports.clear()
    client = background.app.test_client()
    ordered = client.post("/reports", data={"reader": "ada"})
    assert (ordered.status_code, ordered.json) == (202, {"report": 0})
    assert client.get("/reports/0").json == {"text": "For ada, from the shop"}


def test_app_ctx_is_a_proxy_and_its_attribute_the_application_itself() -> None:
    app = new_app()
    with app.test_request_context():
        assert type(app_ctx) is type(request_ctx) is LocalProxy
        assert app_ctx.app is app
        assert type(request_ctx.request) is Request
        assert type(app_ctx.g) is app.app_ctx_globals_class
        assert type(request_ctx.session) is SecureCookieSessionInterface.session_class
        # the name means nothing in the thread
        assert str(error_of(in_thread, lambda owner: owner.name, current_app)) == OUTSIDE_APP
        assert in_thread(lambda owner: owner.name, app_ctx.app) == "contexts-test"


def test_a_session_changed_after_the_response_is_not_saved() -> None:
    app = new_app()
    answered = threading.Event()
    pool = ThreadPoolExecutor(1)
    results = []

    def change() -> dict[str, str]:
        assert answered.wait(WAIT)
        session["late"] = "yes"
        return dict(session)

    @app.get("/")
    def view() -> dict[str, str]:
        found = dict(session)
        session["early"] = "yes"
        results.append(pool.submit(copy_current_request_context(change)))
        return found

    client = app.test_client()
    assert client.get("/").json == {}
    answered.set()
    assert results[0].result(WAIT) == {"early": "yes", "late": "yes"}
    assert client.get("/").json == {"early": "yes"}
    results[1].result(WAIT)


# Async views


def test_an_async_view_and_its_tasks_share_one_g_on_another_thread() -> None:
    answer = async_views.app.test_client().get("/search?q=flask").json
    assert answer == {
        "found": ["flask in books", "flask in films"],
        "thread of the hook": False,
    }


def test_what_an_async_view_starts_takes_the_context_along_or_not() -> None:
    app = new_app()

    async def look() -> bool:
        return has_request_context()

    @app.get("/")
    async def view() -> list[bool]:
        loop = asyncio.get_running_loop()
        return [
            await asyncio.create_task(look()),
            *await asyncio.gather(look()),
            await asyncio.to_thread(has_request_context),
            await loop.run_in_executor(None, has_request_context),
        ]

    assert app.test_client().get("/").json == [True, True, True, False]


def test_a_task_that_still_runs_when_the_async_view_returns_is_cancelled() -> None:
    app = new_app()
    ends = []
    tasks = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ends.append("cancelled")
            raise

    @app.get("/")
    async def view() -> str:
        tasks.append(asyncio.create_task(work()))
        await asyncio.sleep(0)
        return "text"

    assert app.test_client().get("/").text == "text"
    assert ends == ["cancelled"]


def test_an_async_view_needs_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    message = on_the_page("Install Flask with the 'async' extra in order to use async views.")
    monkeypatch.setitem(sys.modules, "asgiref.sync", None)
    app = new_app()

    @app.get("/")
    async def view() -> str:
        return "text"  # pragma: no cover

    error = error_of(app.test_client().get, "/")
    assert (type(error), str(error)) == (RuntimeError, message)
    extra = [Requirement(text) for text in importlib.metadata.requires("flask") or []]
    assert [r.name for r in extra if r.marker and r.marker.evaluate({"extra": "async"})][-1:] == [
        "asgiref"
    ]


def test_an_async_view_called_where_a_loop_is_running(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(async_views.app.config, "TESTING", True)
    message = on_the_page(
        "You cannot use AsyncToSync in the same thread as an async event loop"
        " - just await the async function directly."
    )
    client = async_views.app.test_client()

    async def wrong() -> None:
        client.get("/search?q=flask")

    async def right() -> int:
        on_the_page('await asyncio.to_thread(client.get, "/search?q=flask")')
        return (await asyncio.to_thread(client.get, "/search?q=flask")).status_code

    error = error_of(asyncio.run, wrong())
    assert (type(error), str(error)) == (RuntimeError, message)
    assert asyncio.run(right()) == 200


# Generators


def test_a_generator_outlives_the_contexts_unless_they_are_kept() -> None:
    client = streaming.app.test_client()
    assert client.get("/kept").text == "You asked for /kept\nand that is all"
    error = error_of(client.get, "/lost")
    assert (type(error), str(error)) == (RuntimeError, OUTSIDE_REQUEST)


def test_teardown_runs_before_the_stream_and_again_after_it() -> None:
    app = new_app()
    events: list[str] = []

    def opened(name: str) -> str:
        if "connection" not in g:
            g.connection = name
            events.append(f"open {name}")
        return str(g.connection)

    @app.teardown_appcontext
    def close(error: BaseException | None) -> None:
        name = g.pop("connection", None)
        events.append(f"close {name}")

    @app.get("/")
    def view() -> Iterator[str]:
        opened("of the view")
        g.kept = "kept"

        def lines() -> Iterator[str]:
            events.append(f"first line, {g.kept}")
            opened("of the stream")
            yield "one"
            events.append("last line")
            yield "two"

        return stream_with_context(lines())

    with app.test_client().get("/") as answer:
        assert answer.text == "onetwo"
    assert events == [
        "open of the view",
        "close of the view",
        "first line, kept",
        "open of the stream",
        "last line",
        "close of the stream",
    ]


def test_the_teardown_on_the_page_can_run_twice() -> None:
    with lifetime.app.app_context():
        number = lifetime.connection()
        assert lifetime.open_now == {number}
        lifetime.close(None)
        lifetime.close(None)
        assert lifetime.open_now == set()


# Greenlets


def test_flask_does_not_install_greenlet() -> None:
    todo, seen = ["flask", "asgiref"], set()
    while todo:
        name = todo.pop()
        seen.add(name)
        for text in importlib.metadata.requires(name) or []:
            needed = Requirement(text)
            if not needed.marker or needed.marker.evaluate({"extra": ""}):
                todo += {needed.name.lower()} - seen
    assert {"werkzeug", "jinja2"} <= seen
    assert "greenlet" not in seen


def test_a_greenlet_starts_with_an_empty_context_unless_it_gets_one() -> None:
    on_the_page("child.gr_context = copy_context()")
    with new_app().test_request_context("/x"):
        assert greenlet.greenlet(has_request_context).switch() is False
        assert greenlet.greenlet(copy_current_request_context(use_request)).switch() == "/x"
        child = greenlet.greenlet(use_request)
        child.gr_context = copy_context()
        assert child.switch() == "/x"


def test_switching_between_greenlets_switches_between_their_requests() -> None:
    app = new_app()
    shared = threading.local()
    seen = []
    others: dict[str, greenlet.greenlet] = {}

    def answer(path: str, other: str) -> None:
        with app.test_request_context(path):
            g.path = shared.path = path
            others[other].switch()
            seen.append((request.path, g.path, shared.path))

    main = greenlet.getcurrent()
    others["a"] = greenlet.greenlet(lambda: answer("/a", "b"), main)
    others["b"] = greenlet.greenlet(lambda: answer("/b", "a"), main)
    others["a"].switch()
    others["b"].switch()
    # threading.local has the value of the greenlet that came last
    assert seen == [("/a", "/a", "/b"), ("/b", "/b", "/b")]


# Proxies


def test_the_four_names_are_proxies_for_the_objects_of_the_context() -> None:
    names = {name: value for name, value in vars(flask.globals).items() if is_proxy(value)}
    assert names.keys() == {
        *("current_app", "g", "request", "session"),
        *("app_ctx", "request_ctx"),
    }
    app = new_app()
    with app.test_request_context():
        assert isinstance(request, Request)
        assert isinstance(current_app, Flask)
        assert (current_app is app, current_app == app) == (False, True)
        assert type(g) is LocalProxy
        assert isinstance(g, app.app_ctx_globals_class)
        current = operator.attrgetter("_get_current_object")
        assert current(current_app)() is app
        assert current(request)() is request_ctx.request
        # the same name in another context is the same proxy for another object
        first, outer = request, request.path
        with app.test_request_context("/inner"):
            assert (request is first, request.path) == (True, "/inner")
        assert request.path == outer == "/"


def is_proxy(value: Any) -> bool:
    return type(value) is LocalProxy


def test_a_proxy_without_an_object() -> None:
    assert repr(request) == "<LocalProxy unbound>"
    assert isinstance(request, Request) is False
    assert not request
    # never true, with or without a request
    assert (request is None) is False
    with new_app().test_request_context():
        assert (request is None) is False


def test_a_signal_connected_with_a_proxy_as_sender_calls_nobody() -> None:
    app = new_app()
    calls = []
    by_proxy, by_object = (
        lambda sender, name=name: calls.append(name) for name in ("proxy", "app")
    )
    with app.app_context():
        flask.request_started.connect(by_proxy, sender=current_app)
        flask.request_started.connect(by_object, sender=app_ctx.app)
    app.test_client().get("/")
    assert calls == ["app"]


def test_a_proxy_cannot_be_pickled() -> None:
    with new_app().app_context():
        assert type(error_of(pickle.dumps, g)) is pickle.PicklingError


def test_a_proxy_of_ones_own_calls_its_function_at_each_use(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = current_user.app.test_client()
    known = client.get("/me", headers={"X-Token": "a1"})
    unknown = client.get("/me")
    assert (known.status_code, known.json) == (200, {"name": "Ada"})
    assert (unknown.status_code, unknown.json) == (401, {"error": "who are you?"})
    with current_user.app.test_request_context():
        assert not current_user.current_user
        assert (current_user.current_user is None) is False

    calls = []
    counted = LocalProxy(lambda: calls.append(1) or len(calls))  # type: ignore[func-returns-value]
    assert (counted + 0, counted + 0) == (1, 2)


def test_the_user_is_looked_up_once_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    users = mock.Mock()
    users.get.return_value = {"name": "Ada"}
    monkeypatch.setattr(current_user, "USERS", users)
    current_user.app.test_client().get("/me", headers={"X-Token": "a1"})
    users.get.assert_called_once_with("a1")


# A proxy in thirty lines


def test_the_proxy_has_thirty_lines_and_the_methods_of_the_notes() -> None:
    assert len(inspect.getsource(proxy.Proxy).splitlines()) == 30
    methods = [name for name, value in vars(proxy.Proxy).items() if callable(value)]
    notes = "new call str setattr setitem getattr enter exit add"
    assert sorted(methods) == sorted(f"__{name}__" for name in notes.split())
    rows = re.findall(r"^\| (\{py:meth\}.+?) \|", PAGE, re.MULTILINE)
    assert sorted(re.findall(r"__\w+__", " ".join(rows))) == sorted(methods)


def test_each_visit_has_an_object_of_its_own() -> None:
    client = proxy.app.test_client()
    assert client.get("/tea").json == {"visit": "{'path': '/tea', 'page': 'tea'}"}
    assert client.get("/cake").json == {"visit": "{'path': '/cake', 'page': 'cake'}"}
    assert type(error_of(str, proxy.visit)) is LookupError


def test_pop_puts_back_what_was_there_before() -> None:
    with proxy.app.test_request_context("/outer"):
        proxy.app.preprocess_request()
        with proxy.app.test_request_context("/inner"):
            # no hook ran here, so there is nothing to put back
            g.pop("token")
        assert proxy.visit.get("path") == "/outer"
        proxy.visit.variable.set(None)


def own_proxy(value: Any) -> proxy.Proxy:
    variable: ContextVar[Any] = ContextVar("variable")
    variable.set(value)
    return proxy.Proxy(variable)


def test_each_special_method_of_the_proxy() -> None:
    stock = {"bread": 2}
    of_stock = own_proxy(stock)
    of_stock["eggs"] = 6
    assert (of_stock.get("eggs"), str(of_stock)) == (6, "{'bread': 2, 'eggs': 6}")
    assert own_proxy(41) + 1 == 42
    assert own_proxy(len)("four") == 4
    thing = ModuleType("thing")
    own_proxy(thing).name = "Ada"
    assert thing.name == "Ada"
    with own_proxy(mock.MagicMock(__enter__=lambda _: "inside")) as value:
        assert value == "inside"
    with own_proxy(open(__file__, encoding="utf-8")) as file:
        pass
    assert file.closed


def test_an_operator_looks_for_its_method_on_the_class() -> None:
    class Naive:
        def __getattr__(self, name: str) -> Any:
            return getattr(41, name)

    naive: Any = Naive()
    assert naive.real == 41
    assert naive.__add__(1) == 42
    assert str(error_of(lambda: naive + 1)) == (
        "unsupported operand type(s) for +: 'Naive' and 'int'"
    )


def test_where_a_reader_meets_each_special_method() -> None:
    # __new__
    assert type(StringField()).__name__ == "UnboundField"
    assert "__new__" in vars(importlib.import_module("wtforms.fields.core").Field)
    # __call__
    body = smallest.app({"REQUEST_METHOD": "GET", "PATH_INFO": "/news", **ENVIRON}, mock.Mock())
    assert b"nobody reads /news" in b"".join(body)
    with smallest.app.test_request_context("/news"):
        # __str__
        assert str(request.url_rule) == "/news"
        # __setattr__
        g.user = "ada"
        assert g.__dict__ == {"user": "ada"}
        # __setitem__
        assert session.modified is False
        session["x"] = 1
        assert session.modified is True
        # __getattr__
        assert "__getattr__" in vars(type(app_ctx.g))
        # __enter__ and __exit__
        assert {"__enter__", "__exit__"} <= vars(AppContext).keys() & vars(RequestContext).keys()


ENVIRON: dict[str, Any] = {
    "SERVER_NAME": "localhost",
    "SERVER_PORT": "80",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "wsgi.url_scheme": "http",
    "wsgi.input": io.BytesIO(),
    "wsgi.errors": sys.stderr,
}


def test_werkzeugs_proxy_passes_some_ninety_methods_on() -> None:
    lookup = type(LocalProxy.__dict__["__add__"])
    methods = [name for name, value in vars(LocalProxy).items() if isinstance(value, lookup)]
    assert 85 <= len(methods) <= 95
    assert "__new__" not in vars(LocalProxy)
    assert "__init__" in vars(LocalProxy)
    assert "object.__setattr__(self" in inspect.getsource(LocalProxy.__init__)


def test_what_werkzeugs_proxy_can_look_at() -> None:
    variable: ContextVar[Any] = ContextVar("variable")
    empty: LocalProxy[Any] = LocalProxy(variable, unbound_message="nothing there")
    assert str(error_of(lambda: empty.real)) == "nothing there"
    variable.set(41)
    local = Local()
    local.number = 41
    for looking in (
        LocalProxy(variable),
        LocalProxy(variable, "real"),
        LocalProxy(lambda: 41),
        LocalProxy(local, "number"),
    ):
        assert looking + 1 == 42


# Class __dict__ and metaclasses


def test_a_class_dict_holds_what_the_class_defines_and_is_read_only() -> None:
    assert "dispatch_request" in metaclass.Page.__dict__
    assert "dispatch_request" not in metaclass.About.__dict__
    assert hasattr(metaclass.About, "dispatch_request")
    message = on_the_page("'mappingproxy' object does not support item assignment")
    error = error_of(operator.setitem, metaclass.About.__dict__, "rule", "/x")
    assert (type(error), str(error)) == (TypeError, message)


def test_both_ways_register_each_class_with_a_rule_and_no_other() -> None:
    client = metaclass.app.test_client()
    assert [client.get(path).text for path in ("/about", "/help")] == ["About", "Help"]
    rules = {rule.endpoint for rule in metaclass.app.url_map.iter_rules()}
    assert rules == {"static", "About", "Help"}
    assert (type(metaclass.About), type(metaclass.Help)) == (metaclass.Routed, type)


def test_a_subclass_that_inherits_its_rule_is_not_registered_again() -> None:
    class More(metaclass.About):
        pass

    class Further(metaclass.Help):
        pass

    assert (More.rule, Further.rule) == ("/about", "/help")
    rules = {rule.endpoint for rule in metaclass.app.url_map.iter_rules()}
    assert rules == {"static", "About", "Help"}


def test_a_metaclass_makes_the_class_as_the_class_makes_its_instances() -> None:
    made = type("Made", (Flask,), {"colour": "red"})
    assert (type(made), made.__name__, made.__bases__, made.colour) == (  # type: ignore[attr-defined]
        type,
        "Made",
        (Flask,),
        "red",
    )


def classes_of(package: str) -> Iterator[type]:
    """Yield every class that a package defines."""
    root = importlib.import_module(package)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        names = [m.name for m in pkgutil.walk_packages(root.__path__, f"{package}.")]
        modules = [importlib.import_module(n) for n in names if not n.endswith("__main__")]
    for module in [root, *modules]:
        for value in vars(module).values():
            if isinstance(value, type) and value.__module__.split(".")[0] == package:
                yield value


@pytest.mark.parametrize(
    ("package", "own"),
    [
        ("flask", set()),
        ("werkzeug", set()),
        ("wtforms", {"FormMeta"}),
        ("jinja2", {"NodeType"}),
    ],
)
def test_who_defines_a_metaclass(package: str, own: set[str]) -> None:
    metaclasses = {type(cls) for cls in classes_of(package)}
    assert type in metaclasses
    assert {m.__name__ for m in metaclasses if m.__module__.split(".")[0] == package} == own


def test_what_the_metaclasses_of_the_libraries_are_for() -> None:
    assert type(flask.sessions.SessionMixin).__name__ == "ABCMeta"
    assert type(jinja2.nodes.Node).__name__ == "NodeType"
    assert type(sqlalchemy.orm.DeclarativeBase) is not type

    class Login(Form):
        user = StringField()
        password = StringField()

    assert [field.name for field in Login()] == ["user", "password"]
    Login.code = StringField()
    assert [field.name for field in Login()] == ["user", "password", "code"]
    del Login.user
    assert [field.name for field in Login()] == ["password", "code"]


def test_method_view_finds_its_methods_in_init_subclass_and_looks_into_the_class_dict() -> None:
    class Notes(MethodView):
        def get(self) -> str:
            return "text"  # pragma: no cover

    class Named(Notes):
        methods = {"PUT"}  # noqa: RUF012

    class Further(Named):
        pass

    assert type(MethodView) is type
    assert "__init_subclass__" in vars(MethodView)
    assert (Notes.methods, Named.methods) == ({"GET"}, {"PUT"})
    # inherited, not its own: found out again
    assert Further.methods == {"GET", "PUT"}


# From threading.local to context variables


def test_tasks_on_one_thread_mix_up_threading_local_and_not_a_context_variable() -> None:
    assert thread_local.app.test_client().get("/").json == {
        "threading.local": ["bob", "bob"],
        "ContextVar": ["ada", "bob"],
    }


word: ContextVar[str] = ContextVar("word", default="empty")


def test_how_the_context_of_each_begins() -> None:
    async def look() -> str:
        return word.get()

    async def tasks() -> list[str]:
        word.set("set")
        loop = asyncio.get_running_loop()
        return [
            await asyncio.create_task(look()),
            *await asyncio.gather(look()),
            await asyncio.to_thread(word.get),
            await loop.run_in_executor(None, word.get),
        ]

    assert asyncio.run(tasks()) == ["set", "set", "set", "empty"]

    def others() -> list[str]:
        word.set("set")
        found: list[str] = []
        thread = threading.Thread(target=lambda: found.append(word.get()))
        thread.start()
        thread.join()
        return [*found, in_thread(word.get), greenlet.greenlet(word.get).switch()]

    assert Context().run(others) == ["empty", "empty", "empty"]


def test_a_generator_sees_the_context_of_whoever_calls_next() -> None:
    def generate() -> Iterator[str]:
        while True:
            yield word.get()

    def start() -> Iterator[str]:
        word.set("where it began")
        words = generate()
        assert next(words) == "where it began"
        return words

    words = Context().run(start)
    assert next(words) == "empty"


def test_a_copy_of_a_context_holds_the_same_objects_and_its_own_variables() -> None:
    app = new_app()
    with app.app_context():
        copied = copy_context()
        copied.run(setattr, g, "user", "ada")
        assert g.user == "ada"
        copied.run(word.set, "inside")
        assert (word.get(), copied.run(word.get)) == ("empty", "inside")


# How it works inside


def test_flask_has_two_variables() -> None:
    with new_app().test_request_context():
        names = {variable.name for variable in contextvars.copy_context()}
    assert {name for name in names if name.startswith("flask.")} == {
        "flask.app_ctx",
        "flask.request_ctx",
    }


def test_what_push_and_pop_do_in_order() -> None:
    app = new_app()
    events = []

    class Sessions(SecureCookieSessionInterface):
        def open_session(self, app: Flask, request: Request) -> Any:
            events.append(f"open the session, request: {has_request_context()}")
            return super().open_session(app, request)

    class Reading(BaseConverter):
        def to_python(self, value: str) -> str:
            events.append(f"match the URL, session: {session.get('x')}")
            return value

    class Files(Request):
        def close(self) -> None:
            events.append("close the files")
            super().close()

    app.session_interface = Sessions()
    app.request_class = Files
    app.url_map.converters["reading"] = Reading
    app.add_url_rule("/<reading:name>", endpoint="x", view_func=lambda name: name)
    app.teardown_request(lambda error: events.append("teardown_request"))
    app.teardown_appcontext(
        lambda error: events.append(f"teardown_appcontext, request: {has_request_context()}")
    )

    def pushed(sender: Flask, **_: Any) -> None:
        events.append("application context")

    with flask.appcontext_pushed.connected_to(pushed, app):
        assert app.test_client().get("/a").text == "a"
    assert events == [
        "application context",
        "open the session, request: True",
        "match the URL, session: None",
        "teardown_request",
        "close the files",
        "teardown_appcontext, request: False",
    ]


def test_contexts_nest_and_the_inner_one_hides_the_outer_one() -> None:
    one, two = Flask("one"), Flask("two")
    with one.test_request_context("/outer"):
        g.user = "ada"
        with two.app_context():
            assert (current_app.name, list(g), request.path) == ("two", [], "/outer")
        with one.test_request_context("/inner"):
            assert (request.path, g.user) == ("/inner", "ada")
        assert (current_app.name, g.user, request.path) == ("one", "ada", "/outer")


def test_g_is_made_with_the_application_context_from_the_class_of_the_application() -> None:
    class Globals(Flask.app_ctx_globals_class):  # type: ignore[misc]
        pass

    app = new_app()
    app.app_ctx_globals_class = Globals
    with app.app_context():
        assert type(app_ctx.g) is Globals


# Pitfalls, then and now


@pytest.mark.parametrize("name", ["_request_ctx_stack", "_app_ctx_stack"])
def test_the_stacks_are_gone(name: str) -> None:
    error = error_of(exec, f"from flask import {name}", {})
    assert type(error) is ImportError
    assert str(error).startswith(f"cannot import name '{name}' from 'flask' (")
    assert name in PAGE


def test_the_session_read_while_it_is_being_opened() -> None:
    message = on_the_page("The session has not yet been opened.")

    class Early(SecureCookieSessionInterface):
        def open_session(self, app: Flask, request: Request) -> Any:
            return session.get("x")

    app = new_app()
    app.session_interface = Early()
    opening = error_of(app.test_client().get, "/")
    unpushed = error_of(lambda: new_app().test_request_context().session)
    for error in (opening, unpushed):
        assert (type(error), str(error)) == (AssertionError, message)


def test_what_then_and_now_says_of_the_releases() -> None:
    history = History()
    for name in (
        "werkzeug.local.LocalManager.ident_func",
        "flask._request_ctx_stack",
        "flask._app_ctx_stack",
        "flask.ctx.RequestContext.auto_pop",
        "flask:PRESERVE_CONTEXT_ON_EXCEPTION",
        "flask.views.MethodViewType",
    ):
        assert f"{{since}}`{name}`" in PAGE
        assert history.find(name).removed is not None
    added = history.find("flask.globals.app_ctx")
    assert (added.current, added.added is not None) == (True, True)


def test_what_the_notes_know_by_another_name() -> None:
    assert not hasattr(RequestContext, "auto_pop")
    assert "ctx.pop(error)" in inspect.getsource(Flask.wsgi_app)
    assert "PRESERVE_CONTEXT_ON_EXCEPTION" not in new_app().config
    # `flask.app` is a module, not the application
    assert type(flask.app) is ModuleType
    assert not hasattr(flask.globals, "app")


def test_add_is_the_operator_and_items_have_methods_of_their_own() -> None:
    stock = mock.MagicMock()
    stock["eggs"] = 6
    stock["eggs"]
    "eggs" in stock  # noqa: B015
    del stock["eggs"]
    stock.__setitem__.assert_called_once_with("eggs", 6)
    stock.__getitem__.assert_called_once_with("eggs")
    stock.__contains__.assert_called_once_with("eggs")
    stock.__delitem__.assert_called_once_with("eggs")
    assert [1].__add__([2]) == operator.add([1], [2]) == [1, 2]
