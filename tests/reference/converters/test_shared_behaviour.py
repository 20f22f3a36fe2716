"""What the converters share."""

from enum import Enum
from typing import Any

import pytest
from werkzeug.routing import (
    BaseConverter,
    BuildError,
    Map,
    ValidationError,
)

from snippets.converters import (
    BaseNConverter,
    RegexConverter,
    enum_converter,
    model_converter,
)
from tests.reference.converters.helpers import domain, link, signed_app, status, urls


def test_made_by_hand_one_is_as_careful_as_in_the_middle_of_a_path() -> None:
    converter = RegexConverter(Map(), ".*")
    for value in ("", "/a", "..", "a/"):
        with pytest.raises(ValueError, match=r"browsers take for a folder|leave a segment"):
            converter.to_url(value)
    assert converter.to_url("A/b") == "A/b"


def test_a_subclass_knows_its_place_too() -> None:
    class Lower(BaseNConverter):
        def __init__(self, url_map: Map, base: int = 62) -> None:
            super().__init__(url_map, base)

    with pytest.raises(ValueError, match="base 62 needs capital letters"):
        domain("subdomain", "<lower:value>", lower=Lower)


@pytest.mark.parametrize("using", ["re", "url"])
def test_signed_values_and_models_that_span_take_a_slash_at_the_end_where_it_is_free(
    using: str,
) -> None:
    class Url(Enum):
        IT = "a/b"

    app = signed_app()
    app.url_map.strict_slashes = False
    app.url_map.converters["url"] = enum_converter(Url)
    value: Any = Url.IT if using == "url" else "a/b"
    found = {"a/b": "a/b", Url.IT: Url.IT}.get
    app.url_map.converters["it"] = model_converter(found, key=lambda key: key, using=using)
    pattern = "'a/b'" if using == "re" else ""
    app.add_url_rule(
        f"/s/<signed('it', '{using}', {pattern}):value>".replace(", )", ")"),
        "s",
        lambda value: str(value),
    )
    app.add_url_rule(f"/m/<it({pattern}):value>".replace("()", ""), "m", lambda value: str(value))
    app.add_url_rule("/e/<url:value>", "e", lambda value: str(value))
    for endpoint in ("s", "m", "e"):
        url = link(app, endpoint, Url.IT if endpoint == "e" else value)
        assert app.test_client().get(url).text == app.test_client().get(f"{url}/").text
        assert status(app, url) == status(app, f"{url}/") == 200
        assert status(app, f"{url}/x") == 404


class Fussy(BaseConverter):
    """A converter that refuses in to_url with the error that Werkzeug takes for "try the next rule"."""

    def to_url(self, value: object) -> str:
        raise ValidationError


def test_a_wrapped_converter_may_send_werkzeug_to_the_next_rule() -> None:
    with pytest.raises(BuildError):
        urls("/<list(fussy):value>", fussy=Fussy).build("it", {"value": ["a"]})
