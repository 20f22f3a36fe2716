"""Pitfalls: docs/guide/flashing.md."""

from __future__ import annotations

import re
import threading

import pytest
from flask import flash, get_flashed_messages, render_template_string

from proven.claims.proofs import proves
from tests.guide.flashing.common import TEXT, get, new_app

# wherever its lines end
SAID = " ".join(TEXT.split())


NO_KEY = (
    "The session is unavailable because no secret key was set.  "
    "Set the secret_key on the application to something unique and secret."
)


@proves(
    "guide/flashing",
    "flash writes to the session, and the session needs a secret key.",
    "An empty string does not count as a key.",
    "get_flashed_messages raises no error: without a key it returns an empty list.",
)
@pytest.mark.parametrize("key", [None, ""])
def test_without_a_key_flash_raises_and_asking_does_not(key: str | None) -> None:
    app = new_app()
    app.secret_key = key
    with pytest.raises(RuntimeError) as caught:
        app.test_client().get("/flash/one")
    assert str(caught.value) == NO_KEY
    assert f"RuntimeError: {NO_KEY}" in TEXT
    assert get(app.test_client(), "/show") == ""


@proves("guide/flashing", "Flask raises the error after the view, when it saves the session.")
def test_an_exception_is_no_message_and_fails_after_the_view() -> None:
    app = new_app()
    returned: list[str] = []

    @app.get("/error")
    def error() -> str:
        flash(ValueError("no"))  # type: ignore[arg-type]
        returned.append("view")
        return ""

    with pytest.raises(TypeError) as caught:
        app.test_client().get("/error")
    assert returned == ["view"]
    assert f"`TypeError: {caught.value}`" in SAID


@proves(
    "guide/flashing",
    "The template contains for category, message in get_flashed_messages().",
    "Pass with_categories=true, or loop over the messages alone.",
)
def test_unpacking_messages_without_categories() -> None:
    app = new_app()
    loop = "{% for category, message in get_flashed_messages() %}{% endfor %}"
    app.add_url_rule("/pairs", "pairs", lambda: render_template_string(loop))
    client = app.test_client()
    get(client, "/flash/Saved.")
    with pytest.raises(ValueError, match=r"too many values to unpack") as caught:
        client.get("/pairs")
    # newer Pythons also say how many there are
    said = re.sub(r", got \d+", "", str(caught.value))
    assert f"`ValueError: {said}`" in SAID


@proves(
    "guide/flashing",
    'category_filter="error" is a string, and Flask tests category in "error", so the '
    "category err matches too.",
    'Pass a list: ["error"].',
)
def test_a_filter_that_is_a_string_is_searched() -> None:
    with new_app().test_request_context():
        flash("one", "err")
        flash("two", "error")
        assert get_flashed_messages(category_filter="error") == ["one", "two"]
        assert get_flashed_messages(category_filter=["error"]) == ["two"]


@proves(
    "guide/flashing",
    "flash was called in a thread, a background job or a command, where there is no "
    "request and so no session.",
)
def test_flash_needs_a_request() -> None:
    found: list[str] = []

    def work() -> None:
        with pytest.raises(RuntimeError) as caught:
            flash("one")
        found.append(str(caught.value).splitlines()[0])

    with new_app().test_request_context():
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    with new_app().app_context():
        work()
    assert found == ["Working outside of request context."] * 2
    assert f"`RuntimeError: {found[0]}`" in SAID
