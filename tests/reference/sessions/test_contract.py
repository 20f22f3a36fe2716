"""Every backend keeps the whole contract."""

import pytest

from tests.reference.sessions.contract import CONTRACT, STORE_CONTRACT, Check, Subject, name_of


@pytest.mark.parametrize("check", CONTRACT, ids=name_of)
def test_sessions(subject: Subject, check: Check) -> None:
    check(subject)


@pytest.mark.parametrize("check", STORE_CONTRACT, ids=name_of)
def test_store(subject: Subject, check: Check) -> None:
    check(subject)
