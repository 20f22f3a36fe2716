"""Pitfalls: docs/guide/error-handlers.md."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.exceptions import HTTPException, default_exceptions

from proven.claims.proofs import proves
from tests.guide.error_handlers.common import new_app, on_the_page, send


@proves(
    "guide/error-handlers",
    "The line @app.errorhandler lacks its argument, and so registers nothing.",
)
def test_errorhandler_without_its_argument_registers_nothing() -> None:
    app = new_app()
    app.errorhandler(lambda error: ("Never", 404))  # type: ignore[arg-type]
    assert "Never" not in send(app, "/nowhere").text


@proves(
    "guide/error-handlers",
    "The message goes on: Use a subclass of HTTPException with that code instead.",
    "Werkzeug has no class for the code 402.",
    "200 and 301 are refused in the same way, because they are not errors.",
)
@pytest.mark.parametrize("code", [402, 301, 200])
def test_a_code_without_a_class_is_refused(code: int) -> None:
    assert code not in default_exceptions
    with pytest.raises(ValueError) as caught:
        new_app().register_error_handler(code, lambda error: "")
    message = (
        f"'{code}' is not a recognized HTTP error code."
        " Use a subclass of HTTPException with that code instead."
    )
    assert str(caught.value) == message
    on_the_page(message.replace(str(code), "402"))


@proves("guide/error-handlers", "Write one, raise it, and register the handler for it:")
def test_a_class_of_ones_own_brings_its_code() -> None:
    class PaymentRequired(HTTPException):
        code = 402

    app = new_app()
    app.register_error_handler(PaymentRequired, lambda error: ("Pay first", 402))

    @app.get("/buy")
    def buy() -> str:
        raise PaymentRequired

    answer = send(app, "/buy")
    assert (answer.status_code, answer.text) == (402, "Pay first")


@proves(
    "guide/error-handlers",
    'The code is a string, errorhandler("404"), or there are several codes, '
    "errorhandler((404, 410)).",
)
@pytest.mark.parametrize("code", ["404", (404, 410)])
def test_a_string_or_several_codes_are_refused(code: Any) -> None:
    with pytest.raises(TypeError) as caught:
        new_app().errorhandler(code)(lambda error: "")
    assert str(caught.value) == on_the_page("issubclass() arg 1 must be a class")


@proves(
    "guide/error-handlers",
    "An instance of an exception is refused with TypeError: ValueError() is an instance, "
    "not a class. Handlers can only be registered for Exception classes or HTTP error "
    "codes.",
)
def test_an_instance_is_refused() -> None:
    with pytest.raises(TypeError) as caught:
        new_app().register_error_handler(ValueError(), lambda error: "")  # type: ignore[arg-type]
    assert str(caught.value) == on_the_page(
        "ValueError() is an instance, not a class. Handlers can only be registered for Exception"
        " classes or HTTP error codes."
    )
