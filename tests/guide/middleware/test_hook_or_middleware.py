"""Hook or middleware: docs/guide/middleware.md."""

from __future__ import annotations

from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Blueprint, request
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from proven.claims.proofs import proves
from snippets.middleware import headers, mounted
from tests.guide.middleware.common import Wrapper, get, new_app, table, wrapped


@proves(
    "guide/middleware",
    "It may be changed.",
    "before_request is too late to change the path, because the rule has already been chosen.",
    "change path, host, scheme or prefix before a rule is chosen | a middleware",
)
def test_before_request_is_too_late_to_change_the_path() -> None:
    class Rewrite(Wrapper):
        def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
            environ["PATH_INFO"] = environ["PATH_INFO"].removeprefix("/v1")
            return self.app(environ, start_response)

    hook = new_app()
    hook.add_url_rule("/notes", "notes", lambda: "Notes")

    @hook.before_request
    def rewrite() -> None:
        request.environ["PATH_INFO"] = request.environ["PATH_INFO"].removeprefix("/v1")

    assert get(hook, "/v1/notes").status_code == 404
    early = wrapped(new_app(), Rewrite)
    early.add_url_rule("/notes", "notes", lambda: "Notes")
    assert get(early, "/v1/notes").text == "Notes"


@proves("guide/middleware", "do it for one blueprint only | a hook of the blueprint")
def test_a_hook_of_a_blueprint_is_for_the_blueprint_only() -> None:
    app, blueprint = new_app(), Blueprint("notes", "notes", url_prefix="/notes")
    blueprint.add_url_rule("/", "all", lambda: "Notes")
    ran: list[str] = []
    blueprint.before_request(lambda: ran.append(request.path))
    app.register_blueprint(blueprint)
    get(app)
    get(app, "/notes/")
    assert ran == ["/notes/"]


@proves(
    "guide/middleware",
    "requests for another mounted application | no | if it wraps both",
    "set headers on all responses of several applications | a middleware",
)
def test_one_middleware_covers_several_applications() -> None:
    both = DispatcherMiddleware(new_app(), {"/admin": mounted.admin})
    client = Client(headers.DefaultHeaders(both, {"X-Frame-Options": "DENY"}))
    answers = [client.get(path) for path in ("/", "/admin/", "/admin/nowhere")]
    assert [answer.headers["X-Frame-Options"] for answer in answers] == ["DENY"] * 3


def test_the_decision_table_has_a_row_for_each_need() -> None:
    assert [row[1] for row in table("middleware-or-hook")] == [
        "`before_request`",
        "a hook of the blueprint",
        "`after_request`",
        "a teardown function",
        "an error handler",
        *["a middleware"] * 5,
        "`DispatcherMiddleware`",
    ]
