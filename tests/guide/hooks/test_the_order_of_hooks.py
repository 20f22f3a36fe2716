"""The order of hooks: docs/guide/hooks.md."""

from __future__ import annotations

from flask import Blueprint

from proven.claims.proofs import proves
from snippets.hooks import nested_order, order
from tests.guide.hooks.common import CART, UNDONE, new_app, send

BEFORE = ["process_request 1", "process_request 2"]


AFTER = ["process_response 2", "process_response 1", "process_end 2", "process_end 1"]


@proves("guide/signals", "Order | not defined | in order of registration, or in reverse")
@proves(
    "guide/hooks",
    "Functions that run before the view are called in the order in which they were registered.",
    "Functions that run after it are called in reverse order, so what was opened first is "
    "closed last.",
)
def test_before_in_order_of_registration_after_and_teardown_in_reverse() -> None:
    client = order.app.test_client()
    assert client.get("/index").text == "Index"
    answer = client.get("/steps")
    assert answer.mimetype == "text/plain"
    assert answer.text.splitlines() == [*BEFORE, "index", *AFTER]
    assert client.get("/steps").text == ""


@proves(
    "guide/hooks",
    "Before the view, Flask calls the hooks of the application, then those of the outer "
    "blueprint, then those of the inner blueprint.",
    "After the view, it calls those of the inner blueprint, then those of the outer one, "
    "then those of the application.",
    "The hooks of a blueprint run when the URL matches one of its rules.",
    "It begins with the application and goes through flask.Request.blueprints from the "
    "last to the first.",
)
def test_with_nested_blueprints_inwards_before_and_outwards_after() -> None:
    client = nested_order.app.test_client()
    assert client.get("/shop/cart/").text == "Your cart"
    assert client.get("/steps").text.splitlines() == CART + UNDONE


@proves(
    "guide/hooks",
    "The hooks of a blueprint run when the URL matches one of its rules.",
    "/shop/nowhere matches no rule, so the request belongs to no blueprint and only the "
    "hooks of the application run:",
)
def test_an_unknown_url_below_a_prefix_belongs_to_no_blueprint() -> None:
    assert send(nested_order.app, "/shop/nowhere").status_code == 404
    assert nested_order.steps == [
        f"{kind} app-{number}"
        for kind, numbers in (("before", (1, 2)), ("after", (2, 1)), ("teardown", (2, 1)))
        for number in numbers
    ]


@proves(
    "guide/hooks",
    "A function of before_app_request is added to the functions of the application when "
    "the blueprint is registered.",
    "It runs after the functions that the application had by then, and before those that "
    "are registered later.",
)
def test_before_app_request_joins_when_the_blueprint_is_registered() -> None:
    app, blueprint, seen = new_app(), Blueprint("b", "b"), []
    blueprint.before_app_request(lambda: seen.append("blueprint"))
    app.before_request(lambda: seen.append("earlier"))
    app.register_blueprint(blueprint)
    app.before_request(lambda: seen.append("later"))
    send(app)
    assert seen == ["earlier", "blueprint", "later"]
