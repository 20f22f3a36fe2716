"""What the tests of the reader share: the library Tea."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site.releases.fake_index import FakeIndex, serving
from tests.site.releases.tea import Tea


@pytest.fixture
def tea(tmp_path: Path) -> Iterator[Tea]:
    with serving(FakeIndex()) as index:
        yield Tea(index, tmp_path)
