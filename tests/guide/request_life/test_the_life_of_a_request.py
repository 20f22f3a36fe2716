"""The life of a request: docs/guide/request-life.md."""

from __future__ import annotations

import logging
from typing import Any

import flask
import pytest
from flask import Flask, Response, session
from werkzeug.test import TestResponse

from proven.claims.proofs import proves
from snippets.signals import journal, life_of_a_request
from tests.guide.signals.common import names, send

BEGIN = [
    "wsgi_app",
    "appcontext_pushed",
    "open_session",
    "to_python",
    "request_started",
    "url_value_preprocessor",
    "before_request",
]


RENDERED = [
    "cart",
    "message_flashed",
    "context_processor",
    "before_render_template",
    "cart.html",
    "template_rendered",
]


ANSWERED = ["after_request", "save_session", "request_finished"]


END = [
    "start_response",
    "teardown_request",
    "request_tearing_down",
    "teardown_appcontext",
    "appcontext_tearing_down",
    "appcontext_popped",
    "body",
]


UNHANDLED = ["got_request_exception", "logger.error", "errorhandler"]


LIVES = {
    "/cart/3": (200, [*BEGIN, *RENDERED, "after_this_request", *ANSWERED, *END]),
    "/cart/3?fail=cart": (500, [*BEGIN, "cart", *UNHANDLED, *ANSWERED, *END]),
    "/cart/3?fail=before_request": (500, [*BEGIN, *UNHANDLED, *ANSWERED, *END]),
    "/cart/3?fail=cart.html": (
        500,
        [*BEGIN, *RENDERED[:-1], *UNHANDLED, "after_this_request", *ANSWERED, *END],
    ),
    "/cart/3?fail=after_request": (
        500,
        [
            *(*BEGIN, *RENDERED, "after_this_request", "after_request"),
            *(*UNHANDLED, "after_this_request", "after_request", "logger.error"),
            *END,
        ],
    ),
    "/cart/3?fail=open_session": (
        500,
        [*BEGIN[:3], *UNHANDLED, "after_request", "save_session", "logger.error", *END],
    ),
    "/cart/3?answer=closed": (200, [*BEGIN, *ANSWERED, *END]),
    "/nowhere": (
        404,
        [*(step for step in BEGIN if step != "to_python"), "errorhandler", *ANSWERED, *END],
    ),
}


def live(path: str) -> tuple[TestResponse, list[journal.Step]]:
    """Send one request and return the answer with its steps."""
    return send(life_of_a_request.app, path), list(life_of_a_request.steps)


@proves(
    "guide/request-life",
    "The view is left out.",
    "From got_request_exception on, all steps are the same.",
    "An error in after_request has more consequences, because the 500 goes through "
    "after_request again:",
    "The session is not saved, and request_finished is not sent.",
    "template_rendered is not sent, so a test that counts templates finds none.",
    "The function of after_this_request runs for the 500 too, because the view had registered it.",
    "The view is not called if a hook returns a response, if the URL matches no rule, or "
    "if the session cannot be opened.",
    "So all hooks run for it.",
    "For an unknown URL, Flask stores the error when it matches the URL, and raises it "
    "where it would call the view.",
    "An error in open_session leads to a 500 too, but there is no session to save, and "
    "the log says Request finalizing failed with an error while handling an error.",
    "on an error: got_request_exception | only if no handler takes the error; e and f "
    "follow with the 500",
    "Flask pushes the context inside the try, so the client gets a 500 if the session "
    "cannot be opened.",
)
@proves("guide/signals", "An error in it is handled like an error in the view.")
@pytest.mark.parametrize("path", LIVES)
def test_the_life_of_a_request_has_these_steps_in_this_order(path: str) -> None:
    response, steps = live(path)
    assert (response.status_code, [step.name for step in steps]) == LIVES[path]


@proves(
    "guide/request-life",
    "the application context and the request context are pushed, the session is opened, "
    "and the URL is matched, in this order.",
    "the hooks run.",
    "A receiver of request_started is called before all of them.",
    "the functions of after_this_request run, then those of after_request.",
    "Then the session is saved, and request_finished is sent.",
    "passes status and headers to the server.",
    "happens before the body is sent.",
    "For this reason no context is active in a generator that makes the body.",
    "is sent after the application context has ended, so current_app and g raise an error there.",
    "not mentioned | first the contexts, open_session, then the URL is matched",
    "b. request_started | still the first signal after the contexts",
    "c. before_request | after url_value_preprocessor; those of blueprints too",
    "d. before_render_template, the template, template_rendered | still true; context "
    "processors run before the three",
    "e. process_response, then request_finished | still true",
    "f. process_response saves the session | still true, with the session interface; it "
    "happens before the signal of e",
    "g. request_finished | the signal of e, which is sent once",
    "h. request_tearing_down | after the functions of teardown_request; then come "
    "appcontext_tearing_down and appcontext_popped, and only then the body",
    "Flask keeps the context in a context variable.",
)
@proves("guide/signals", "Between 2 and 3, Flask calls the response, which calls start_response.")
def test_the_life_of_a_good_request_with_kinds_arguments_and_contexts() -> None:
    _, steps = live("/cart/3")
    contexts = {(True, True): "both", (True, False): "app", (False, False): "none"}
    assert [
        (step.kind, step.name, step.detail, contexts[step.app_context, step.request_context])
        for step in steps
    ] == [
        ("server", "wsgi_app", "", "none"),
        ("signal", "appcontext_pushed", "", "app"),
        ("session", "open_session", "", "both"),
        ("routing", "to_python", "value=3", "both"),
        ("signal", "request_started", "", "both"),
        ("hook", "url_value_preprocessor", "", "both"),
        ("hook", "before_request", "", "both"),
        ("view", "cart", "count=3", "both"),
        ("signal", "message_flashed", "message='猫', category='message'", "both"),
        ("hook", "context_processor", "", "both"),
        ("signal", "before_render_template", "template=cart.html, context={…}", "both"),
        ("template", "cart.html", "", "both"),
        ("signal", "template_rendered", "template=cart.html, context={…}", "both"),
        ("hook", "after_this_request", "response=Response 200", "both"),
        ("hook", "after_request", "response=Response 200", "both"),
        ("session", "save_session", "", "both"),
        ("signal", "request_finished", "response=Response 200", "both"),
        ("server", "start_response", "status=200 OK", "both"),
        ("hook", "teardown_request", "error=None", "both"),
        ("signal", "request_tearing_down", "exc=None", "both"),
        ("hook", "teardown_appcontext", "error=None", "app"),
        ("signal", "appcontext_tearing_down", "exc=None", "app"),
        ("signal", "appcontext_popped", "", "none"),
        ("server", "body", "", "none"),
    ]
    assert {step.error for step in steps} == {""}


@proves(
    "guide/request-life",
    "?fail= makes the step of that name raise an exception.",
    "The 500 is a response like any other: after_request, the session and request_finished follow.",
    "The teardown functions get the error, although a handler made the response, because "
    "it was a handler for the 500 and not for the error.",
)
@pytest.mark.parametrize("name", ["cart", "before_request", "cart.html"])
def test_teardown_gets_the_error_and_the_rest_gets_the_500(name: str) -> None:
    _, steps = live(f"/cart/3?fail={name}")
    details = {step.name: step.detail for step in steps}
    assert [step.name for step in steps if step.error] == [name]
    assert details["got_request_exception"] == "exception=RuntimeError"
    assert details["errorhandler"] == "error=InternalServerError"
    assert details["after_request"] == "response=Response 500"
    assert details["request_finished"] == "response=Response 500"
    assert details["start_response"] == "status=500 INTERNAL SERVER ERROR"
    assert details["teardown_request"] == "error=RuntimeError"
    assert details["request_tearing_down"] == "exc=RuntimeError"
    assert details["teardown_appcontext"] == "error=RuntimeError"
    assert details["appcontext_tearing_down"] == "exc=RuntimeError"


@proves(
    "guide/request-life",
    "A converter can read the session.",
    "open_session can read the request, but no rule has been matched yet.",
)
def test_before_the_url_is_matched_there_are_session_and_request_but_no_rule(app: Flask) -> None:
    found: list[Any] = []

    class Sessions(journal.Journal):
        def open_session(self, app: Flask, request: flask.Request) -> Any:
            found.append((flask.request.path, flask.request.url_rule))
            return super().open_session(app, request)

    class Reads(life_of_a_request.Noted):
        def to_python(self, value: str) -> int:
            found.append(dict(session))
            return int(value)

    app.session_interface = Sessions()
    app.url_map.converters["reads"] = Reads
    app.add_url_rule("/<reads:number>", view_func=lambda number: "", endpoint="reads")
    send(app, "/3")
    assert found == [("/3", None), {}]


@proves("guide/request-life", "No later step can change them.")
@proves("guide/signals", "When request_finished is sent, the response has not been sent yet.")
def test_nothing_after_start_response_changes_status_and_headers(app: Flask) -> None:
    responses: list[Response] = []

    @app.after_request
    def keep(response: Response) -> Response:
        responses.append(response)
        return response

    @app.teardown_request
    def change(error: BaseException | None) -> None:
        responses[0].status_code = 418
        responses[0].headers["X-Late"] = "yes"

    response = send(app)
    assert response.status_code == 200
    assert "X-Late" not in response.headers


@proves(
    "guide/request-life",
    "The second error is only logged.",
    "An error in open_session leads to a 500 too, but there is no session to save, and "
    "the log says Request finalizing failed with an error while handling an error.",
)
@pytest.mark.parametrize("name", ["after_request", "open_session"])
def test_a_second_error_is_only_logged(name: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        response, steps = live(f"/cart/3?fail={name}")
    assert response.status_code == 500
    assert caplog.messages == [
        "Exception on /cart/3 [GET]",
        "Request finalizing failed with an error while handling an error",
    ]
    assert "request_finished" not in [step.name for step in steps]
    assert "Set-Cookie" not in response.headers


@proves(
    "guide/request-life",
    "With TESTING or in debug mode, an error without a handler goes to the test or to the "
    "debugger.",
    "got_request_exception is sent, and then the teardown functions run.",
    "Flask writes no line to the log, calls no handler for 500 and no after_request "
    "function, does not save the session and does not send request_finished.",
)
@proves("guide/signals", "the same with TESTING or in debug mode | yes")
@pytest.mark.parametrize("setting", ["TESTING", "DEBUG"])
def test_while_testing_and_debugging_teardown_follows_the_signal_at_once(
    app: Flask, heard: list[tuple[str, dict[str, Any]]], setting: str
) -> None:
    app.config[setting] = True
    app.register_error_handler(500, lambda error: pytest.fail("asked"))
    app.after_request(lambda response: pytest.fail("called"))
    app.logger.addFilter(lambda record: pytest.fail("logged"))
    app.teardown_request(lambda error: heard.append(("teardown_request", {})))
    with pytest.raises(ZeroDivisionError):
        send(app, "/bug")
    assert names(heard) == [
        "appcontext_pushed",
        "request_started",
        "got_request_exception",
        "teardown_request",
        "request_tearing_down",
        "appcontext_tearing_down",
        "appcontext_popped",
    ]
    assert dict(heard)["request_tearing_down"] == {"exc": "ZeroDivisionError"}


@proves(
    "guide/signals",
    "flask.Flask.wsgi_app() creates a flask.ctx.RequestContext and then calls three methods:",
    "RequestContext.push pushes the application context, opens the session and matches the URL.",
    "full_dispatch_request() sends request_started, then calls preprocess_request(), "
    "dispatch_request() and process_response(), then sends request_finished.",
    "If no handler takes an error, handle_exception() sends got_request_exception and "
    "makes the 500.",
    "pop() calls do_teardown_request(), which sends request_tearing_down.",
    "Then do_teardown_appcontext() sends appcontext_tearing_down.",
)
def test_the_methods_of_the_section_on_the_inside_send_what_it_says(
    app: Flask, heard: list[tuple[str, dict[str, Any]]]
) -> None:
    with app.test_request_context("/"):
        heard.clear()
        app.full_dispatch_request()
        assert names(heard) == ["request_started", "request_finished"]
        heard.clear()
        app.config["PROPAGATE_EXCEPTIONS"] = False
        assert app.handle_exception(ValueError("x")).status_code == 500
        assert names(heard)[0] == "got_request_exception"
        heard.clear()
        app.do_teardown_request(None)
        app.do_teardown_appcontext(None)
        assert names(heard) == ["request_tearing_down", "appcontext_tearing_down"]
