"""The pitfalls of the site, as they are written."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs"


def written() -> list[tuple[str, str]]:
    """Return the page and the title of every pitfall."""
    found = []
    for file in sorted(DOCS.rglob("*.md")):
        page = file.relative_to(DOCS).with_suffix("").as_posix()
        if not page.startswith(("_", "about/")):
            titles = re.findall(r"^ *:{3,}\{pitfall\} (.+)$", file.read_text("utf-8"), re.M)
            found += [(page, title) for title in titles]
    return found
