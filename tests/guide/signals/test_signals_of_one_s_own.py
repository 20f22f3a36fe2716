"""Signals of one's own: docs/guide/signals.md."""

from __future__ import annotations

from typing import Any

import pytest
from blinker import Namespace, Signal
from flask import Flask

from proven.claims.proofs import proves
from snippets.signals import own_signal


@proves("guide/signals", "Create your own signals in a blinker.Namespace:")
def test_a_signal_of_ones_own_reaches_who_is_connected() -> None:
    own_signal.outbox.clear()
    client = own_signal.create_app().test_client()
    response = client.post("/orders/tea")
    assert (response.status_code, response.text) == (201, "Ordered; 1 took note")
    assert client.get("/outbox").json == ["To the warehouse of Canton: tea"]


@proves(
    "guide/signals",
    "send() takes the sender and keywords.",
    "It returns a list of pairs: the receiver, and what it returned.",
    "A namespace returns the same signal for the same name, so two packages should not "
    "share a namespace.",
)
def test_send_returns_pairs_of_receiver_and_answer_and_a_name_gives_the_same_signal() -> None:
    namespace = Namespace()
    signal = namespace.signal("paid")
    assert namespace.signal("paid") is signal
    assert Namespace().signal("paid") is not signal

    def receive(sender: object, amount: int) -> int:
        return amount * 2

    signal.connect(receive)
    assert signal.send("shop", amount=4) == [(receive, 8)]


@proves(
    "guide/signals",
    "An async def function is connected to a signal of your own.",
    "Flask tells Blinker how to run such a function; do the same when you call send:",
)
def test_an_async_receiver_of_ones_own_signal_has_to_be_wrapped(app: Flask) -> None:
    signal = Signal()

    async def thank(sender: Flask, **extra: Any) -> str:
        return "谢谢"

    signal.connect(thank, app)
    with pytest.raises(RuntimeError) as caught:
        signal.send(app)
    assert str(caught.value) == "Cannot send to a coroutine function."
    assert signal.send(app, _async_wrapper=app.ensure_sync) == [(thank, "谢谢")]
