"""The tables that directives make: code between backquotes, and no text for a catalog."""

from __future__ import annotations

from docutils import nodes
from docutils.utils import new_document
from sphinx.util.nodes import extract_messages

from proven.base.tables import cell, code, inline, paragraph, row, table


def test_what_stands_between_backquotes_is_code() -> None:
    made = inline("use `a` or `b`")
    assert [(node.tagname, node.astext()) for node in made] == [  # type: ignore[attr-defined]
        *(("#text", "use "), ("literal", "a"), ("#text", " or "), ("literal", "b"))
    ]


def test_a_table_has_a_head_and_a_column_for_each_of_its_cells() -> None:
    head = row(cell("Key"), cell("Default", classes=["text-right"]))
    made = table(head, [row(cell(code("LID")), cell(), classes=["gone"])], classes=["tea"])
    assert made["classes"] == ["tea"]
    (group,) = made.findall(nodes.tgroup)
    assert group["cols"] == len(list(made.findall(nodes.colspec))) == 2
    (top,) = made.findall(nodes.thead)
    (body,) = made.findall(nodes.tbody)
    assert [entry.astext() for entry in top.findall(nodes.entry)] == ["Key", "Default"]
    assert [entry["classes"] for entry in top.findall(nodes.entry)] == [[], ["text-right"]]
    assert [item["classes"] for item in body.findall(nodes.row)] == [["gone"]]
    assert [entry.astext() for entry in body.findall(nodes.entry)] == ["LID", ""]
    assert isinstance(next(body.findall(nodes.literal)).parent, nodes.paragraph)


def test_no_catalog_asks_for_it() -> None:
    document = new_document("tea.md")
    document += table(row(cell("Key")), [row(cell("LID"))])
    document += paragraph("Use ", code("LID"))
    document += nodes.paragraph("Asked", "Asked", source="tea.md", line=1)
    assert [message for _, message in extract_messages(document)] == ["Asked"]
