"""Levels, configuration, files, JSON, secrets and mail: docs/guide/logging.md."""

from __future__ import annotations

import importlib
import json
import logging
import subprocess
import sys
import time
from io import BytesIO, StringIO, TextIOWrapper
from logging.config import dictConfig
from logging.handlers import RotatingFileHandler, SMTPHandler, WatchedFileHandler
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, abort
from flask.logging import create_logger, default_handler

from proven.claims.proofs import proves
from snippets.logs import configured, json_lines, mail, no_secrets, smallest, to_file
from tests.guide.logging.common import mail_server, on_the_page

LEVELS = ["debug", "info", "warning", "error", "critical"]


def written(app: Flask) -> list[str]:
    """Return the levels that an application writes."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    app.logger.addHandler(handler)
    for level in LEVELS:
        getattr(app.logger, level)(level)
    app.logger.removeHandler(handler)
    return stream.getvalue().split()


@proves(
    "guide/logging",
    "debug | what helps while you develop | no | yes",
    "info | what happens as planned | no | yes",
    "warning | what is odd, but did not fail | yes | yes",
    "error | a request that failed | yes | yes",
    "critical | the application cannot go on | yes | yes",
    'app.logger.setLevel("INFO") writes info too.',
    "The level is WARNING, which the root logger has by default.",
    "Set the level of app.logger or of the root to INFO.",
)
def test_levels() -> None:
    assert logging.root.level == logging.WARNING
    assert written(Flask("shop_a")) == LEVELS[2:]
    debugged = Flask("shop_b")
    debugged.debug = True
    assert written(debugged) == LEVELS
    louder = Flask("shop_c")
    louder.logger.setLevel("INFO")
    assert written(louder) == LEVELS[1:]
    logging.root.setLevel("INFO")
    assert written(Flask("shop_d")) == LEVELS[1:]


@proves(
    "guide/logging",
    "app.logger records what your application does, so that you can find out afterwards what happened.",
    "It is a logging.Logger of Python.",
    "Pass values as arguments, as the snippet does: the text is put together only if the record is written.",
)
def test_the_smallest(capsys: pytest.CaptureFixture[str]) -> None:
    app = importlib.reload(smallest).app
    assert type(app.logger) is logging.Logger
    assert app.test_client().get("/tea/7").text == "7 cups"
    app.test_client().get("/tea/2")
    assert capsys.readouterr().err.endswith(" WARNING in smallest: only 2 cups left\n")

    class Value:
        def __str__(self) -> str:
            raise AssertionError("put together")

    app.logger.debug("%s", Value())


@proves(
    "guide/logging",
    "If a view raises an exception that no handler takes, Flask logs Exception on /share [GET] with the traceback, at "
    "the level error.",
    "A 404 or another error of HTTP is not logged.",
    'If you catch an exception yourself, app.logger.exception("…") in the except block logs it with its traceback.',
    "flask.Flask.log_exception() logs the exceptions of views.",
    "With TESTING or in debug mode the exception goes to the test or the debugger, and Flask does not log it.",
)
def test_exceptions(capsys: pytest.CaptureFixture[str]) -> None:
    app = importlib.reload(smallest).app
    app.add_url_rule("/abort/<int:status>", "abort", lambda status: abort(status))

    @app.get("/caught")
    def caught() -> str:
        try:
            return str(1 // 0)
        except ZeroDivisionError:
            app.logger.exception("no people")
            return ""

    client = app.test_client()
    assert client.get("/share").status_code == 500
    text = capsys.readouterr().err
    assert "ERROR in app: Exception on /share [GET]\nTraceback (most recent call last):" in text
    assert "ZeroDivisionError" in text
    for status in (400, 401, 403, 404, 405, 500, 503):
        assert client.get(f"/abort/{status}").status_code == status
    assert client.get("/nowhere").status_code == 404
    assert capsys.readouterr().err == ""
    client.get("/caught")
    text = capsys.readouterr().err
    assert "ERROR in" in text
    assert "no people\nTraceback (most recent call last):" in text
    for key in ("TESTING", "DEBUG"):
        app.config.update({"TESTING": False, "DEBUG": False, key: True})
        with pytest.raises(ZeroDivisionError):
            client.get("/share")
    assert capsys.readouterr().err == ""


@proves("guide/logging", "Override it to log more.")
def test_log_exception_can_be_overridden(caplog: pytest.LogCaptureFixture) -> None:
    class Shop(Flask):
        def log_exception(self, exc_info: Any) -> None:
            self.logger.error("more: %s", exc_info[1])

    app = Shop("shop")
    app.add_url_rule("/", view_func=lambda: 1 // 0)
    logging.root.addHandler(caplog.handler)
    app.test_client().get("/")
    assert caplog.messages == ["more: integer division or modulo by zero"]


@proves(
    "guide/logging",
    "A logger passes its records up to the root logger.",
    "So configure the root, and the lines of your application and of all libraries go the same way.",
    "Call logging.config.dictConfig() before the first use of app.logger:",
    "If there is no handler when app.logger is first used, Flask adds its own handler to it.",
    "If the root has a handler, it gets none.",
)
def test_the_root(capsys: pytest.CaptureFixture[str]) -> None:
    plain = Flask("shop_plain")
    assert plain.logger.handlers == [default_handler]
    app = configured.create_app()
    assert app.logger.handlers == []
    assert app.test_client().get("/tea").text == "tea"
    logging.getLogger("some.library").info("connected")
    logging.getLogger("werkzeug").info("GET /tea")
    assert capsys.readouterr().err == (
        "INFO snippets.logs.configured: tea is served\nINFO some.library: connected\n"
    )


@proves(
    "guide/logging",
    "LOGGER_NAME, LOGGER_HANDLER_POLICY. Both keys are gone: ….",
    "The name of app.logger is the name of the application, which is mostly that of its module or package.",
    "In other modules of the package write logger = logging.getLogger(__name__).",
    "Its records go the same way, and it needs no current_app.",
)
def test_the_name_of_the_logger(capsys: pytest.CaptureFixture[str]) -> None:
    app = configured.create_app()
    assert app.logger.name == app.name == "snippets.logs.configured"
    assert {"LOGGER_NAME", "LOGGER_HANDLER_POLICY"}.isdisjoint(app.config)
    logging.getLogger("shop.orders").info("ordered")
    assert capsys.readouterr().err == "INFO shop.orders: ordered\n"


@proves(
    "guide/logging",
    "app.logger was used before the configuration, so it has the handler of Flask, and the root has another one.",
    "Where you cannot, call app.logger.removeHandler(default_handler), with from flask.logging import default_handler.",
)
def test_each_line_twice(capsys: pytest.CaptureFixture[str]) -> None:
    app = Flask("shop")
    app.logger.warning("early")
    dictConfig(configured.LOGGING)
    capsys.readouterr()
    app.logger.warning("late")
    assert capsys.readouterr().err.count("late") == 2
    app.logger.removeHandler(default_handler)
    app.logger.warning("late")
    assert capsys.readouterr().err == "WARNING shop: late\n"


@proves(
    "guide/logging",
    "disable_existing_loggers is True by default.",
    "It turns off every logger that exists already and is not named in the dictionary.",
    "Set it to False.",
)
def test_silent_loggers(capsys: pytest.CaptureFixture[str]) -> None:
    loggers = [logging.getLogger(f"shop.{name}") for name in ("a", "b", "named")]
    without = {key: value for key, value in configured.LOGGING.items() if key[0] != "d"}
    dictConfig({**without, "loggers": {"shop.named": {}}})
    assert [logger.disabled for logger in loggers] == [True, True, False]
    dictConfig(configured.LOGGING)
    for logger in loggers:
        logger.disabled = False
    dictConfig(configured.LOGGING)
    assert [logger.disabled for logger in loggers] == [False, False, False]


@proves(
    "guide/logging",
    "When the next line would make the file larger than maxBytes, shop.log becomes shop.log.1, and so on up to "
    "shop.log.5.",
    "Older lines are deleted.",
    'Write encoding="utf-8": without it, the encoding depends on the system.',
)
def test_rotation(tmp_path: Path) -> None:
    client = to_file.create_app(str(tmp_path / "shop.log"), size=200).test_client()
    for number in range(60):
        client.get(f"/tea/阿达{number}")
    files = {path.name: path for path in tmp_path.iterdir()}
    assert set(files) == {"shop.log", *(f"shop.log.{number}" for number in range(1, 6))}
    assert all(path.stat().st_size <= 200 for path in files.values())
    text = "".join(path.read_text(encoding="utf-8") for path in files.values())
    assert "阿达59" in text
    assert "阿达0\n" not in text
    (handler,) = logging.root.handlers
    assert isinstance(handler, RotatingFileHandler)
    plain = logging.FileHandler(tmp_path / "plain.log", delay=True)
    assert plain.encoding == TextIOWrapper(BytesIO()).encoding or plain.encoding == "locale"


@proves(
    "guide/logging",
    "Each worker of Gunicorn renames the file by itself, and writes on into a renamed or deleted one.",
    "Or let logrotate rotate the file, and use logging.handlers.WatchedFileHandler, which notices that the file was "
    "replaced.",
)
def test_two_processes_rotate_one_file(tmp_path: Path) -> None:
    file = tmp_path / "shop.log"
    one, two = (RotatingFileHandler(file, maxBytes=60, backupCount=1) for _ in range(2))
    record = logging.makeLogRecord({"msg": "x" * 40})
    for _ in range(3):
        one.handle(record)
    two.handle(logging.makeLogRecord({"msg": "lost?"}))
    assert "lost?" not in file.read_text()
    one.close()
    two.close()
    watched = WatchedFileHandler(tmp_path / "watched.log")
    watched.handle(record)
    (tmp_path / "watched.log").rename(tmp_path / "watched.log.1")
    watched.handle(logging.makeLogRecord({"msg": "new"}))
    watched.close()
    assert (tmp_path / "watched.log").read_text() == "new\n"


@proves(
    "guide/logging",
    "The cause stands above it in the traceback, often FileNotFoundError: the folder does not exist.",
)
def test_no_folder(tmp_path: Path) -> None:
    message = "Unable to configure handler 'file'"
    with pytest.raises(ValueError, match=message) as error:
        to_file.create_app(str(tmp_path / "logs" / "shop.log"))
    assert isinstance(error.value.__cause__, FileNotFoundError)
    assert on_the_page(f"`ValueError: {message}`")


@proves(
    "guide/logging",
    "A request id connects the lines of one request, also across several servers:",
    "Check the id of a client before you log it, as the snippet does.",
    "JSON escapes the break.",
)
def test_json_lines() -> None:
    stream = StringIO()
    app = json_lines.create_app(stream)
    app.add_url_rule("/share", "share", lambda: 1 // 0)
    client = app.test_client()
    for sent in ("4f9a-17", "bad id", "x" * 65, "早"):
        client.get("/tea/早", headers={"X-Request-ID": sent.encode().decode("latin-1")})
    client.get("/tea/x%0A%7B%22level%22")
    client.get("/share", headers={"X-Request-ID": "7"})
    logging.getLogger("some.library").warning("outside")
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    ids = [line["request"] for line in lines]
    assert ids[0] == "4f9a-17"
    assert all(len(made) == 32 for made in ids[1:5])
    assert ids[5:] == ["7", None]
    assert len(lines) == 7
    assert lines[4]["message"] == 'tea for x\n{"level"'
    assert "ZeroDivisionError" in lines[5]["traceback"]
    assert set(lines[0]) == {"time", "level", "logger", "message", "request"}


@proves(
    "guide/logging",
    "The filter belongs to the handler, so that it also sees the records of libraries.",
    "A filter of a logger sees only the records that are logged with this logger itself.",
    "The format contains %(request_id)s, and a record did not go through the filter.",
    "Python prints --- Logging error --- with a traceback, the line is lost, and the application goes on.",
    "Put the filter on the handler.",
)
def test_where_a_filter_belongs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging, "raiseExceptions", True)
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(request_id)s %(message)s"))
    logging.root.addHandler(handler)
    request_id = json_lines.RequestId()
    logging.getLogger("shop").addFilter(request_id)
    logging.getLogger("shop").warning("own")
    logging.getLogger("shop.orders").warning("child")
    logging.getLogger("library").warning("other")
    assert stream.getvalue() == "None own\n"
    printed = capsys.readouterr().err
    message = "ValueError: Formatting field not found in record: 'request_id'"
    assert printed.count("--- Logging error ---") == printed.count(message) == 2
    assert on_the_page(f"`{message}`")
    handler.addFilter(request_id)
    logging.getLogger("library").warning("other")
    assert stream.getvalue() == "None own\nNone other\n"


@proves("guide/logging", "It does not change tracebacks, which can contain values too.")
def test_secrets() -> None:
    stream = StringIO()
    app = no_secrets.create_app(stream)
    app.test_client().get("/reset?user=ada&password=horse&token=f3e1")
    app.logger.warning("Authorization: Bearer abc.def, done")
    assert stream.getvalue() == (
        "reset with user=ada&password=***&token=***\nAuthorization: ***, done\n"
    )
    try:
        raise ValueError("password=horse")
    except ValueError:
        app.logger.exception("failed")
    assert "password=horse" in stream.getvalue()


@proves(
    "guide/logging",
    "A value with a line break can forge a line: /tea/x%0AERROR stolen.",
    "In a text format, log such a value with %r.",
)
def test_forged_lines(tmp_path: Path) -> None:
    file = tmp_path / "shop.log"
    app = to_file.create_app(str(file))
    app.test_client().get("/tea/x%0AERROR stolen")
    assert file.read_text().splitlines()[1:] == ["ERROR stolen"]
    app.logger.warning("tea for %r", "x\nERROR stolen")
    assert file.read_text().splitlines()[2].endswith(r"tea for 'x\nERROR stolen'")


@proves(
    "guide/logging",
    "The mail is sent before the response, so a slow mail server makes the failing request slow.",
    "An error in a loop sends a mail each time.",
)
def test_mails() -> None:
    app = mail.create_app()
    [usual] = [each for each in app.logger.handlers if isinstance(each, SMTPHandler)]
    assert (usual.mailhost, usual.mailport) == ("localhost", 25)
    app.logger.removeHandler(usual)
    with mail_server() as (port, mails):
        app = mail.create_app("127.0.0.1", port)
        client = app.test_client()
        assert client.get("/share/3").text == "4"
        app.logger.warning("no mail")
        assert mails == []
        for sent in (1, 2):
            assert client.get("/share/0").status_code == 500
            assert len(mails) == sent
        app.logger.error("outside of a request")
    first, _, last = mails
    assert "Subject: Shop failed" in first
    assert "GET http://localhost/share/0\r\n\r\nException on /share/0 [GET]" in first
    assert "ZeroDivisionError" in first
    assert "no request\r\n\r\noutside of a request" in last


@proves(
    "guide/logging",
    "statements of the database | sqlalchemy.engine | level INFO",
)
def test_statements(caplog: pytest.LogCaptureFixture) -> None:
    from sqlalchemy import create_engine, text

    caplog.set_level("INFO", "sqlalchemy.engine")
    logging.root.addHandler(caplog.handler)
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    engine.dispose()
    assert "SELECT 1" in caplog.messages


@proves(
    "guide/logging",
    "flask.Flask.logger is made when it is first used, by a function create_logger.",
    "It takes the logger with the name of the application.",
    "In debug mode it sets the level to DEBUG, unless a level is set.",
    "If no handler up to the root takes the level, it adds flask.logging.default_handler.",
    "This handler writes to wsgi.errors of the current request, and to sys.stderr outside a request.",
)
def test_inside(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    monkeypatch.setattr(
        "flask.sansio.app.create_logger", lambda app: made.append(app) or create_logger(app)
    )
    app = Flask("shop")
    assert made == []
    assert app.logger is logging.getLogger("shop")
    assert app.logger is app.logger
    assert made == [app]
    assert app.logger.handlers == [default_handler]
    for level in (logging.NOTSET, logging.ERROR):
        logging.getLogger(f"shop_{level}").setLevel(level)
        debugged = Flask(f"shop_{level}")
        debugged.debug = True
        assert debugged.logger.level == (level or logging.DEBUG)
    quiet = logging.StreamHandler()
    quiet.setLevel(logging.CRITICAL)
    logging.root.addHandler(quiet)
    assert Flask("shop_quiet").logger.handlers == [default_handler]
    logging.root.removeHandler(quiet)
    app.add_url_rule("/", view_func=lambda: (app.logger.warning("inside"), "")[1])
    errors = StringIO()
    app.test_client().get("/", errors_stream=errors)
    assert errors.getvalue().endswith("inside\n")
    assert capsys.readouterr().err == ""
    app.logger.warning("outside")
    assert capsys.readouterr().err.endswith("outside\n")


@proves(
    "guide/logging",
    'app.logger.info("tea", cups) has an argument, but no %s for it.',
    "Python prints --- Logging error ---, and the request goes on.",
    'Write "tea: %s".',
)
def test_arguments_without_a_place(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging, "raiseExceptions", True)
    app = Flask("shop")
    app.logger.setLevel("INFO")
    app.add_url_rule("/", view_func=lambda: (app.logger.info("tea", 3), "done")[1])
    assert app.test_client().get("/").text == "done"
    printed = capsys.readouterr().err
    message = "TypeError: not all arguments converted during string formatting"
    assert printed.startswith("--- Logging error ---")
    assert message in printed
    assert on_the_page(f"`{message}`")
    app.logger.info("tea: %s", 3)
    assert capsys.readouterr().err.endswith("tea: 3\n")


@proves(
    "guide/logging",
    "The stream or file has an encoding without Chinese characters.",
    'Pass encoding="utf-8" to the handler, or start Python with PYTHONUTF8=1.',
)
def test_encodings(tmp_path: Path) -> None:
    message = "UnicodeEncodeError: 'ascii' codec can't encode characters in position 0-1: ordinal not in range(128)"
    code = (
        "import logging, sys; handler = logging.FileHandler('x.log', encoding={}); "
        "logging.getLogger().addHandler(handler); logging.warning(chr(0x963f) + chr(0x8fbe))"
    )
    old = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    for encoding, variables, good in (
        (None, old, False),
        ("utf-8", old, True),
        (None, {**old, "PYTHONUTF8": "1"}, True),
    ):
        command = [sys.executable, "-c", code.format(repr(encoding))]
        done = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, check=True)
        assert (message in done.stderr.decode()) is not good
    assert (tmp_path / "x.log").read_text(encoding="utf-8") == "阿达\n阿达\n"
    assert on_the_page(f"`{message}`")


def test_a_slow_mail_server_is_waited_for() -> None:
    """The handler has no thread: the time of the server is the time of the request."""
    from tests.guide.logging import common

    real = common.Session.handle

    def slow(self: Any) -> None:
        time.sleep(0.3)
        real(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(common.Session, "handle", slow)
        with mail_server() as (port, _):
            begin = time.monotonic()
            mail.create_app("127.0.0.1", port).test_client().get("/share/0")
            assert time.monotonic() - begin >= 0.3


@proves(
    "guide/logging",
    "if not app.debug: app.logger.addHandler(…). In old releases Flask replaced the handlers in debug mode.",
    "Today the same configuration works in both modes.",
)
@pytest.mark.parametrize("debug", [True, False])
def test_debug_mode_keeps_the_handlers(debug: bool, capsys: pytest.CaptureFixture[str]) -> None:
    app = configured.create_app()
    app.debug = debug
    app.test_client().get("/tea")
    assert capsys.readouterr().err == "INFO snippets.logs.configured: tea is served\n"
