"""The claims of this site: nothing is wrong with them."""

from __future__ import annotations

from pathlib import Path

from proven.base.memory import kept
from proven.base.project import DOCS, ROOT
from proven.claims import lists
from proven.claims.binding import faults
from proven.claims.gate import KEPT
from proven.claims.sentences import Sentence


def test_every_sentence_rests_on_something(site: Path) -> None:
    """The build of the site asks it of every page; here of what it kept, so that no page is passed over."""
    pages = kept(site.parent / "doctrees/en").values[KEPT]
    sentences = {page: [Sentence(*each) for each in its] for page, its in pages.items()}
    assert set(sentences) == {
        file.relative_to(DOCS).with_suffix("").as_posix() for file in DOCS.rglob("*.md")
    }
    assert sentences["guide/flashing"]
    lines = [f"{fault.place}: {fault.message}" for fault in faults(ROOT, sentences)]
    assert not lines, "\n" + "\n".join(lines)


def test_the_lists_are_as_the_command_writes_them() -> None:
    for page in lists.pages_with_lists(ROOT):
        file = ROOT / lists.path(page)
        before = file.read_text(encoding="utf-8")
        texts: dict[str, list[str]] = {}
        for item in lists.listed(ROOT, page):
            texts.setdefault(item.reason, []).append(item.text)
        assert lists.text_of(texts) == before, f"{page}: write it with nox -s claims -- file"
