"""The links at the foot of each page to what readers take with them: ePub, PDF, the whole site as a zip.

It has no markup; ``page.html`` writes it. ``nox -s books`` makes the files, rarely, and notes of which sources. A site
links them only while its sources are these, so that no link is dead and no book says something else than its page.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from proven.translation.languages import by_code

#: The folder of the site that has them, and the one that they are made in, below that of a build.
FOLDER = "_books"
MADE = "books"
#: Says of which sources they were made.
STAMP = "books.stamp"
#: Where a build finds them; without it a page links none.
VARIABLE = "PROVEN_BOOKS"
ARCHIVE = "proven-flask.zip"
KINDS = {"ePub": "epub", "PDF": "pdf"}


def names(folder: str) -> dict[str, str]:
    """Return the files of a language by what readers call them."""
    return {title: f"proven-flask-{folder}.{ending}" for title, ending in KINDS.items()}


def ready(output: Path, sources: str) -> Path | None:
    """Return the folder of the books if they were made of these sources."""
    stamp = output / STAMP
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == sources:
        return output / MADE
    return None


def sizes(folder: Path) -> dict[str, int]:
    """Return the files of a folder with their sizes in bytes."""
    return {file.name: file.stat().st_size for file in sorted(folder.iterdir())}


def links(app: Sphinx, pagename: str) -> Iterator[dict[str, str]]:
    """Yield what the foot of a page links."""
    up = "../" * (pagename.count("/") + 1)
    own = names(by_code(app.config.language).folder)
    for title, file in {**own, "ZIP": ARCHIVE}.items():
        if size := app.config.books.get(file):
            yield {"title": title, "href": f"{up}{FOLDER}/{file}", "size": f"{size / 1e6:.1f}"}


def add_to_context(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Give the template the links."""
    context["books"] = list(links(app, pagename))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the files as a setting, so that pages are written anew when they change, and the context."""
    folder = os.environ.get(VARIABLE)
    app.add_config_value("books", sizes(Path(folder)) if folder else {}, "html", dict)
    app.connect("html-page-context", add_to_context)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
