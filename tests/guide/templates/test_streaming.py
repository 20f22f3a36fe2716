"""Streaming: docs/guide/templates.md."""

from __future__ import annotations

import http.client
import re
import threading
from collections.abc import Iterator

import flask
import pytest
from flask import session, stream_template, stream_template_string
from werkzeug.serving import make_server

from proven.claims.proofs import proves
from snippets.templates import streamed
from snippets.templates.try_out import create_app
from tests.guide.templates.common import LAYOUT, get


@proves(
    "guide/templates",
    "stream_template() returns an iterator instead of a string.",
    "So the server can send the first lines before the last value is known.",
    "Pass a generator, not a list, so that the values are computed while the page is sent.",
    "The response has no Content-Length, and what the template changes in the session is lost.",
)
def test_a_streamed_template_reads_its_rows_as_it_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def rows() -> Iterator[str]:
        for row in ("one", "two"):
            read.append(row)
            yield row

    monkeypatch.setattr(streamed, "read_rows", rows)
    answer = streamed.app.test_client().get("/table", buffered=False)
    pieces = answer.iter_encoded()
    assert answer.status_code == 200
    assert next(pieces) == b"<table>\n"
    assert read == []
    while not (piece := next(pieces)).startswith(b"one"):
        assert piece
    assert read == ["one"]
    rest = b"".join(pieces).decode()
    assert "Content-Length" not in answer.headers
    assert (rest.count("/table</td>"), read) == (2, ["one", "two"])
    answer.close()


def test_the_streamed_page_is_that_of_the_snippet() -> None:
    cells = re.findall(r"<td>(.*?)</td>", get(streamed.app, "/table"))
    assert cells == ["bread", "/table", "butter", "/table", "&lt;tea&gt;", "/table"]


@proves(
    "guide/templates",
    "Inheritance and includes work as usual.",
    "The output of a macro comes in one piece.",
)
def test_inheritance_streams_and_a_macro_comes_in_one_piece() -> None:
    app = create_app(
        {
            **LAYOUT,
            "page.html": "{% extends 'layout.html' %}{% block main %}{% macro m() %}1{{ 2 }}3{% endmacro %}"
            "{{ m() }}{% include 'i.html' %}{% endblock %}",
            "i.html": "included",
        }
    )
    with app.test_request_context():
        assert [*stream_template("page.html")] == ["[", "123", "included", "]"]


@proves("guide/templates", "The template can use request, session and g until its end.")
def test_request_session_and_g_until_the_end() -> None:
    app = create_app()
    app.secret_key = "dev"

    @app.get("/all")
    def stream() -> Iterator[str]:
        flask.g.x = "g"
        session["x"] = "session"
        return stream_template_string("{{ request.path }} {{ session.x }} {{ g.x }}")

    assert get(app, "/all") == "/all session g"


@proves(
    "guide/templates",
    "The response has no Content-Length, and what the template changes in the session is lost.",
)
def test_what_a_streamed_template_changes_in_the_session_is_lost() -> None:
    app = create_app()
    app.secret_key = "dev"
    app.add_url_rule(
        "/s", "s", lambda: stream_template_string("{{ session.update({'x': 1}) }}{{ session.x }}")
    )
    answer = app.test_client().get("/s")
    assert (answer.text, "Set-Cookie" in answer.headers) == ("None1", False)


@proves(
    "guide/templates",
    "The status and the headers are fixed before the template runs, and the server sends "
    "them with the first piece.",
    "So an error after the first piece does not become a 500: the client has a 200 and a "
    "part of the page, and the connection ends.",
    "A template that does not exist or does not compile still leads to a 500.",
)
def test_an_error_in_the_middle_is_half_a_page_with_200() -> None:
    app = create_app({"broken.html": "{% if %}"})
    app.add_url_rule("/bad", "bad", lambda: stream_template_string("start\n{{ 1 / 0 }}end"))
    app.add_url_rule("/missing", "missing", lambda: stream_template("missing.html"))
    app.add_url_rule("/broken", "broken", lambda: stream_template("broken.html"))
    client = app.test_client()
    assert client.get("/missing").status_code == 500
    assert client.get("/broken").status_code == 500
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.log = lambda *args: None  # type: ignore[method-assign, assignment]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        connection.request("GET", "/bad")
        answer = connection.getresponse()
        assert answer.status == 200
        with pytest.raises(http.client.IncompleteRead) as caught:
            answer.read()
        assert caught.value.partial == b"start\n"
        connection.close()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
