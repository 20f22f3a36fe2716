"""Signal or hook: docs/guide/signals.md."""

from __future__ import annotations

from typing import Any

import pytest
from blinker import Signal
from flask import (
    Blueprint,
    Flask,
    Response,
    appcontext_tearing_down,
    before_render_template,
    got_request_exception,
    render_template_string,
    request_finished,
    request_started,
    request_tearing_down,
    session,
)

from proven.claims.proofs import proves
from tests.guide.signals.common import send


@proves("guide/signals", "What the function returns | is ignored | can be the response")
def test_what_a_receiver_returns_is_thrown_away_and_a_hook_can_answer(app: Flask) -> None:
    def receive(sender: Flask, **extra: Any) -> str:
        return "from the receiver"

    with request_started.connected_to(receive, app):
        assert send(app).text == "fine"
    hooked = Flask("hooked", static_folder=None)
    hooked.before_request(lambda: "from the hook")
    assert send(hooked).text == "from the hook"


@proves("guide/signals", "Runs for | one application or all | an application or a blueprint")
def test_a_signal_holds_for_an_application_and_a_hook_also_for_a_blueprint(app: Flask) -> None:
    shop = Blueprint("shop", "shop")
    heard: list[str] = []
    shop.before_request(lambda: heard.append("hook"))
    shop.add_url_rule("/shop", view_func=lambda: "", endpoint="shop")
    app.register_blueprint(shop)

    def receive(sender: Flask, **extra: Any) -> None:
        heard.append("signal")

    request_started.connect(receive, shop)
    send(app, "/")
    send(app, "/shop")
    assert heard == ["hook"]
    request_started.connect(receive, app)
    send(app, "/")
    send(app, "/shop")
    assert heard == ["hook", "signal", "signal", "hook"]


@proves(
    "guide/signals",
    "To add it after the first request | connect, at any time | the decorators raise "
    "AssertionError",
)
def test_a_receiver_can_be_added_after_the_first_request_and_a_hook_cannot(app: Flask) -> None:
    send(app)
    with pytest.raises(AssertionError, match="The setup method 'before_request' can no longer"):
        app.before_request(lambda: None)
    heard: list[str] = []

    def receive(sender: Flask, **extra: Any) -> None:
        heard.append("called")

    request_started.connect(receive, app)
    send(app)
    assert heard == ["called"]


@proves(
    "guide/signals",
    "To remove it | disconnect, at any time | no method; remove it from "
    "app.before_request_funcs[None] between two requests",
)
def test_no_method_removes_a_hook_but_its_list_can_be_changed(app: Flask) -> None:
    words = ("remove", "disconnect", "unregister")
    assert [name for name in dir(Flask) if name.startswith(words)] == []
    heard: list[str] = []

    def hook() -> None:
        heard.append("hook")

    def receive(sender: Flask, **extra: Any) -> None:
        heard.append("receiver")

    app.before_request(hook)
    request_started.connect(receive, app)
    send(app)
    assert heard == ["receiver", "hook"]
    app.before_request_funcs[None].remove(hook)
    request_started.disconnect(receive, app)
    send(app)
    assert heard == ["receiver", "hook"]


def failing(sender: Flask, **extra: Any) -> None:
    raise ValueError("receiver")


@proves(
    "guide/signals",
    "An exception in it | leads to a 500 | leads to a 500",
    "A receiver raised an exception, and Flask handles it like an exception in the view.",
    "In request_finished, a 500 replaces the response.",
)
@pytest.mark.parametrize("signal", [request_started, request_finished])
def test_an_error_in_a_receiver_ends_the_request_with_500_like_one_in_a_hook(
    app: Flask, signal: Signal, caplog: pytest.LogCaptureFixture
) -> None:
    with signal.connected_to(failing, app):
        assert send(app).status_code == 500
    assert "ValueError: receiver" in caplog.text
    hooked = Flask("hooked", static_folder=None)
    hooked.before_request(lambda: failing(hooked))
    assert send(hooked).status_code == 500


@proves(
    "guide/signals",
    "In got_request_exception and in the signals of teardown, the exception goes to the "
    "server, and Flask makes no error page.",
)
@pytest.mark.parametrize("signal", [request_tearing_down, appcontext_tearing_down])
def test_an_error_in_a_receiver_of_teardown_goes_to_the_server(app: Flask, signal: Signal) -> None:
    with signal.connected_to(failing, app), pytest.raises(ValueError, match=r"\Areceiver\Z"):
        send(app)


@proves(
    "guide/signals",
    "In got_request_exception and in the signals of teardown, the exception goes to the "
    "server, and Flask makes no error page.",
)
def test_an_error_in_a_receiver_of_got_request_exception_goes_to_the_server(app: Flask) -> None:
    app.register_error_handler(500, lambda error: "page")
    assert send(app, "/bug").text == "page"
    app = Flask("second", static_folder=None)
    app.add_url_rule("/bug", view_func=lambda: 1 // 0, endpoint="bug")
    with (
        got_request_exception.connected_to(failing, app),
        pytest.raises(ValueError, match=r"\Areceiver\Z"),
    ):
        send(app, "/bug")


@proves(
    "guide/signals",
    "A receiver can change the objects that it gets.",
    "A header that is set in request_finished is sent, and the template sees a variable "
    "that is added to context in before_render_template.",
    "A change to the session in request_finished is lost, because the session has been saved.",
)
def test_a_receiver_can_change_header_and_context_but_not_the_session(app: Flask) -> None:
    @app.get("/change")
    def view() -> str:
        return render_template_string("{{ added }}")

    def add_header(sender: Flask, response: Response, **extra: Any) -> None:
        response.headers["X-Added"] = "yes"
        session["late"] = True

    def add_variable(sender: Flask, context: dict[str, Any], **extra: Any) -> None:
        context["added"] = "by a receiver"

    with (
        request_finished.connected_to(add_header, app),
        before_render_template.connected_to(add_variable, app),
    ):
        response = send(app, "/change")
    assert response.text == "by a receiver"
    assert response.headers["X-Added"] == "yes"
    assert "Set-Cookie" not in response.headers
