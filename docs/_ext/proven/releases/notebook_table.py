"""``{notes-lines}``: a section of the notebook, line by line, as a table.

::

    ```{notes-lines} flashing
    ```

takes no content. The verdict is in the reader's language; what to write is translated through the page's catalog,
what was measured is the same in every language.
"""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from proven.base.complaints import complain
from proven.base.tables import cell, code, paragraph, row
from proven.releases import notebook
from proven.releases.history_table import filled, history_table
from proven.releases.notebook import Line, Measured, Measurements
from proven.releases.run_notes import TITLES, minor

#: Characters of what was measured that are shown.
LONGEST = 100


class NotesLines(SphinxDirective):
    """The lines of a section."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the table, nothing where something is wrong."""
        for file in (notebook.LINES, notebook.FILE):
            self.env.note_dependency(str(file))
        try:
            lines = [line for line in notebook.lines() if line.section == self.arguments[0]]
        except ValueError as error:
            return self.complain(str(error))
        found = notebook.read()
        if not lines:
            return self.complain(f"no section {self.arguments[0]!r} in docs/history/notes.toml")
        if missing := [
            line.measure for line in lines if line.measure and line.measure not in found.measured
        ]:
            return self.complain(f"{missing[0]} was not measured; run nox -s releases -- --old")
        if files := notebook.stale(found):
            return self.complain(f"{files[0]} is newer than its data; run nox -s releases -- --old")
        head = [_("The notes say"), _("Verdict"), _("Measured"), _("Write today")]
        return [history_table("lines", head, (self.line_row(line, found) for line in lines))]

    def complain(self, message: str) -> list[nodes.Node]:
        """Stop the build."""
        complain(f"{self.name}: {message}", (self.env.docname, self.lineno), "notes")
        return []

    def line_row(self, line: Line, found: Measurements) -> nodes.row:
        """Return the row of a line."""
        verdicts = {
            "true": _("true"),
            "half": _("not the whole truth"),
            "changed": _("changed"),
            "wrong": _("wrong then and now"),
            "dead": _("dead"),
        }
        # The label of the column stands in a paragraph of its own: a translation replaces what is in the text.
        written = nodes.entry("", paragraph())
        written += self.parse_text_to_nodes(line.write)
        if line.test:
            written += self.proof(line)
        return row(
            cell(code(line.line)),
            cell(verdicts[line.verdict], classes=[f"verdict-{line.verdict}"]),
            measured(line, found.measured[line.measure]) if line.measure else filled(None),
            written,
        )

    def proof(self, line: Line) -> nodes.paragraph:
        """Return the links to the page that says so and to the test that proves it."""
        page = addnodes.pending_xref(
            "",
            nodes.inline("", line.page),
            refdoc=self.env.docname,
            refdomain="std",
            reftype="doc",
            reftarget=f"/{line.page}",
            refexplicit=False,
            refwarn=True,
        )
        file, _colons, name = line.test.partition("::")
        up = "../" * self.env.docname.count("/")
        place = f"{up}code/{file.removesuffix('.py')}.html#{name.replace('::', '.')}"
        test = nodes.reference("", _("Test"), refuri=place, internal=True)
        return paragraph(page, " · ", test, classes=["line-proof"])


def measured(line: Line, found: Measured) -> nodes.entry:
    """Return the cell with what was measured, in both releases where they differ."""
    stem = line.measure.partition(".")[0]
    then, now = notebook.THEN[stem], found.now
    title = f"{TITLES[then.library]} {minor(then.release)}"
    if found.then == found.now:
        return cell(code(shorter(now)))
    return cell(f"{title}: ", code(shorter(found.then)), " → ", code(shorter(now)))


def shorter(text: str) -> str:
    """Return a text that is not longer than :data:`LONGEST`; nothing is a sign for it."""
    text = " ".join(text.split()) or "∅"
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive."""
    app.setup_extension("proven.releases.history_table")
    app.add_directive("notes-lines", NotesLines)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
