"""The tests with a database that docs/guide/testing.md shows, run as they stand there."""

from __future__ import annotations

from snippets.testing.test_notes import (
    app,
    test_a_note_is_stored,
    test_the_next_test_begins_with_an_empty_table,
)

__all__ = ["app", "test_a_note_is_stored", "test_the_next_test_begins_with_an_empty_table"]
