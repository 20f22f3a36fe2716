"""What the tests of docs/guide/openapi.md share."""

from __future__ import annotations

from tests.source import Source

_SOURCE = Source("guide/openapi")
PAGE = _SOURCE.text
on_the_page = _SOURCE.quotes
