"""Endpoints: the names of rules."""

from collections.abc import Callable

import pytest
from flask import url_for

from proven.claims.proofs import proves
from snippets.routing import (
    endpoints,
)
from tests.guide.routing.helpers import new_app, on_the_page, send, view


@proves(
    "guide/routing",
    "An endpoint is the name of a rule.",
    "Flask finds the endpoint for a URL and the view function for the endpoint.",
    "url_for goes the other way and builds a URL from an endpoint.",
    "By default, the endpoint is the name of the function.",
    "Several rules may share an endpoint.",
    "You can add a rule before its function exists: call add_url_rule without view_func, "
    "and register the function later with flask.Flask.endpoint().",
)
@pytest.mark.parametrize(
    ("path", "endpoint"),
    [
        ("/about", "about"),
        ("/login", "sign-in"),
        ("/archive", "archive"),
        ("/archive/2024", "archive"),
        ("/archive/2024/5", "archive"),
        ("/help", "help"),
    ],
)
def test_a_url_leads_to_an_endpoint_and_back(path: str, endpoint: str) -> None:
    assert send(endpoints.app, path).json == {"endpoint": endpoint, "url": path}


@proves("guide/routing", "url_for uses the rule that takes most of the values that you pass.")
def test_url_for_takes_the_rule_that_uses_the_most_values() -> None:
    with endpoints.app.test_request_context():
        assert url_for("archive") == "/archive"
        assert url_for("archive", year=2024) == "/archive/2024"
        assert url_for("archive", year=2024, month=5) == "/archive/2024/5"


@proves(
    "guide/routing",
    "If several take equally many, it uses the one that was registered first.",
    "Of stacked decorators the lowest is registered first.",
)
def test_among_equal_rules_url_for_takes_the_first_and_the_lowest_decorator_is_first() -> None:
    app = new_app()
    app.route("/top")(app.route("/bottom")(view))
    with app.test_request_context():
        assert url_for("view") == "/bottom"


@proves(
    "guide/routing",
    "If the function is missing, a request for the rule raises KeyError with the name of "
    "the endpoint, and the client gets a 500.",
)
def test_an_endpoint_without_a_function_is_a_key_error_and_a_500() -> None:
    app = new_app()
    app.add_url_rule("/x", endpoint="lost")
    with pytest.raises(KeyError, match=r"^'lost'$"):
        send(app, "/x")
    app.testing = False
    assert send(app, "/x").status_code == 500


@proves(
    "guide/routing",
    "Two functions are registered for one endpoint.",
    "Often both are the inner function of a decorator that does not use "
    "functools.wraps(), so both are called wrapper.",
    "If two functions have the same name on purpose, give one of them another endpoint.",
)
def test_two_functions_on_one_endpoint_collide() -> None:
    message = on_the_page(
        "View function mapping is overwriting an existing endpoint function: wrapper"
    )

    def logged(inner: Callable[[], str]) -> Callable[[], str]:
        def wrapper() -> str:
            return inner()

        return wrapper

    app = new_app()
    app.add_url_rule("/one", view_func=logged(lambda: "one"))
    with pytest.raises(AssertionError) as caught:
        app.add_url_rule("/two", view_func=logged(lambda: "two"))
    assert str(caught.value) == message
    app.add_url_rule("/three", endpoint="three", view_func=logged(lambda: "three"))
    assert [send(app, path).text for path in ("/one", "/three")] == ["one", "three"]
