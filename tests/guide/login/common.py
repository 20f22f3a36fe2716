"""What the tests of docs/guide/login.md share."""

from __future__ import annotations

from tests.source import Source

_SOURCE = Source("guide/login")
PAGE = _SOURCE.text
on_the_page = _SOURCE.quotes
table = _SOURCE.table
ADA = {"name": "ada", "password": "correct horse"}
