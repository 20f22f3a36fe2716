"""How converters work inside."""

from typing import Any

import pytest
from flask import Flask, abort, g
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from werkzeug.routing import (
    BaseConverter,
    BuildError,
    Map,
    Rule,
    ValidationError,
)

from proven.claims.proofs import proves
from snippets.url_converters import (
    pattern,
)
from tests.guide.converters.helpers import urls


@proves(
    "guide/converters",
    "werkzeug.routing.Map stores the converters in a dictionary, werkzeug.routing.Map.converters.",
    "Each application has a separate copy.",
)
def test_each_application_has_a_dictionary_of_its_own() -> None:
    one, other = Flask("one"), Flask("other")
    one.url_map.converters["re"] = pattern.RegexConverter
    assert "re" not in other.url_map.converters
    assert "re" not in Map.default_converters


@proves(
    "guide/converter-examples",
    "Flask calls the loader while it matches the URL, before the before_request functions.",
    "flask.current_app, flask.request and flask.session are available.",
)
@proves(
    "guide/converters",
    "For each request Flask opens the session, matches the URL and calls to_python.",
    "The before_request functions and the view come after that.",
)
def test_session_first_then_the_converter_then_the_hooks_then_the_view() -> None:
    order: list[str] = []

    class Interface(SecureCookieSessionInterface):
        def open_session(self, *args: Any) -> SecureCookieSession | None:
            order.append("session")
            return super().open_session(*args)

    class Noting(BaseConverter):
        def to_python(self, value: str) -> str:
            order.append("to_python")
            g.seen = value
            return value

    app = Flask("order")
    app.session_interface = Interface()
    app.url_map.converters["noting"] = Noting
    app.before_request(lambda: order.append("before_request"))
    app.add_url_rule("/<noting:value>", "page", lambda value: order.append("view") or g.seen)
    assert app.test_client().get("/hello").text == "hello"
    assert order == ["session", "to_python", "before_request", "view"]


@proves(
    "guide/converters",
    "If to_python raises an werkzeug.exceptions.HTTPException, Flask keeps it and raises "
    "it in place of calling the view, so error handlers receive it.",
)
def test_an_http_error_of_to_python_is_raised_where_the_view_would_have_been_called() -> None:
    class Gone(BaseConverter):
        def to_python(self, value: str) -> str:
            abort(410)

    order: list[str] = []
    app = Flask("gone")
    app.url_map.converters["gone"] = Gone
    app.before_request(lambda: order.append("before_request"))
    app.add_url_rule("/<gone:value>", "page", lambda value: order.append("view") or "")
    app.register_error_handler(410, lambda error: (order.append("error handler") or "sorry", 410))
    response = app.test_client().get("/hello")
    assert (response.status_code, response.text) == (410, "sorry")
    assert order == ["before_request", "error handler"]


@proves(
    "guide/converters",
    "url_for chooses a rule of the endpoint and calls to_url for each variable.",
    "If to_url raises ValidationError, Werkzeug tries the next rule of the endpoint, and "
    "raises BuildError if there is none.",
)
def test_validation_error_of_to_url_leads_to_the_next_rule_of_the_endpoint() -> None:
    class Small(BaseConverter):
        def to_url(self, value: Any) -> str:
            if value > 9:
                raise ValidationError
            return super().to_url(value)

    rules = [Rule("/small/<small:value>", endpoint="page"), Rule("/any/<value>", endpoint="page")]
    adapter = Map(rules, converters={"small": Small}).bind("example.com")
    assert adapter.build("page", {"value": 9}) == "/small/9"
    assert adapter.build("page", {"value": 10}) == "/any/10"
    with pytest.raises(BuildError):
        urls("/<small:value>", small=Small).build("page", {"value": 10})
    with pytest.raises(TypeError):
        urls("/<small:value>", small=Small).build("page", {"value": "ten"})
