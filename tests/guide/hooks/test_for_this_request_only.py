"""For this request only: docs/guide/hooks.md."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Response, after_this_request

from proven.claims.proofs import proves
from snippets.hooks import after_this
from tests.guide.hooks.common import new_app, on_the_page, send


@proves(
    "guide/hooks",
    "flask.after_this_request() registers a function for the response of the current request.",
    "With it, a hook, a decorator or a helper can set a cookie, although none of them has "
    "the response.",
)
def test_after_this_request_changes_one_response() -> None:
    client = after_this.app.test_client()
    answer = client.get("/?lang=zh")
    assert answer.headers["Set-Cookie"] == "lang=zh; HttpOnly; Path=/; SameSite=Lax"
    assert answer.json == {"language": "zh"}
    second = client.get("/")
    assert "Set-Cookie" not in second.headers
    assert second.json == {"language": "zh"}


def test_an_unknown_language_is_not_remembered() -> None:
    answer = send(after_this.app, "/?lang=xx")
    assert ("Set-Cookie" in answer.headers, answer.json) == (False, {"language": "en"})


@proves(
    "guide/hooks",
    "These functions run before those of after_request.",
    "They run in the order in which they were registered, not in reverse.",
    "process_response() calls the functions of after_this_request and of after_request, "
    "then saves the session.",
)
def test_after_this_request_comes_before_after_request_and_in_order() -> None:
    app, seen = new_app(), []

    def noting(name: str) -> Callable[[Response], Response]:
        def hook(response: Response) -> Response:
            seen.append(name)
            return response

        return hook

    app.after_request(noting("after 1"))
    app.after_request(noting("after 2"))

    @app.get("/view")
    def view() -> str:
        after_this_request(noting("this 1"))
        after_this_request(noting("this 2"))
        return ""

    send(app, "/view")
    assert seen == ["this 1", "this 2", "after 2", "after 1"]


@proves("guide/hooks", "It was called while a module was imported, in a command or in a thread.")
def test_after_this_request_needs_a_request() -> None:
    message = on_the_page(
        "'after_this_request' can only be used when a request context is active, such as in a view"
        " function."
    )
    with pytest.raises(RuntimeError) as caught:
        after_this_request(lambda response: response)
    assert str(caught.value) == message
    with new_app().app_context(), pytest.raises(RuntimeError) as caught:
        after_this_request(lambda response: response)
    assert str(caught.value) == message
