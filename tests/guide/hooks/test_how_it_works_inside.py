"""How it works inside: docs/guide/hooks.md."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask, request

from proven.claims.proofs import proves
from snippets.hooks import nested_order
from tests.guide.hooks.common import PAGE, send


@proves(
    "guide/hooks",
    "The application has a dictionary for each kind of hook: "
    "flask.Flask.before_request_funcs, after_request_funcs, teardown_request_funcs.",
    "A key is the name of a blueprint, or None for the application itself.",
)
def test_each_kind_is_a_dictionary_by_blueprint() -> None:
    app = nested_order.app
    for functions in (
        app.before_request_funcs,
        app.after_request_funcs,
        app.teardown_request_funcs,
    ):
        assert [(name, len(functions[name])) for name in functions] == [
            (None, 2),
            ("shop", 2),
            ("shop.cart", 2),
        ]
    with app.test_request_context("/shop/cart/"):
        assert request.blueprints == ["shop.cart", "shop"]


@proves(
    "guide/hooks",
    "flask.Flask.full_dispatch_request() handles a request in this order:",
    "handle_user_exception() looks for an error handler if step 1 or 2 raised an exception.",
    "An exception that no handler took goes to handle_exception(), which makes the 500 "
    "and repeats step 4 for it.",
    "do_teardown_request() and do_teardown_appcontext() run last, when the contexts end.",
)
def test_the_steps_inside_come_in_the_order_of_the_page() -> None:
    called: list[str] = []

    class Recorder(Flask):
        def __getattribute__(self, name: str) -> Any:
            if name in names:
                called.append(name)
            return super().__getattribute__(name)

    names = re.findall(
        r"\{py:meth\}`(?:~?flask\.Flask\.)(\w+)`",
        PAGE.split("(hooks-inside)=")[1].split("\n(")[0],
    )
    assert names == [
        "full_dispatch_request",
        "preprocess_request",
        "dispatch_request",
        "handle_user_exception",
        "process_response",
        "handle_exception",
        "do_teardown_request",
        "do_teardown_appcontext",
    ]
    app = Recorder("recorder", static_folder=None)
    app.add_url_rule("/bug", "bug", lambda: 1 / 0)
    app.add_url_rule("/", "front", lambda: "")
    send(app)
    assert called == [
        "full_dispatch_request",
        "preprocess_request",
        "dispatch_request",
        "process_response",
        "do_teardown_request",
        "do_teardown_appcontext",
    ]
    called.clear()
    send(app, "/bug")
    assert called == [
        "full_dispatch_request",
        "preprocess_request",
        "dispatch_request",
        "handle_user_exception",
        "handle_exception",
        "process_response",
        "do_teardown_request",
        "do_teardown_appcontext",
    ]
