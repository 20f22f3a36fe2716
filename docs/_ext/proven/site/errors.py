"""The error look-up: every pitfall of the site by its message, and a box to paste a message into.

::

    ```{error-look-up}
    ```

    ```{errors} exceptions
    ```

``{errors}`` lists the pitfalls (:mod:`proven.site.callouts`) of one of :data:`KINDS`, each with a link to its page and
its first paragraph, the beginning of its explanation. Nothing is typed twice: a new pitfall is in its list with the
next build, and a page with a list is written again when a pitfall anywhere changes. The list of ``passages`` has the
messages that stand in a table or under “Then and now”. ``look-up/page.js`` makes the box; without it the lists are
simply there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.locale import _
from sphinx.util import docname_join
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from proven.base.html_node import register
from proven.base.memory import memory

# What a pitfall is found by: the class of an exception, a status, another message, or none at all.
KINDS = ("exceptions", "answers", "messages", "symptoms")
# A piece of code in a title, as it is written.
CODE = re.compile(r"(`+) ?(?P<code>(?:(?!\1).)+?) ?\1")
# `jinja2.exceptions.TemplateNotFound: index.html`, `(sqlite3.OperationalError) database is locked`.
EXCEPTION = re.compile(r"\(?(?:[a-z_]\w*\.)*(?P<name>[A-Z]+[a-z]\w*)(?:[:)]|$)")
# What lists the messages that are no pitfalls.
PASSAGES = "passages"
STATUS = re.compile(r"`*(?P<code>[45]\d\d)\b")


class Piece(NamedTuple):
    """A piece of a title or paragraph: ``text``, ``code``, or the name of a label (``ref``) or page (``doc``)."""

    kind: str
    text: str


class Pitfall(NamedTuple):
    """A pitfall as the lists show it.

    Attributes:
        place: The id of its box.
        written: Its title as it is written, in the language of the source.
        title: Its title in the language of the page.
        answer: Its first paragraph in the language of the page.
    """

    place: str
    written: str
    title: list[Piece]
    answer: list[Piece]


def kind_of(title: str) -> tuple[str, str]:
    """Return the kind of a pitfall with this title, and the exception or status to sort it by.

    >>> kind_of("`jinja2.exceptions.TemplateNotFound: index.html`")
    ('exceptions', 'TemplateNotFound')
    >>> kind_of("404 for a URL that is plainly there")
    ('answers', '404')
    >>> kind_of("`The CSRF token has expired.`")
    ('messages', '')
    >>> kind_of("`request.files` is empty")
    ('symptoms', '')
    """
    if found := STATUS.match(title):
        return "answers", found["code"]
    first = CODE.match(title)
    if first and (found := EXCEPTION.match(first["code"])):
        return "exceptions", found["name"]
    message = CODE.sub("", title).strip() in {"", "and", "or"}
    return ("messages" if message else "symptoms"), ""


class error_list(nodes.General, nodes.Element):  # noqa: N801  docutils writes node names so
    """The place of a list, until all pages are read."""


class error_look_up(nodes.General, nodes.Element):  # noqa: N801
    """The place of the box."""


class Errors(SphinxDirective):
    """``{errors}``: the pitfalls of one kind."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the place of the list."""
        kind = self.arguments[0]
        if kind not in (*KINDS, PASSAGES):
            known = ", ".join((*KINDS, PASSAGES))
            raise self.error(f"errors: there is no kind {kind!r}: write {known}")
        self.env.metadata[self.env.docname]["error_lists"] = True
        return [error_list(kind=kind)]


class ErrorLookUp(SphinxDirective):
    """``{error-look-up}``: the box to paste a message into."""

    def run(self) -> list[nodes.Node]:
        """Return the place of the box."""
        return [error_look_up()]


def note_pitfalls(app: Sphinx, doctree: nodes.document) -> None:
    """Keep the pitfalls of a page."""
    page = app.env.current_document.docname
    found = []
    for box in doctree.findall(nodes.admonition):
        if "pitfall" in box["classes"] and box["ids"]:
            # After the title stands its kind, see callouts.
            first = next((node for node in box[2:] if isinstance(node, nodes.paragraph)), None)
            answer = list(pieces(first, page)) if first else []
            found.append(Pitfall(box["ids"][0], box["written"], list(pieces(box[0], page)), answer))
    if found:
        app.env.metadata[page]["pitfalls"] = found
    if told := list(passages(doctree, page)):
        app.env.metadata[page][PASSAGES] = told


def is_message(text: str) -> bool:
    """Say whether inline code is what somebody may paste.

    >>> is_message("(sqlite3.IntegrityError) UNIQUE constraint failed: note.text")
    True
    >>> is_message("The CSRF token is missing."), is_message("IntegrityError"), is_message("app.run()")
    (True, False, False)

    A file that is no Python may be any file.

    >>> is_message("IndentationError: unexpected indent")
    False
    """
    several = len(text.split()) > 2 and not re.match("(Indentation|Syntax)Error", text)
    return several and bool(EXCEPTION.match(text) or re.fullmatch(r"[A-Z][\w' -]+[.]", text))


def passages(doctree: nodes.document, page: str) -> Iterator[Pitfall]:
    """Yield the messages that stand in a row of a table or under “Then and now”, with what is said of them there."""
    for node in doctree.findall(nodes.literal):
        text = node.astext()
        around = ancestors(node)
        section = next((box for box in around if isinstance(box, nodes.section)), None)
        classes = {name for box in around for name in box["classes"]}
        # The tables of the history are answered from their data; what old lines gave is told above them.
        if (
            section is None
            or classes & {"pitfall", "history", "then-lines"}
            or not is_message(text)
        ):
            continue
        row = next((box for box in around if isinstance(box, nodes.row)), None)
        if row is not None:
            cells = [list(pieces(cell, page)) for cell in row.findall(nodes.paragraph)]
            rest = [cell for cell in cells if Piece("code", text) not in cell and cell]
            answer = [piece for cell in rest for piece in (Piece("text", " · "), *cell)][1:]
        elif "then-and-now" in classes:
            answer = list(pieces(node.parent, page))
        else:
            continue
        yield Pitfall(section["ids"][0], f"`{text}`", [Piece("code", text)], answer)


def ancestors(node: nodes.Node) -> list[nodes.Element]:
    """Return what a node stands in, from the inside."""
    found = []
    while (node := node.parent) is not None:
        found.append(node)
    return found


def pieces(node: nodes.Node, page: str) -> Iterator[Piece]:
    """Yield the pieces of a title or paragraph of ``page``."""
    for child in node.children:
        if isinstance(child, nodes.Text):
            yield Piece("text", child.astext())
        elif isinstance(child, nodes.literal):
            yield Piece("code", child.astext())
        elif isinstance(child, addnodes.pending_xref) and not child["refexplicit"]:
            if child["reftype"] == "ref":
                yield Piece("ref", child["reftarget"])
            elif child["reftype"] == "doc":
                yield Piece("doc", docname_join(page, child["reftarget"]))
            else:
                yield from pieces(child, page)
        else:
            yield from pieces(child, page)


def all_pitfalls(env: BuildEnvironment, kind: str = "pitfalls") -> list[tuple[str, Pitfall]]:
    """Return every pitfall, or every passage, with its page."""
    return [
        (page, pitfall)
        for page in sorted(env.found_docs)
        for pitfall in env.metadata[page].get(kind, ())
    ]


def pages_to_write(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the pages with lists if a pitfall differs from the build before."""
    told = [all_pitfalls(env), all_pitfalls(env, PASSAGES)]
    if not memory(app).differs("pitfalls", told):
        return []
    return [page for page in sorted(env.found_docs) if "error_lists" in env.metadata[page]]


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the lists into their places."""
    for place in list(doctree.findall(error_list)):
        if place["kind"] == PASSAGES:
            told = sorted(
                all_pitfalls(app.env, PASSAGES), key=lambda each: letters(each[1].written)
            )
            items = [entry(app, docname, page, passage) for page, passage in told]
            place.replace_self(nodes.bullet_list("", *items, classes=[PASSAGES]))
            continue
        found = [
            (key, page, pitfall)
            for page, pitfall in all_pitfalls(app.env)
            for kind, key in [kind_of(pitfall.written)]
            if kind == place["kind"]
        ]
        found.sort(key=lambda item: (item[0].lower(), letters(item[2].written), item[1]))
        content: list[nodes.Node] = []
        for key, group in groupby(found, key=lambda item: item[0]):
            if place["kind"] == "exceptions":
                content.append(
                    nodes.rubric("", "", nodes.literal(key, key), classes=["error-class"])
                )
            entries = [entry(app, docname, page, pitfall) for _key, page, pitfall in group]
            content.append(nodes.bullet_list("", *entries, classes=["errors"]))
        place.replace_self(content)


def letters(title: str) -> str:
    """Return what a title is sorted by."""
    return re.sub(r"^\W+", "", title).lower()


def entry(app: Sphinx, docname: str, page: str, pitfall: Pitfall) -> nodes.list_item:
    """Return one entry of a list: the title, which leads to the pitfall, its page and its first paragraph."""
    uri = f"{app.builder.get_relative_uri(docname, page)}#{pitfall.place}"
    link = nodes.reference("", "", refuri=uri, internal=True)
    link += [shown(app, docname, piece) for piece in pitfall.title]
    where = nodes.inline("", app.env.titles[page].astext(), classes=["error-page"])
    line = nodes.paragraph("", "", link, nodes.Text(" "), where)
    answer = [shown(app, docname, piece) for piece in pitfall.answer]
    said = [nodes.paragraph("", "", *answer, classes=["error-answer"])] if answer else []
    return nodes.list_item("", line, *said)


def shown(app: Sphinx, docname: str, piece: Piece) -> nodes.Node:
    """Return a piece as it stands on the page ``docname``."""
    if piece.kind == "code":
        return nodes.literal(piece.text, piece.text)
    if piece.kind == "text":
        return nodes.Text(piece.text)
    if piece.kind == "doc":
        page, place, title = piece.text, "", app.env.titles[piece.text].astext()
    else:
        page, place, title = app.env.domains.standard_domain.labels[piece.text]
    uri = app.builder.get_relative_uri(docname, page) + (f"#{place}" if place else "")
    return nodes.reference("", title, refuri=uri, internal=True)


def visit_look_up(visitor: HTML5Translator, node: error_look_up) -> None:
    """Write the box, which the script fills."""
    said: dict[str, Any] = {
        "data-label": _("Paste an error message, or the last lines of a traceback"),
        "data-none": _("No message on this site is like this one."),
        "data-some": _("Messages on this site that are like it, the nearest first:"),
        "data-unknown": _("This site knows no %(name)s.") % {"name": "{name}"},
        "data-failed": _(
            "The data of the look-up could not be loaded. The lists below have all messages."
        ),
    }
    visitor.body.append(visitor.starttag(node, "div", CLASS="error-look-up", **said) + "</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives."""
    app.add_directive("errors", Errors)
    app.add_directive("error-look-up", ErrorLookUp)
    register(
        app,
        error_look_up,
        visit_look_up,
        content_elsewhere=False,
        scripts=("remembered-input.js", "filled-box.js", "look-up/page.js"),
    )
    app.connect("doctree-read", note_pitfalls)
    app.connect("env-updated", pages_to_write)
    app.connect("doctree-resolved", fill)
    return {"env_version": 4, "parallel_read_safe": True, "parallel_write_safe": True}
