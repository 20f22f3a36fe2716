"""404, 405 or 308."""

import pytest
from werkzeug.exceptions import HTTPException

from proven.claims.proofs import proves
from snippets.routing import (
    answers,
    smallest,
)
from tests.guide.routing.helpers import ALLOWED, new_app, send, view


@proves(
    "guide/url-matching",
    "matches no rule | any | 404",
    "matches a rule | accepted by the rule | from the view",
    "matches a rule | another one | 405, with Allow",
    "lacks the slash at the end | accepted by the rule | 308",
    "lacks the slash at the end | another one | 404",
)
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/note", 404),
        ("POST", "/note", 404),
        ("GET", "/notes/", 200),
        ("POST", "/notes/", 405),
        ("GET", "/notes", 308),
        ("POST", "/notes", 404),
    ],
)
def test_path_and_method_decide_the_answer(method: str, path: str, status: int) -> None:
    assert send(answers.app, path, method).status_code == status


@proves("guide/url-matching", "Error handlers receive 404 and 405.")
def test_error_handlers_see_404_and_405() -> None:
    assert send(answers.app, "/note").text == "No such page"
    refused = send(answers.app, "/notes/", "POST")
    assert (refused.text, refused.headers["Allow"]) == ("No such method", "GET, HEAD, OPTIONS")


@proves("guide/url-matching", "matches a rule | another one | 405, with Allow")
def test_without_a_handler_405_has_allow_too() -> None:
    assert set(send(smallest.app, "/", "POST").allow) == ALLOWED


@proves(
    "guide/url-matching",
    "No error handler receives a redirect from routing, not even a handler for HTTPException.",
)
def test_no_error_handler_sees_a_redirect_from_routing() -> None:
    seen: list[int | None] = []

    def handler(error: HTTPException) -> HTTPException:
        seen.append(error.code)
        return error

    app = new_app()
    app.register_error_handler(HTTPException, handler)
    app.get("/folder/")(view)
    assert [send(app, path).status_code for path in ("/folder", "/nowhere")] == [308, 404]
    assert seen == [404]
