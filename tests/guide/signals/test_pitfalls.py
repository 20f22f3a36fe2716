"""Pitfalls: docs/guide/signals.md."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from typing import Any

import pytest
from blinker import Signal
from flask import (
    Flask,
    appcontext_popped,
    appcontext_pushed,
    appcontext_tearing_down,
    current_app,
    g,
    got_request_exception,
    has_app_context,
    has_request_context,
    request,
    request_finished,
    request_started,
)

from proven.claims.proofs import proves
from snippets.signals import captured
from tests.guide.signals.common import Receiver, send


def run_with(app: Flask, signal: Signal, receiver: Receiver, path: str = "/") -> BaseException:
    """Return what a request raises while the receiver is connected."""
    app.testing = True
    with signal.connected_to(receiver, app), pytest.raises(Exception) as caught:
        send(app, path)
    return caught.value


@proves(
    "guide/signals", "The receiver has no parameter for a keyword of the signal, and no **extra."
)
def test_a_receiver_without_a_keyword() -> None:
    def keep(sender: Flask) -> None: ...

    error = run_with(captured.app, request_finished, keep, "/cart/0")
    captured.app.testing = False
    assert type(error) is TypeError
    assert str(error).endswith("keep() got an unexpected keyword argument 'response'")


@proves(
    "guide/signals",
    "The receiver has no parameter for the sender.",
    "The first parameter is always sender.",
)
def test_a_receiver_without_a_sender(app: Flask) -> None:
    def keep() -> None: ...

    error = run_with(app, request_started, keep)
    assert type(error) is TypeError
    assert str(error).endswith("keep() takes 0 positional arguments but 1 was given")


@proves(
    "guide/signals",
    "If its first parameter is a keyword of the signal, the message is TypeError: keep() "
    "got multiple values for argument 'exception'.",
)
def test_a_receiver_whose_first_parameter_is_a_keyword(app: Flask) -> None:
    def keep(exception: Exception) -> None: ...

    error = run_with(app, got_request_exception, keep, "/bug")
    assert type(error) is TypeError
    assert str(error).endswith("keep() got multiple values for argument 'exception'")


@proves(
    "guide/signals",
    "A receiver of appcontext_pushed raised an exception in a request, often because it "
    "read request before the request context was pushed.",
    "Flask then ends a request context that has not begun, and this second error hides the first.",
    "The traceback shows the first one above the line During handling of the above "
    "exception, another exception occurred:.",
    "The application context stays active in that thread.",
)
def test_a_failing_receiver_of_appcontext_pushed_is_hidden_by_a_lookup_error(app: Flask) -> None:
    def receive(sender: Flask, **extra: Any) -> None:
        assert not has_request_context()
        assert request.path

    found: list[BaseException] = []
    left_behind: list[str] = []

    def in_a_thread() -> None:
        # The context is left behind, so it must not be that of the other tests.
        found.append(run_with(app, appcontext_pushed, receive))
        assert has_app_context()
        left_behind.append(current_app.name)

    thread = threading.Thread(target=in_a_thread)
    thread.start()
    thread.join()
    (error,) = found
    assert type(error) is LookupError
    assert str(error).startswith("<ContextVar name='flask.request_ctx' at 0x")
    assert "Working outside of request context." in str(error.__context__)
    assert left_behind == [app.name]
    shown = "".join(traceback.format_exception(error))
    assert "During handling of the above exception, another exception occurred:" in shown
    assert shown.index("RuntimeError: Working outside") < shown.index("LookupError: <ContextVar")


@proves(
    "guide/signals",
    "A receiver of appcontext_tearing_down read request or session, and the request "
    "context has already ended by then.",
    "In all of these receivers you can use the argument sender.",
)
def test_a_receiver_of_appcontext_tearing_down_has_no_request(app: Flask) -> None:
    def receive(sender: Flask, **extra: Any) -> None:
        assert sender is app
        assert request.path

    error = run_with(app, appcontext_tearing_down, receive)
    assert type(error) is RuntimeError
    assert str(error).startswith("Working outside of request context.\n")


@proves(
    "guide/signals",
    "In appcontext_popped, current_app and g raise RuntimeError: Working outside of "
    "application context.",
    "In all of these receivers you can use the argument sender.",
)
@pytest.mark.parametrize("read", [lambda: current_app.name, lambda: g.user])
def test_a_receiver_of_appcontext_popped_has_no_application_context(
    app: Flask, read: Callable[[], Any]
) -> None:
    def receive(sender: Flask, **extra: Any) -> None:
        assert sender is app
        assert not has_app_context()
        read()

    error = run_with(app, appcontext_popped, receive)
    assert type(error) is RuntimeError
    assert str(error).startswith("Working outside of application context.\n")


@proves("guide/signals", "It always is, so remove the check: ….")
def test_signals_available_is_gone() -> None:
    with pytest.raises(ImportError) as caught:
        from flask import signals_available  # noqa: F401
    assert str(caught.value).startswith("cannot import name 'signals_available' from 'flask'")


@proves("guide/signals", "send takes one positional argument, the sender.")
def test_send_takes_the_rest_by_keyword() -> None:
    with pytest.raises(TypeError) as caught:
        Signal().send("shop", "tea")  # type: ignore[call-arg]
    assert str(caught.value) == (
        "Signal.send() takes from 1 to 2 positional arguments but 3 were given"
    )


@proves(
    "guide/request-life",
    "a. before_first_request | gone: …",
    "The last line was ctx.auto_pop(error) (…) and is ctx.pop(error) today.",
)
def test_before_first_request_and_auto_pop_are_gone(app: Flask) -> None:
    assert not hasattr(app, "before_first_request")
    assert not hasattr(app, "try_trigger_before_first_request_functions")
    with app.test_request_context() as context:
        assert not hasattr(context, "auto_pop")
        assert hasattr(context, "pop")
