"""Redirects: docs/guide/responses.md."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask import abort, redirect, request

from proven.claims.proofs import proves
from snippets.requests import redirects
from tests.guide.requests.common import LOCAL, app_of, new_app, send


@proves(
    "guide/responses",
    "Flask sends the address in the header Location as you wrote it, with Chinese text encoded.",
    "A path is sufficient.",
)
@pytest.mark.parametrize(
    ("method", "path", "status", "location"),
    [
        ("POST", "/notes", 303, "/"),
        ("GET", "/old", 301, "/%E6%A0%87%E7%AD%BE?from=old"),
        ("POST", "/login?next=/notes/7", 302, "/notes/7"),
        ("POST", "/login?next=//evil.example", 302, "/"),
        ("POST", "/login", 302, "/"),
    ],
)
def test_where_the_redirects_lead(method: str, path: str, status: int, location: str) -> None:
    answer = send(redirects.app, path, method)
    assert (answer.status_code, answer.headers["Location"]) == (status, location)


@proves(
    "guide/responses",
    "flask.redirect() returns a response that sends the browser to another address.",
)
def test_the_redirect_leads_to_a_page() -> None:
    answer = send(redirects.app, "/notes", "POST", follow_redirects=True)
    assert (answer.request.method, answer.text) == ("GET", "Welcome")


@proves(
    "guide/responses",
    "302 | GET, if the method was POST | if no other status fits; the default",
    "303 | GET | after a form",
    "307 | the same method and body | to pass on a POST",
    "301, 308 | as for 302 and 307; the browser remembers the redirect | for addresses "
    "that have moved permanently",
)
@pytest.mark.parametrize(
    ("status", "method", "body"),
    [(302, "GET", ""), (303, "GET", ""), (307, "POST", "x"), (301, "GET", ""), (308, "POST", "x")],
)
def test_what_the_client_goes_on_with(status: int, method: str, body: str) -> None:
    app = new_app()
    app.add_url_rule("/from", "from", lambda: redirect("/to", status), methods=["POST"])
    app.add_url_rule(
        "/to",
        "to",
        lambda: request.method + request.get_data(as_text=True),
        methods=["GET", "POST"],
    )
    answer = send(app, "/from", "POST", data=b"x", follow_redirects=True)
    assert answer.text == method + body


@proves(
    "guide/responses", "302 | GET, if the method was POST | if no other status fits; the default"
)
def test_302_is_the_default() -> None:
    with new_app().test_request_context():
        assert redirect("/x").status_code == 302


@proves(
    "guide/responses",
    "redirect does not end the view; return its result.",
    "To redirect from a function that the view calls, use flask.abort(), as in "
    'abort(redirect("/login")).',
)
def test_redirect_does_not_end_the_view_and_abort_does() -> None:
    ran: list[str] = []

    def demand() -> None:
        abort(redirect("/login"))

    def view() -> str:
        redirect("/elsewhere")
        ran.append("after redirect")
        demand()
        ran.append("after abort")  # pragma: no cover
        return ""

    answer = send(app_of(view))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/login")
    assert ran == ["after redirect"]


FOREIGN = [
    "",
    "notes",
    "//evil.example",
    "///evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    " //evil.example",
    "/a\\..\\\\evil.example",
    "/ok\r\nSet-Cookie: a=b",
]


@proves("guide/responses", "The pattern in the snippet accepts only paths of the same host.")
def test_only_paths_of_this_host_get_through() -> None:
    for target, location in [(t, t) for t in LOCAL] + [(t, "/") for t in FOREIGN]:
        answer = send(redirects.app, "/login", "POST", query_string={"next": target})
        assert answer.headers["Location"] == quote(location, safe="/%?=&:@#")
