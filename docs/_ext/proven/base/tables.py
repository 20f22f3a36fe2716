"""Text and tables that a directive makes: they are in the reader's language, so no catalog asks for them.

Other extensions use it; it has no markup of its own. In a text, what stands between backquotes is code::

    rows = [row(cell(code(key)), cell(_("removed; use `%s`") % use)) for key, use in gone]
    node = table(row(cell(_("Key")), cell(_("What happened"))), rows)
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from docutils import nodes

from proven.base.evidence import evidence


def row_id(name: str) -> str:
    """Return the id of the row of a name, in which upper and lower case differ as in the name.

    >>> row_id("flask.Request"), row_id("flask.request")
    ('name-flask-Request', 'name-flask-request')
    """
    return "name-" + re.sub(r"[^A-Za-z0-9]+", "-", name)


def inline(text: str) -> list[nodes.Node]:
    """Return ``text`` as nodes: what stands between backquotes is code."""
    pieces = enumerate(text.split("`"))
    return [code(piece) if index % 2 else nodes.Text(piece) for index, piece in pieces if piece]


def code(text: str) -> nodes.literal:
    """Return ``text`` as code."""
    return nodes.literal(text, text)


def paragraph(*content: str | nodes.Node, classes: Iterable[str] = ()) -> nodes.paragraph:
    """Return a paragraph that is no text of the page."""
    made = nodes.paragraph(translatable=False, classes=list(classes))
    for item in content:
        made += inline(item) if isinstance(item, str) else item
    return made


def cell(*content: str | nodes.Node, classes: Iterable[str] = ()) -> nodes.entry:
    """Return a cell with one paragraph."""
    return nodes.entry("", paragraph(*content), classes=list(classes))


def row(*cells: nodes.entry, classes: Iterable[str] = (), ids: Iterable[str] = ()) -> nodes.row:
    """Return a row."""
    return nodes.row("", *cells, classes=list(classes), ids=list(ids))


def table(head: nodes.row, rows: Iterable[nodes.row], classes: Iterable[str] = ()) -> nodes.table:
    """Return a table of as many columns as its head has cells."""
    columns = [nodes.colspec(colwidth=1) for _cell in head.children]
    group = nodes.tgroup(
        "", *columns, nodes.thead("", head), nodes.tbody("", *rows), cols=len(columns)
    )
    return evidence(nodes.table("", group, classes=list(classes)))
