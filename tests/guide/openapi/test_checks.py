"""What is accepted and what is sent, and the faults of the page: docs/guide/openapi.md."""

from __future__ import annotations

import logging
from typing import Any

import flask
import pytest
from apiflask import APIFlask
from flask import Flask
from pydantic import ValidationError

from proven.claims.proofs import proves
from snippets.openapi import notes
from snippets.openapi.problems import Size
from tests.guide.openapi.common import PAGE, on_the_page


@proves(
    "guide/openapi",
    "APIFlask is a subclass of flask.Flask, so all that this guide says of an application is true "
    "of it too.",
    "input checks the body and passes an object of the class as json_data.",
    'With location="query", it checks the query string and passes query_data.',
    "output sends only what the class has: owner is not in the response.",
    "Errors are JSON, also for an unknown address or a wrong method.",
)
def test_what_comes_in_and_what_goes_out() -> None:
    app = notes.create_app()
    assert isinstance(app, Flask)
    passed: list[Any] = []

    @app.post("/seen")
    @app.input(notes.NewNote)
    def seen(json_data: notes.NewNote) -> dict[str, Any]:
        passed.append(json_data)
        return {}

    @app.get("/size")
    @app.input(Size, location="query")
    def size(query_data: Size) -> dict[str, Any]:
        passed.append(query_data)
        return {}

    client = app.test_client()
    client.post("/seen", json={"title": "tea"})
    client.get("/size?size=7")
    assert passed == [notes.NewNote(title="tea"), Size(size=7)]
    made = client.post("/notes", json={"title": "green tea", "stars": 3})
    assert made.get_json() == {"id": 2, "title": "green tea", "stars": 3}
    assert client.get(made.headers["Location"]).get_json() == made.get_json()
    for sent, status in (
        ({"title": ""}, 422),
        ({"title": "a", "owner": "eve"}, 422),
        ({"title": "a", "stars": 6}, 422),
        ({"title": "a", "stars": 5}, 201),
    ):
        assert client.post("/notes", json=sent).status_code == status
    wrong = [client.get("/notes/9"), client.get("/nowhere"), client.delete("/notes")]
    assert [answer.status_code for answer in wrong] == [404, 404, 405]
    assert [answer.get_json()["message"] for answer in wrong] == [
        "There is no such note.",
        "Not Found",
        "Method Not Allowed",
    ]


@proves(
    "guide/openapi",
    "input stands above the route.",
    "The lines are applied from the bottom, so the route has registered the bare function.",
    "Put get, post or route at the top.",
)
def test_the_order_of_the_decorators() -> None:
    app = APIFlask("order")
    app.testing = True

    def add(json_data: notes.NewNote) -> dict[str, Any]:
        return json_data.model_dump()

    app.input(notes.NewNote)(app.post("/above")(add))
    app.post("/below", endpoint="below")(app.input(notes.NewNote)(add))
    message = on_the_page("TypeError: add() missing 1 required positional argument: 'json_data'")
    with pytest.raises(TypeError) as raised:
        app.test_client().post("/above", json={"title": "tea"})
    # the qualified name stands before it, because the function is in a test
    assert str(raised.value).endswith(message.removeprefix("TypeError: "))
    sent = app.test_client().post("/below", json={"title": "tea"})
    assert sent.get_json() == {"title": "tea", "stars": 0}


@proves(
    "guide/openapi",
    "A request has one body.",
    'Use json_or_form for a view that takes either, and location="query" beside a body.',
)
def test_one_body() -> None:
    app = APIFlask("bodies")

    def view(**data: Any) -> dict[str, Any]:
        return {name: value.model_dump() for name, value in data.items()}

    with pytest.raises(RuntimeError) as raised:
        app.input(notes.NewNote)(app.input(notes.NewNote, location="form")(view))
    assert on_the_page(str(raised.value))
    either = app.input(notes.NewNote, location="json_or_form")(view)
    app.post("/either")(app.input(Size, location="query")(either))
    client = app.test_client()
    for sent in ({"json": {"title": "tea"}}, {"data": {"title": "tea"}}):
        answer = client.post("/either?size=3", **sent).get_json()  # type: ignore[arg-type]
        assert answer["json_or_form_data"] == {"title": "tea", "stars": 0}
        assert answer["query_data"] == {"size": 3}


@proves(
    "guide/openapi",
    "The application is a Flask.",
    "Make it with APIFlask(__name__).",
)
def test_flask_itself_has_no_input() -> None:
    with pytest.raises(AttributeError) as raised:
        Flask("plain").input  # type: ignore[attr-defined]  # noqa: B018
    assert on_the_page(f"AttributeError: {raised.value}")
    assert callable(APIFlask("own").input)


@proves(
    "guide/openapi",
    "The view returned less than the class of output asks for.",
    "The client gets none of the details.",
    "Return the value, or give the field a default in the class.",
)
def test_a_view_that_returns_too_little(caplog: pytest.LogCaptureFixture) -> None:
    app = APIFlask("little")
    app.get("/")(app.output(notes.Note)(lambda: {"id": 1, "title": "tea"}))
    with caplog.at_level(logging.ERROR):
        answer = app.test_client().get("/")
    assert answer.status_code == 500
    assert answer.get_json() == {"detail": {}, "message": "Internal Server Error"}
    error = caplog.records[0].exc_info[1]  # type: ignore[index]
    assert isinstance(error, ValidationError)
    named = f"{type(error).__module__}.{type(error).__name__}: {str(error).splitlines()[0]}"
    assert on_the_page(named)


@proves(
    "guide/openapi",
    "This is flask.abort(): APIFlask sends the name of the status, Not Found.",
    "Import abort from apiflask.",
)
def test_the_text_of_the_other_abort() -> None:
    app = notes.create_app()
    text = "There is no such note."
    app.add_url_rule("/lost", "lost", lambda: flask.abort(404, text))
    client = app.test_client()
    lost, kept = client.get("/lost"), client.get("/notes/9")
    assert (lost.status_code, lost.get_json()["message"]) == (404, "Not Found")
    assert text not in lost.text
    assert (kept.status_code, kept.get_json()["message"]) == (404, text)


@proves(
    "guide/openapi",
    'APIFlask parses the body as JSON, whatever Content-Type says, and a form with enctype="text/plain" '
    "can send such a body with the cookies of the user.",
    "Use tokens, or respond with 415 in a before_request function if request.is_json is False.",
)
def test_json_of_any_type() -> None:
    app = notes.create_app()
    # what Chromium sends for an input with the name {"title": "of another site", "x and the value "}
    body = '{"title": "of another site"}'
    sent = {"data": body, "content_type": "text/plain"}
    assert app.test_client().post("/notes", **sent).status_code == 201  # type: ignore[arg-type]
    careful = notes.create_app()

    @careful.before_request
    def only_json() -> None:
        if flask.request.method == "POST" and not flask.request.is_json:
            flask.abort(415)

    client = careful.test_client()
    assert client.post("/notes", **sent).status_code == 415  # type: ignore[arg-type]
    assert client.post("/notes", json={"title": "tea"}).status_code == 201


def test_the_page_quotes_each_message_that_is_raised_here() -> None:
    assert PAGE.count(":::{pitfall}") == 7
