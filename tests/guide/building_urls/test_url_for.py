"""Building URLs, in a request and outside one."""

from typing import Any

import pytest
from flask import current_app, render_template_string, url_for
from werkzeug.routing import (
    BuildError,
)

from proven.claims.proofs import proves
from snippets.routing import (
    building_urls,
    outside_request,
)
from tests.guide.routing.helpers import PAGE, new_app, on_the_page, send


@proves(
    "guide/building-urls",
    "flask.url_for() builds the URL of an endpoint from the rules of the application.",
    "Values whose names are variables of the rule fill those variables.",
    "Other values become the query string: None is omitted, and a list repeats its key.",
    "_anchor adds a fragment.",
    "_external=True adds scheme and host.",
    "_scheme sets the scheme and makes the URL external.",
    "_method chooses between rules of one endpoint by their methods; write it in upper case.",
)
@pytest.mark.parametrize(
    ("endpoint", "values", "url"),
    [
        ("note", {"number": 3}, "/notes/3"),
        ("notes", {"tag": ["red", "早"], "page": None}, "/notes?tag=red&tag=%E6%97%A9"),
        ("notes", {"_anchor": "last one"}, "/notes#last%20one"),
        ("notes", {"_external": True}, "http://localhost/notes"),
        ("notes", {"_scheme": "https"}, "https://localhost/notes"),
        ("note", {"number": 3, "_method": "DELETE"}, "/notes/3/trash"),
        ("note", {"number": 3, "_method": "GET"}, "/notes/3"),
    ],
)
def test_url_for_builds(endpoint: str, values: dict[str, Any], url: str) -> None:
    with building_urls.app.test_request_context():
        assert url_for(endpoint, **values) == url


@proves("guide/building-urls", "If you change a rule, the links change with it.")
def test_what_url_for_builds_is_answered() -> None:
    assert send(building_urls.app, "/notes").json == ["milk"]
    assert send(building_urls.app, "/notes/3").text == "GET note 3"
    assert send(building_urls.app, "/notes/3/trash", "DELETE").text == "DELETE note 3"


@proves(
    "guide/building-urls",
    "No rule has an endpoint of that name.",
    "The end of the message differs by cause:",
    "A variable of the rule has no value.",
    "None does not count as a value.",
    "No rule of the endpoint accepts the _method that you passed.",
)
@pytest.mark.parametrize(
    ("endpoint", "values", "start", "guess"),
    [
        ("nots", {}, "'nots'.", "Did you mean 'notes' instead?"),
        ("note", {}, "'note'.", "Did you forget to specify values ['number']?"),
        ("note", {"number": None}, "'note'.", "Did you forget to specify values ['number']?"),
        (
            "notes",
            {"_method": "POST"},
            "'notes' ('POST').",
            "Did you mean to use methods ['GET', 'HEAD', 'OPTIONS']?",
        ),
    ],
)
def test_what_cannot_be_built_is_a_build_error_that_guesses_why(
    endpoint: str, values: dict[str, Any], start: str, guess: str
) -> None:
    with building_urls.app.test_request_context(), pytest.raises(BuildError) as caught:
        url_for(endpoint, **values)
    assert str(caught.value) == f"Could not build url for endpoint {start} {on_the_page(guess)}"


@proves(
    "guide/building-urls",
    "_method chooses between rules of one endpoint by their methods; write it in upper case.",
    "An endpoint is the name of the function or the value of endpoint=, not the path.",
)
@pytest.mark.parametrize(
    ("endpoint", "values"), [("/notes", {}), ("note", {"number": 3, "_method": "delete"})]
)
def test_a_path_is_no_endpoint_and_a_method_is_in_upper_case(
    endpoint: str, values: dict[str, Any]
) -> None:
    with building_urls.app.test_request_context(), pytest.raises(BuildError):
        url_for(endpoint, **values)


@proves(
    "guide/building-urls",
    "If a converter cannot convert a value, url_for raises the error of the converter.",
)
def test_a_value_that_the_converter_refuses_is_a_value_error() -> None:
    message = on_the_page("invalid literal for int() with base 10: 'three'")
    with building_urls.app.test_request_context(), pytest.raises(ValueError) as caught:
        url_for("note", number="three")
    assert str(caught.value) == message


@proves("guide/building-urls", "_scheme together with _external=False raises an error as well:")
def test_a_scheme_needs_an_external_url() -> None:
    message = on_the_page("When specifying '_scheme', '_external' must be True.")
    with building_urls.app.test_request_context(), pytest.raises(ValueError) as caught:
        url_for("notes", _scheme="https", _external=False)
    assert str(caught.value) == message


@proves(
    "guide/building-urls",
    'Templates can call url_for without an import: {{ url_for("note", number=3) }}.',
)
def test_url_for_is_in_templates_without_an_import() -> None:
    template = "{{ url_for('note', number=3) }}"
    assert "{{ url_for(" in PAGE
    with building_urls.app.test_request_context():
        assert render_template_string(template) == "/notes/3"


@proves(
    "guide/building-urls",
    "During a request, the host of an external URL comes from the Host header, which the "
    "client writes.",
    "A stranger can thus change where the link in a password mail points.",
    "List your hosts in TRUSTED_HOSTS; then Flask responds with 400 to other hosts, "
    "unless a hook returns a value first.",
    "Without host matching, SERVER_NAME fixes the host of external URLs too.",
)
def test_external_urls_follow_the_host_header_unless_told_otherwise() -> None:
    app = new_app()

    @app.get("/reset")
    def reset() -> str:
        return url_for("reset", _external=True)

    evil = {"Host": "evil.example"}
    assert send(app, "/reset", headers=evil).text == "http://evil.example/reset"
    app.config["TRUSTED_HOSTS"] = ["example.com"]
    assert send(app, "/reset", headers=evil).status_code == 400
    assert send(app, "/reset", headers={"Host": "example.com"}).status_code == 200
    app.config.update(TRUSTED_HOSTS=None, SERVER_NAME="example.com")
    assert send(app, "/reset", headers=evil).text == "http://example.com/reset"


@proves(
    "guide/building-urls",
    "Set them in the configuration; url_for then returns full URLs in an application context:",
    "flask.Flask.url_for() builds the same URL and needs no context (…).",
)
def test_outside_a_request_url_for_gives_full_urls() -> None:
    url = "https://example.com/shop/orders/7"
    assert outside_request.mail_text(7) == f"Your order: {url}"
    assert outside_request.app.url_for("order", number=7) == url
    assert send(outside_request.app, "/orders/7").text == "Order 7"


@proves(
    "guide/requests",
    "To build a link to a page, use flask.url_for(), which adds the prefix and encodes the URL.",
)
@proves(
    "guide/building-urls",
    "url_for reads PREFERRED_URL_SCHEME and APPLICATION_ROOT only outside a request.",
    "During a request, scheme and prefix come from the request.",
    "SERVER_NAME counts in both cases: it is also the host of external URLs during a request.",
)
def test_within_a_request_scheme_and_prefix_are_those_of_the_request() -> None:
    with outside_request.app.test_request_context(base_url="http://example.com/other"):
        assert url_for("order", number=7) == "/other/orders/7"
        assert url_for("order", number=7, _external=True) == "http://example.com/other/orders/7"


@proves(
    "guide/building-urls",
    "An application context is active, but the configuration has no host.",
    "Set SERVER_NAME.",
    "The message continues with Also configure 'APPLICATION_ROOT' and "
    "'PREFERRED_URL_SCHEME' as needed.",
)
def test_without_a_server_name_nothing_can_be_built_outside_a_request() -> None:
    message = on_the_page(
        "Unable to build URLs outside an active request without 'SERVER_NAME' configured."
        " Also configure 'APPLICATION_ROOT' and 'PREFERRED_URL_SCHEME' as needed."
    )
    with building_urls.app.app_context(), pytest.raises(RuntimeError) as caught:
        url_for("notes")
    assert str(caught.value) == message
    with pytest.raises(RuntimeError) as caught:
        building_urls.app.url_for("notes")
    assert str(caught.value) == message


@proves(
    "guide/building-urls",
    "If the message is Working outside of application context., no application context is active.",
)
def test_without_a_context_url_for_does_not_know_the_application() -> None:
    message = on_the_page("Working outside of application context.")
    with pytest.raises(RuntimeError) as caught:
        url_for("order", number=7)
    assert str(caught.value).splitlines()[0] == message
    assert not current_app


@proves(
    "guide/building-urls",
    "During a request, url_for prefers a rule that accepts the method of that request.",
    "So while Flask handles a DELETE request, the same call builds another URL.",
    'Pass _method="GET" if the URL is for a link:',
)
def test_during_a_request_the_rule_that_accepts_its_method_comes_first() -> None:
    app = building_urls.app
    for method, path in [("GET", "/notes/3"), ("DELETE", "/notes/3/trash"), ("PUT", "/notes/3")]:
        with app.test_request_context(method=method):
            assert url_for("note", number=3) == path
            assert url_for("note", number=3, _method="GET") == "/notes/3"
