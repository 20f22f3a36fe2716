"""Change the response: docs/guide/hooks.md."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Response, session

from proven.claims.proofs import proves
from tests.guide.hooks.common import NO_RETURN, new_app, on_the_page, send, traced_app


@proves(
    "guide/hooks",
    "An after_request function gets the response and returns one: the same response, "
    "changed or not, or another.",
    "It gets the responses of views, of error handlers and of static files alike.",
)
def test_after_request_sees_every_response_and_may_return_another() -> None:
    app, seen = traced_app([]), []

    @app.after_request
    def swap(response: Response) -> Response:
        seen.append(response.status_code)
        response.close()
        return Response("Another")

    for path in ("/fine/", "/handled", "/nowhere", "/static/common.py"):
        assert send(app, path).text == "Another"
    assert seen == [200, 400, 404, 200]


@proves(
    "guide/hooks",
    "What it writes to flask.session is saved, because Flask saves the session after the "
    "last of these functions.",
    "process_response() calls the functions of after_this_request and of after_request, "
    "then saves the session.",
)
def test_the_session_is_saved_after_the_last_after_request_function() -> None:
    app = new_app()
    app.add_url_rule("/read", "read", lambda: dict(session))

    @app.after_request
    def after(response: Response) -> Response:
        session["from"] = "after_request"
        return response

    @app.teardown_request
    def teardown(error: BaseException | None) -> None:
        session["late"] = "teardown_request"

    client = app.test_client()
    client.get("/")
    assert client.get("/read").json == {"from": "after_request"}


@proves(
    "guide/hooks",
    "response.headers.setdefault(name, value) sets a header unless the view has set it.",
)
def test_setdefault_leaves_a_header_that_the_view_set() -> None:
    app = new_app()
    app.add_url_rule("/own", "own", lambda: ("", {"X-Frame-Options": "SAMEORIGIN"}))

    @app.after_request
    def frames(response: Response) -> Response:
        response.headers.setdefault("X-Frame-Options", "DENY")
        return response

    answers = [send(app, path).headers["X-Frame-Options"] for path in ("/own", "/")]
    assert answers == ["SAMEORIGIN", "DENY"]


def forgets_to_return(response: Response) -> None:
    """Change a response and end without a return statement."""
    response.headers["X-Stamp"] = "1"


@proves(
    "guide/hooks",
    "An after_request function ends without return response.",
    "The traceback contains no line of your code, only return response(environ, "
    "start_response) in Flask.",
)
@pytest.mark.parametrize("testing", [True, False])
def test_an_after_request_function_without_return_is_a_type_error(testing: bool) -> None:
    app = new_app(testing=testing)
    app.after_request(forgets_to_return)  # type: ignore[type-var]
    with pytest.raises(TypeError) as caught:
        send(app)
    assert str(caught.value) == on_the_page(NO_RETURN)
    last = caught.traceback[-1]
    assert Path(last.path).parts[-2:] == ("flask", "app.py")
    assert str(last.statement).strip() == on_the_page("return response(environ, start_response)")
    assert not [entry for entry in caught.traceback if entry.name == "forgets_to_return"]


@proves(
    "guide/hooks",
    "If something else uses the response first, that fails instead: the next function "
    "with AttributeError: 'NoneType' object has no attribute 'headers', or Flask with "
    "AttributeError: 'NoneType' object has no attribute 'vary' if the request used the "
    "session.",
)
def test_the_next_function_fails_on_a_missing_return() -> None:
    app = new_app(testing=True)
    app.after_request(forgets_to_return)  # type: ignore[type-var]
    app.after_request(lambda response: None)  # type: ignore[arg-type, return-value]
    with pytest.raises(AttributeError) as caught:
        send(app)
    message = on_the_page("'NoneType' object has no attribute 'headers'")
    # Python 3.13 words a store differently
    assert str(caught.value).startswith(message)


@proves(
    "guide/hooks",
    "If something else uses the response first, that fails instead: the next function "
    "with AttributeError: 'NoneType' object has no attribute 'headers', or Flask with "
    "AttributeError: 'NoneType' object has no attribute 'vary' if the request used the "
    "session.",
)
def test_saving_the_session_fails_on_a_missing_return() -> None:
    app = new_app(testing=True)
    app.add_url_rule("/read", "read", lambda: dict(session))
    app.after_request(forgets_to_return)  # type: ignore[type-var]
    with pytest.raises(AttributeError) as caught:
        send(app, "/read")
    assert str(caught.value) == on_the_page("'NoneType' object has no attribute 'vary'")
