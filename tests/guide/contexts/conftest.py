"""The fixtures that the tests of docs/guide/contexts.md share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import has_app_context, has_request_context


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    assert (has_app_context(), has_request_context()) == (False, False)
    yield
    assert (has_app_context(), has_request_context()) == (False, False)
