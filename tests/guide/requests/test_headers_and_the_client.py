"""Headers and the client: docs/guide/requests.md."""

from __future__ import annotations

import pytest
from flask import request
from werkzeug.exceptions import HTTPException

from proven.claims.proofs import proves
from snippets.requests import client
from tests.guide.requests.common import app_of, new_app, on_the_page, send


@proves(
    "guide/requests",
    "request.headers contains all headers as text.",
    "Flask also parses the common ones.",
    "headers, user_agent, authorization, accept_languages, remote_addr | headers, and the "
    "address of the client",
)
def test_what_the_headers_say_about_the_client() -> None:
    headers = {
        "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8",
        "Authorization": "Bearer abc",
        "X-Request-Id": "41",
    }
    answer = send(client.app, headers=headers)
    assert answer.json == {
        "greeting": "Ni hao",
        "token": "abc",
        "address": "127.0.0.1",
        "request id": "41",
    }
    assert answer.headers["Vary"] == "Accept-Language"
    answer = send(client.app, headers={"Accept-Language": "fr"})
    assert answer.json == {
        "greeting": "Hello",
        "token": None,
        "address": "127.0.0.1",
        "request id": None,
    }
    assert send(client.app, headers={"Accept-Language": "zh-CN"}).json["greeting"] == "Ni hao"


@proves("guide/requests", "The names of headers are not case-sensitive.")
def test_the_names_of_headers_have_no_case() -> None:
    with new_app().test_request_context(headers={"X-Request-Id": "41"}):
        assert request.headers["x-request-ID"] == "41"


@proves(
    "guide/requests",
    "user_agent contains the header in .string; Flask does not parse it, so .browser and "
    ".platform are None.",
    "Today it is None, because Werkzeug no longer parses the header: ….",
)
def test_the_user_agent_is_not_taken_apart() -> None:
    agent = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"
    with new_app().test_request_context(headers={"User-Agent": agent}):
        assert request.user_agent.string == agent
        assert (request.user_agent.browser, request.user_agent.platform) == (None, None)


@proves(
    "guide/requests",
    'Your code reads request.headers["X-Request-Id"], but the client did not send that header.',
    "Unlike a missing form field, this leads to a 500, not a 400.",
    "Use .get.",
)
def test_a_header_that_is_missing_is_a_500() -> None:
    app = app_of(lambda: request.headers["X-Request-Id"])
    with pytest.raises(KeyError) as caught:
        send(app)
    assert not isinstance(caught.value, HTTPException)
    on_the_page(f"KeyError: {caught.value}")
    app.testing = False
    app.logger.disabled = True
    assert send(app).status_code == 500
