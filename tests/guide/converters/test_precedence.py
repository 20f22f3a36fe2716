"""What a converter has to do with which rule wins."""

import pytest
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import (
    BaseConverter,
    Map,
    Rule,
    ValidationError,
)

from proven.claims.proofs import proves
from snippets.converters import CONVERTERS
from snippets.url_converters import (
    methods,
    precedence,
)
from tests.guide.converters.helpers import get, winner


@proves(
    "guide/converters",
    "The weight counts if two rules match the same URL: see which rule wins.",
    "If several rules match a path, the weight of the converters is one of the criteria.",
)
@pytest.mark.parametrize(
    ("path", "rule", "values"),
    [
        ("/items/new", "/items/new", {}),
        ("/items/7", "/items/<int(max=99):number>", {"number": 7}),
        ("/items/seven", "/items/<name>", {"name": "seven"}),
        ("/items/a/b", "/items/<path:rest>", {"rest": "a/b"}),
    ],
)
def test_fixed_text_comes_first_then_the_smallest_weight(
    path: str, rule: str, values: dict[str, object]
) -> None:
    assert get(precedence.app, path) == {"rule": rule, "values": values}


def test_a_variable_with_fixed_text_beside_it_comes_before_one_alone() -> None:
    rules = ("/<int:number>", "/<name>", "/page-<name>", "/<re('page-[a-z]+'):name>")
    assert winner("/page-a", *rules, **CONVERTERS) == "/page-<name>"


@proves(
    "guide/converters",
    "A converter class that you write has the weight 100, like string, unless you set another one.",
    "Give it a lower weight, so that no rule with <name> matches its URLs first.",
)
def test_a_converter_of_ones_own_has_the_weight_of_string_until_it_gets_a_lower_one() -> None:
    class Word(BaseConverter):
        regex = "[a-z]+"

    assert Word.weight == 100 == Map.default_converters["string"].weight
    assert winner("/a", "/<word:name>", "/<name>", word=Word) == "/<word:name>"
    assert winner("/a", "/<name>", "/<word:name>", word=Word) == "/<name>"
    Word.weight = 99
    assert winner("/a", "/<name>", "/<word:name>", word=Word) == "/<word:name>"
    assert winner("/a", "/<name>/b", "/<name>", "/<word:name>", word=Word) == "/<word:name>"


@proves(
    "reference/converters",
    "If a converter raises it in to_python, the URL does not exist: the response is 404, "
    "and no other rule is tried.",
)
@proves("guide/regex-converters", "If to_python raises ValidationError, it does not.")
@proves(
    "guide/converters",
    "The text 100 matches <int(max=99):number>, so Werkzeug chooses that rule.",
    "Then the converter rejects the value, and the search ends with 404.",
    "<name> would have matched, but it is not tried.",
    "The docstring of Werkzeug's ValidationError says that the next rule is tried; that "
    "is not the case.",
)
def test_a_value_that_is_refused_ends_the_search() -> None:
    assert get(precedence.app, "/items/100") == 404
    assert "the next URL is tried" in " ".join(str(ValidationError.__doc__).split())


@proves("guide/regex-converters", "If regex does not match, Werkzeug tries other rules.")
def test_text_that_the_regex_refuses_leaves_the_others_their_chance() -> None:
    assert get(precedence.app, "/items/-1")["rule"] == "/items/<name>"


@proves(
    "guide/converters",
    "Two rules have the same path: one for DELETE, added first, and one for GET.",
    "The converter of the rule for GET rejects the value.",
    "The rule for DELETE matches the path but not the method, so the response is 405.",
)
def test_refused_in_one_method_it_answers_405_where_another_has_the_url() -> None:
    client = methods.app.test_client()
    assert client.get("/pages/7").text == "page 7"
    assert client.delete("/pages/7").text == "removed"
    response = client.get("/pages/100")
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"DELETE", "OPTIONS"}
    assert client.delete("/pages/100").status_code == 404


@proves(
    "guide/converters",
    "If you need 404, put both methods into one rule, or raise "
    "werkzeug.exceptions.NotFound in to_python.",
)
def test_one_rule_for_both_methods_answers_404() -> None:
    rule = Rule("/<int(max=99):value>", endpoint="page", methods=["GET", "DELETE"])
    adapter = Map([rule]).bind("example.com")
    for method in ("GET", "DELETE"):
        with pytest.raises(NotFound):
            adapter.match("/100", method=method)


@proves(
    "guide/converters",
    "If you need 404, put both methods into one rule, or raise "
    "werkzeug.exceptions.NotFound in to_python.",
)
@pytest.mark.parametrize(
    ("error", "answer"), [(ValidationError, MethodNotAllowed), (NotFound, NotFound)]
)
def test_not_found_from_to_python_answers_404(
    error: type[Exception], answer: type[HTTPException]
) -> None:
    class Nothing(BaseConverter):
        def to_python(self, value: str) -> str:
            raise error

    rules = [Rule("/<it:value>", endpoint=method, methods=[method]) for method in ("DELETE", "GET")]
    adapter = Map(rules, converters={"it": Nothing}).bind("example.com")
    with pytest.raises(answer):
        adapter.match("/1", method="GET")
