"""Push and pop by hand: docs/guide/contexts.md."""

from __future__ import annotations

import re
from contextvars import Context
from typing import Any

import pytest

from proven.claims.proofs import proves
from tests.guide.contexts.common import PAGE, TOKEN, error_of, in_thread, new_app, on_the_page


@proves(
    "guide/contexts",
    "Two contexts were popped in the order in which they were pushed.",
    "For a request context the message is Popped wrong request context.",
)
@pytest.mark.parametrize("kind", ["app", "request"])
def test_contexts_popped_in_the_order_in_which_they_were_pushed(kind: str) -> None:
    app = new_app()

    def wrong_order() -> None:
        make = app.app_context if kind == "app" else app.test_request_context
        first, second = make(), make()
        first.push()
        second.push()
        first.pop()

    # in a context of its own, which takes the mess with it
    error = error_of(Context().run, wrong_order)
    assert type(error) is AssertionError
    assert str(error).startswith(on_the_page(f"Popped wrong {kind} context."))


@proves("guide/contexts", "A context was popped more often than it was pushed.")
@pytest.mark.parametrize("kind", ["app", "request"])
def test_a_context_popped_that_was_not_pushed(kind: str) -> None:
    app = new_app()
    context: Any = app.app_context() if kind == "app" else app.test_request_context()
    error = error_of(context.pop)
    assert type(error) is LookupError
    assert str(error).startswith(f"<ContextVar name='flask.{kind}_ctx' at 0x")
    with context:
        pass
    assert type(error_of(context.pop)) is LookupError
    on_the_page("LookupError: <ContextVar name='flask.app_ctx' at 0x")


@proves("guide/contexts", "A context was pushed in one thread or task and popped in another.")
def test_a_context_pushed_in_one_thread_and_popped_in_another() -> None:
    assert re.search(f"`ValueError: {TOKEN}`", PAGE)

    def push_and_pop() -> None:
        context = new_app().test_request_context()
        in_thread(context.push)
        # the thread that pops has a request of its own
        with new_app().test_request_context():
            context.pop()

    error = error_of(Context().run, push_and_pop)
    assert type(error) is ValueError
    assert re.fullmatch(TOKEN, str(error))
