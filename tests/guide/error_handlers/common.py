"""What the tests of docs/guide/error-handlers.md share."""

from __future__ import annotations

import re
from pathlib import Path

from tests.guide.hooks.common import new_app, send

__all__ = ["PAGE", "new_app", "on_the_page", "send"]

PAGE = (Path(__file__).parents[3] / "docs/guide/error-handlers.md").read_text(encoding="utf-8")


def on_the_page(message: str) -> str:
    """Return the message, having made sure that the page quotes each sentence of it to the letter."""
    for sentence in re.split(r"(?<=\.)\s", message):
        assert sentence in PAGE
    return message
