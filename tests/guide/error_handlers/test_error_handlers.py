"""Error handlers: docs/guide/error-handlers.md."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.exceptions import NotFound

from proven.claims.proofs import proves
from snippets.hooks import handler_classes
from tests.guide.error_handlers.common import PAGE, new_app, send


@proves(
    "guide/error-handlers",
    "An error handler is a function that makes the response when a view function or a "
    "before_request function raises an exception.",
    "Register it for a status code, for an HTTPException, or for any other exception class.",
    "A handler for a class also gets errors of its subclasses, so the one for LookupError "
    "gets the KeyError.",
)
@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        ("/buy/tea/2", 200, "Bought tea"),
        ("/buy/tea/4", 409, "Only 3 left"),
        ("/buy/gold/1", 404, "We do not have that"),
        ("/sell/gold", 404, "Ask at the counter"),
    ],
)
def test_handlers_for_an_own_class_a_base_class_and_all_http_errors(
    path: str, status: int, text: str
) -> None:
    answer = send(handler_classes.app, path, "POST")
    assert answer.status_code == status
    assert text in answer.text


@proves(
    "guide/error-handlers",
    "An error handler is a function that makes the response when a view function or a "
    "before_request function raises an exception.",
)
def test_a_handler_sees_what_a_before_request_function_raises() -> None:
    app = new_app()
    app.before_request(lambda: {}["missing"])
    app.register_error_handler(KeyError, lambda error: ("Handled", 400))
    assert send(app).text == "Handled"


def test_a_class_stands_for_its_subclasses() -> None:
    assert issubclass(KeyError, LookupError)
    assert "LookupError" in PAGE


@proves(
    "guide/error-handlers",
    "A code and its class are the same: 404 means werkzeug.exceptions.NotFound.",
    "Register it for a status code, for an HTTPException, or for any other exception class.",
)
@pytest.mark.parametrize(("registered", "replaced"), [(404, NotFound), (NotFound, 404)])
def test_a_code_and_its_class_are_the_same(registered: Any, replaced: Any) -> None:
    app = new_app()
    app.register_error_handler(replaced, lambda error: ("first", 404))
    app.register_error_handler(registered, lambda error: ("second", 404))
    assert send(app, "/nowhere").text == "second"


@proves(
    "guide/error-handlers",
    "flask.Flask.register_error_handler() does the same without a decorator, for instance "
    "in a loop over several codes.",
)
def test_register_error_handler_serves_several_codes_in_a_loop() -> None:
    app = new_app()
    for code in (404, 405):
        app.register_error_handler(code, lambda error: (f"Sorry, {error.code}", error.code))
    assert [send(app, "/x").text, send(app, "/", "POST").text] == ["Sorry, 404", "Sorry, 405"]
