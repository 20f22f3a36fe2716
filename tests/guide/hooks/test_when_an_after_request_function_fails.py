"""When an after_request function fails: docs/guide/hooks.md."""

from __future__ import annotations

import pytest
from flask import Flask, Response, request, session
from werkzeug.exceptions import Forbidden

from proven.claims.proofs import proves
from tests.guide.hooks.common import new_app, on_the_page, send


def failing_app(seen: list[str], failures: int, error: type[Exception]) -> Flask:
    """Return an application of which one of three after_request functions fails a few times."""
    app = new_app()
    app.add_url_rule("/write", "write", lambda: str(session.setdefault("written", 1)))
    app.add_url_rule("/read", "read", lambda: dict(session))

    @app.after_request
    def last(response: Response) -> Response:
        seen.append(f"last {response.status_code}")
        return response

    @app.after_request
    def fails(response: Response) -> Response:
        if request.path == "/write" and seen.count("fails") < failures:
            seen.append("fails")
            raise error
        return response

    @app.after_request
    def first(response: Response) -> Response:
        seen.append(f"first {response.status_code}")
        return response

    return app


@proves(
    "guide/hooks",
    "The response is a 500, whatever the function raised.",
    "abort(403) in an after_request function leads to a 500 too: Flask does not call a "
    "handler for 403, but it does call a handler for 500.",
    "All after_request functions run again for the 500.",
)
@pytest.mark.parametrize("error", [Forbidden, ValueError])
def test_a_failing_after_request_function_is_always_a_500(error: type[Exception]) -> None:
    seen: list[str] = []
    app = failing_app(seen, 1, error)
    app.register_error_handler(error, lambda e: seen.append("handler") or "")
    app.register_error_handler(500, lambda e: ("Out of order", 500))
    answer = send(app, "/write")
    assert (answer.status_code, answer.text) == (500, "Out of order")
    assert seen == ["first 200", "fails", "first 500", "last 500"]


@proves(
    "guide/hooks",
    "If one of them fails again, the log says Request finalizing failed with an error "
    "while handling an error.",
    "The 500 is then sent without the remaining functions, and the session is not saved.",
)
def test_a_second_failure_skips_what_is_left_and_loses_the_session(
    caplog: pytest.LogCaptureFixture,
) -> None:
    seen: list[str] = []
    client = failing_app(seen, 2, ValueError).test_client()
    assert client.get("/write").status_code == 500
    assert seen == ["first 200", "fails", "first 500", "fails"]
    assert caplog.messages == [
        "Exception on /write [GET]",
        on_the_page("Request finalizing failed with an error while handling an error"),
    ]
    assert client.get("/read").json == {}
