"""The smallest application, and what the request is: docs/guide/requests.md."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest
from flask import Request, request

from proven.claims.proofs import proves
from snippets.requests import smallest
from tests.guide.requests.common import app_of, new_app, on_the_page, rows, send


def test_the_query_string_comes_in_and_a_sentence_goes_out() -> None:
    assert send(smallest.app, "/hello?name=阿达").text == "Hello, 阿达!"
    assert send(smallest.app, "/hello").text == "Hello, stranger!"


def test_what_came_with_the_request_is_escaped() -> None:
    assert send(smallest.app, "/hello?name=<b>").text == "Hello, &lt;b&gt;!"


@proves(
    "guide/requests",
    "It stands for the request that the current thread or task handles, so two views that "
    "run at the same time do not see each other's data.",
)
def test_two_clients_at_the_same_moment_do_not_see_each_others_data() -> None:
    both = threading.Barrier(2, timeout=60)

    def view() -> str:
        both.wait()
        return request.args["name"]

    app, found = app_of(view), {}

    def ask(name: str) -> None:
        found[name] = send(app, f"/?name={name}").text

    threads = [threading.Thread(target=ask, args=(name,)) for name in ("ada", "bob")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {"ada": "ada", "bob": "bob"}


@proves(
    "guide/requests",
    "The object behind it is a flask.Request.",
    "From it Flask creates an object of request_class, by default a flask.Request, to "
    "which the proxy flask.request refers.",
)
def test_the_object_behind_it_is_a_flask_request() -> None:
    with new_app().test_request_context():
        assert isinstance(request, Request)


def test_the_table_names_attributes_of_the_request_and_all_those_of_the_notes() -> None:
    named = {
        name
        for row in rows("## What the request contains")
        for name in re.findall(r"`(\w+)(?:\(\))?`", row[0])
    }
    with new_app().test_request_context(json={}):
        assert [name for name in named if not hasattr(request, name)] == []
    assert named >= {
        *["method", "args", "form", "values", "cookies", "headers", "path", "full_path"],
        *["script_root", "url", "base_url", "url_root", "host_url", "host", "files"],
    }


@proves("guide/requests", 'method | "GET", "POST" and so on, in upper case')
def test_the_method_is_in_upper_case() -> None:
    with new_app().test_request_context(method="post"):
        assert request.method == "POST"


READ_ONLY = {"args", "form", "values", "files", "cookies", "headers"}


@proves(
    "guide/requests",
    'args, form, values, files, cookies and headers are read-only: request.form["text"] = '
    "\"\" raises TypeError: 'ImmutableMultiDict' objects are immutable.",
    "Change a copy instead, request.form.copy().",
)
def test_six_collections_are_read_only_and_their_copies_are_not() -> None:
    message = on_the_page("'ImmutableMultiDict' objects are immutable")
    with new_app().test_request_context("/?a=1", method="POST", data={"text": "bread"}):
        for name in READ_ONLY:
            with pytest.raises(TypeError, match=r"objects are immutable$"):
                getattr(request, name)["text"] = ""
        with pytest.raises(TypeError) as caught:
            request.form["text"] = ""  # type: ignore[index]
        assert str(caught.value) == message
        copy = request.form.copy()
        copy["text"] = ""
        assert (copy["text"], request.form["text"]) == ("", "bread")


@proves(
    "guide/requests",
    "Other values can be changed, and code that runs later in the request sees the "
    "change: the dict view_args, the object that get_json() returns, and attributes such "
    "as remote_addr.",
)
def test_view_args_json_and_attributes_can_be_changed() -> None:
    app = new_app()

    @app.before_request
    def change() -> None:
        assert request.view_args is not None
        request.view_args["number"] = 8
        request.get_json()["text"] = "changed"
        request.remote_addr = "192.0.2.1"

    @app.post("/notes/<int:number>")
    def note(number: int) -> dict[str, Any]:
        return {"number": number, "text": request.json["text"], "from": request.remote_addr}

    answer = send(app, "/notes/7", "POST", json={"text": "bread"})
    assert answer.json == {"number": 8, "text": "changed", "from": "192.0.2.1"}
