"""Across a redirect: docs/guide/flashing.md."""

from __future__ import annotations

from flask import flash, redirect, render_template_string
from jinja2 import DictLoader

from proven.claims.proofs import proves
from snippets.flashing import form
from tests.guide.flashing.common import LOOP, get, new_app


@proves(
    "guide/flashing",
    "If a form has an error, render the page at once: get_flashed_messages also returns "
    "the messages that were flashed in the same request.",
    "Put the loop into the layout that all pages extend, so that any page can show the messages.",
)
def test_an_error_is_shown_at_once_and_a_success_after_the_redirect() -> None:
    client = form.app.test_client()
    refused = client.post("/", data={"text": ""})
    assert refused.status_code == 422
    assert '<p class="error">A note needs a text.</p>' in refused.text
    assert "<p" not in get(client, "/")
    assert client.post("/", data={"text": "bread"}).status_code == 302
    assert '<p class="message">Saved.</p>' in get(client, "/")
    assert "<p" not in get(client, "/")


@proves(
    "guide/flashing",
    "A template can call get_flashed_messages without importing it.",
    "You can also put it into a macro: get_flashed_messages is a global function of the "
    "templates, so an imported macro can call it without with context.",
)
def test_an_imported_macro_can_ask_for_messages() -> None:
    app = new_app()
    macro = "{% macro messages() %}" + LOOP + "{% endmacro %}"
    app.jinja_loader = DictLoader({"macros.html": macro})
    app.add_url_rule(
        "/",
        "index",
        lambda: render_template_string('{% from "macros.html" import messages %}{{ messages() }}'),
    )
    client = app.test_client()
    get(client, "/flash/one")
    assert get(client, "/") == "[one]"


@proves(
    "guide/flashing",
    "A message stays in the session through any number of redirects until a page shows it.",
    "Several messages wait together, and get_flashed_messages returns them in the order "
    "in which they were flashed.",
)
def test_a_message_waits_through_redirects() -> None:
    app = new_app()
    app.add_url_rule("/one", "one", lambda: (flash("one"), redirect("/two"))[1])
    app.add_url_rule("/two", "two", lambda: (flash("two"), redirect("/show"))[1])
    answer = app.test_client().get("/one", follow_redirects=True)
    assert len(answer.history) == 2
    assert answer.text == "[one][two]"
