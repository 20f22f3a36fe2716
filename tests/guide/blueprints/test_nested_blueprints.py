"""Nested blueprints: docs/guide/blueprints.md."""

from __future__ import annotations

import pytest
from flask import Blueprint, Flask, abort, url_for
from werkzeug.routing import BuildError

from proven.claims.proofs import proves
from snippets.blueprints import nested
from tests.guide.blueprints.common import (
    BP_DONE,
    error_of,
    new_app,
    new_blueprint,
    on_the_page,
    rules,
    send,
)


@proves(
    "guide/blueprints",
    "A blueprint can register other blueprints, as an application does (…).",
    "Prefixes are joined, and names are joined with a dot.",
    "So you can nest one blueprint in several others:",
    "In the inner blueprint, .index is its own endpoint.",
    "They can (…).",
    "A request finds its blueprints through the endpoint of the rule that matched: "
    "shop.comments.index belongs to shop.comments and to shop, and "
    "flask.Request.blueprints is this list (…).",
)
@pytest.mark.parametrize("outer", ["shop", "blog"])
def test_prefixes_and_names_of_nested_blueprints_are_joined(outer: str) -> None:
    assert send(nested.app, f"/{outer}/comments/").json == {
        "blueprints": [f"{outer}.comments", outer],
        "link": f"/{outer}/comments/",
    }
    assert rules(nested.app)[f"{outer}.comments.index"] == f"/{outer}/comments/"


@proves(
    "guide/blueprints",
    "From a view of the shop, .comments.index is the endpoint of the inner blueprint.",
)
def test_from_the_outer_blueprint_a_dot_leads_inwards() -> None:
    assert send(nested.app, "/shop/").text == "/shop/comments/"


@proves(
    "guide/blueprints",
    'There is no short form for the outer one: an inner view has to write "shop.front_page".',
)
def test_the_way_out_is_the_full_name() -> None:
    with nested.app.test_request_context("/shop/comments/"):
        assert url_for("shop.front_page") == "/shop/"
        for short in (".front_page", "..front_page", "front_page"):
            with pytest.raises(BuildError):
                url_for(short)


@proves(
    "guide/blueprints",
    "The inner blueprint was registered after app.register_blueprint(shop).",
    "The message goes on: It has already been registered at least once, any changes will "
    "not be applied consistently.",
)
def test_nesting_after_registration_is_refused() -> None:
    shop = new_blueprint("shop")
    new_app(shop)
    said = on_the_page(
        "AssertionError: The setup method 'register_blueprint' can no longer be called on the"
        f" blueprint 'shop'. {BP_DONE}"
    )
    assert error_of(lambda: shop.register_blueprint(new_blueprint("cart"))) == said


@proves(
    "guide/blueprints",
    "Or both calls are in create_app, which ran a second time: the first test passes, and "
    "the second fails.",
)
def test_nesting_in_create_app_fails_the_second_time() -> None:
    shop, cart = new_blueprint("shop"), new_blueprint("cart", url_prefix="/cart")

    def create_app() -> Flask:
        shop.register_blueprint(cart)
        return new_app(shop)

    assert rules(create_app()) == {"shop.index": "/", "shop.cart.index": "/cart/"}
    assert error_of(create_app).startswith(
        "AssertionError: The setup method 'register_blueprint' can no longer be called"
    )


@proves(
    "guide/blueprints",
    "A blueprint cannot be nested in itself: ValueError: Cannot register a blueprint on itself.",
)
def test_a_blueprint_is_not_nested_in_itself() -> None:
    shop = new_blueprint("shop")
    message = on_the_page("ValueError: Cannot register a blueprint on itself")
    assert error_of(lambda: shop.register_blueprint(shop)) == message


@proves(
    "guide/blueprints",
    "Hooks and error handlers of the outer blueprint also apply to the inner one, see "
    "With blueprints, nested ones too.",
    "A hook of a blueprint runs for requests of its views, and of the views of blueprints "
    "nested in it.",
)
def test_hooks_and_handlers_of_the_outer_blueprint_hold_for_the_inner_one() -> None:
    shop, cart, seen = new_blueprint("shop"), Blueprint("cart", __name__), []
    shop.before_request(lambda: seen.append("shop"))
    shop.register_error_handler(404, lambda error: ("The shop", 404))
    cart.add_url_rule("/cart", "index", lambda: abort(404))
    shop.register_blueprint(cart)
    assert send(new_app(shop), "/cart").text == "The shop"
    assert seen == ["shop"]
