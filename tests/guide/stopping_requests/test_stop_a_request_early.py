"""Stop a request early: docs/guide/stopping-requests.md."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Response, abort, g
from werkzeug.exceptions import Forbidden

from proven.claims.proofs import proves
from snippets.hooks import nested_order, stopping
from tests.guide.hooks.common import CART, PAGE, UNDONE, new_app, on_the_page, send

NOT_A_RESPONSE = (
    "The view function did not return a valid response. The return type must be a string, dict,"
    " list, tuple with headers or status, Response instance, or WSGI callable, but it was a bool."
)


@proves(
    "guide/stopping-requests",
    "A before_request function that returns something other than None ends the request: "
    "what it returns becomes the response.",
)
def test_what_a_before_request_function_returns_is_the_answer() -> None:
    answer = send(stopping.app)
    assert (answer.status_code, answer.text) == (503, "Back soon")
    assert answer.headers["Retry-After"] == "600"
    assert send(stopping.app, "/health").text == "Well"


def test_without_maintenance_every_page_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(stopping.app.config, "MAINTENANCE", False)
    assert send(stopping.app).text == "Front page"


def test_the_answer_of_a_hook_passes_through_after_request() -> None:
    for path in ("/", "/health"):
        assert send(stopping.app, path).headers["X-Content-Type-Options"] == "nosniff"


@proves(
    "guide/stopping-requests",
    "Neither the view nor the remaining before_request functions are called.",
    "The response still passes through every after_request function, those of the "
    "blueprints included, and every teardown function runs.",
)
@proves(
    "guide/hooks",
    "a before_request function returns a response | up to that one | no | yes | yes",
    "dispatch_request() calls the view, unless a function of step 1 returned a response.",
)
def test_a_stopped_request_skips_what_is_left_before_and_nothing_after() -> None:
    client = nested_order.app.test_client()
    assert client.get("/shop/cart/?stop=shop-1").text == "Stopped by shop-1"
    assert client.get("/steps").text.splitlines() == CART[:3] + UNDONE


@proves(
    "guide/stopping-requests",
    "So an after_request function cannot rely on what a before_request function sets.",
    "If that function did not run, g.language raises AttributeError: language, and "
    'g.get("language") returns None.',
)
def test_an_after_request_function_may_miss_what_its_partner_sets() -> None:
    app = new_app(testing=True)
    app.before_request(lambda: "Stopped")
    app.before_request(lambda: setattr(g, "language", "en"))
    seen: list[object] = []

    @app.after_request
    def after(response: Response) -> Response:
        seen.append(g.get("language"))
        g.language  # noqa: B018  reading it is what fails
        return response

    with pytest.raises(AttributeError) as caught:
        send(app)
    assert str(caught.value) == "language"
    assert seen == [None]
    assert "`AttributeError: language`" in PAGE


@proves(
    "guide/stopping-requests",
    "An exception ends the request as well, for example one that flask.abort() raises.",
    "The difference is that an exception goes to the error handlers.",
    "A returned response does not, whatever its status.",
)
@proves(
    "guide/hooks", "errorhandler | the error | a response | when a view or a hook before it raises"
)
@pytest.mark.parametrize(("raised", "text"), [(True, "No entry, says the handler"), (False, "No")])
def test_error_handlers_see_what_a_hook_raises_and_not_what_it_returns(
    raised: bool, text: str
) -> None:
    app = new_app()

    @app.before_request
    def refuse() -> tuple[str, int]:
        if raised:
            abort(403)
        return "No", 403

    @app.errorhandler(403)
    def forbidden(error: Forbidden) -> tuple[str, int]:
        return "No entry, says the handler", 403

    answer = send(app)
    assert (answer.status_code, answer.text) == (403, text)


@proves("guide/stopping-requests", "It may return whatever a view may return.")
@pytest.mark.parametrize(
    "value",
    [
        "text",
        b"bytes",
        {"a": 1},
        [1, 2],
        ("text", 201),
        ("text", {"X-A": "1"}),
        ("text", 202, {"X-A": "1"}),
        Response("made", 203),
    ],
    ids=str,
)
def test_a_hook_may_return_what_a_view_may_return(value: Any) -> None:
    hooked, viewed = new_app(), new_app()
    hooked.before_request(lambda: value)
    viewed.add_url_rule("/view", "view", lambda: value)
    answers = [send(hooked), send(viewed, "/view")]
    assert len({(answer.status_code, answer.data, str(answer.headers)) for answer in answers}) == 1


@proves(
    "guide/stopping-requests",
    "A before_request function returned something other than None, and that became the response.",
    "The empty string and the empty list count too.",
)
@pytest.mark.parametrize(("value", "body"), [("", ""), ([], "[]\n"), ({}, "{}\n")])
def test_an_empty_value_ends_the_request_with_200(value: Any, body: str) -> None:
    app = new_app()
    app.before_request(lambda: value)
    answer = send(app)
    assert (answer.status_code, answer.text) == (200, body)


@proves(
    "guide/stopping-requests",
    'Often the function is a lambda: app.before_request(lambda: g.setdefault("cart", [])) '
    "makes every request return [].",
)
def test_the_value_of_a_lambda_is_an_answer() -> None:
    app = new_app()
    app.before_request(lambda: g.setdefault("cart", []))
    assert send(app).json == []


@proves(
    "guide/stopping-requests",
    "True and False end the request as well, with the error TypeError: The view function "
    "did not return a valid response. The return type must be a string, dict, list, tuple "
    "with headers or status, Response instance, or WSGI callable, but it was a bool.",
)
@pytest.mark.parametrize("value", [True, False])
def test_true_and_false_end_the_request_with_an_error(value: bool) -> None:
    app = new_app(testing=True)
    app.before_request(lambda: value)  # type: ignore[arg-type, return-value]
    with pytest.raises(TypeError) as caught:
        send(app)
    assert str(caught.value) == on_the_page(NOT_A_RESPONSE)
