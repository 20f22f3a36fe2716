"""The smallest example: docs/guide/contexts.md."""

from __future__ import annotations

import inspect

from proven.claims.proofs import proves
from snippets.contexts import smallest


@proves(
    "guide/contexts",
    "A context lets any function read the current request without getting it as an argument.",
    "headline takes no argument and still reads the request, g and the application.",
)
def test_a_function_finds_the_request_without_an_argument() -> None:
    client = smallest.app.test_client()
    first = client.get("/news?reader=ada").json
    assert first == {"headline": "ada reads /news in snippets.contexts.smallest", "visits": 1}
    assert inspect.signature(smallest.headline).parameters == {}


@proves(
    "guide/contexts",
    "The second request starts with an empty g, so the reader is no longer ada.",
    "The session keeps its count, because it travels in a cookie.",
)
def test_g_starts_empty_in_the_next_request_and_the_session_remembers() -> None:
    client = smallest.app.test_client()
    client.get("/news?reader=ada")
    second = client.get("/news").json
    assert second == {"headline": "nobody reads /news in snippets.contexts.smallest", "visits": 2}
    assert smallest.app.test_client().get("/news").json["visits"] == 1
