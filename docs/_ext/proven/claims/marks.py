"""What each sentence of a page rests on, for the reader who asks: a switch below the title, and the marks.

It has no markup. The page itself carries one line, with its figures. What its sentences rest on stands in a script
below ``_proofs/``, which ``proofs.js`` loads when the switch is on: of each text (a paragraph, a row) a hash, and for
each of its sentences where it ends, its state, and its tests.

A translated sentence rests on what its original rests on: the n-th of a paragraph on the n-th, where both have as many.
If they do not, the whole paragraph is marked, with the weakest of its states.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import NamedTuple
from weakref import WeakKeyDictionary

from docutils import nodes
from markupsafe import Markup, escape
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.locale import _
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from proven.base.html_node import register
from proven.base.memory import digest, memory
from proven.base.project import ROOT
from proven.base.splitting import CODE, join_head, split
from proven.claims.binding import Bound, weigh_all
from proven.claims.gate import CLAIMS, all_sentences, kept_quotes, source_text
from proven.claims.quotes import Quote, quotes
from proven.claims.sentences import bold_beginning

FOLDER = "_proofs"
# The classes of words that are no prose of the sentence around them: titles, and what the build makes.
TITLES = {"since", "std-ref", "doc"}
# The states of a sentence, in the order of the numbers that the script has for them.
STATES = ("", "proved", "shown", "advice")


class Shown(NamedTuple):
    """A text as a page shows it, and its sentences: where each ends, without white space, and its HTML."""

    text: str
    ends: list[int]
    pieces: list[str]


class Mark(NamedTuple):
    """What a marked piece of a text rests on.

    Attributes:
        end: Where the piece ends, in characters of UTF-16 without white space.
        state: One of :data:`STATES`.
        proofs: The tests that prove it.
    """

    end: int
    state: str
    proofs: list[Quote]


@dataclass
class Marks:
    """The marks of a page, and how a reader sees its sentences.

    Attributes:
        texts: The marks of each text, by the text without white space.
        said: The HTML of what the page says for a sentence of the source.
    """

    texts: dict[str, list[Mark]] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)


_bound: WeakKeyDictionary[Sphinx, dict[str, Bound]] = WeakKeyDictionary()


def bound(app: Sphinx) -> dict[str, Bound]:
    """Return what the sentences of every page rest on."""
    return _bound[app]


def said(app: Sphinx, page: str, text: str) -> str:
    """Return the HTML of what a page that is written says for a sentence of the source."""
    return str(memory(app).recall("said", {}).get(page, {}).get(text, escape(text)))


def place_of(quote: Quote) -> str:
    """Return the address of a test on the page of its file, from the root of the language."""
    return f"{page_of(quote.file)}.html#{anchor(quote.test)}"


def page_of(file: str) -> str:
    """Return the page of a test file: ``code/tests/guide/test_hooks``."""
    return f"code/{file.removesuffix('.py')}"


def anchor(test: str) -> str:
    """Return the id of a test on the page of its file."""
    return test.replace("::", ".")


def length(text: str) -> int:
    """Return how long a text is in JavaScript."""
    return len(text.encode("utf-16-le")) // 2


def solid(text: str) -> str:
    """Return a text without its white space."""
    return "".join(text.split())


def hashed(text: str) -> str:
    """Return the 32-bit FNV-1a hash of a text, over its units of UTF-16; ``proofs.js`` has the same.

    >>> hashed("Waterboils."), hashed("水")
    ('11lolcb', 'dr3lgj')
    """
    value, data = 2166136261, text.encode("utf-16-le")
    for low, high in zip(data[::2], data[1::2], strict=True):
        value = (value ^ (low | high << 8)) * 16777619 & 0xFFFFFFFF
    digits = ""
    while value:
        value, rest = divmod(value, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + digits
    return digits


def shown(node: nodes.Element) -> Shown:
    """Return a text of a page whose links are resolved, and its sentences in the language of the page."""
    runs = _runs(node)
    words = "".join(text for text, _kind in runs)
    if isinstance(node, nodes.row):
        cells = [list(cell.findall(nodes.paragraph)) for cell in node.findall(nodes.entry)]
        row = " | ".join(" ".join(_html(_runs(each)) for each in its) for its in cells)
        return Shown(solid(words), [length(solid(words))], [row])
    mask = "".join(CODE * len(text) if kind else text for text, kind in runs)
    pieces = join_head(split(words, mask), bold_beginning(node))
    starts = [piece.start for piece in pieces]
    ends = [*starts[1:], len(words)]
    kinds = "".join((kind[:1] or " ") * len(text) for text, kind in runs)
    return Shown(
        solid(words),
        [length(solid(words[:end])) for end in ends],
        [_html(_cut(words, kinds, *each)) for each in zip(starts, ends, strict=False)],
    )


def _runs(node: nodes.Element) -> list[tuple[str, str]]:
    """Return the pieces of a text, each with what it is: ``""`` prose, ``code``, ``title``."""
    found = ((text.astext(), _kind(text, node)) for text in node.findall(nodes.Text))
    return [(text, kind) for text, kind in found if kind != "left out"]


def _cut(words: str, kinds: str, start: int, end: int) -> Iterator[tuple[str, str]]:
    """Yield the pieces of a part of a text, of whose characters ``kinds`` says what each is."""
    for kind, places in groupby(range(start, end), key=kinds.__getitem__):
        first, *others = places
        yield words[first : first + 1 + len(others)], "code" if kind == "c" else ""


def _html(runs: Iterable[tuple[str, str]]) -> str:
    """Return a piece of a page as HTML, in one line: what is code is marked as such."""
    marked = (
        f"<code>{escape(text)}</code>" if kind == "code" else escape(text) for text, kind in runs
    )
    return " ".join("".join(marked).split())


def _kind(text: nodes.Text, within: nodes.Element) -> str:
    node: nodes.Element = text.parent
    while node is not within:
        if isinstance(node, nodes.footnote_reference):
            return "left out"
        if isinstance(node, nodes.literal):
            return "code"
        if not TITLES.isdisjoint(node.get("classes", ())):
            return "title"
        node = node.parent
    return ""


def weakest(states: Iterable[str]) -> str:
    """Return the state of a text whose sentences have these: no more is said of it than holds for all that it says.

    >>> weakest(["proved", "shown", "advice"]), weakest(["proved", "advice"]), weakest(["proved", ""])
    ('shown', 'proved', '')
    """
    return min(states, key=("", "shown", "proved", "advice").index)


def marks_of(text: Shown, sentences: Sequence[str], its: Bound) -> list[Mark]:
    """Return the marks of a text whose original has these sentences."""
    found = [(its.state(each), its.proofs.get(each, [])) for each in sentences]
    if len(text.ends) == len(found):
        return [Mark(end, *each) for end, each in zip(text.ends, found, strict=True)]
    proofs = [proof for _state, proofs in found for proof in proofs]
    return [Mark(text.ends[-1], weakest(state for state, _proofs in found), proofs)]


def marks(env: BuildEnvironment, doctree: nodes.document, its: Bound) -> Marks:
    """Return the marks of a page.

    Args:
        env: The environment, which has the titles.
        doctree: The page as it is written.
        its: What its sentences rest on.
    """
    made = Marks()
    for node in doctree.findall(nodes.Element):
        if CLAIMS not in node:
            continue
        sentences = [source_text(env, text) for text in node[CLAIMS]]
        text = shown(node)
        made.texts.setdefault(text.text, marks_of(text, sentences, its))
        whole = len(text.pieces) != len(sentences)
        pieces = (
            [" ".join(" ".join(text.pieces).split())] * len(sentences) if whole else text.pieces
        )
        made.said |= dict(zip(sentences, pieces, strict=True))
    return made


def script(made: Marks) -> str:
    """Return the script that has the marks of a page."""
    places: dict[str, int] = {}
    texts = {}
    for text, its in made.texts.items():
        if not any(mark.state for mark in its):
            continue
        texts[hashed(text)] = [
            [
                mark.end,
                STATES.index(mark.state),
                *(places.setdefault(place_of(proof), len(places)) for proof in mark.proofs),
            ]
            for mark in its
        ]
    data = {"tests": list(places), "texts": texts}
    return f"window.provenProofs({json.dumps(data, separators=(',', ':'))});\n"


class proofs_line(nodes.General, nodes.Element):  # noqa: N801  docutils writes node names so
    """The switch, and the figures of the page, which are ``figures``."""


def visit_html(visitor: HTML5Translator, node: proofs_line) -> None:
    """Write the line."""
    visitor.body.append(line(node["figures"], node["page"]))
    raise nodes.SkipNode


def line(figures: dict[str, int], page: str) -> Markup:
    """Return the HTML of the switch and the figures of a page; the figures are the key to the marks."""
    names = {"proved": _("%s proved"), "shown": _("%s shown"), "advice": _("%s advice")}
    parts = [
        Markup('<span class="claim claim-{}">{}</span>').format(name, text % figures[name])
        for name, text in names.items()
        if figures[name]
    ]
    if figures["unbound"]:
        parts.append(escape(_("%s not bound yet") % figures["unbound"]))
    total = figures["sentences"]
    return Markup(
        '<div class="proofs" data-page="{page}" data-proved="{proved}" data-shown="{shown}" data-advice="{advice}">'
        '<button type="button" class="proofs-switch" aria-pressed="false">{switch}</button>'
        '<span class="proofs-figures">{total} {parts}</span></div>\n'
    ).format(
        page=page,
        proved=_("Proof of this sentence"),
        shown=_("Shown by what stands beside it"),
        advice=_("Advice or explanation"),
        switch=_("Show the proofs"),
        total=_("1 sentence:") if total == 1 else _("%s sentences:") % total,
        parts=Markup(" · ").join(parts),
    )


def weigh_pages(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Weigh the sentences of every page; return the pages that are written anew, as their marks have changed."""
    quoted, _faults = quotes(ROOT, kept_quotes(app))
    _bound[app] = its = weigh_all(ROOT, all_sentences(env), quoted)
    state = {
        page: digest([(s.text, each.state(s.text), _places(each, s.text)) for s in each.sentences])
        for page, each in its.items()
    }
    before: dict[str, str] = memory(app).recall("marks", {})
    memory(app).keep("marks", state)
    return [page for page, each in state.items() if before.get(page, each) != each]


def _places(its: Bound, text: str) -> list[str]:
    return [place_of(proof) for proof in its.proofs.get(text, ())]


def add_line(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Put the line under the title, or under what is said there of the snippets, and write the marks."""
    title = doctree.next_node(nodes.title)
    if app.builder.format != "html" or title is None or not bound(app)[page].sentences:
        return
    figures = bound(app)[page].figures()
    made = marks(app.env, doctree, bound(app)[page])
    file = Path(app.outdir, FOLDER, f"{page}.js")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(script(made), encoding="utf-8")
    memory(app).keep("said", {**memory(app).recall("said", {}), page: made.said})
    place = title.parent.index(title) + 1
    following = title.parent[place] if len(title.parent) > place else None
    if isinstance(following, nodes.paragraph) and "proven-with" in following["classes"]:
        place += 1
    title.parent.insert(place, proofs_line(figures=figures, page=page))


def made(app: Sphinx) -> Iterator[str]:
    """Yield the files of the marks."""
    return (f"{FOLDER}/{page}.js" for page, its in bound(app).items() if its.sentences)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the line, and write the marks with each page."""
    app.setup_extension("proven.base.memory")
    app.setup_extension("proven.base.site_files")
    app.setup_extension("proven.claims.gate")
    register(app, proofs_line, visit_html, content_elsewhere=False, scripts=["proofs.js"])
    app.connect("site-files", made)
    app.connect("env-updated", weigh_pages)
    # After the line on the snippets.
    app.connect("doctree-resolved", add_line, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
