"""Leads from an address that was published to where its text stands now.

It has no markup. ``docs/_moved.txt`` has a line for each address that is no more: the old one, a space, the new one.
An address is a page, or a page and an id: ``guide/forms`` or ``guide/forms#forms-uploads``. A page that is no more
becomes a page that sends the reader on. An id that has left a page is known to a script on that page, because no server
sees what follows the ``#``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util.osutil import relative_uri
from sphinx.util.typing import ExtensionMetadata

NAME = "_moved.txt"
SCRIPT = "moved.js"


class Move(NamedTuple):
    """A line of the list.

    Attributes:
        old: The address that was published.
        new: Where its text stands now.
        line: The number of the line.
    """

    old: str
    new: str
    line: int


def read(docs: Path) -> list[Move]:
    """Return what has moved.

    Raises:
        ExtensionError: for a line that is no pair of addresses, or an address that has moved twice.
    """
    file = docs / NAME
    found: dict[str, Move] = {}
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    for number, text in enumerate(lines, start=1):
        if not text or text.startswith("%"):
            continue
        parts = text.split()
        if len(parts) != 2:
            reason = "write the old address, a space, the new one"
        elif parts[0] in found:
            reason = (
                f"{parts[0]} has moved in line {found[parts[0]].line} already; keep one of the two"
            )
        elif parts[1] in found or parts[0] == parts[1]:
            reason = f"{parts[1]} has moved itself; name the address where it is now"
        else:
            found[parts[0]] = Move(parts[0], parts[1], number)
            continue
        raise ExtensionError(f"docs/{NAME}:{number}: {reason}", modname="moved")
    return list(found.values())


_moves: WeakKeyDictionary[Sphinx, list[Move]] = WeakKeyDictionary()


def moves(app: Sphinx) -> list[Move]:
    """Return what has moved, read once a build."""
    if app not in _moves:
        _moves[app] = read(Path(app.srcdir))
    return _moves[app]


def check(app: Sphinx, env: BuildEnvironment) -> None:
    """Stop the build for a line that leads nowhere, or leaves a page that is still there.

    Raises:
        ExtensionError: it names the line.
    """
    for move in moves(app):
        old, _hash, anchor = move.old.partition("#")
        new = move.new.partition("#")[0]
        if new not in env.all_docs:
            reason = f"there is no page {new}; mend the new address"
        elif not anchor and old in env.all_docs:
            reason = f"{old} is still a page; take out the line, or move single ids of it"
        else:
            continue
        raise ExtensionError(f"docs/{NAME}:{move.line}: {reason}", modname="moved")


def leads(moved: list[Move], page: str) -> dict[str, str]:
    """Return where the ids of a page have gone, relative to it; ``""`` stands for the page itself.

    >>> leads([Move("a/b#c", "a/d#c", 1), Move("a/b", "e", 2), Move("x", "y", 3)], "a/b")
    {'c': 'd.html#c', '': '../e.html'}
    """
    found = {}
    for move in moved:
        old, _hash, anchor = move.old.partition("#")
        if old == page:
            new, mark, there = move.new.partition("#")
            found[anchor] = relative_uri(f"{page}.html", f"{new}.html") + mark + there
    return found


def gone(app: Sphinx) -> set[str]:
    """Return the pages that are no more."""
    moved = {move.old.partition("#")[0] for move in moves(app)}
    return moved - set(app.env.all_docs)


def add_to_context(
    app: Sphinx,
    pagename: str,
    _template: str,
    context: dict[str, Any],
    _doctree: nodes.document | None,
) -> None:
    """Tell a page which of its ids have gone, and where to."""
    if found := leads(moves(app), pagename):
        context["moved"] = json.dumps(found)
        app.add_js_file(SCRIPT, loading_method="defer")


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write a page in the place of each that is no more."""
    if exception or app.builder.format != "html":
        return
    for page in gone(app):
        found = leads(moves(app), page)
        context = {
            "to": found.get("", relative_uri(f"{page}.html", "index.html")),
            "moved": json.dumps(found),
            "script": relative_uri(f"{page}.html", f"_static/{SCRIPT}"),
        }
        file = app.outdir / f"{page}.html"
        html = app.builder.templates.render("moved.html", context)
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.is_file() or file.read_text(encoding="utf-8") != html:
            file.write_text(html, encoding="utf-8")


def files(app: Sphinx) -> set[str]:
    """Return the files that :func:`write` writes."""
    return {f"{page}.html" for page in gone(app)}


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect the check, the script and the pages."""
    app.setup_extension("proven.base.site_files")
    app.connect("site-files", files)
    app.connect("env-check-consistency", lambda app, env: check(app, env))
    app.connect("html-page-context", add_to_context)
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
