"""What the tests of docs/guide/security.md share."""

from __future__ import annotations

from pathlib import Path

PAGE = (
    Path(__file__).parents[3].joinpath("docs", "guide", "security.md").read_text(encoding="utf-8")
)


def on_the_page(message: str) -> str:
    """Return the message, having made sure that the page quotes it to the letter."""
    assert message in " ".join(PAGE.split()), message
    return message
