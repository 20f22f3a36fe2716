"""Phrases that sent readers back to the start of a sentence are not written again."""

from __future__ import annotations

import re

import pytest

from proven.base.project import ROOT

# What is not written, and what is written instead.
INSTEAD = {
    r"\bone's\b": "the person or the thing",
    r"\b(answers|answered) (with )?\d{3}\b": "responds with",
    r"\b(the notes|the notebook) (say|said|set|show|put|read|name|start|write)\b": "old posts, and their line",
    r"\bas it comes\b|\bas they come\b": "by default",
    r"\b[Jj]ust so\b|\bSomebody was faster\b|\bThe owner reads it\b": "what happens, and to whom",
    r"\bsimply\b|\bobviously\b|\bof course\b": "the fact alone",
}
PAGES = sorted(
    name
    for path in (ROOT / "docs").rglob("*.md")
    if not (name := path.relative_to(ROOT / "docs").with_suffix("").as_posix()).startswith("_")
)


CODE = re.compile(
    r"^( *)(`{3,})\{?(literalinclude|exchange|shell|doctest|code-block|eval-rst).*?^\1\2$",
    re.MULTILINE | re.DOTALL,
)


def prose(text: str) -> str:
    """Return a page without its code, in one line."""
    text = CODE.sub("", text)
    return " ".join(re.sub(r"`[^`]*`", "``", text).split())


@pytest.mark.parametrize("phrase", INSTEAD)
def test_a_phrase_is_not_written_again(phrase: str) -> None:
    found = [
        f"docs/{page}.md: {match[0]!r}"
        for page in PAGES
        for match in re.finditer(
            phrase, prose((ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8"))
        )
    ]
    assert found == [], f"write {INSTEAD[phrase]}"


def test_code_is_no_prose() -> None:
    assert prose("One\n```{doctest}\none's\n```\nand `one's`.") == "One and ``."
