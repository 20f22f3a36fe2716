"""What the tests of docs/guide/template-helpers.md share."""

from __future__ import annotations

import re
from pathlib import Path

from tests.guide.hooks.common import new_app, render, send

__all__ = ["PAGE", "new_app", "on_the_page", "render", "rows", "send"]

PAGE = (Path(__file__).parents[3] / "docs/guide/template-helpers.md").read_text(encoding="utf-8")


def on_the_page(message: str) -> str:
    """Return the message, having made sure that the page quotes each sentence of it to the letter."""
    for sentence in re.split(r"(?<=\.)\s", message):
        assert sentence in PAGE
    return message


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the first table under the label of a heading."""
    text = PAGE.split(f"({heading})=\n")[1].split("\n(")[0]
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines[2:]]
