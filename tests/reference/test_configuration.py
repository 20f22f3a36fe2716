"""Proves docs/reference/configuration.md, beside its own examples, which run as doctests."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask, abort, render_template, request, send_file, session, url_for
from flask.sessions import SecureCookieSessionInterface

from proven.claims.proofs import proves
from proven.releases import history_table, key_tables
from proven.releases.timeline import History

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "configuration.md"


def make(**settings: Any) -> Flask:
    app = Flask("shop", root_path=str(Path(__file__).parent))
    app.config.update(settings)
    return app


def failing(app: Flask) -> Flask:
    app.logger.disabled = True

    @app.get("/average")
    def average() -> str:
        return str(1 / 0)

    return app


# --- the page -------------------------------------------------------------------------------


@proves(
    "reference/configuration",
    "This page lists the keys of app.config that Flask itself reads.",
    "For each key it states what it does, its default and type, what reads it, and which "
    "release added it.",
)
def test_the_page_explains_each_key_once_with_its_facts_and_an_example() -> None:
    sections = re.split(r"^### ", PAGE.read_text("utf-8"), flags=re.MULTILINE)[1:]
    keys = [section.split("`")[1] for section in sections]
    assert sorted(keys) == sorted(Flask.default_config)
    for key, section in zip(keys, sections, strict=True):
        assert f"```{{key-facts}} {key}\n```" in section
        assert "```{doctest}" in section


def test_each_key_has_the_label_that_the_tables_link_to() -> None:
    text = PAGE.read_text("utf-8")
    for key in Flask.default_config:
        assert f"({history_table.key_label(key)})=\n### `{key}`\n" in text


def test_the_page_says_what_type_each_key_has() -> None:
    found = History()
    assert key_tables.key_type(found, "TESTING", False) == "bool"
    assert key_tables.key_type(found, "TRUSTED_HOSTS", None) == "list[str] | None"


# --- debugging and tests --------------------------------------------------------------------


@proves(
    "reference/configuration",
    "Flask() replaces the default None by the value of the variable FLASK_DEBUG, or by "
    "False if it is not set.",
)
@pytest.mark.parametrize(("variable", "debug"), [(None, False), ("1", True), ("0", False)])
def test_debug_comes_from_its_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str | None, debug: bool
) -> None:
    monkeypatch.delenv("FLASK_DEBUG", raising=False)
    if variable is not None:
        monkeypatch.setenv("FLASK_DEBUG", variable)
    assert Flask.default_config["DEBUG"] is None
    assert Flask("shop").config["DEBUG"] is debug


@proves(
    "reference/configuration",
    "In debug mode the development server shows an interactive debugger, Jinja loads "
    "changed templates again, and app.logger passes messages from level DEBUG up.",
)
def test_debug_reads_templates_again_and_logs_more() -> None:
    app = Flask("shop.debug")
    app.config["DEBUG"] = True
    assert app.jinja_env.auto_reload is True
    assert app.logger.level == logging.DEBUG


@proves(
    "reference/configuration",
    "Whether Flask passes an exception that no error handler handles on to the server.",
)
def test_without_testing_an_exception_becomes_status_500() -> None:
    assert failing(make()).test_client().get("/average").status_code == 500


@proves(
    "reference/configuration",
    "With True, an exception in a view reaches the test that sent the request, instead of "
    "becoming a page with status 500.",
    "None means: yes while TESTING or DEBUG is on.",
)
@pytest.mark.parametrize("settings", [{"TESTING": True}, {"DEBUG": True}])
def test_propagate_none_follows_testing_and_debug(settings: dict[str, bool]) -> None:
    with pytest.raises(ZeroDivisionError):
        failing(make(**settings)).test_client().get("/average")


@proves("reference/configuration", "With True a middleware can report the exceptions.")
def test_propagate_true_hands_an_exception_to_a_middleware() -> None:
    app = failing(make(PROPAGATE_EXCEPTIONS=True))
    reported = []
    inner = app.wsgi_app

    def reporting(environ: Any, start_response: Any) -> Any:
        try:
            return inner(environ, start_response)
        except ZeroDivisionError as error:
            reported.append(error)
            start_response("500 INTERNAL SERVER ERROR", [])
            return []

    app.wsgi_app = reporting  # type: ignore[method-assign]
    app.test_client().get("/average")
    assert len(reported) == 1


@proves(
    "reference/configuration",
    "Whether Flask passes an exception that no error handler handles on to the server.",
)
def test_an_exception_that_a_handler_takes_does_not_propagate() -> None:
    app = failing(make(PROPAGATE_EXCEPTIONS=True))
    app.register_error_handler(ZeroDivisionError, lambda error: "handled")
    assert app.test_client().get("/average").text == "handled"


def form(app: Flask) -> Flask:
    app.logger.disabled = True
    app.add_url_rule("/login", "login", lambda: request.form["name"], methods=["POST"])
    app.add_url_rule("/refuse", "refuse", lambda: abort(400))
    return app


@proves(
    "reference/configuration",
    "Like TRAP_HTTP_EXCEPTIONS, but only for status 400.",
    'request.form["name"] raises that status if the field is missing, so an error in your '
    "code looks like an error of the client.",
    "None traps only these missing keys, and only in debug mode.",
    "True traps every 400, False none.",
)
@pytest.mark.parametrize(
    ("trap", "debug", "missing", "other"),
    [
        (None, False, False, False),
        (None, True, True, False),
        (True, False, True, True),
        (False, True, False, False),
    ],
)
def test_which_bad_requests_are_trapped(
    trap: bool | None, debug: bool, missing: bool, other: bool
) -> None:
    app = form(make(TRAP_BAD_REQUEST_ERRORS=trap, DEBUG=debug, PROPAGATE_EXCEPTIONS=False))
    client = app.test_client()
    assert client.post("/login").status_code == (500 if missing else 400)
    assert client.get("/refuse").status_code == (500 if other else 400)


@proves(
    "reference/configuration",
    "Whether Jinja checks the file of a template for changes each time the template is used.",
    "None means the value of DEBUG.",
)
@pytest.mark.parametrize(("setting", "debug"), [(None, False), (None, True), (True, False)])
def test_templates_auto_reload(setting: bool | None, debug: bool) -> None:
    app = make(TEMPLATES_AUTO_RELOAD=setting, DEBUG=debug)
    assert app.jinja_env.auto_reload is (debug if setting is None else setting)


@proves(
    "reference/configuration",
    "With True, Flask logs each search for a template with level INFO: every folder that "
    "it searched and what it found there.",
)
def test_the_search_for_a_template_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "tea.html").write_text("tea")
    app = Flask("shop.templates", root_path=str(tmp_path))
    app.config["EXPLAIN_TEMPLATE_LOADING"] = True
    with caplog.at_level(logging.INFO, logger=app.name), app.app_context():
        render_template("tea.html")
    (record,) = caplog.records
    assert record.levelname == "INFO"
    assert "Locating template 'tea.html':" in record.getMessage()
    assert str(folder) in record.getMessage()
    assert "found (" in record.getMessage()


@proves(
    "reference/configuration",
    "Without debug mode the logger drops messages of that level, so you see nothing; run "
    'flask run --debug, or call app.logger.setLevel("INFO").',
)
@pytest.mark.parametrize(
    ("debug", "level", "printed"), [(False, None, False), (True, None, True), (False, "INFO", True)]
)
def test_without_debug_mode_the_search_for_a_template_is_not_printed(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    debug: bool,
    level: str | None,
    printed: bool,
) -> None:
    # pytest's handlers on the root logger would take the place of Flask's.
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "tea.html").write_text("tea")
    app = Flask(f"explain-{debug}-{level}", root_path=str(tmp_path))
    app.config.update(EXPLAIN_TEMPLATE_LOADING=True, DEBUG=debug)
    if level:
        app.logger.setLevel(level)
    with app.app_context():
        render_template("tea.html")
    assert ("Locating template 'tea.html':" in capsys.readouterr().err) is printed


# --- secrets --------------------------------------------------------------------------------


def test_without_a_secret_key_the_session_cannot_be_written() -> None:
    with make().test_request_context(), pytest.raises(RuntimeError, match="no secret key was set"):
        session["user"] = "ada"


@proves(
    "reference/configuration",
    "Flask accepts session cookies that were signed with one of them, but signs new "
    "cookies only with SECRET_KEY.",
)
def test_a_fallback_signs_nothing() -> None:
    serializer = SecureCookieSessionInterface().get_signing_serializer
    both = serializer(make(SECRET_KEY="summer", SECRET_KEY_FALLBACKS=["spring"]))
    new = serializer(make(SECRET_KEY="summer"))
    assert both is not None
    assert new is not None
    assert new.loads(both.dumps("tea")) == "tea"


# --- the session cookie ---------------------------------------------------------------------


def shop(permanent: bool = False, **settings: Any) -> Flask:
    app = make(SECRET_KEY="dev", **settings)

    @app.post("/login")
    def login() -> str:
        session.update(user="ada", _permanent=permanent)
        return ""

    @app.get("/")
    def index() -> str:
        return str(session.get("user"))

    return app


@proves(
    "reference/configuration",
    "Two applications on one host need different names; otherwise each overwrites the "
    "cookie of the other.",
)
def test_two_applications_with_one_cookie_name_overwrite_each_other() -> None:
    first, second = (
        app.test_client().post("/login").headers["Set-Cookie"].partition("=")[0]
        for app in (shop(), shop())
    )
    assert first == second == "session"


@proves(
    "reference/configuration",
    "Flask rejects every session cookie whose signature is older than this, permanent or not.",
)
def test_an_old_cookie_is_rejected_though_the_session_is_not_permanent() -> None:
    client = shop(PERMANENT_SESSION_LIFETIME=timedelta(hours=1)).test_client()
    with time_machine.travel(datetime(2026, 1, 1, tzinfo=UTC), tick=False) as clock:
        client.post("/login")
        clock.shift(timedelta(minutes=59))
        assert client.get("/").text == "ada"
        clock.shift(timedelta(minutes=2))
        assert client.get("/").text == "None"


@proves(
    "reference/configuration",
    "How long a session with session.permanent = True lasts.",
    "An integer is a number of seconds.",
)
def test_a_permanent_session_ends_after_its_lifetime() -> None:
    client = shop(permanent=True, PERMANENT_SESSION_LIFETIME=3600).test_client()
    with time_machine.travel(datetime(2026, 1, 1, tzinfo=UTC), tick=False):
        cookie = client.post("/login").headers["Set-Cookie"]
    assert "Expires=Thu, 01 Jan 2026 01:00:00 GMT" in cookie


@proves(
    "reference/configuration",
    "With True, Flask sends the cookie of a permanent session with each response, so the "
    "session ends only after a pause of the whole lifetime.",
    "With False, Flask sends the cookie only when the session changes, and the session "
    "ends one lifetime after that.",
)
@pytest.mark.parametrize("refresh", [True, False])
def test_a_permanent_session_is_refreshed(refresh: bool) -> None:
    client = shop(permanent=True, SESSION_REFRESH_EACH_REQUEST=refresh).test_client()
    client.post("/login")
    assert ("Set-Cookie" in client.get("/").headers) is refresh


@proves(
    "reference/configuration",
    "Flask issues a warning for a cookie that is larger than this number of bytes, "
    "because browsers may ignore it.",
    "The limit applies to every cookie, not only to the session cookie.",
    "The cookie is sent all the same.",
)
def test_a_large_cookie_warns_and_is_sent() -> None:
    app = make(MAX_COOKIE_SIZE=40)

    @app.get("/")
    def index() -> Any:
        response = app.make_response("")
        response.set_cookie("tea", "x" * 40)
        return response

    with pytest.warns(UserWarning, match="cookie is too large"):
        response = app.test_client().get("/")
    assert response.headers["Set-Cookie"].startswith("tea=xxx")


@proves("reference/configuration", "Name, value and attributes count.")
@pytest.mark.parametrize(("size", "warns"), [(14, False), (13, True)])
def test_name_value_and_attributes_count(size: int, warns: bool) -> None:
    app = make(MAX_COOKIE_SIZE=size)
    with app.app_context():
        response = app.response_class()
        assert len("tea=1; Path=/") == 13
        if not warns:
            response.set_cookie("tea", "1")
            return
        response.set_cookie("tea", "1")
        with pytest.warns(UserWarning, match="cookie is too large"):
            response.set_cookie("tea", "12")


@proves("reference/configuration", "0 turns the warning off.")
def test_size_zero_turns_the_warning_off() -> None:
    app = make(MAX_COOKIE_SIZE=0)
    with app.app_context():
        app.response_class().set_cookie("tea", "x" * 10_000)


# --- addresses ------------------------------------------------------------------------------


@proves(
    "reference/configuration",
    "During a request it is also the host of external links and of the redirect that adds "
    "a slash, unless host_matching=True is set.",
    "It does not restrict which hosts the application serves; TRUSTED_HOSTS does that.",
)
def test_during_a_request_server_name_is_the_host_of_links_and_restricts_nothing() -> None:
    app = make(SERVER_NAME="shop.example")
    app.add_url_rule("/", "index", lambda: request.host + " " + url_for("index", _external=True))
    answer = app.test_client().get("/", base_url="http://other.example")
    assert (answer.status_code, answer.text) == (200, "other.example http://shop.example/")


@proves(
    "reference/configuration",
    "Flask uses it for links that are built outside a request, for the path of the "
    "session cookie, and in the test client.",
    "The key does not mount the application: the server or DispatcherMiddleware does that.",
)
def test_the_application_root_mounts_nothing() -> None:
    app = make(APPLICATION_ROOT="/shop")
    app.add_url_rule("/", "index", lambda: request.script_root)
    # The test client sends requests as a server that mounted the application would.
    assert app.test_client().get("/").text == "/shop"
    assert app.test_client().get("/", base_url="http://localhost").text == ""


@proves(
    "reference/configuration",
    "The scheme of links that are built outside a request, and of requests that the test "
    "client sends.",
)
def test_the_test_client_uses_the_preferred_scheme() -> None:
    app = make(PREFERRED_URL_SCHEME="https")
    app.add_url_rule("/", "index", lambda: request.scheme)
    assert app.test_client().get("/").text == "https"


def test_without_trusted_hosts_the_visitor_chooses_the_host() -> None:
    app = make()
    app.add_url_rule("/", "index", lambda: request.url_root)
    assert app.test_client().get("/", base_url="http://evil.test").text == "http://evil.test/"


# --- limits ---------------------------------------------------------------------------------


@proves(
    "reference/configuration",
    "Flask responds with 413 to a larger one when the view reads it.",
    "For one view, set request.max_content_length.",
)
def test_a_view_may_have_a_limit_of_its_own() -> None:
    app = make(MAX_CONTENT_LENGTH=4)

    @app.post("/")
    def index() -> str:
        request.max_content_length = 8
        return str(len(request.get_data()))

    assert app.test_client().post("/", data="12345678").text == "8"
    assert app.test_client().post("/", data="123456789").status_code == 413


@proves(
    "reference/configuration", "Flask responds with 413 to a larger one when the view reads it."
)
def test_a_body_that_nobody_reads_is_not_refused() -> None:
    app = make(MAX_CONTENT_LENGTH=4)
    app.add_url_rule("/", "index", lambda: "fine", methods=["POST"])
    assert app.test_client().post("/", data="12345678").text == "fine"


def upload(app: Flask, data: dict[str, Any]) -> int:
    app.add_url_rule("/", "index", lambda: str(len(request.form)), methods=["POST"])
    client = app.test_client()
    return client.post("/", data=data, content_type="multipart/form-data").status_code


@proves("reference/configuration", "Files do not count, because large ones are not kept in memory.")
def test_files_do_not_count_as_fields() -> None:
    from io import BytesIO

    data = {"picture": (BytesIO(b"x" * 300_000), "tea.png")}
    assert upload(make(MAX_FORM_MEMORY_SIZE=100_000), data) == 200


@proves(
    "reference/configuration",
    "If the limit is smaller than that, the headers and boundaries between the fields "
    "count as well.",
)
def test_below_the_size_of_a_piece_boundaries_count() -> None:
    assert upload(make(MAX_FORM_MEMORY_SIZE=100), {"text": "short"}) == 413


@proves(
    "reference/configuration",
    "The largest number of fields and files in a form sent as multipart/form-data.",
    "Flask responds with 413 if there are more.",
)
@pytest.mark.parametrize(("parts", "status"), [(3, 200), (2, 413)])
def test_fields_and_files_count_as_parts(parts: int, status: int) -> None:
    from io import BytesIO

    data = {"a": "1", "b": "2", "c": (BytesIO(b"3"), "c.txt")}
    assert upload(make(MAX_FORM_PARTS=parts), data) == status


# --- files ----------------------------------------------------------------------------------


@proves(
    "reference/configuration",
    "How long browsers may use a static file, or a file sent by flask.send_file(), "
    "without asking again.",
    "An integer means seconds.",
    "With None, browsers ask each time whether the file has changed.",
)
def test_static_files_follow_the_setting() -> None:
    app = Flask(
        "shop", root_path=str(Path(__file__).parent), static_folder=".", static_url_path="/files"
    )
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = timedelta(minutes=1)
    with app.test_client().get(f"/files/{Path(__file__).name}") as response:
        assert response.headers["Cache-Control"] == "public, max-age=60"


@proves(
    "reference/configuration",
    "With True, flask.send_file() sends the header X-Sendfile with the path, and the web "
    "server in front sends the file.",
    "Otherwise visitors see the path of your files and receive an empty body.",
)
def test_x_sendfile_sends_the_path_and_no_body() -> None:
    app = make(USE_X_SENDFILE=True)
    app.add_url_rule("/", "index", lambda: send_file(__file__))
    with app.test_client().get("/") as response:
        assert response.headers["X-Sendfile"] == __file__
        assert response.data == b""


# --- routing --------------------------------------------------------------------------------


@proves(
    "reference/configuration", "For one rule, pass provide_automatic_options to add_url_rule()."
)
def test_one_rule_may_leave_options_to_you() -> None:
    app = make()
    app.add_url_rule("/a", "a", lambda: "")
    app.add_url_rule("/b", "b", lambda: "", provide_automatic_options=False)
    client = app.test_client()
    assert client.options("/a").status_code == 200
    assert client.options("/b").status_code == 405


@proves("reference/configuration", "Set the key before the first rule is added.")
def test_a_rule_that_is_there_already_keeps_its_options() -> None:
    app = make()
    app.add_url_rule("/a", "a", lambda: "")
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    assert app.test_client().options("/a").status_code == 200
