"""Generators: docs/guide/contexts-in-threads.md."""

from __future__ import annotations

from collections.abc import Iterator

from flask import g, stream_with_context

from proven.claims.proofs import proves
from snippets.contexts import lifetime, streaming
from tests.guide.contexts.common import OUTSIDE_REQUEST, error_of, new_app


@proves(
    "guide/contexts-in-threads",
    "The contexts end after the view has returned.",
    "A generator that makes the body runs later, while the server sends what it yields.",
    "flask.stream_with_context() keeps the contexts for the generator:",
)
def test_a_generator_outlives_the_contexts_unless_they_are_kept() -> None:
    client = streaming.app.test_client()
    assert client.get("/kept").text == "You asked for /kept\nand that is all"
    error = error_of(client.get, "/lost")
    assert (type(error), str(error)) == (RuntimeError, OUTSIDE_REQUEST)


@proves(
    "guide/contexts-in-threads",
    "With stream_with_context the teardown functions run twice: after the view, before "
    "the first line is sent, and again after the last line.",
    "The g is the same.",
)
def test_teardown_runs_before_the_stream_and_again_after_it() -> None:
    app = new_app()
    events: list[str] = []

    def opened(name: str) -> str:
        if "connection" not in g:
            g.connection = name
            events.append(f"open {name}")
        return str(g.connection)

    @app.teardown_appcontext
    def close(error: BaseException | None) -> None:
        name = g.pop("connection", None)
        events.append(f"close {name}")

    @app.get("/")
    def view() -> Iterator[str]:
        opened("of the view")
        g.kept = "kept"

        def lines() -> Iterator[str]:
            events.append(f"first line, {g.kept}")
            opened("of the stream")
            yield "one"
            events.append("last line")
            yield "two"

        return stream_with_context(lines())

    with app.test_client().get("/") as answer:
        assert answer.text == "onetwo"
    assert events == [
        "open of the view",
        "close of the view",
        "first line, kept",
        "open of the stream",
        "last line",
        "close of the stream",
    ]


@proves(
    "guide/contexts-in-threads",
    "This one can: it removes the connection from g, and does nothing if there is none.",
)
def test_the_teardown_on_the_page_can_run_twice() -> None:
    with lifetime.app.app_context():
        number = lifetime.connection()
        assert lifetime.open_now == {number}
        lifetime.close(None)
        lifetime.close(None)
        assert lifetime.open_now == set()
