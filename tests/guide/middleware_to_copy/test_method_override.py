"""A form that sends DELETE: docs/guide/middleware-to-copy.md."""

from __future__ import annotations

import pytest
from flask_wtf import CSRFProtect

from proven.claims.proofs import proves
from snippets.middleware import method_override
from tests.needs import chromium
from tests.servers import served


@pytest.mark.browser
@proves(
    "guide/middleware-to-copy",
    "An HTML form sends GET or POST, and nothing else.",
    "Here the address of the form says which method is meant, and the routes are as for any other client:",
)
def test_a_form_in_a_browser() -> None:
    with served(method_override.app) as port, chromium() as browser:
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{port}/notes/7")
        page.click("button")
        assert page.inner_text("body") == "Note 7 is deleted."
        page.goto(f"http://127.0.0.1:{port}/notes/7")
        # without the middleware the method of the form becomes GET
        page.eval_on_selector("form", "form => form.method = 'delete'")
        assert page.eval_on_selector("form", "form => form.method") == "get"


@proves(
    "guide/middleware-to-copy",
    "Only a POST is changed, so a link cannot delete anything.",
    "It has to be a middleware: a hook runs after the method has chosen the view.",
    "Flask-WTF asks a PUT, a PATCH and a DELETE for its token too.",
)
def test_what_is_changed() -> None:
    client = method_override.app.test_client()
    statuses = {
        ("GET", "delete"): 200,
        ("POST", "delete"): 200,
        ("POST", "DELETE"): 200,
        ("POST", "get"): 405,
        ("POST", "trace"): 405,
        ("POST", "put"): 405,
    }
    for (method, asked), status in statuses.items():
        answer = client.open(f"/notes/7?_method={asked}", method=method)
        assert answer.status_code == status
        assert ("is deleted" in answer.text) is (method == "POST" and status == 200)
    assert client.post("/notes/7").status_code == 405
    guarded = method_override.Flask("guarded")
    CSRFProtect(guarded)
    assert {"POST", "PUT", "PATCH", "DELETE"} == guarded.config["WTF_CSRF_METHODS"]
