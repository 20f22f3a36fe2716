"""``proves``: what a test says of the sentences that it proves.

::

    from proven.claims.proofs import proves

    @proves("guide/hooks", "A function that returns a response ends the request.")
    def test_a_hook_that_returns_ends_the_request() -> None: ...

A sentence is quoted as a reader sees it: no backquotes, of a link its text. Nothing happens when the test runs.
:mod:`proven.claims.quotes` reads the quotes from the source, and the build stops when the page says something else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Test = TypeVar("Test", bound=Callable[..., object])


def proves(page: str, *sentences: str) -> Callable[[Test], Test]:
    """Say that a test, or the tests of a class, would fail if one of these sentences were false.

    Args:
        page: The name of the page that says them, such as ``guide/hooks``.
        sentences: Sentences or rows of tables, each whole.

    Raises:
        TypeError: if no sentence is quoted, which happens to a decorator without its call too.
    """
    if not isinstance(page, str) or not sentences:
        raise TypeError("proves takes the name of a page and the sentences that the test proves")

    def unchanged(test: Test) -> Test:
        return test

    return unchanged
