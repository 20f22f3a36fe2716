"""model_converter: objects instead of keys."""

from collections.abc import Callable, Sequence
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, current_app, request, session, url_for
from hypothesis import strategies as st
from werkzeug.exceptions import NotFound
from werkzeug.routing import (
    Map,
    Rule,
)

from proven.claims.proofs import proves
from snippets.converters import (
    CONVERTERS,
    model_converter,
)
from tests.reference.converters.helpers import holds_for, match, round_trip, status, urls


def user_app(load: Callable[[Any], Any], using: str = "int", arguments: str = "") -> Flask:
    app = Flask("models")
    app.secret_key = "for the tests"
    app.url_map.converters.update(CONVERTERS)
    app.url_map.converters["user"] = model_converter(load, key=attrgetter("id"), using=using)

    @app.get(f"/users/<user{arguments}:user>")
    def profile(user: Any) -> str:
        return f"{user.id} {url_for('profile', user=user)}"

    return app


def user(key: Any) -> SimpleNamespace:
    return SimpleNamespace(id=key)


@holds_for(st.dictionaries(st.integers(0), st.none(), min_size=1))
def test_every_object_comes_back(keys: dict[int, None]) -> None:
    users = {key: user(key) for key in keys}
    it = model_converter(users.get, key=attrgetter("id"))
    adapter = urls("/v/<it:value>", it=it)
    for one in users.values():
        assert adapter.match(adapter.build("it", {"value": one}))[1]["value"] is one


@proves(
    "reference/converters",
    "A converter class to register in app.url_map.converters.",
    "Return a converter class that passes the view an object instead of its key, or "
    "responds with 404.",
    "key (collections.abc.Callable) -- Called by url_for with an object; returns its key.",
)
def test_the_view_gets_the_object_and_url_for_takes_it() -> None:
    response = user_app({7: user(7)}.get).test_client().get("/users/7")
    assert response.text == "7 /users/7"


@proves(
    "reference/converters",
    "Return a converter class that passes the view an object instead of its key, or "
    "responds with 404.",
    "Returns the object, or None if there is none.",
    "Its to_python raises werkzeug.exceptions.NotFound if load returns None.",
)
def test_a_key_without_an_object_answers_404() -> None:
    assert status(user_app({7: user(7)}.get), "/users/8") == 404


def test_an_object_that_is_false_is_an_object() -> None:
    empty: list[object] = []
    assert match("/<it:value>", "/1", it=model_converter({1: empty}.get, key=len)) is empty


def test_text_that_is_no_key_answers_404_and_loads_nothing() -> None:
    loaded: list[object] = []
    assert status(user_app(loaded.append), "/users/ada") == 404
    assert loaded == []


def test_the_answer_is_404_also_where_another_method_has_the_url() -> None:
    app = user_app({7: user(7)}.get)
    # The rule for DELETE comes first, so that Werkzeug has seen it when the other one is refused.
    rules = [
        Rule("/users/<user:user>", endpoint="delete", methods=["DELETE"]),
        Rule("/users/<user:user>", endpoint="show", methods=["GET"]),
    ]
    adapter = Map(rules, converters=app.url_map.converters).bind("example.com")
    with pytest.raises(NotFound):
        adapter.match("/users/8", method="GET")


@proves("reference/converters", "using (str) -- Name of the converter for the key.")
@pytest.mark.parametrize("key", ["ada", "阿达", "a b?#%"])
def test_the_key_can_be_of_another_converter(key: str) -> None:
    users = {key: user(key)}
    it = model_converter(users.get, key=attrgetter("id"), using="string")
    assert round_trip("/v/<it:value>", users[key], it=it) is users[key]


def test_a_path_as_a_key_spans_segments() -> None:
    pages = {"a/b": user("a/b")}
    it = model_converter(pages.get, key=attrgetter("id"), using="path")
    assert round_trip("/v/<it:value>/edit", pages["a/b"], it=it) is pages["a/b"]


@proves(
    "reference/converters", "It receives the arguments in the rule, as in <user(max=999):user>."
)
def test_arguments_in_the_rule_are_those_of_the_key() -> None:
    loaded: list[object] = []
    app = user_app(loaded.append, arguments="(max=9)")
    assert status(app, "/users/10") == 404
    assert loaded == []
    assert status(app, "/users/9") == 404
    assert loaded == [9]


def test_the_weight_is_that_of_the_key() -> None:
    users = {7: user(7)}
    rules = [Rule("/<name>", endpoint="name"), Rule("/<it:user>", endpoint="user")]
    it = model_converter(users.get, key=attrgetter("id"))
    adapter = Map(rules, converters={"it": it}).bind("example.com")
    assert adapter.match("/7") == ("user", {"user": users[7]})


@proves(
    "reference/converters",
    "Its to_url raises ValueError if load would not be called with an equal key, for "
    "example if the key is None because the object is not saved yet.",
)
def test_a_key_that_would_not_match_is_refused() -> None:
    it = model_converter({}.get, key=attrgetter("id"))
    with pytest.raises(ValueError) as refusal:
        urls("/<it:value>", it=it).build("it", {"value": user(-1)})
    assert str(refusal.value) == "-1 would not match in a URL"


@proves(
    "reference/converters",
    "Its to_url raises ValueError if load would not be called with an equal key, for "
    "example if the key is None because the object is not saved yet.",
)
@pytest.mark.parametrize("using", ["int", "string", "uuid", "base", "re('.+')"])
def test_an_object_that_is_not_saved_has_no_url(using: str) -> None:
    name, _, pattern = using.partition("(")
    it = model_converter({}.get, key=attrgetter("id"), using=name)
    rule = f"/<it({pattern[:-1]}):value>" if pattern else "/<it:value>"
    with pytest.raises(ValueError, match="None"):
        urls(rule, it=it).build("it", {"value": user(None)})


def test_building_a_url_loads_nothing() -> None:
    loaded: list[object] = []
    it = model_converter(loaded.append, key=attrgetter("id"))
    assert urls("/<it:value>", it=it).build("it", {"value": user(1)}) == "/1"
    assert loaded == []


def test_an_unknown_converter_for_the_key_is_refused() -> None:
    with pytest.raises(LookupError, match="the converter 'money' does not exist"):
        user_app(user, using="money")


@proves(
    "reference/converters",
    "load (collections.abc.Callable) -- Called with the key for each request that matches "
    "the rule; it can use the application and the request as a view can.",
)
def test_the_loader_finds_application_request_and_session_at_hand() -> None:
    seen: Sequence[object] = []

    def load(key: int) -> SimpleNamespace:
        nonlocal seen
        seen = [current_app.name, request.path, request.endpoint, session.get("user")]
        return user(key)

    client = user_app(load).test_client()
    with client.session_transaction() as stored:
        stored["user"] = "ada"
    assert client.get("/users/7").status_code == 200
    assert seen == ["models", "/users/7", None, "ada"]


@proves(
    "guide/converter-examples",
    "If the loader raises an exception, the response is 500, as in a view.",
)
def test_an_error_of_the_loader_is_an_error_of_the_request() -> None:
    def load(key: int) -> None:
        raise ConnectionError("the database is down")

    app = user_app(load)
    assert status(app, "/users/7") == 500
    app.testing = True
    with pytest.raises(ConnectionError, match="the database is down"):
        app.test_client().get("/users/7")
