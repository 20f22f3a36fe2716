"""Working outside of a context: docs/guide/contexts.md."""

from __future__ import annotations

import code
import io
import logging
import operator
import subprocess
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any
from unittest import mock

import click
import flask
import pytest
from flask import Flask, Response, current_app, g, has_app_context, has_request_context, request
from flask.cli import FlaskGroup, with_appcontext
from flask_sqlalchemy import SQLAlchemy

from proven.claims.proofs import proves
from snippets.contexts import priced, scripts
from tests.guide.contexts.common import (
    NEED_APP,
    OUTSIDE_APP,
    OUTSIDE_REQUEST,
    PAGE,
    ROOT,
    error_of,
    in_thread,
    new_app,
    on_the_page,
    use_request,
)


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


@proves(
    "guide/contexts",
    "at module level, in a class body, in a default argument | read it inside the "
    "function; if you have the application, use that: app.config",
    "in create_app, as with db.create_all() | with app.app_context(): around the call",
    "in a script, a cron job, a worker of a task queue | with app.app_context(): around the job",
    "in an interactive python | start flask shell",
    "in a click.command that test_cli_runner() runs | @app.cli.command, or "
    "with_appcontext() below @click.command",
    "in a thread | see Background work",
    "in a generator that makes the body | stream_with_context(), see Generators",
    "in a function of call_on_close() | read the value in the view, and use it in the function",
    "in a WSGI middleware | read environ, see What a middleware sees that a hook does not",
    "in a test that calls your function | see Test with a context",
    "All the places of the table above raise this error too.",
)
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


@proves(
    "guide/contexts",
    "In the following places an application context is active, but no request context:",
    "inside with app.app_context(): | it pushes no request context; pass the values as "
    "arguments, or push test_request_context() in a test",
    "in a flask command, in flask shell | pass the values as arguments",
    "in a function of teardown_appcontext | use teardown_request(), or store the value in g before",
)
@pytest.mark.parametrize(
    "place",
    [inside_an_application_context, in_a_flask_command, in_teardown_appcontext],
    ids=lambda place: place.__name__,
)
def test_each_place_where_the_request_alone_is_missing(place: Callable[[], Any]) -> None:
    error = error_of(place)
    assert (type(error), str(error)) == (RuntimeError, OUTSIDE_REQUEST)


@proves(
    "guide/contexts",
    "in a function of call_on_close() | read the value in the view, and use it in the function",
)
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


@proves(
    "guide/contexts",
    "in a function of teardown_appcontext | use teardown_request(), or store the value in g before",
)
def test_teardown_request_and_g_still_have_what_teardown_appcontext_has_not() -> None:
    app = new_app()
    found = []
    app.before_request(lambda: g.setdefault("path", request.path) and None)
    app.teardown_request(lambda error: found.append(request.path))
    app.teardown_appcontext(lambda error: found.append(g.path))
    app.test_client().get("/x")
    assert found == ["/x", "/x"]


@proves(
    "guide/contexts",
    "in a click.command that test_cli_runner() runs | @app.cli.command, or "
    "with_appcontext() below @click.command",
    "test_cli_runner does not push one; @app.cli.command and with_appcontext do.",
    "Run a command with test_cli_runner(): a command of @app.cli.command pushes an "
    "application context for itself.",
)
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


@proves(
    "guide/contexts",
    "The flask command pushes an application context for each command of app.cli, also "
    "for a plain click.command that was added with app.cli.add_command.",
    "test_cli_runner does not push one; @app.cli.command and with_appcontext do.",
    "in a click.command that test_cli_runner() runs | @app.cli.command, or "
    "with_appcontext() below @click.command",
)
def test_the_flask_command_pushes_a_context_for_a_plain_command_and_a_test_does_not() -> None:
    app = new_app()

    @click.command()
    def plain() -> None:
        click.echo(f"{has_app_context()} {has_request_context()}")

    app.cli.add_command(plain)
    runner = app.test_cli_runner()
    assert runner.invoke(args=["plain"]).output == "False False\n"
    flask_group = FlaskGroup(create_app=lambda: app)
    assert runner.invoke(flask_group, ["plain"]).output == "True False\n"


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


@proves(
    "guide/contexts",
    "in an interactive python | start flask shell",
    "in a flask command, in flask shell | pass the values as arguments",
)
def test_flask_shell_has_an_application_context_and_no_request() -> None:
    lines = "from flask import current_app, request\n(current_app.name, bool(request))\n"
    assert "('snippets.contexts.scripts', False)" in flask_command("shell", stdin=lines).stdout


@proves(
    "guide/contexts",
    "in create_app, as with db.create_all() | with app.app_context(): around the call",
)
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


@proves(
    "guide/contexts",
    "What differs is who pushes the context: Flask, the command, or your script:",
    "in a script, a cron job, a worker of a task queue | with app.app_context(): around the job",
)
def test_one_function_for_a_view_a_command_and_a_script() -> None:
    assert scripts.app.test_client().get("/").text == "Welcome to 早茶"
    assert scripts.app.test_cli_runner().invoke(args=["banner"]).output == "Welcome to 早茶\n"
    assert scripts.script() == "Welcome to 早茶"
    assert str(error_of(scripts.banner)) == OUTSIDE_APP


def test_the_command_on_the_page_gives_what_the_page_shows() -> None:
    shown = "$ flask --app snippets.contexts.scripts banner\n"
    assert shown + flask_command("banner").stdout in PAGE


@proves(
    "guide/contexts",
    "The default is used when g has no attribute of that name.",
    "It does not help when no application context is active, because then there is no g: "
    'hasattr(g, "user") and "user" in g raise Working outside of application context. '
    "too.",
)
@pytest.mark.parametrize(
    "look",
    [lambda: getattr(g, "user", None), lambda: hasattr(g, "user"), lambda: "user" in g],
    ids=["getattr", "hasattr", "in"],
)
def test_a_default_does_not_cover_a_g_that_is_not_there(look: Callable[[], Any]) -> None:
    assert str(error_of(look)) == OUTSIDE_APP
    with new_app().app_context():
        assert not look()


@proves(
    "guide/contexts",
    "The message goes on: Did you forget to call 'init_app', or did you create multiple "
    "'SQLAlchemy' instances?",
    "A context is active, but its application was not initialized with this db.",
    "Often two modules contain db = SQLAlchemy(), or create_app() does not call db.init_app(app).",
)
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


@proves(
    "guide/contexts",
    "Without a replacement, unittest.mock.patch() inspects the object that it replaces, "
    "and to inspect request is to use it.",
    "The patch raises Working outside of request context.; for g and current_app it "
    "raises Working outside of application context.",
)
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


@proves(
    "guide/contexts",
    'Pass a replacement, mock.patch("shop.request", fake), or push '
    "app.test_request_context() instead of patching.",
)
@pytest.mark.parametrize("name", ["request", "g", "current_app"])
def test_patching_a_proxy_with_a_replacement_needs_no_context(name: str) -> None:
    module = ModuleType("shop_views")
    setattr(module, name, getattr(flask, name))
    fake = object()
    with mock.patch.dict(sys.modules, {"shop_views": module}):
        with mock.patch(f"shop_views.{name}", fake):
            assert getattr(module, name) is fake
        assert getattr(module, name) is getattr(flask, name)


@proves(
    "guide/contexts",
    "in a log formatter | check has_request_context() first: the application also logs "
    "outside of requests",
    "A log formatter read request for a message that was logged outside of a request.",
    "The message is lost and the program continues.",
    "Check has_request_context() in the formatter.",
)
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
