"""What the tests of docs/guide/caching.md share."""

from __future__ import annotations

from pathlib import Path

from tests.source import Source

ROOT = Path(__file__).parents[3]
_SOURCE = Source("guide/caching")
PAGE = _SOURCE.text
on_the_page = _SOURCE.quotes
table = _SOURCE.table
