"""Adds the addresses of the built site to ``docs/_published.txt``, which promises that they last: ``nox -s addresses``.

An address is a page, or a page and the id of a section, a term, a pitfall, a documented name or a row. Others link to
them. The list is only ever added to; what is taken off a page gets a line in ``docs/_moved.txt``.
"""

from __future__ import annotations

import re
from pathlib import Path

from lxml import html

from proven.base.project import DOCS, ROOT
from proven.site import moved
from proven.translation.languages import SOURCE

LIST = DOCS / "_published.txt"
# What bears an id for readers; others are there for scripts and styles. The search page has none.
PITFALL = "self::div[contains(concat(' ', @class, ' '), ' pitfall ')]"
BEARERS = f"//article//*[self::section or self::span or self::dt or self::tr or {PITFALL}]/@id"
# Ids that docutils counts, and those of a browser's widgets, belong to one build.
COUNTED = re.compile(r"(id|footnote-reference-|footnote-)\d+")
UNLISTED = {"search"}


def standing(site: Path) -> set[str]:
    """Return the addresses of a built site, without those that only lead on.

    Args:
        site: The folder of one language.
    """
    gone = {move.old for move in moved.read(DOCS)}
    found = set()
    for file in site.rglob("*.html"):
        page = file.relative_to(site).with_suffix("").as_posix()
        if page in UNLISTED or page in gone:
            continue
        ids = html.parse(str(file)).getroot().xpath(BEARERS)
        found |= {page, *(f"{page}#{name}" for name in ids if not COUNTED.fullmatch(name))}
    # The modules of the snippets are told by the pages that show them; their own lines have no promise. Nor have the
    # tests, which are divided anew as their pages grow.
    return {
        address
        for address in found
        if not address.startswith("code/")
        or ("#" not in address and not address.startswith("code/tests/"))
    }


def published() -> set[str]:
    """Return the addresses that were promised."""
    return set(LIST.read_text(encoding="utf-8").split())


def main() -> None:
    """Add what is new."""
    before = published() if LIST.is_file() else set()
    moves = {move.old for move in moved.read(DOCS)}
    after = before | moves | standing(ROOT / "build" / "html" / SOURCE.folder)
    LIST.write_text("".join(f"{address}\n" for address in sorted(after)), encoding="utf-8")
    print(f"{LIST.relative_to(ROOT)}: {len(after - before)} added, {len(after)} in all")


if __name__ == "__main__":
    main()
