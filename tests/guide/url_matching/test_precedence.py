"""Which rule wins."""

from typing import Any

import pytest
from flask import request
from werkzeug.routing import (
    AnyConverter,
    FloatConverter,
    IntegerConverter,
    Map,
    PathConverter,
    Rule,
    UnicodeConverter,
    UUIDConverter,
)

from proven.claims.proofs import proves
from snippets.routing import (
    equal_weights,
    precedence,
    spanning_precedence,
)
from tests.guide.routing.helpers import new_app, send, view


@proves(
    "guide/url-matching",
    "If several rules match a path, the most specific rule wins.",
    "If the rest of the path does not match, Werkzeug goes back and tries the next "
    "possibility: no rule below /users/ matches /users/ada/photos, so the path rule wins.",
)
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/users/me", {"rule": "/users/me"}),
        ("/users/user-7", {"rule": "/users/user-<name>", "name": "7"}),
        ("/users/7", {"rule": "/users/<int(max=999):number>", "number": 7}),
        ("/users/7.5", {"rule": "/users/<float:score>", "score": 7.5}),
        ("/users/ada", {"rule": "/users/<name>", "name": "ada"}),
        ("/users/ada/photos", {"rule": "/<path:rest>", "rest": "users/ada/photos"}),
    ],
)
def test_the_most_specific_rule_wins(path: str, expected: dict[str, Any]) -> None:
    assert send(precedence.app, path).json == expected


@proves(
    "guide/url-matching",
    "The order of registration counts only between rules that are equally specific.",
)
def test_the_order_of_registration_does_not_matter_between_unequal_rules() -> None:
    rules = [rule.rule for rule in precedence.app.url_map.iter_rules() if "static" not in rule.rule]
    for order in (rules, rules[::-1]):
        app = new_app()
        for rule in order:
            app.add_url_rule(rule, endpoint=rule, view_func=lambda **_: str(request.url_rule))
        for path in ("me", "user-7", "7", "7.5", "ada", "ada/photos"):
            expected = send(precedence.app, f"/users/{path}").json["rule"]
            assert send(app, f"/users/{path}").text == expected


@proves(
    "guide/url-matching",
    "Werkzeug compares the rules segment by segment from the left; the subdomain or the "
    "host comes before the path.",
)
def test_the_path_is_compared_segment_by_segment() -> None:
    app = new_app()
    app.add_url_rule("/<a>/fixed", endpoint="late", view_func=view)
    app.add_url_rule("/users/<b>", endpoint="early", view_func=view)
    assert send(app, "/users/fixed").json == {"b": "fixed"}


def winner(path: str, *rules: str, **options: Any) -> str:
    """Return the rule that takes the path."""
    url_map = Map([Rule(rule, endpoint=rule) for rule in rules], **options)
    return str(url_map.bind("example.com").match(path)[0])


@proves(
    "guide/url-matching",
    "In each segment it tries, in this order:",
    "Fixed text before variables.",
    "The segment with more pieces of fixed text, then the one whose first piece is "
    "longer: user-<name> before u<name>, and u<name> before <name>.",
    "The segment with more variables: <a>-<b> before a<b>.",
)
@pytest.mark.parametrize(
    ("path", "first", "second"),
    [
        # Fixed text, whatever the variable has beside it.
        ("/user-7", "/user-7", "/user-<name>"),
        # More pieces, then the longer first piece, each before the weight.
        ("/a-7-b", "/<x>-7-<y>", "/a-7-<int:y>"),
        ("/a-b-c", "/<x>-<y>-<z>", "/a-b<y>"),
        ("/user-7", "/user-<name>", "/u<name>"),
        ("/u7", "/u<name>", "/<name>"),
        ("/12", "/1<path:rest>", "/<int:number>"),
        # More variables.
        ("/a-b", "/<x>-<y>", "/a<y>"),
        ("/a-1", "/<x>-<path:y>", "/a<int(signed=True):y>"),
        # The weight.
        ("/7", "/<int:number>", "/<name>"),
        ("/7", "/<name>", "/<path:rest>"),
        ("/1-a", "/<int:x>-<y>", "/<x>-<y>"),
    ],
)
def test_the_steps_in_their_order(path: str, first: str, second: str) -> None:
    assert winner(path, first, second) == winner(path, second, first) == first


@proves("guide/url-matching", "The variable that was registered first.")
def test_the_last_step_is_the_variable_that_was_registered_first() -> None:
    rules = ["/<any(a, b):x>", "/<name>"]
    assert winner("/a", *rules) == rules[0]
    assert winner("/a", *rules[::-1]) == rules[1]


@proves(
    "guide/url-matching",
    "Werkzeug compares the rules segment by segment from the left; the subdomain or the "
    "host comes before the path.",
)
@proves("guide/subdomains", "A rule with a fixed subdomain is tried first.")
def test_the_subdomain_comes_before_the_path() -> None:
    def rules() -> list[Rule]:
        return [
            Rule("/<path:rest>", subdomain="api", endpoint="fixed subdomain"),
            Rule("/users", subdomain="<name>", endpoint="fixed path"),
        ]

    for order in (rules(), rules()[::-1]):
        adapter = Map(order).bind("example.com", subdomain="api")
        assert adapter.match("/users")[0] == "fixed subdomain"


@proves(
    "guide/url-matching", "The same happens if a rule does not accept the method of the request."
)
def test_a_rule_that_does_not_accept_the_method_leads_nowhere() -> None:
    app = new_app()
    app.add_url_rule("/users/me", endpoint="post", view_func=view, methods=["POST"])
    app.add_url_rule("/users/<name>", endpoint="get", view_func=view)
    assert send(app, "/users/me").json == {"name": "me"}
    assert send(app, "/users/me", "POST").json == {}


@proves(
    "guide/url-matching",
    "A rule that ends in a slash also matches the path without that slash, and redirects.",
    "If the rules are /about/ and /<name>, a request for /about is redirected to /about/.",
)
def test_a_rule_that_ends_in_a_slash_wins_the_path_without_it() -> None:
    for order in (("/about/", "/<name>"), ("/<name>", "/about/")):
        app = new_app()
        for rule in order:
            app.add_url_rule(rule, endpoint=rule, view_func=view)
        response = send(app, "/about")
        assert (response.status_code, response.location) == (308, "http://localhost/about/")


@proves(
    "guide/converters",
    "A converter that spans segments is compared together with the rest of the rule.",
)
@proves(
    "guide/url-matching",
    "A variable that spans segments, such as path, is compared together with all the text "
    "that follows it in the rule, as if that were one segment.",
    "Fixed text behind the variable counts in step 2:",
    "<path:page>/edit has one piece of fixed text and <int:number> has none, so "
    "/<path:page>/edit wins in step 2, before the weights are compared in step 4.",
    "Without fixed text behind it, path comes after int.",
)
def test_text_behind_a_variable_that_spans_counts_as_text_beside_it() -> None:
    app = spanning_precedence.app
    assert send(app, "/7/edit").json == {"rule": "/<path:page>/edit", "values": {"page": "7"}}
    assert send(app, "/7").json == {"rule": "/<int:number>", "values": {"number": 7}}
    assert winner("/7/edit", "/<int:number>/edit", "/<path:page>") == "/<int:number>/edit"
    for spanning in ("/<path:page>/edit", "/<path:page>/<action>"):
        rules = ["/<int:number>/edit", spanning]
        assert winner("/7/edit", *rules) == winner("/7/edit", *rules[::-1]) == spanning


@proves(
    "guide/url-matching",
    "To avoid the conflict, begin one of the rules with fixed text: /pages/<path:page>/edit.",
)
def test_no_weight_changes_that_but_fixed_text_at_the_start_does() -> None:
    class Light(IntegerConverter):
        weight = -1000

    rules = ["/<light:number>/edit", "/<path:page>/edit"]
    assert winner("/7/edit", *rules, converters={"light": Light}) == "/<path:page>/edit"
    rules = ["/<int:number>/edit", "/pages/<path:page>/edit"]
    assert winner("/7/edit", *rules) == "/<int:number>/edit"
    assert winner("/pages/7/edit", *rules) == "/pages/<path:page>/edit"


@proves(
    "guide/url-matching",
    "If the weights are equal, the rule that was registered first does not always win.",
    "What counts is which variable was registered first, even as part of another rule:",
    "Rules that have the same pattern in a segment share one branch of the search.",
    "/<user> shares a branch with /<user>/photos, which was registered before /<any(help, "
    "terms):page>.",
    "Without the rule for photos, the rule with any would match /help.",
)
def test_with_equal_weights_the_variable_that_was_registered_first_wins() -> None:
    assert send(equal_weights.app, "/help").json == {"rule": "/<user>", "user": "help"}
    assert send(equal_weights.app, "/ada/photos").json == {"rule": "/<user>/photos", "user": "ada"}
    # No request reaches it.
    assert equal_weights.page("help")["page"] == "help"
    rules = ["/<any(help, terms):page>", "/<user>"]
    assert winner("/help", *rules) == rules[0]
    assert winner("/help", "/<user>/photos", *rules) == rules[1]
    # Neither its name nor its arguments make a branch of its own, but the pattern that it becomes does.
    assert winner("/help", "/<string:other>/photos", *rules) == rules[1]
    assert winner("/help", "/<string(maxlength=9):other>/photos", *rules) == rules[0]


@proves(
    "guide/url-matching",
    "Or give the converter a lower weight, so that the order does not count: class "
    "First(AnyConverter): weight = 75, registered in app.url_map.converters.",
)
@pytest.mark.parametrize("base", [AnyConverter, UUIDConverter])
def test_with_a_lower_weight_the_order_does_not_matter(base: type[AnyConverter]) -> None:
    class First(base):  # type: ignore[misc, valid-type]
        weight = 75

    value = "help" if base is AnyConverter else "7ba7b810-9dad-11d1-80b4-00c04fd430c8"
    special = "/<first(help):page>" if base is AnyConverter else "/<first:page>"
    rules = ["/<user>/photos", "/<user>", special]
    for order in (rules, rules[::-1]):
        assert winner(f"/{value}", *order, converters={"first": First}) == special


@proves(
    "guide/url-matching",
    "The variable whose converter has the lower weight: int and float have 50, string, "
    "any and uuid have 100, and path has 200.",
)
def test_the_weights_of_the_built_in_converters() -> None:
    weights = {
        50: (IntegerConverter, FloatConverter),
        100: (UnicodeConverter, AnyConverter, UUIDConverter),
        200: (PathConverter,),
    }
    for weight, converters in weights.items():
        assert [converter.weight for converter in converters] == [weight] * len(converters)


@proves(
    "guide/url-matching",
    "any and uuid have the same weight as a plain <name>.",
    "Register the rule before all rules that have a plain variable in the same segment.",
)
@pytest.mark.parametrize("special", ["<any(about, help):page>", "<uuid:page>"])
def test_a_plain_variable_registered_first_takes_what_any_and_uuid_wanted(special: str) -> None:
    value = "about" if "any" in special else "7ba7b810-9dad-11d1-80b4-00c04fd430c8"
    first, last = new_app(), new_app()
    last.add_url_rule("/<name>", endpoint="plain", view_func=view)
    for app in (first, last):
        app.add_url_rule(f"/{special}", endpoint="special", view_func=view)
    first.add_url_rule("/<name>", endpoint="plain", view_func=view)
    assert send(first, f"/{value}").json == {"page": value}
    assert send(last, f"/{value}").json == {"name": value}


@proves(
    "guide/url-matching",
    "Werkzeug first chooses a rule by the text of the path; only then does the converter "
    "check the value.",
    "/users/1000 consists of digits, so the rule with int is chosen.",
    "Its converter rejects the value because of max=999, and the response is 404.",
    "The rule /users/<name> is not tried.",
)
def test_a_refused_value_is_404_although_another_rule_would_fit() -> None:
    assert send(precedence.app, "/users/999").json["number"] == 999
    assert send(precedence.app, "/users/1000").status_code == 404
