"""What the tests of Run share."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from proven.run import runner


@pytest.fixture(autouse=True)
def snippets_as_before() -> Iterator[None]:
    """Give back the snippets that other tests have imported."""
    before = {
        name: sys.modules[name]
        for name in list(sys.modules)
        if name.partition(".")[0] == "snippets"
    }
    yield
    runner.forget()
    sys.modules.update(before)
