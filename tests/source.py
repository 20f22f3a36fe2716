"""The source of a page, as the tests of what it says read it."""

from __future__ import annotations

import re

from proven.base.project import DOCS


class Source:
    """A page as its author wrote it.

    Attributes:
        text: What the file says.
        words: The same with single spaces, however its lines are broken.
    """

    def __init__(self, page: str) -> None:
        self.text = DOCS.joinpath(f"{page}.md").read_text(encoding="utf-8")
        self.words = " ".join(self.text.split())

    def has(self, text: str) -> bool:
        """Say whether the page has a text, however the lines of both are broken."""
        return " ".join(text.split()) in self.words

    def says(self, text: str) -> str:
        """Return a text, having made sure that the page has it, however the lines of both are broken."""
        assert self.has(text), text
        return text

    def quotes(self, message: str) -> str:
        """Return a message, having made sure that the page quotes it to the letter."""
        assert message in self.words, message
        return message

    def table(self, label: str) -> list[list[str]]:
        """Return the cells of the table below a label, without its head."""
        section = re.split(r"\n\([\w-]+\)=\n", self.text.split(f"({label})=\n")[1])[0]
        rows = [line for line in section.splitlines() if line.startswith("| ")][2:]
        return [[cell.strip() for cell in row.split("|")[1:-1]] for row in rows]
