"""What the tests of docs/guide/security.md share."""

from __future__ import annotations

from tests.source import Source

_SOURCE = Source("guide/security")
PAGE = _SOURCE.text
on_the_page = _SOURCE.quotes
