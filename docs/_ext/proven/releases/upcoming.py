"""What a release of Flask that is not out yet changes in the snippets: the record, and its table.

::

    ```{next-lines}
    ```
    ```{next-changes}
    ```

take no content. ``next-lines`` shows what its changelog announces, each tried by a function of
``docs/history/old/next/``; ``next-changes`` the snippets that do something else. ``nox -s next`` writes
``docs/history/data/runs/next.json``; a build only reads it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from proven.base.complaints import complain
from proven.base.project import DOCS
from proven.base.tables import cell, code, row
from proven.releases import jobs, notebook
from proven.releases.history_table import history_table
from proven.releases.notebook import Measured
from proven.releases.records import dump, load
from proven.releases.run_notes import outcome
from proven.releases.runs import FOLDER, Outcome
from proven.snippets.module_pages import module_link

FILE = FOLDER / "next.json"
CHANGES = DOCS / "history" / "next.toml"
MEASURES = DOCS / "history" / "old" / "next" / "flask.py"


@dataclass(frozen=True, kw_only=True)
class Upcoming:
    """The data file.

    Attributes:
        release: The release that is not out yet.
        today: The release that it is compared with.
        ran: How many snippets ran.
        code: The digest of the functions that try what is announced.
        measured: What each of them gave.
        snippets: What each does otherwise, those that do something else only.
        tests: The tests of the pages that fail with it and not with today's release, as pytest names them without their
            parameters, each with the last line of its failure.
    """

    release: str
    today: str
    ran: int
    code: str
    measured: dict[str, Measured]
    snippets: dict[str, Outcome]
    tests: dict[str, str] = field(default_factory=dict)


def read() -> Upcoming:
    """Return the data as committed."""
    return load(Upcoming, FILE.read_text(encoding="utf-8"))


def text_of(found: Upcoming) -> str:
    """Return the text of the data file, a line a snippet and a test."""
    named = ("release", "today", "ran", "code", "measured")
    parts = [f"  {dump(name)}: {dump(getattr(found, name))}" for name in named]
    for name in ("snippets", "tests"):
        its = getattr(found, name).items()
        lines = ",\n".join(f"    {dump(key)}: {dump(one)}" for key, one in its)
        parts.append(f'  "{name}": {{\n{lines}\n  }}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def by_page(found: Upcoming) -> dict[str, list[str]]:
    """Return the snippets that differ, by the page that runs them."""
    pages: dict[str, list[str]] = {}
    known = jobs.snippets()
    for name in found.snippets:
        if name not in known:
            continue
        snippet = known[name]
        named = [*(sent.page for sent in snippet.sent), *(page for page, _ in snippet.examples)]
        for page in dict.fromkeys(named):
            pages.setdefault(page, []).append(name)
    return dict(sorted(pages.items()))


@dataclass(frozen=True, kw_only=True)
class Change:
    """A change that is announced.

    Attributes:
        measure: The function that tries it.
        text: What changes and what to write, in MyST.
    """

    measure: str
    text: str


def changes() -> tuple[Change, ...]:
    """Return the changes that are announced, in order."""
    return tuple(Change(**item) for item in tomllib.loads(CHANGES.read_text("utf-8"))["changes"])


class NextLines(SphinxDirective):
    """What the changelog announces, tried today and with the next release."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        for file in (FILE, CHANGES, MEASURES):
            self.env.note_dependency(str(file))
        try:
            found, listed = read(), changes()
            if found.code != notebook.digest(MEASURES):
                raise ValueError(f"{FILE.name} is older than {MEASURES.name}")
            rows = [self.line_row(change, found.measured[change.measure]) for change in listed]
        except (OSError, ValueError, KeyError) as error:
            place = (self.env.docname, self.lineno)
            complain(f"{self.name}: {error}; run nox -s next", place, "next")
            return []
        head = [_("What changes"), _("Today"), _("Next release")]
        return [history_table("next", head, rows)]

    def line_row(self, change: Change, found: Measured) -> nodes.row:
        """Return the row of a change."""
        text = nodes.entry("")
        text += self.parse_text_to_nodes(change.text)
        return row(text, cell(code(found.then)), cell(code(found.now)))


class NextChanges(SphinxDirective):
    """The snippets that the next release changes, by page."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        self.env.note_dependency(str(FILE))
        try:
            found = read()
        except (OSError, ValueError) as error:
            place = (self.env.docname, self.lineno)
            complain(f"{self.name}: {error}; run nox -s next", place, "next")
            return []
        rows = [
            self.change_row(page, name, found.snippets[name])
            for page, names in by_page(found).items()
            for name in names
        ]
        head = [_("Page"), _("Snippet"), _("What will be different")]
        return [history_table("next", head, rows)]

    def change_row(self, page: str, name: str, found: Outcome) -> nodes.row:
        """Return the row of a snippet on a page."""
        link = addnodes.pending_xref(
            "",
            nodes.inline(),
            refdomain="std",
            reftype="doc",
            reftarget=f"/{page}",
            refdoc=self.env.docname,
            refexplicit=False,
            refwarn=True,
        )
        short = name.partition(".")[2]
        return row(
            cell(link), cell(module_link("", short, module=name, place="")), cell(outcome(found))
        )


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive."""
    app.setup_extension("proven.releases.history_table")
    app.add_directive("next-lines", NextLines)
    app.add_directive("next-changes", NextChanges)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
