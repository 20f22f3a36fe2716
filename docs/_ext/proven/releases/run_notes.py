"""Under each shown snippet: in which releases it runs, and a fold with what it does in the others.

It has no markup. The data are those of ``nox -s releases`` (:mod:`proven.releases.runs`); a snippet that only is
imported, and one that the data do not have, has no line. The line is in the reader's language, so no catalog asks
for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.locale import _
from sphinx.util.typing import ExtensionMetadata

from proven.base.html_node import register
from proven.releases.libraries import LIBRARIES
from proven.releases.runs import FILE, Difference, Outcome, Runs, SnippetRuns, Span, by_span, read
from proven.snippets.include import snippet

#: How a library is called on a page.
TITLES = {library.project: library.title for library in LIBRARIES}


class runs_line(nodes.General, nodes.Element):  # noqa: N801  docutils writes node names so
    """Where the line of ``module`` stands."""


def loaded(app: Sphinx) -> Runs | None:
    """Return the data, read once a build; ``None`` for a site that has none."""
    if not hasattr(app, "proven_runs"):
        try:
            found = read() if FILE.is_file() else None
        except ValueError as error:
            message = f"{FILE.name} of docs/history/data/runs cannot be read ({error}); restore it from git"
            raise ExtensionError(message, modname="releases") from None
        app.proven_runs = found  # type: ignore[attr-defined]
    runs: Runs | None = app.proven_runs  # type: ignore[attr-defined]
    return runs


def minor(release: str) -> str:
    """Return how people speak of a release: ``2.2`` for ``2.2.5``."""
    return ".".join(release.split(".")[:2])


def between(span: Span) -> str:
    """Return the releases of a span: ``2.0–2.2``."""
    first, last = minor(span.first), minor(span.last)
    return first if first == last else f"{first}–{last}"


def difference(found: Difference) -> str:
    """Say where an answer was another one, with code between backquotes."""
    values = {
        "request": found.request,
        "part": found.part,
        "then": found.then or "∅",
        "now": found.now or "∅",
    }
    values = {name: value.replace("`", "'") for name, value in values.items()}
    if found.part == "example":
        return _("an example gives `%(then)s`") % values
    if found.part == "status":
        return _("`%(request)s`: status %(then)s, today %(now)s") % values
    if found.part == "body":
        return _("`%(request)s`: body `%(then)s`, today `%(now)s`") % values
    return _("`%(request)s`: `%(part)s: %(then)s`, today `%(now)s`") % values


def outcome(found: Outcome) -> str:
    """Say what a snippet did."""
    if found.kind == "same":
        return _("as today")
    if found.kind == "raises":
        if found.request:
            return _("`%(request)s` raises `%(error)s`") % {
                "request": found.request,
                "error": found.error,
            }
        return f"`{found.error}`"
    return difference(found.differences[0])


def summary(spans: list[Span]) -> str:
    """Say in one line where a snippet runs as today, and what the release before does instead."""
    last = spans[-1]
    values = {"first": minor(last.first), "last": minor(last.last)}
    if last.outcome.kind != "same":
        return outcome(last.outcome)
    if values["first"] == values["last"]:
        said = _("Runs on Flask %(last)s") % values
    else:
        said = _("Runs on Flask %(first)s to %(last)s") % values
    if len(spans) > 1:
        before = spans[-2]
        said += _("; on %(version)s: ") % {"version": minor(before.last)} + outcome(before.outcome)
    return said


def marked(text: str) -> str:
    """Return a text as HTML: what stands between backquotes is code."""
    pieces = enumerate(text.split("`"))
    return "".join(
        f"<code>{escape(piece)}</code>" if index % 2 else escape(piece) for index, piece in pieces
    )


def rows(runs: Runs, found: SnippetRuns) -> Iterator[tuple[str, str]]:
    """Yield the rows of the fold: releases, and what happened in them."""
    for library in found.runs:
        spans = list(by_span(runs, library, found))
        if library == "flask":
            yield from ((between(span), outcome(span.outcome)) for span in spans)
        else:
            yield from (
                (f"{TITLES[library]} {between(span)}", outcome(span.outcome)) for span in spans
            )


def line(app: Sphinx, module: str) -> str:
    """Return the HTML of the line of a snippet, ``""`` if there is nothing to say."""
    runs = loaded(app)
    found = runs.snippets.get(module) if runs else None
    if runs is None or found is None or found.proof == "import" or not found.runs.get("flask"):
        return ""
    said = marked(summary(list(by_span(runs, "flask", found))))
    listed = list(rows(runs, found))
    if len(listed) == 1:
        return f'<p class="runs">{said}</p>'
    table = "".join(f"<tr><th>{escape(name)}<td>{marked(text)}" for name, text in listed)
    return f'<details class="runs"><summary>{said}</summary><table>{table}</table></details>'


def note(app: Sphinx, doctree: nodes.document) -> None:
    """Let a page with snippets depend on the data."""
    if FILE.is_file() and next(doctree.findall(snippet), None) is not None:
        app.env.note_dependency(str(FILE))


def add_lines(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Put the line into the footer of each snippet that a page shows."""
    if app.builder.format != "html":
        return
    for box in list(doctree.findall(snippet)):
        if text := line(app, box["module"]):
            box += runs_line(html=text)


def visit_html(visitor: Any, node: runs_line) -> None:
    """Write the line."""
    visitor.body.append(node["html"])


def depart_html(_visitor: Any, _node: runs_line) -> None:
    """Nothing is open."""


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the node and the pages that have it."""
    app.setup_extension("proven.snippets.module_pages")
    register(app, runs_line, visit_html, depart_html, content_elsewhere=False)
    app.connect("doctree-read", note)
    app.connect("doctree-resolved", add_lines)
    app.connect("module-page", line)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
