"""Register a blueprint twice: docs/guide/blueprints.md."""

from __future__ import annotations

import pytest

from proven.claims.proofs import proves
from snippets.blueprints import twice
from tests.guide.blueprints.common import error_of, new_app, new_blueprint, on_the_page, send


@proves(
    "guide/blueprints",
    "You can register a blueprint more than once if you pass a different name each time.",
    "With url_defaults, the views know which of them was requested.",
    "In its views, build URLs with the dot: .show stays in the shop of the request.",
)
@pytest.mark.parametrize(
    ("path", "name", "currency"), [("/eu/tea", "europe", "EUR"), ("/cn/tea", "china", "CNY")]
)
def test_a_blueprint_is_registered_twice_under_two_names(
    path: str, name: str, currency: str
) -> None:
    assert send(twice.app, path).json == {
        "currency": currency,
        "blueprint": name,
        "this": path,
        "other": "/cn/tea",
    }


@proves(
    "guide/blueprints",
    "Routes and hooks of the blueprint are registered once for each name.",
    "What has app in its name, such as before_app_request, is registered only once.",
)
def test_hooks_exist_once_for_each_name_and_those_of_the_application_once() -> None:
    app, blueprint, seen = new_app(), new_blueprint(), []
    blueprint.before_request(lambda: seen.append("own"))
    blueprint.before_app_request(lambda: seen.append("app"))
    app.register_blueprint(blueprint, name="one", url_prefix="/one")
    app.register_blueprint(blueprint, name="two", url_prefix="/two")
    assert [send(app, path).text for path in ("/one/", "/two/")] == ["one.index", "two.index"]
    assert seen == ["app", "own", "app", "own"]


@proves(
    "guide/blueprints",
    "Two blueprints have the same name, often because a file was copied.",
    "If the message says for this blueprint instead, the same blueprint was registered twice.",
    "Registering twice. Old posts register a blueprint below two prefixes and give no name.",
    "That raises a ValueError now, see Register a blueprint twice.",
)
def test_a_name_is_taken_once() -> None:
    app, blueprint = new_app(), new_blueprint()
    app.register_blueprint(blueprint)
    different = on_the_page(
        "ValueError: The name 'notes' is already registered for a different blueprint."
        " Use 'name=' to provide a unique name."
    )
    assert error_of(lambda: app.register_blueprint(new_blueprint())) == different
    this = different.replace("a different blueprint", on_the_page("for this blueprint")[4:])
    assert error_of(lambda: app.register_blueprint(blueprint, url_prefix="/b")) == this


@proves(
    "guide/blueprints",
    "For nested blueprints the message contains the full name: ValueError: The name "
    "'comments' is already registered for a different blueprint 'shop.comments'. Use "
    "'name=' to provide a unique name.",
)
def test_for_a_nested_blueprint_the_full_name_is_added() -> None:
    shop = new_blueprint("shop")
    shop.register_blueprint(new_blueprint("comments"))
    shop.register_blueprint(new_blueprint("comments"))
    assert error_of(lambda: new_app(shop)) == on_the_page(
        "ValueError: The name 'comments' is already registered for a different blueprint"
        " 'shop.comments'. Use 'name=' to provide a unique name."
    )
