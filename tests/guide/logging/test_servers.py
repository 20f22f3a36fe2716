"""What the development server and Gunicorn write, both really run: docs/guide/logging.md."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from proven.claims.proofs import proves
from tests.guide.logging.common import get, on_the_page, said, settled, terminal
from tests.servers import Server, flask_run, gunicorn, running

CODE = """
import logging
from snippets.logs.smallest import app
app.add_url_rule("/info", "info", lambda: (app.logger.info("an info"), "")[1])
"""


@pytest.fixture(scope="module")
def behind() -> Iterator[Server]:
    """Gunicorn with its access log."""
    with running(
        gunicorn(
            "snippets.logs.smallest:app", "--access-logfile", "access.log", "--log-level", "debug"
        )
    ) as server:
        yield server


@proves(
    "guide/logging", "The last line comes from the development server, which logs each request."
)
def test_the_development_server() -> None:
    with running(flask_run("snippets.logs.smallest")) as server:
        assert get(server, "/tea/2") == 200
        said(server, "GET /tea/2")
        lines = settled(server.log.read_text())
        # What was asked to see whether it runs is a line too.
        assert [line for line in lines if line] == terminal("--app snippets.logs.smallest run")


@proves(
    "guide/logging",
    'requests, with the development server | werkzeug | logging.getLogger("werkzeug").setLevel("WARNING") turns them '
    "off",
    "At the level WARNING the development server is silent, also about the address at which it runs.",
)
def test_the_configured_application() -> None:
    with running(flask_run("snippets.logs.configured")) as server:
        assert get(server, "/tea") == 200
        said(server, "tea is served")
        assert settled(server.log.read_text()) == terminal("--app snippets.logs.configured run")


@proves(
    "guide/logging",
    "of your application, and exceptions of views | the name of the application | app.logger, dictConfig",
    "requests, with Gunicorn | gunicorn.access | off by default; --access-logfile - writes them to the standard output",
    "start, stop and timeouts of workers | gunicorn.error | --log-level; the standard error by default",
    "The handler of Flask writes to the error stream of the server, and Gunicorn writes this into its error log.",
    "So app.logger.warning is in there without any configuration.",
    "app.logger.info is not, because the level of Gunicorn, --log-level debug, is that of its own loggers only.",
)
def test_gunicorn(behind: Server) -> None:
    assert get(behind, "/tea/2") == 200
    assert get(behind, "/share") == 500
    said(behind, "Exception on /share [GET]")
    text = behind.log.read_text()
    assert "WARNING in smallest: only 2 cups left" in text
    assert "found 2 cups" not in text
    assert "[DEBUG]" in text
    assert "Booting worker" in text
    access = behind.folder.joinpath("access.log").read_text()
    assert '"GET /tea/2 HTTP/1.1" 200' in access
    assert "GET /tea/2" not in text.replace("[DEBUG] GET /tea/2", "")


def test_the_shown_command_writes_both_to_the_terminal() -> None:
    assert on_the_page(
        "$ gunicorn --access-logfile - --bind 127.0.0.1:8000 snippets.logs.smallest:app"
    )
    with running(gunicorn("snippets.logs.smallest:app", "--access-logfile", "-")) as server:
        assert get(server, "/tea/2") == 200
        said(server, '"GET /tea/2 HTTP/1.1" 200')
        said(server, "only 2 cups left")


@proves(
    "guide/logging",
    'app.logger.handlers.extend(logging.getLogger("gunicorn.error").handlers). Old posts do this so that lines reach '
    "the log of Gunicorn.",
    "They do so by default; with this line each is there twice.",
)
@pytest.mark.parametrize(
    ("line", "times"),
    [("", 1), ("app.logger.handlers.extend(logging.getLogger('gunicorn.error').handlers)", 2)],
)
def test_handlers_of_gunicorn_write_twice(line: str, times: int) -> None:
    server = gunicorn("shop:app")
    server.folder.joinpath("shop.py").write_text(CODE + line)
    with running(server):
        assert get(server, "/tea/2") == 200
        said(server, "only 2 cups left")
        assert server.log.read_text().count("only 2 cups left") == times
