"""What the tests of docs/guide/login.md share."""

from __future__ import annotations

from pathlib import Path

PAGE = Path(__file__).parents[3].joinpath("docs", "guide", "login.md").read_text(encoding="utf-8")
ADA = {"name": "ada", "password": "correct horse"}


def on_the_page(message: str) -> str:
    """Return the message, having made sure that the page quotes it to the letter."""
    assert message in " ".join(PAGE.split()), message
    return message


def table(label: str) -> list[list[str]]:
    """Return the cells of the table below a label, without its head."""
    section = PAGE.split(f"({label})=\n")[1].split(")=\n")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ")][2:]
    return [[cell.strip() for cell in row.split("|")[1:-1]] for row in rows]
