"""The contract runs on a store that a reader writes."""

import pytest

from snippets.server_sessions.memory_store import MemoryStore
from snippets.sessions import ServerSideSessionInterface
from tests.reference.sessions.contract import CONTRACT, Check, Subject, name_of


@pytest.mark.parametrize("check", CONTRACT, ids=name_of)
def test_a_store_of_your_own(check: Check) -> None:
    store = MemoryStore()
    check(Subject(lambda **options: ServerSideSessionInterface(store, **options)))
