"""Each test of docs/guide/login.md begins with the users as a fresh process has them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from snippets.login import generations


@pytest.fixture(autouse=True)
def as_at_first() -> Iterator[None]:
    user = generations.USERS[1]
    before = user.password_hash, user.generation
    yield
    user.password_hash, user.generation = before
