"""A page for bugs: docs/guide/error-handlers.md."""

from __future__ import annotations

import re

import pytest
from flask import Flask, abort
from werkzeug.exceptions import InternalServerError

from proven.claims.proofs import proves
from snippets.hooks import server_error
from tests.guide.error_handlers.common import new_app, on_the_page, send


@proves(
    "guide/error-handlers",
    "A handler for 500 always gets an InternalServerError.",
    "The exception that was raised is its original_exception, which is None after abort(500).",
    "The handler gets an InternalServerError; what was raised is error.original_exception (…).",
)
def test_a_handler_for_500_gets_an_internal_server_error() -> None:
    app = new_app()
    app.add_url_rule("/bug", "bug", lambda: 1 / 0)
    app.add_url_rule("/asked-for", "asked", lambda: abort(500))
    got: list[InternalServerError] = []
    app.register_error_handler(500, lambda error: (got.append(error) or "Sorry", 500))
    for path in ("/bug", "/asked-for"):
        send(app, path)
    assert [type(error) for error in got] == [InternalServerError, InternalServerError]
    assert type(got[0].original_exception) is ZeroDivisionError
    assert got[1].original_exception is None


@proves(
    "guide/error-handlers",
    "Before Flask calls this handler, it logs the traceback under Exception on /bug [GET].",
)
def test_the_page_for_bugs_names_the_request_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    answer = send(server_error.app, "/bug")
    assert (answer.status_code, answer.text) == (500, "Something broke. We have been told.")
    number = answer.headers["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{32}", number)
    assert caplog.messages == [
        on_the_page("Exception on /bug [GET]"),
        f"request {number}: ZeroDivisionError('division by zero')",
    ]
    assert caplog.records[0].exc_info is not None
    caplog.clear()
    assert send(server_error.app, "/asked-for").status_code == 500
    assert caplog.messages == []


@proves(
    "guide/error-handlers",
    "An exception that another error handler raises also leads to this handler.",
)
def test_an_error_in_an_error_handler_ends_at_500() -> None:
    app = new_app()
    app.add_url_rule("/bug", "bug", lambda: 1 / 0)
    app.register_error_handler(ZeroDivisionError, lambda error: {}["missing"])
    app.register_error_handler(500, lambda error: (repr(error.original_exception), 500))
    assert send(app, "/bug").text == "KeyError('missing')"


@proves(
    "guide/error-handlers",
    "In debug mode the debugger gets the error, and with TESTING the test gets it, "
    "because PROPAGATE_EXCEPTIONS is on in both unless you set it.",
    'To test the handler, set app.config["PROPAGATE_EXCEPTIONS"] = False.',
    "Handlers for other codes and classes are called in every mode.",
)
@pytest.mark.parametrize("mode", ["debug", "testing"])
def test_debug_and_testing_pass_the_error_on_unless_propagation_is_off(mode: str) -> None:
    def app(**config: bool) -> Flask:
        made = new_app(**{mode: True})
        made.config.update(config)
        made.add_url_rule("/bug", "bug", lambda: 1 / 0)
        made.add_url_rule("/handled", "handled", lambda: {}["missing"])
        made.register_error_handler(500, lambda error: ("Sorry", 500))
        made.register_error_handler(KeyError, lambda error: ("Handled", 400))
        made.register_error_handler(404, lambda error: ("No page", 404))
        return made

    with pytest.raises(ZeroDivisionError):
        send(app(), "/bug")
    assert send(app(PROPAGATE_EXCEPTIONS=False), "/bug").text == "Sorry"
    assert [send(app(), path).text for path in ("/handled", "/nowhere")] == ["Handled", "No page"]
