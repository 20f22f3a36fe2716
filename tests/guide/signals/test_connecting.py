"""Connecting: docs/guide/signals.md."""

from __future__ import annotations

import gc
import weakref
from functools import partial
from typing import Any

import pytest
from blinker import Signal
from flask import Flask, current_app, request, request_started

from proven.claims.proofs import proves
from snippets.signals import all_ten, weak_receivers
from tests.guide.signals.common import Receiver, send


@proves(
    "guide/signals",
    "calls the receiver for this application.",
    "calls the receiver for every application of the process, also for those of other tests.",
    "calls the receiver during the block.",
)
def test_without_a_sender_a_receiver_hears_every_application(app: Flask) -> None:
    heard: list[Flask] = []

    def receive(sender: Flask, **extra: Any) -> None:
        heard.append(sender)

    other = Flask("other", static_folder=None)
    with request_started.connected_to(receive, app):
        send(app)
        send(other)
    assert heard == [app]
    heard.clear()
    request_started.connect(receive)
    send(app)
    send(other)
    assert heard == [app, other]


@proves(
    "guide/signals",
    "disconnects the receiver.",
    "Without a sender, it ends all connections of the receiver.",
)
def test_disconnect_ends_all_connections(app: Flask) -> None:
    heard: list[Flask] = []

    def receive(sender: Flask, **extra: Any) -> None:
        heard.append(sender)

    request_started.connect(receive, app)
    request_started.connect(receive)
    request_started.disconnect(receive)
    send(app)
    assert heard == []


@proves("guide/signals", "A receiver that is connected twice is called once.")
def test_a_receiver_that_is_connected_twice_is_called_once(app: Flask) -> None:
    heard: list[str] = []

    def receive(sender: Flask, **extra: Any) -> None:
        heard.append("called")

    request_started.connect(receive, app)
    request_started.connect(receive, app)
    request_started.connect(receive)
    send(app)
    assert heard == ["called"]


@proves(
    "guide/signals",
    "The order of several receivers is not defined, because they are stored in a set.",
    "Order | not defined | in order of registration, or in reverse",
)
def test_receivers_are_kept_in_a_set() -> None:
    assert Signal.set_class is set
    assert {type(signal).set_class for signal in all_ten.ALL_TEN} == {set}


@proves(
    "guide/signals",
    "A receiver can be an async def function.",
    "Flask runs it like an async view, and waits for it.",
)
def test_an_async_receiver_is_run_and_waited_for(app: Flask) -> None:
    heard: list[str] = []

    async def receive(sender: Flask, **extra: Any) -> None:
        heard.append(request.path)

    app.add_url_rule("/heard", view_func=lambda: list(heard), endpoint="heard")
    request_started.connect(receive, app)
    assert send(app, "/heard").json == ["/heard"]


KEPT = [
    "function of a module",
    "inner function with connect_via",
    "inner function with weak=False",
]


@proves(
    "guide/signals",
    "is a decorator that connects the function for this application, and keeps the function alive.",
    "A function to which nothing else refers is gone before the first request, without any error:",
    "function of a module | yes, the module refers to it",
    "lambda | no",
    "function inside create_app | no, unless it is a view or a hook of the application",
    "any of them with weak=False or connect_via | yes",
    "It was a lambda or an inner function: pass weak=False, or use connect_via.",
)
def test_only_held_receivers_are_still_there_for_a_request() -> None:
    assert send(weak_receivers.create_app()).json == KEPT


@proves(
    "guide/signals", "connect() stores a weak reference, which does not keep the receiver alive."
)
def test_it_is_the_weak_reference_that_forgets_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = request_started.connect
    monkeypatch.setattr(
        request_started,
        "connect",
        lambda receiver, sender, weak=True: connect(receiver, sender, weak=False),
    )
    assert send(weak_receivers.create_app()).json == sorted(
        [*KEPT, "inner function", "lambda", "method of a forgotten object"]
    )


@proves("guide/signals", "method of an object | as long as something refers to the object")
def test_the_method_of_an_object_is_called_while_somebody_holds_the_object() -> None:
    counter = weak_receivers.Counter()
    app = weak_receivers.create_app()
    request_started.connect(counter.count, app)
    assert send(app).json == [*KEPT, "method of a forgotten object"]
    del counter
    assert send(app).json == KEPT


@proves(
    "guide/signals",
    "function inside create_app | no, unless it is a view or a hook of the application",
)
def test_an_inner_function_that_the_application_holds_stays(app: Flask) -> None:
    heard: list[str] = []

    def make() -> None:
        @app.before_request
        def both(*sender: Flask, **extra: Any) -> None:
            heard.append("signal" if sender else "hook")

        request_started.connect(both, app)

    make()
    send(app)
    assert heard == ["signal", "hook"]


@proves("guide/signals", "functools.partial() | no, unless it has a name in a module")
def test_a_partial_stays_only_if_it_has_a_name(app: Flask) -> None:
    heard: list[str] = []

    def receive(text: str, sender: Flask, **extra: Any) -> None:
        heard.append(text)

    request_started.connect(partial(receive, "forgotten"), app)
    named = partial(receive, "named")
    request_started.connect(named, app)
    send(app)
    assert heard == ["named"]


@proves(
    "guide/signals",
    "Blinker compares identities, and a proxy is not the application.",
    "The sender was current_app.",
    "Pass app.",
)
def test_the_proxy_current_app_is_no_sender(app: Flask) -> None:
    heard: list[Flask] = []

    def receive(sender: Flask, **extra: Any) -> None:
        heard.append(sender)

    with app.app_context():
        request_started.connect(receive, current_app)
    send(app)
    assert heard == []
    request_started.connect(receive, app)
    send(app)
    assert heard == [app]


@proves(
    "guide/signals",
    "The same receiver was used in connected_to.",
    "At the end of the block all connections of the receiver end, also those that existed "
    "before the block.",
)
def test_connected_to_ends_an_earlier_connection_of_the_receiver_too(app: Flask) -> None:
    heard: list[str] = []

    def receive(sender: Flask, **extra: Any) -> None:
        heard.append("called")

    request_started.connect(receive, app)
    with request_started.connected_to(receive, app):
        send(app)
    send(app)
    assert heard == ["called"]


@proves(
    "guide/signals",
    "If the function uses the variable app of create_app, it keeps the application too.",
    "Use the first argument, sender, instead of app.",
    "Then the application is freed, and only the function stays.",
)
@pytest.mark.parametrize("connect", ["connect_via", "weak=False"])
def test_a_strong_receiver_keeps_the_application_that_it_uses(connect: str) -> None:
    def make(*, uses_app: bool) -> weakref.ref[Flask]:
        app = Flask("made", static_folder=None)

        def from_outside(sender: Flask, **extra: Any) -> Flask:
            return app

        def from_sender(sender: Flask, **extra: Any) -> Flask:
            return sender

        receiver: Receiver = from_outside if uses_app else from_sender
        if connect == "connect_via":
            request_started.connect_via(app)(receiver)
        else:
            request_started.connect(receiver, app, weak=False)
        return weakref.ref(app)

    kept, freed = make(uses_app=True), make(uses_app=False)
    gc.collect()
    assert kept() is not None
    assert freed() is None


@proves("guide/signals", "weak=False and connect_via keep the function until the process ends.")
def test_a_strong_receiver_stays_although_its_application_is_gone() -> None:
    before = len(request_started.receivers)
    weak_receivers.create_app()
    gc.collect()
    # weak=False and connect_via; the module's function is one, however often it is connected
    assert len(request_started.receivers) >= before + 2
