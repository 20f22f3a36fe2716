"""Why a message vanishes: docs/guide/flashing.md."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Response, flash, render_template_string, request, session, stream_with_context

from proven.claims.proofs import proves
from snippets.flashing import taken
from tests.guide.flashing.common import LOOP, get, new_app


@proves(
    "guide/flashing",
    "Another request took the message, such as an error page for a missing image, or a "
    "script | Show no messages in responses that nobody sees.",
    "If your error handler for 404 renders the layout, the request for a missing image or "
    "icon takes the messages.",
)
def test_an_error_page_that_nobody_sees_takes_the_messages() -> None:
    client = taken.app.test_client()
    client.post("/login")
    lost = client.get("/favicon.ico")
    assert (lost.status_code, "Welcome back." in lost.text) == (404, True)
    assert get(client, "/") == "<p></p>"
    client.post("/login")
    assert get(client, "/images/logo.png") == "Not found"
    assert get(client, "/") == "<p>Welcome back.</p>"


@proves(
    "guide/flashing",
    "The template failed after it had taken the messages | Fix the template. The message is lost.",
)
def test_a_template_that_fails_has_taken_the_messages() -> None:
    app = new_app(PROPAGATE_EXCEPTIONS=False)
    app.add_url_rule("/bad", "bad", lambda: render_template_string(LOOP + "{{ 1 / 0 }}"))
    client = app.test_client()
    get(client, "/flash/one")
    assert client.get("/bad").status_code == 500
    assert get(client, "/show") == ""


@proves(
    "guide/flashing",
    "session.clear() was called after flash | Clear the session first, then flash.",
)
@pytest.mark.parametrize(("flash_first", "shown"), [(True, ""), (False, "[Bye]")])
def test_clearing_the_session_clears_the_messages(flash_first: bool, shown: str) -> None:
    app = new_app()

    @app.get("/logout")
    def logout() -> str:
        steps: list[Callable[[], None]] = [lambda: flash("Bye"), session.clear]
        for step in steps if flash_first else reversed(steps):
            step()
        return ""

    client = app.test_client()
    get(client, "/logout")
    assert get(client, "/show") == shown


@proves(
    "guide/flashing",
    "The secret key differs between two processes, or changes at each start | Use one key "
    "from outside the code for all processes.",
)
def test_another_secret_key_knows_no_message() -> None:
    client = new_app().test_client()
    get(client, "/flash/one")
    cookie = client.get_cookie("session")
    assert cookie is not None
    for key, shown in (("other", ""), ("test", "[one]")):
        app = new_app()
        app.secret_key = key
        other = app.test_client()
        other.set_cookie("session", cookie.value)
        assert get(other, "/show") == shown


@proves(
    "guide/flashing",
    "flash was called in a teardown function or in a streamed body | Call flash earlier, "
    "because the session has already been saved.",
)
def test_flashing_after_the_session_is_saved_is_lost_without_an_error() -> None:
    app = new_app()
    done: list[str] = []

    @app.get("/streamed")
    def body() -> Response:
        def generate() -> Iterator[str]:
            flash("streamed")
            done.append("streamed")
            yield "body"

        return Response(stream_with_context(generate()))

    @app.teardown_request
    def teardown(error: BaseException | None) -> None:
        if request.path == "/streamed":
            flash("teardown")
            done.append("teardown")

    client = app.test_client()
    assert get(client, "/streamed") == "body"
    assert sorted(set(done)) == ["streamed", "teardown"]
    assert get(client, "/show") == ""


@proves(
    "guide/flashing",
    "Flask saves the session after the functions registered with after_request, so these "
    "can still flash.",
)
def test_after_request_may_still_flash() -> None:
    app = new_app()

    @app.after_request
    def late(response: Response) -> Response:
        if request.path == "/flash/one":
            flash("after")
        return response

    client = app.test_client()
    get(client, "/flash/one")
    assert get(client, "/show") == "[one][after]"


@proves(
    "guide/flashing",
    "Two requests at once each saved the session that the browser had sent | The later "
    "response overwrites the earlier one. Do not let scripts change the session while a "
    "page loads.",
    "Two requests at once. If a request was sent before the message was shown, and its "
    "view changes the session, it saves the message again.",
)
def test_of_two_requests_at_once_the_later_answer_wins() -> None:
    app = new_app()
    app.add_url_rule("/visit", "visit", lambda: session.setdefault("visited", "yes"))
    client = app.test_client()
    # sent before the message, answered after it
    empty = app.test_client().get("/visit").headers["Set-Cookie"].split(";")[0].split("=", 1)[1]
    get(client, "/flash/one")
    client.set_cookie("session", empty)
    assert get(client, "/show") == ""
    # sent before the message was shown, answered after it
    get(client, "/flash/two")
    before = client.get_cookie("session")
    assert before is not None
    assert get(client, "/show") == "[two]"
    second = app.test_client()
    second.set_cookie("session", before.value)
    with second.session_transaction() as changed:
        changed["changed"] = True
    after = second.get_cookie("session")
    assert after is not None
    client.set_cookie("session", after.value)
    assert get(client, "/show") == "[two]"
