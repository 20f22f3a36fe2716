"""Which handler is chosen: docs/guide/error-handlers.md."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Blueprint, abort, got_request_exception
from werkzeug.exceptions import NotFound

from proven.claims.proofs import proves
from snippets.hooks import handler_choice
from tests.guide.error_handlers.common import new_app, send


@proves(
    "guide/error-handlers",
    "Flask searches four places, in this order:",
    "the blueprints of the request, for the code, the inner one first",
    "the application, for the code",
    "the blueprints, for a class without a code",
    "the application, for a class without a code",
    "For an exception that is not an HTTP error, the search begins at the third place.",
    "An earlier place is preferred even if a later one has a handler for a nearer class.",
    "The application's handler for 404 is chosen before the blueprint's handler for HTTPException.",
    "The blueprint's handler for LookupError is chosen before the application's handler "
    "for KeyError.",
)
@pytest.mark.parametrize(
    ("path", "status", "handler"),
    [
        ("/shop/abort/403", 403, "blueprint, code"),
        ("/shop/abort/404", 404, "application, code"),
        ("/shop/abort/418", 418, "blueprint, HTTPException"),
        ("/shop/raise/KeyError", 500, "blueprint, LookupError"),
        ("/shop/raise/IndexError", 500, "blueprint, LookupError"),
        ("/shop/raise/OSError", 500, "application, OSError"),
        ("/shop/nowhere", 404, "application, code"),
    ],
)
def test_the_four_places_are_searched_in_order(path: str, status: int, handler: str) -> None:
    answer = send(handler_choice.app, path)
    assert (answer.status_code, answer.text) == (status, handler)


@proves("guide/error-handlers", "HTTPException is a class without a code.")
def test_a_405_without_a_code_handler_goes_to_the_applications_class() -> None:
    assert send(handler_choice.app, "/shop/abort/403", "POST").text == "application, HTTPException"


@proves("guide/error-handlers", "the blueprints of the request, for the code, the inner one first")
@pytest.mark.parametrize("what", [404, KeyError])
def test_the_inner_blueprint_comes_first(what: Any) -> None:
    app, outer, inner = new_app(), Blueprint("outer", "outer"), Blueprint("inner", "inner")
    status = 404

    @inner.get("/fail")
    def fail() -> str:
        raise (NotFound if what == 404 else KeyError)

    for owner, name in ((app, "application"), (outer, "outer"), (inner, "inner")):
        owner.register_error_handler(what, lambda error, name=name: (name, status))
    outer.register_blueprint(inner)
    app.register_blueprint(outer)
    assert send(app, "/fail").text == "inner"


@proves("guide/error-handlers", "Within one place, the handler for the nearest class is chosen.")
def test_within_one_place_the_nearest_class_wins() -> None:
    app = new_app()
    app.register_error_handler(Exception, lambda error: ("Exception", 500))
    app.register_error_handler(LookupError, lambda error: ("LookupError", 500))
    app.add_url_rule("/fail", "fail", lambda: {}["missing"])
    assert send(app, "/fail").text == "LookupError"


@proves(
    "guide/error-handlers",
    "A 404 handler of a blueprint is called for abort(404) in a view of the blueprint.",
    "It is not called for an unknown URL below the prefix of the blueprint, because such "
    "a request belongs to no blueprint.",
)
def test_the_404_handler_of_a_blueprint_is_for_abort_in_its_views() -> None:
    app, shop = new_app(), Blueprint("shop", "shop", url_prefix="/shop")
    shop.register_error_handler(404, lambda error: ("Not in the shop", 404))
    shop.add_url_rule("/gone", "gone", lambda: abort(404))
    app.register_blueprint(shop)
    assert send(app, "/shop/gone").text == "Not in the shop"
    assert "Not in the shop" not in send(app, "/shop/nowhere").text


@proves(
    "guide/error-handlers",
    "A handler for Exception catches HTTP errors too.",
    "It also keeps unexpected errors out of the log and the debugger, and "
    "flask.got_request_exception is not sent.",
)
@pytest.mark.parametrize("mode", ["", "debug", "testing"])
def test_a_handler_for_exception_turns_404_into_500_and_hides_bugs(
    mode: str, caplog: pytest.LogCaptureFixture
) -> None:
    app = new_app(debug=mode == "debug", testing=mode == "testing")
    app.register_error_handler(Exception, lambda error: ("Sorry", 500))
    app.add_url_rule("/bug", "bug", lambda: 1 / 0)
    sent: list[Exception] = []
    with got_request_exception.connected_to(
        lambda sender, exception, **_: sent.append(exception), app
    ):
        assert [send(app, path).status_code for path in ("/nowhere", "/bug")] == [500, 500]
    assert (sent, caplog.messages) == ([], [])
