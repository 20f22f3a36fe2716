"""What can be found: the sections, pitfalls, table rows, terms and definitions of a page, read off its doctree.

A record opens at its anchor and brings its own excerpt, so that showing results loads no page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from docutils import nodes
from sphinx import addnodes

#: What a record is. Readers see it beside the title; a guide's section comes before a table about the same.
KINDS = ("page", "section", "pitfall", "term", "row", "name", "subsection")
#: Characters of an excerpt; a Han character takes the room of two.
EXCERPT = 24
# What shows no excerpt.
HEADED = {"page", "section", "pitfall"}


@dataclass(frozen=True)
class Record:
    """One thing that a search can find.

    Attributes:
        kind: One of :data:`KINDS`.
        anchor: The id that it opens at, ``""`` for the top of its page.
        title: Its heading.
        excerpt: The beginning of its text.
        names: The inline code in it.
        text: All of its prose.
    """

    kind: str
    anchor: str
    title: str
    excerpt: str
    names: tuple[str, ...] = ()
    text: str = ""


@dataclass
class Prose:
    """The text below a node, sorted by what it is."""

    words: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def add(self, node: nodes.Node) -> None:
        """Take the text of ``node``, but not of what is a record of its own."""
        if isinstance(node, nodes.Text):
            self.words.append(node.astext())
        elif isinstance(node, nodes.literal):
            self.words.append(node.astext())
            self.names.append(node.astext())
        elif not isinstance(
            node,
            nodes.literal_block
            | nodes.Invisible
            | nodes.raw
            | nodes.section
            # Docutils' own notes, which no page shows.
            | nodes.system_message,
        ) and not _own(node):
            for child in node.children:
                self.add(child)
            if isinstance(node, nodes.TextElement) and not isinstance(node, nodes.Inline):
                self.words.append("\n")


def _own(node: nodes.Node) -> bool:
    """Say whether a node is no part of what it stands in, most often as it is a record of its own."""
    if not isinstance(node, nodes.Element):
        return False
    # Below each snippet the same links stand, and before each cell its label for a phone, which say nothing of it. The
    # names of all libraries would double the index.
    apart = {"pitfall", "snippet-footer", "cell-label", "unsearched"}
    return not apart.isdisjoint(node.get("classes", ())) or (
        isinstance(node, nodes.row | nodes.definition_list_item | addnodes.desc)
        and bool(_anchor(node))
    )


def _anchor(node: nodes.Element) -> str:
    """Return the id that a node opens at; of a term or a definition, that of its first line."""
    if isinstance(node, addnodes.desc):
        return next((i for s in node.findall(addnodes.desc_signature) for i in s["ids"]), "")
    if isinstance(node, nodes.definition_list_item):
        return next((i for term in node.findall(nodes.term) for i in term["ids"]), "")
    return next(iter(node.get("ids", ())), "")


def _depth(section: nodes.section) -> str:
    """Return the kind of a section below the first of its page: is it in another one?"""
    above = section.parent
    nested = isinstance(above, nodes.section) and isinstance(above.parent, nodes.section)
    return "subsection" if nested else "section"


def records(doctree: nodes.document) -> Iterator[Record]:
    """Yield what a page has, from its top to its bottom."""
    first = True
    for node in doctree.findall(nodes.Element):
        if isinstance(node, nodes.section):
            title = node.next_node(nodes.title)
            if title is not None and node["ids"] and not _own(node):
                rest = [child for child in node.children if not isinstance(child, nodes.title)]
                kind, anchor = ("page", "") if first else (_depth(node), node["ids"][0])
                first = False
                yield _record(kind, anchor, title.astext(), rest)
        elif isinstance(node, nodes.admonition) and "pitfall" in node["classes"] and node["ids"]:
            # After the title stands the kind of box, see callouts.
            yield _record("pitfall", node["ids"][0], node[0].astext(), node.children[2:])
        elif isinstance(node, nodes.definition_list_item) and (anchor := _anchor(node)):
            terms = " ".join(term.astext() for term in node.findall(nodes.term))
            yield _record("term", anchor, terms, node.children[1:])
        elif isinstance(node, nodes.row) and (anchor := _anchor(node)):
            # An empty cell says nothing, and its neighbours are told apart by a sign.
            cells = [spaced(cell) for cell in node.children[1:] if cell.astext().strip()]
            name = node.children[0].astext().strip()
            yield Record("row", anchor, name, excerpt(" · ".join(cells)))
        elif isinstance(node, addnodes.desc) and (anchor := _anchor(node)):
            yield _record("name", anchor, anchor, node.children[1:])


def _record(kind: str, anchor: str, title: str, content: list[nodes.Node]) -> Record:
    prose = Prose()
    for child in content:
        prose.add(child)
    text = re.sub(r"\s*\n\s*", "\n", "".join(prose.words)).strip()
    return Record(
        kind,
        anchor,
        " ".join(title.split()),
        # A heading, and the message that a pitfall is about, say more than the first words below them.
        "" if kind in HEADED else excerpt(text.replace("\n", " ")),
        tuple(dict.fromkeys(prose.names)),
        text,
    )


def spaced(cell: nodes.Node) -> str:
    """Return the text of a cell; its label, which a phone shows, is apart from it."""
    return " ".join(text.strip() for text in cell.findall(nodes.Text) if text.strip())


def excerpt(text: str, room: int = EXCERPT) -> str:
    """Return the beginning of ``text``, cut between words.

    >>> excerpt("a rule that ends in a slash", 12)
    'a rule that…'
    >>> excerpt("结尾的斜杠是规则的一部分", 12)
    '结尾的斜杠是…'
    """
    used = 0
    for place, character in enumerate(text):
        used += 2 if ord(character) >= 0x2E80 else 1
        if used > room:
            cut = text[:place]
            if character.isascii() and character.isalnum() and " " in cut:
                cut = cut.rpartition(" ")[0]
            return cut.rstrip(" ,;:，；：、") + "…"
    return text
