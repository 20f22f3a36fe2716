"""The files that a whole site has beside the pages of its sources.

It has no markup. An extension that writes such files names them in the event ``site-files``; a build is a success when
all of them stand on the disk, and a page that nobody names any more is removed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

# What Sphinx writes beside the pages.
OWN = ("objects.inv", "_static/pygments.css")


def made(app: Sphinx) -> set[str]:
    """Return the files that extensions write, relative to the folder of the language."""
    answers: list[Iterable[str]] = app.emit("site-files")
    return {file for files in answers for file in files}


def expected(app: Sphinx) -> set[str]:
    """Return the files without which the site is not whole."""
    return {*OWN, *(f"{page}.html" for page in app.env.found_docs), *made(app)}


def stale(app: Sphinx) -> Iterator[Path]:
    """Yield the files of a build before that nobody names any more: pages, and what stands in folders of extensions."""
    root, wanted = Path(app.outdir), expected(app)
    pages = {page.partition("/")[0] for page in app.env.found_docs}
    folders = {file.partition("/")[0] for file in made(app) if "/" in file} - pages
    for place, _folders, names in os.walk(root):
        within = Path(place).relative_to(root).as_posix()
        ours = within.partition("/")[0] in folders
        for name in names:
            shown = name if within == "." else f"{within}/{name}"
            if (ours or name.endswith((".html", ".md"))) and shown not in wanted:
                yield root / shown


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the event."""
    app.add_event("site-files")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
