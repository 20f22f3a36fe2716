"""Redirects from a rule, aliases, rules that only build."""

from typing import Any

import pytest
from flask import url_for
from werkzeug.routing import (
    MapAdapter,
)

from proven.claims.proofs import proves
from snippets.routing import (
    aliases,
    redirect_to,
)
from tests.guide.routing.helpers import new_app, on_the_page, send, view


@proves(
    "guide/url-matching",
    "If redirect_to is a string, it is a pattern: <nid> is replaced by the value from the URL.",
    "The status is always 308.",
    "The redirect drops the query string, like ?page=2 above.",
    "A converter belongs in the rule; the target contains only the name of the variable: "
    'redirect_to="/home/<nid>".',
)
def test_redirect_to_as_a_string_fills_in_the_values_and_loses_the_query() -> None:
    answer = send(redirect_to.app, "/index/3?page=2")
    assert (answer.status_code, answer.location) == (308, "http://localhost/home/3")
    assert send(redirect_to.app, "/index/3", follow_redirects=True).text == "Home 3"


def test_redirect_to_as_a_function_returns_the_target() -> None:
    answer = send(redirect_to.app, "/posts/7")
    assert (answer.status_code, answer.location) == (308, "http://localhost/articles/hello-flask")
    assert send(redirect_to.app, "/articles/hello-flask").json == {"title": "hello-flask"}


@proves("guide/url-matching", "The function may also raise an HTTP exception.")
def test_redirect_to_as_a_function_may_raise_an_http_exception() -> None:
    answer = send(redirect_to.app, "/posts/8")
    assert answer.status_code == 410
    assert "That article was taken down." in answer.text


@proves(
    "guide/url-matching",
    "If it is a function, it receives the MapAdapter of the request and the values as "
    "keyword arguments, and returns the target.",
    "A function can read it from adapter.query_args.",
)
def test_the_function_gets_the_adapter_and_keyword_arguments() -> None:
    seen: list[Any] = []

    def target(adapter: MapAdapter, **values: Any) -> str:
        seen.append((type(adapter), adapter.query_args, values))
        return f"/home/888?{adapter.query_args}"

    app = new_app()
    app.add_url_rule("/index/<int:nid>", endpoint="old", redirect_to=target)
    assert send(app, "/index/3?page=2").location == "http://localhost/home/888?page=2"
    assert seen == [(MapAdapter, "page=2", {"nid": 3})]


@proves(
    "guide/url-matching",
    "A rule with redirect_to responds with a redirect; no view is called.",
    "Flask does not call that function.",
)
def test_redirect_to_never_calls_the_view() -> None:
    called: list[int] = []
    app = new_app()
    app.route("/index/<int:nid>", redirect_to="/home/<nid>")(called.append)
    assert send(app, "/index/3").status_code == 308
    assert called == []


def test_a_value_that_the_rule_refuses_is_not_redirected() -> None:
    assert send(redirect_to.app, "/index/three").status_code == 404


@proves(
    "guide/url-matching",
    "A target that begins with a slash starts at the root of the host.",
    "A target without a leading slash starts at the root of the application.",
    "The two differ when the application is mounted below a prefix.",
)
def test_a_target_counts_from_the_host_or_from_the_application() -> None:
    app = new_app()
    app.add_url_rule("/a", endpoint="a", redirect_to="/new")
    app.add_url_rule("/b", endpoint="b", redirect_to="new")
    base = "http://localhost/prefix/"
    assert send(app, "/a", base_url=base).location == "http://localhost/new"
    assert send(app, "/b", base_url=base).location == "http://localhost/prefix/new"


@proves(
    "guide/url-matching",
    "A rule without a view function needs an endpoint:",
    "Omit it and pass an endpoint to add_url_rule.",
)
def test_a_rule_without_function_and_endpoint_is_refused() -> None:
    message = on_the_page("expected view func if endpoint is not provided.")
    with pytest.raises(AssertionError) as caught:
        new_app().add_url_rule("/old", redirect_to="/new")
    assert str(caught.value) == message


@proves(
    "guide/url-matching",
    "The target is written as /home/<int:nid>.",
    "The error occurs during a request, not when the rule is added.",
)
def test_a_converter_in_the_target_is_a_key_error_with_the_request() -> None:
    message = on_the_page("'int:nid'")
    app = new_app()
    app.add_url_rule("/index/<int:nid>", endpoint="old", redirect_to="/home/<int:nid>")
    with pytest.raises(KeyError) as caught:
        send(app, "/index/3")
    assert str(caught.value) == message


@proves(
    "guide/url-matching",
    "alias=True marks a rule as a second address of an endpoint.",
    "Flask redirects that address to the main one with 308 and keeps the query string.",
)
def test_an_alias_redirects_with_its_query_string() -> None:
    answer = send(aliases.app, "/u/ada?tab=photos")
    assert (answer.status_code, answer.location) == (308, "http://localhost/users/ada?tab=photos")


@proves("guide/url-matching", "url_for builds the main address.")
def test_url_for_prefers_the_main_address_and_builds_build_only_rules() -> None:
    assert send(aliases.app, "/users/ada").json == {
        "page": "/users/ada",
        "photo": "/photos/ada.jpg",
    }
    app = new_app()
    app.add_url_rule("/u/<name>", endpoint="user", alias=True)
    app.add_url_rule("/users/<name>", endpoint="user", view_func=view)
    with app.test_request_context():
        assert url_for("user", name="ada") == "/users/ada"


@proves(
    "guide/url-matching",
    "build_only=True marks a rule that url_for uses, but that no request matches.",
)
def test_a_build_only_rule_matches_no_request() -> None:
    assert send(aliases.app, "/photos/ada.jpg").status_code == 404
