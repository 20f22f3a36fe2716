"""Converters in blueprints."""

from flask import Flask
from werkzeug.routing import (
    BaseConverter,
)

from proven.claims.proofs import proves
from snippets.url_converters import (
    blueprint,
)


@proves(
    "guide/converters",
    "A blueprint has no URL map.",
    "A blueprint for several applications can register its converters itself:",
)
def test_a_blueprint_brings_its_converter() -> None:
    app = blueprint.create_app()
    assert app.test_client().get("/diary/2025-01-31").text == "date 2025-01-31"
    assert "date" not in Flask("other").url_map.converters


def test_it_does_not_replace_one_that_is_there() -> None:
    class Own(BaseConverter):
        """Another converter of the same name."""

    app = Flask("own")
    app.url_map.converters["date"] = Own
    app.register_blueprint(blueprint.diary)
    assert app.url_map.converters["date"] is Own
    assert app.test_client().get("/diary/today").text == "str today"
