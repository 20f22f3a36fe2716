"""The sentences of a page, read from its tree before it is translated.

``docs/about/testing.md`` says what counts as one. What the build makes (text that is not translatable, literal blocks,
the clauses of the role ``since``) is left out; a quote has :data:`GENERATED` in the place of such a clause.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from docutils import nodes
from docutils.utils import get_source_line
from sphinx import addnodes
from sphinx.util import docname_join

from proven.base.evidence import is_evidence
from proven.base.splitting import CODE, ends_as_sentence, join_head, split

# What a quote has in the place of words that the build makes.
GENERATED = "…"
# Stands around the target of a link whose words are the title of another page or section.
TARGET = re.compile("\ue001(?P<kind>ref|doc):(?P<target>[^\ue002]*)\ue002")
# A parameter of which the docstring says nothing.
NAME_AND_TYPE = re.compile(r"\*{0,2}\w+( \(.*\))?")
# Between the cells of a row.
CELLS = " | "


class Sentence(NamedTuple):
    """A sentence of a page.

    Attributes:
        text: What a reader sees, markup apart.
        file: The file that has it, from the root of the project.
        line: Its line there.
        kind: ``paragraph``, ``item``, ``definition``, ``row``, ``footnote``, ``field``, ``heading`` or ``caption``.
        section: The id of the smallest section, pitfall or documented object around it.
        shown: Whether something that runs stands directly in that section, so that it may be listed as shown.
        message: The text of the catalog that it is part of, ``""`` for a row, which is several.
        number: Which sentence of that text it is, from 0.
    """

    text: str
    file: str
    line: int
    kind: str
    section: str
    shown: bool
    message: str
    number: int


@dataclass
class _Reading:
    """The text of a node while it is read, and which of it is code."""

    text: str = ""
    mask: str = ""
    linked_only: bool = True
    pieces: list[str] = field(default_factory=list)

    def add(self, text: str, mask: str) -> None:
        self.text += text
        self.mask += mask


def sentences(document: nodes.document, docname: str, root: Path) -> list[Sentence]:
    """Return the sentences of a page in their order.

    Args:
        document: The tree as it is before anything is translated.
        docname: The name of the page.
        root: The folder of the project, to name files.
    """
    return [sentence for _node, its in units(document, docname, root) for sentence in its]


def units(
    document: nodes.document, docname: str, root: Path
) -> Iterator[tuple[nodes.Element, list[Sentence]]]:
    """Yield each text of a page that has sentences, a paragraph, heading or row, with them."""
    running = {id(_place(node)) for node in document.findall(is_evidence)}
    for node in list(document.findall(_is_unit)):
        if isinstance(node, nodes.Element):
            its = list(_of_unit(node, docname, root, id(_place(node)) in running))
            if its:
                yield node, its


def _is_unit(node: nodes.Node) -> bool:
    """Say whether a node is a text of its own: a row of a table, or a paragraph or heading outside of one."""
    if isinstance(node, nodes.row):
        return isinstance(node.parent, nodes.tbody) and not _is_made(node)
    if not isinstance(node, nodes.paragraph | nodes.title | nodes.rubric | nodes.caption):
        return False
    if isinstance(node.parent, nodes.document | nodes.topic | nodes.table | nodes.system_message):
        return isinstance(node, nodes.paragraph) and isinstance(node.parent, nodes.document)
    within = (nodes.row, nodes.thead, addnodes.desc_signature, nodes.system_message)
    return not any(isinstance(each, within) for each in _above(node)) and not _is_made(node)


def _is_made(node: nodes.Node) -> bool:
    """Say whether the build makes the words, not a person."""
    if isinstance(node, nodes.row):
        texts = list(node.findall(nodes.paragraph))
        return not texts or all(_is_made(text) for text in texts)
    if isinstance(node, nodes.Element) and not node.get("translatable", True):
        return True
    if any(is_evidence(each) for each in _above(node)):
        return True
    if isinstance(node.parent, nodes.Element) and isinstance(node.parent.parent, nodes.field):
        # The types of autodoc: no words at all.
        name = node.parent.parent[0].astext()
        return name in {"Return type", "Type"}
    # The base classes of autodoc.
    return isinstance(node.parent, addnodes.desc_content) and node.astext().startswith("Bases: ")


def _above(node: nodes.Node) -> Iterator[nodes.Element]:
    while node.parent is not None:
        node = node.parent
        yield node


def _place(node: nodes.Node) -> nodes.Element:
    """Return the smallest section, pitfall or documented object around a node."""
    last: nodes.Element | None = None
    for each in _above(node):
        last = each
        if isinstance(each, nodes.section | addnodes.desc):
            break
        if isinstance(each, nodes.admonition) and "pitfall" in each["classes"]:
            break
    assert last is not None  # noqa: S101  a node of a page has its document above it
    return last


def _of_unit(node: nodes.Element, docname: str, root: Path, shown: bool) -> Iterator[Sentence]:
    reading, kind = _Reading(), _kind(node)
    if isinstance(node, nodes.row):
        for number, entry in enumerate(node.children):
            if number:
                reading.add(CELLS, CELLS)
            for count, part in enumerate(entry.findall(nodes.paragraph)):
                reading.add(" " * bool(count), " " * bool(count))
                _read(part, reading, docname)
        pieces = [(" ".join(reading.text.split()), 0)]
    else:
        _read(node, reading, docname)
        pieces = list(_pieces(node, reading))
    if kind in {"heading", "caption"} and not ends_as_sentence(reading.mask):
        return
    if reading.linked_only or not re.search(r"\w", reading.text):
        return
    if kind == "field" and NAME_AND_TYPE.fullmatch(reading.text):
        return
    file, line = _source(node, root)
    raw = "" if isinstance(node, nodes.row) else node.rawsource
    place = _place(node)
    named = place.next_node(addnodes.desc_signature) if isinstance(place, addnodes.desc) else place
    section = named["ids"][0] if named is not None and named.get("ids") else ""
    for number, (text, start) in enumerate(pieces):
        at = line + reading.text.count("\n", 0, start)
        yield Sentence(text, file, at, kind, section, shown, raw, number)


def _pieces(node: nodes.Element, reading: _Reading) -> Iterator[tuple[str, int]]:
    """Yield the sentences of a paragraph, each with its start."""
    yield from join_head(split(reading.text, reading.mask), bold_beginning(node))


def bold_beginning(node: nodes.Element) -> int:
    """Return how many characters of a text are bold at its beginning."""
    first = next((each for each in node.children if each.astext()), None)
    return len(first.astext()) if isinstance(first, nodes.strong) else 0


def _kind(node: nodes.Element) -> str:
    if isinstance(node, nodes.row):
        return "row"
    if isinstance(node, nodes.title | nodes.rubric):
        return "heading"
    if isinstance(node, nodes.caption):
        return "caption"
    # Autodoc makes a list of several parameters.
    if any(isinstance(above, nodes.field) for above in _above(node)):
        return "field"
    for above in _above(node):
        for kind, name in (
            (nodes.footnote, "footnote"),
            (nodes.definition, "definition"),
            (nodes.list_item, "item"),
        ):
            if isinstance(above, kind):
                return name
        if isinstance(above, nodes.section):
            break
    return "paragraph"


def _read(node: nodes.Node, reading: _Reading, docname: str, code: bool = False) -> None:
    """Add what a reader sees of ``node``."""
    for child in node.children:
        if isinstance(child, nodes.Text):
            text = child.astext()
            linked = any(
                isinstance(each, nodes.reference | addnodes.pending_xref) for each in _above(child)
            )
            if not linked and re.search(r"\w", text):
                reading.linked_only = False
            reading.add(text, re.sub(r"\S", CODE, text) if code else text)
        elif isinstance(child, nodes.inline) and "since" in child["classes"]:
            reading.linked_only = False
            reading.add(GENERATED, CODE)
        elif isinstance(child, nodes.footnote_reference | nodes.comment | nodes.image):
            continue
        elif isinstance(child, addnodes.pending_xref) and _is_titled(child):
            target = child["reftarget"]
            if child["reftype"] == "doc":
                target = docname_join(child.get("refdoc", docname), target).removesuffix(".md")
            mark = f"\ue001{child['reftype']}:{target}\ue002"
            reading.add(mark, CODE * len(mark))
        else:
            is_code = code or isinstance(child, nodes.literal | addnodes.literal_strong)
            _read(child, reading, docname, is_code)


def _is_titled(link: addnodes.pending_xref) -> bool:
    """Say whether the words of a link are the title of what it leads to."""
    return link["reftype"] in {"ref", "doc"} and not link.get("refexplicit")


def with_titles(text: str, title: Callable[[str, str], str]) -> str:
    """Return a sentence with the titles in the place of its targets.

    Args:
        text: A sentence as :func:`sentences` returns it.
        title: Returns the title for a kind, ``ref`` or ``doc``, and a target.
    """
    return " ".join(TARGET.sub(lambda found: title(found["kind"], found["target"]), text).split())


def _source(node: nodes.Element, root: Path) -> tuple[str, int]:
    """Return the file of a text, from the root of the project, and its line."""
    inner: Any = next((each for each in node.findall(nodes.Element) if each.line), node)
    source, line = get_source_line(inner)
    name, docstring, _object = (source or "").partition(":docstring of ")
    file = Path(name)
    shown = file.relative_to(root).as_posix() if file.is_relative_to(root) else name
    if docstring and file.is_file():
        return shown, _line_in(file, node.astext().rpartition(" -- ")[2])
    if isinstance(node, nodes.row) and file.is_file():
        return shown, _line_of_row(file, node, line or 1)
    return shown, line or 1


def _line_of_row(file: Path, row: nodes.row, line: int) -> int:
    """Return the line of a row, which the tree counts from the head of its table."""
    first = next(row.findall(nodes.paragraph)).rawsource
    lines = file.read_text(encoding="utf-8").splitlines()
    found = (n for n, each in enumerate(lines[line - 1 :], line) if each.startswith(f"| {first} |"))
    return next(found, line)


def _line_in(file: Path, text: str) -> int:
    """Return the line of a file that has the first words of a docstring's text, 1 if none has."""
    words = re.findall(r"\w+", text)[:4]
    pattern = re.compile(r"\W+".join(map(re.escape, words)))
    source = file.read_text(encoding="utf-8")
    found = pattern.search(source)
    return source.count("\n", 0, found.start()) + 1 if found else 1
