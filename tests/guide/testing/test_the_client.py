"""The test client, the runner and their contexts: docs/guide/testing.md."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import click
import pytest
from flask import Flask, Response, current_app, g, redirect, request, session
from flask.testing import FlaskClient, FlaskCliRunner
from flask_wtf import CSRFProtect
from werkzeug.test import EnvironBuilder

from proven.claims.proofs import proves
from snippets.testing import live, notes, per_worker, shop
from snippets.testing.conftest import create_app
from tests.guide.testing.common import on_the_page


@pytest.fixture
def echo() -> FlaskClient:
    app = Flask("echo")

    @app.post("/")
    def show() -> dict[str, Any]:
        return {
            "type": request.mimetype,
            "form": request.form,
            "json": request.get_json(silent=True),
            "files": {name: file.filename for name, file in request.files.items()},
            "query": request.query_string.decode(),
            "language": request.headers.get("Accept-Language"),
            "user": request.authorization and request.authorization.username,
            "host": request.host,
        }

    return app.test_client()


@proves(
    "guide/testing",
    'data={"name": "x"} | a form, as a browser does',
    'json={"name": "x"} | JSON, with its content type',
    'data={"photo": (BytesIO(b"…"), "a.png")} | a form with a file',
    'query_string={"page": 2} | ?page=2',
    'headers={"Accept-Language": "zh"} | a header',
    'auth=("ada", "secret") | basic authentication',
)
def test_what_an_argument_sends(echo: FlaskClient) -> None:
    def sent(**arguments: Any) -> Any:
        return echo.post("/", **arguments).json

    form = sent(data={"name": "x"})
    assert (form["type"], form["form"]) == ("application/x-www-form-urlencoded", {"name": "x"})
    values = sent(json={"name": "x"})
    assert (values["type"], values["json"]) == ("application/json", {"name": "x"})
    files = sent(data={"photo": (BytesIO(b"x"), "a.png")})
    assert (files["type"], files["files"]) == ("multipart/form-data", {"photo": "a.png"})
    assert sent(query_string={"page": 2})["query"] == "page=2"
    assert sent(headers={"Accept-Language": "zh"})["language"] == "zh"
    assert sent(auth=("ada", "secret"))["user"] == "ada"


@proves(
    "guide/testing",
    "response.text is the body as text, response.data is the body as bytes, and "
    "response.json is the parsed JSON.",
    "response.location is the header Location.",
    "The client does not follow a redirect, unless you pass follow_redirects=True.",
    "Then response is the last response, response.request.path its path, and response.history contains the redirects.",
)
def test_the_response() -> None:
    app = Flask("shop")
    app.add_url_rule("/", view_func=lambda: redirect("/end"))
    app.add_url_rule("/end", endpoint="end", view_func=lambda: {"x": "早"})
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    client = app.test_client()
    first = client.get("/")
    assert (first.status_code, first.location, first.headers["Location"]) == (302, "/end", "/end")
    last = client.get("/", follow_redirects=True)
    assert (last.status_code, last.request.path) == (200, "/end")
    assert [each.location for each in last.history] == ["/end"]
    assert (last.json, last.text.strip()) == ({"x": "早"}, '{"x":"早"}')
    assert last.data == last.text.encode()


@proves(
    "guide/testing",
    "Each test gets a new application and a new client, so no test sees the session or the data of another.",
    "With one global app, the tests share its state.",
)
@pytest.mark.parametrize("_", [1, 2])
def test_each_test_begins_anew(app: Flask, client: FlaskClient, _: int) -> None:
    assert app.config["STOCK"] == {"tea": 3}
    assert client.get_cookie("session") is None
    app.config["STOCK"]["milk"] = 1
    client.post("/cart", json={"name": "tea"})
    assert client.get_cookie("session") is not None


@proves(
    "guide/testing",
    "TESTING lets an exception in a view reach the test.",
    "Without it the test gets a response with status 500 and no traceback.",
)
def test_testing() -> None:
    app = Flask("shop")
    app.add_url_rule("/", view_func=lambda: 1 // 0)
    response = app.test_client().get("/")
    assert response.status_code == 500
    assert "ZeroDivisionError" not in response.text
    app.config["TESTING"] = True
    with pytest.raises(ZeroDivisionError):
        app.test_client().get("/")


@proves(
    "guide/testing",
    "The client keeps cookies between requests, as a browser does.",
    "So a test can log in with one request and be logged in for the next.",
    "To be faster, the fixture signed_in above writes into the session, with session_transaction().",
)
def test_a_log_in(client: FlaskClient) -> None:
    client.post("/login", data={"name": "阿达", "password": "correct horse"})
    assert client.get("/").text == "Hello, 阿达!"


@proves(
    "guide/testing",
    "session, request and g can be read after the request, because the fixture client opens the client with with.",
)
def test_after_the_request(app: Flask, client: FlaskClient) -> None:
    @app.get("/g")
    def keep() -> str:
        g.x = 7
        session["x"] = 8
        return ""

    client.get("/g?a=1")
    assert (g.x, session["x"], request.args["a"]) == (7, 8, "1")
    app.test_client().get("/g?a=2")
    assert request.args["a"] == "1"


@proves(
    "guide/testing",
    "Commands. The runner calls a command as flask does.",
    "result.output is what it printed.",
    "result.exception is what it raised.",
    "test_cli_runner() returns a flask.testing.FlaskCliRunner, which is a click.testing.CliRunner that passes the "
    "application to the command.",
)
def test_the_runner(app: Flask, runner: FlaskCliRunner) -> None:
    @app.cli.command()
    def fails() -> None:
        click.echo(current_app.name)
        raise ValueError("no stock")

    assert type(runner) is FlaskCliRunner
    assert issubclass(FlaskCliRunner, click.testing.CliRunner)
    result = runner.invoke(args=["fails"])
    assert result.output == f"{app.name}\n"
    assert isinstance(result.exception, ValueError)


@proves(
    "guide/testing",
    "SQLite in memory is new for each application, and fast.",
    "Close the context before the request of the test, as the fixture does.",
    "Within an open one, the request would share its database session.",
)
def test_databases() -> None:
    config = {"SQLALCHEMY_DATABASE_URI": "sqlite://"}
    for _ in range(2):
        app = notes.create_app(config)
        seen = []
        app.before_request(lambda seen=seen: seen.append(notes.db.session()))
        with app.app_context():
            notes.db.create_all()
            assert notes.db.session.scalars(notes.db.select(notes.Note)).all() == []
        app.test_client().post("/notes", json={"text": "早"})
        with app.app_context():
            app.test_client().post("/notes", json={"text": "早"})
            assert notes.db.session() is seen[1]
            assert notes.db.session() is not seen[0]
            notes.db.session.remove()
            notes.db.engine.dispose()


@proves(
    "guide/testing",
    "All of them use the same database server, files and ports, so give each process its own.",
)
def test_a_database_for_each_process(tmp_path_factory: pytest.TempPathFactory) -> None:
    make = per_worker.database_url.__wrapped__
    urls = {make(tmp_path_factory, worker) for worker in ("gw0", "gw1")}
    assert len(urls) == 2
    for url in urls:
        (app,) = [next(fixture := per_worker.app.__wrapped__(url))]
        assert app.test_client().post("/notes", json={"text": "早"}).json == {"key": 1}
        assert list(fixture) == []


@proves(
    "guide/testing",
    "Port 0 means a free port, so two test runs do not meet.",
    "The server runs in the process of the test, so the test can read the log, and can change the application before "
    "the first request.",
)
def test_two_live_servers(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    import requests

    fixtures = [live.live_server.__wrapped__(app) for _ in range(2)]
    urls = [next(fixture) for fixture in fixtures]
    app.add_url_rule("/late", view_func=lambda: "late")
    assert len(set(urls)) == 2
    for url in urls:
        assert requests.get(f"{url}/late", timeout=60).text == "late"
        form = {"name": "阿达", "password": "wrong"}
        assert requests.post(f"{url}/login", data=form, timeout=60).status_code == 403
    assert caplog.messages.count("log-in failed: 阿达") == 2
    for fixture in fixtures:
        assert list(fixture) == []


@proves(
    "guide/testing",
    "After the click, the next page takes a moment.",
    "wait_for() waits until the text is visible, and fails if it never is.",
    "is_visible() answers at once, so a test with it fails now and then, on a busy machine first.",
)
@pytest.mark.usefixtures("chromium")
def test_a_click_and_the_next_page(app: Flask, live_server: str, page: Any) -> None:
    from playwright.sync_api import TimeoutError as TooLate

    asked = threading.Event()

    @app.get("/slow")
    def slow() -> Response:
        def parts() -> Iterator[str]:
            yield "<!doctype html><p>Wait." + " " * 4096
            asked.wait(60)
            yield "<p>Welcome!"

        return Response(parts(), mimetype="text/html")

    app.add_url_rule("/link", view_func=lambda: "<a href=/slow>on</a>")
    page.goto(f"{live_server}/link")
    page.get_by_role("link", name="on").click()
    welcome = page.get_by_text("Welcome!")
    assert not welcome.is_visible()
    with pytest.raises(TooLate):
        welcome.wait_for(timeout=100)
    asked.set()
    welcome.wait_for()
    assert welcome.is_visible()


@proves(
    "guide/testing",
    "test_client() returns a flask.testing.FlaskClient.",
    "It builds a WSGI environment with a werkzeug.test.EnvironBuilder and calls the application as a server does: "
    "hooks, error handlers and middleware run.",
    "No port is opened, and no thread is started.",
    "The host is localhost, or SERVER_NAME if it is set.",
    "This page uses pytest and the test client of Flask, which needs no server.",
)
def test_inside(echo: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert type(echo) is FlaskClient
    app, ran, built = echo.application, [], []
    app.before_request(lambda: ran.append("hook"))
    app.register_error_handler(404, lambda _: (ran.append("handler"), "gone")[1])
    inner = app.wsgi_app

    def middleware(environ: Any, start_response: Any) -> Any:
        ran.append("middleware")
        return inner(environ, start_response)

    monkeypatch.setattr(app, "wsgi_app", middleware)
    real = EnvironBuilder.get_environ
    monkeypatch.setattr(EnvironBuilder, "get_environ", lambda self: built.append(1) or real(self))
    monkeypatch.setattr("socket.socket.bind", lambda *_: pytest.fail("a port is opened"))
    before = threading.active_count()
    assert echo.get("/nowhere").text == "gone"
    assert ran == ["middleware", "hook", "handler"]
    assert built
    assert threading.active_count() == before
    assert echo.post("/").json["host"] == "localhost"
    app.config["SERVER_NAME"] = "shop.example"
    assert echo.post("/").json["host"] == "shop.example"


@proves(
    "guide/testing",
    "session_transaction opens the session with the session interface of the application, and saves it into the "
    "cookies of the client at the end of the block.",
)
def test_session_transaction(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    interface = app.session_interface
    for name in ("open_session", "save_session"):
        real = getattr(interface, name)
        monkeypatch.setattr(interface, name, lambda *a, n=name, r=real: calls.append(n) or r(*a))
    with client.session_transaction() as stored:
        stored["user"] = "阿达"
        assert set(calls) == {"open_session"}
        assert client.get_cookie("session") is None
    assert calls[-1] == "save_session"
    assert client.get_cookie("session") is not None


@proves(
    "guide/testing",
    "The test passes the value as data=, which is sent as a form.",
    "Pass it as json=.",
)
def test_json_as_data(app: Flask, client: FlaskClient) -> None:
    message = (
        "415 Unsupported Media Type: Did not attempt to load JSON data because the request Content-Type was not "
        "'application/json'."
    )
    app.register_error_handler(415, lambda error: Response(str(error), 415))
    response = client.post("/cart", data={"name": "tea"})
    assert (response.status_code, response.text) == (415, message)
    assert on_the_page(f"`{message}`")
    assert client.post("/cart", json={"name": "tea"}).status_code == 201


@proves(
    "guide/testing",
    "The application of the test has no SECRET_KEY, often because it comes from the environment.",
    "Set one in the fixture.",
)
def test_no_secret_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOP_SECRET_KEY", raising=False)
    message = (
        "The session is unavailable because no secret key was set. Set the secret_key on the application to something "
        "unique and secret."
    )
    with pytest.raises(RuntimeError) as error:
        shop.create_app({"TESTING": True}).test_client().post("/cart", json={"name": "tea"})
    assert " ".join(str(error.value).split()) == message
    assert on_the_page(f"`RuntimeError: {message}`")
    app = create_app({"TESTING": True, "SECRET_KEY": "x"})
    assert app.test_client().post("/cart", json={"name": "tea"}).status_code == 201


@proves(
    "guide/testing",
    "The test calls a function that uses current_app, g or the database.",
    "Put the call into with app.app_context():.",
    "A function that needs a context, but no request, is called within with app.app_context():.",
    "One that reads request is called within test_request_context(), see Test with a context.",
)
def test_no_context(app: Flask) -> None:
    for call in (lambda: current_app.name, lambda: g.x, lambda: notes.db.session.execute(None)):
        with pytest.raises(RuntimeError, match=r"Working outside of application context\."):
            call()
    with app.app_context():
        assert current_app.name == app.name
        with pytest.raises(RuntimeError, match=r"Working outside of request context\."):
            assert request.path
    with app.test_request_context("/x"):
        assert request.path == "/x"


@proves(
    "guide/testing",
    "Flask-WTF protects forms in tests too.",
    "Set WTF_CSRF_ENABLED to False in the fixture, see Test a form.",
)
def test_csrf() -> None:
    app = create_app({"TESTING": True, "SECRET_KEY": "x"})
    CSRFProtect(app)
    form = {"name": "阿达", "password": "correct horse"}
    response = app.test_client().post("/login", data=form)
    assert response.status_code == 400
    assert "The CSRF token is missing." in response.text
    app = create_app({"TESTING": True, "SECRET_KEY": "x", "WTF_CSRF_ENABLED": False})
    CSRFProtect(app)
    assert app.test_client().post("/login", data=form).status_code == 302


@proves(
    "guide/testing",
    "Today this raises TypeError: Client.set_cookie() takes from 2 to 3 positional arguments but 4 were given.",
    'Write client.set_cookie("name", "value").',
    "client.cookie_jar. Gone: ….",
    'Read a cookie with client.get_cookie("name").',
    "json.loads(response.data). Write response.json.",
    "To send JSON, write json= instead of data=json.dumps(…) with a content type.",
)
def test_then_and_now(echo: FlaskClient) -> None:
    message = "Client.set_cookie() takes from 2 to 3 positional arguments but 4 were given"
    with pytest.raises(TypeError) as error:
        echo.set_cookie("localhost", "name", "value")  # type: ignore[call-arg]
    assert str(error.value) == message
    echo.set_cookie("name", "value")
    cookie = echo.get_cookie("name")
    assert cookie is not None
    assert cookie.value == "value"
    assert not hasattr(echo, "cookie_jar")
    typed = echo.post("/", data='{"x": 1}', content_type="application/json").json
    assert echo.post("/", json={"x": 1}).json == typed
