"""The parameters of a route, and defaults."""

import re

import pytest
from flask import Flask
from werkzeug.routing import (
    Rule,
)

from proven.claims.proofs import proves
from snippets.routing import (
    defaults,
)
from tests.guide.routing.helpers import ALLOWED, PAGE, new_app, on_the_page, section, send, view


def test_the_table_names_every_parameter_of_a_rule() -> None:
    rows = [line.split("|")[1].strip(" `") for line in PAGE.splitlines() if line.startswith("| `")]
    taken = Flask.add_url_rule.__annotations__.keys() | Rule.__init__.__annotations__.keys()
    # Rule calls `rule` string; `options` are the parameters of Rule
    assert set(rows) == taken - {"string", "options", "return"}


@proves(
    "guide/routing",
    "rule | the path to match; it begins with a slash | required",
    "endpoint | name of the rule, for flask.url_for() | the name of the function",
    'methods | a list of HTTP methods | ["GET"]',
    "defaults | arguments for the view that are not in the URL | None",
    "strict_slashes | whether a slash at the end makes a difference | True",
    "merge_slashes | whether doubled slashes are merged with a redirect | True",
    "redirect_to | where to send the client instead of calling a view | None",
    "alias | a second address that redirects to the main one | False",
    "build_only | never match, only build URLs | False",
    "subdomain | the part before the domain, fixed or variable | the bare domain",
    "host | the whole host name, with host matching on | no host",
    "provide_automatic_options | whether Flask responds to OPTIONS for you | True",
)
def test_what_a_parameter_is_if_left_out() -> None:
    app = new_app()
    app.route("/x")(view)
    rule = next(app.url_map.iter_rules())
    assert (rule.endpoint, rule.methods) == ("view", ALLOWED)
    assert (rule.strict_slashes, rule.merge_slashes) == (True, True)
    assert (rule.alias, rule.build_only, rule.websocket) == (False, False, False)
    assert (rule.defaults, rule.redirect_to, rule.subdomain, rule.host) == (None, None, "", None)


OPTIONS = {
    "endpoint": "other",
    "defaults": {"n": 1},
    "strict_slashes": False,
    "merge_slashes": False,
    "redirect_to": "/z",
    "alias": True,
    "build_only": True,
    "subdomain": "admin",
    "host": "example.com",
    "provide_automatic_options": False,
    "websocket": True,
}


WAYS = ["add_url_rule", "route", "get", "post", "put", "patch", "delete"]


def add(app: Flask, way: str, **option: object) -> Rule:
    """Add a route in one of the ways and return its rule."""
    if way == "add_url_rule":
        app.add_url_rule("/x", view_func=view, **option)  # type: ignore[arg-type]
    else:
        getattr(app, way)("/x", **option)(view)
    return next(app.url_map.iter_rules())


@proves(
    "guide/routing",
    "route and add_url_rule accept the same options.",
    "The shortcuts accept all of them except methods.",
)
@pytest.mark.parametrize("name", OPTIONS)
@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_add_a_route_takes_every_option(way: str, name: str) -> None:
    if name == "websocket" and way not in {"add_url_rule", "route", "get"}:
        with pytest.raises(ValueError, match=r"^WebSocket rules can only use 'GET'"):
            add(new_app(), way, websocket=True)
        return
    rule = add(new_app(), way, **{name: OPTIONS[name]})
    if name == "provide_automatic_options":
        assert "OPTIONS" not in (rule.methods or ())
    else:
        assert getattr(rule, name) == OPTIONS[name]


def test_these_are_the_options_of_the_table() -> None:
    rows = re.findall(r"(?m)^\| `(\w+)` \|", section("route-parameters"))
    assert set(rows) - {"rule", "view_func", "methods"} == OPTIONS.keys()


@proves(
    "guide/routing",
    "view_func | the function itself, not its name | with route, the decorated function",
    "It is the function itself: a string raises AttributeError: 'str' object has no "
    "attribute '__name__'.",
)
def test_view_func_is_the_function_and_not_its_name() -> None:
    message = on_the_page("'str' object has no attribute '__name__'")
    with pytest.raises(AttributeError) as caught:
        new_app().add_url_rule("/x", view_func="login")  # type: ignore[arg-type]
    assert str(caught.value) == message
    with pytest.raises(TypeError, match="multiple values for argument 'view_func'"):
        new_app().route("/x", view_func=view)(view)


@proves(
    "guide/routing",
    "When a rule is added, Flask reads the defaults of strict_slashes and merge_slashes "
    "from app.url_map, and the default of provide_automatic_options from the "
    "configuration key PROVIDE_AUTOMATIC_OPTIONS.",
)
@proves(
    "guide/url-matching",
    "To change the default for all routes, set app.url_map.strict_slashes = False before "
    "you add the first one.",
    "To change the default for all routes, set app.url_map.merge_slashes = False before "
    "you add the first one.",
)
def test_the_map_gives_the_defaults_for_slashes_when_the_rule_is_added() -> None:
    app = new_app()
    app.add_url_rule("/before/", view_func=view)
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.add_url_rule("/after/", view_func=view)
    before, after = app.url_map.iter_rules("view")
    assert (before.strict_slashes, before.merge_slashes) == (True, True)
    assert (after.strict_slashes, after.merge_slashes) == (False, False)


@proves(
    "guide/routing",
    "websocket | match only WebSocket requests, which use GET; a plain HTTP request gets "
    "400 | False",
)
def test_a_websocket_rule_answers_plain_http_with_400() -> None:
    app = new_app()
    app.add_url_rule("/chat", view_func=view, websocket=True)
    assert send(app, "/chat").status_code == 400


@proves(
    "guide/routing",
    "An option is misspelt; the parameter is called methods.",
    "add_url_rule passes options that it does not know to werkzeug.routing.Rule, which "
    "raises the error.",
)
def test_a_misspelt_option_is_refused() -> None:
    message = on_the_page("Rule.__init__() got an unexpected keyword argument 'method'")
    with pytest.raises(TypeError) as caught:
        new_app().add_url_rule("/x", view_func=view, method=["POST"])
    # Python 3.13 adds a guess
    assert str(caught.value).removesuffix(". Did you mean 'methods'?") == message


@proves(
    "guide/routing",
    "defaults passes the view an argument that is not in the URL.",
    "Both rules have the endpoint notes.",
    "flask.url_for() builds the shorter address as well.",
)
def test_defaults_give_the_view_what_the_url_does_not_carry() -> None:
    answer = send(defaults.app, "/notes/").json
    assert answer == {"page": 1, "first": "/notes/", "next": "/notes/page/2"}


@proves(
    "guide/routing",
    "/notes/page/1 means the same as /notes/, so Flask redirects it to the shorter address.",
    "It also redirects, see Defaults.",
)
def test_the_long_address_of_a_default_redirects_to_the_short_one() -> None:
    answer = send(defaults.app, "/notes/page/1?sort=new")
    assert (answer.status_code, answer.location) == (308, "http://localhost/notes/?sort=new")
    assert send(defaults.app, "/notes/page/2").json["page"] == 2


@proves(
    "guide/routing",
    "With app.url_map.redirect_defaults = False both addresses return the page, without a "
    "redirect.",
)
def test_redirect_defaults_off_answers_both_addresses() -> None:
    app = new_app()
    app.url_map.redirect_defaults = False
    app.add_url_rule("/notes/", view_func=view, defaults={"page": 1})
    app.add_url_rule("/notes/page/<int:page>", view_func=view)
    assert send(app, "/notes/").json == send(app, "/notes/page/1").json == {"page": 1}


@proves(
    "guide/routing",
    "The query string does not change a default: /notes/?page=2 still shows page 1.",
)
def test_the_query_string_does_not_change_a_default() -> None:
    assert send(defaults.app, "/notes/?page=2").json["page"] == 1
