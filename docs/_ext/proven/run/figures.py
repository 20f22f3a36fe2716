"""``{run-figures}``: how many of the recorded requests the browser answers as recorded, and what does not run there.

::

    ```{run-figures}
    ```

shows the figures of the committed record of ``nox -s replay`` as a table. With the option ``:left-out:`` it shows the
snippets that do not run in the browser, each with its reason, with ``:libraries:`` what they can import there.
"""

from __future__ import annotations

from importlib.metadata import distribution
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from proven.base.tables import cell, code, row, table
from proven.run.reasons import reason
from proven.run.record import FILE, Record, read


class RunFigures(SphinxDirective):
    """Show what the replay saw."""

    option_spec: ClassVar[dict[str, Any]] = {
        "left-out": directives.flag,
        "libraries": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        self.env.note_dependency(str(FILE))
        show = next((made for name, made in OTHERS.items() if name in self.options), figures)
        shown = show(read())
        for node in shown.findall(nodes.Element):
            self.set_source_info(node)
        return [shown]


def figures(record: Record) -> nodes.table:
    """Return the figures of a record."""
    runs = sum(not seen.why for seen in record.snippets.values())
    tried = record.example_blocks - record.examples_left_out
    share = f"{record.same:,} ({record.same / record.blocks:.1%})"
    rows = [
        (_("Blocks of requests on the pages"), f"{record.blocks:,}"),
        (_("Answered in the browser as recorded"), share),
        (_("Snippets with an application"), f"{len(record.snippets):,}"),
        (_("Of these, snippets that run in the browser"), f"{runs:,}"),
        (_("Blocks of examples with >>>"), f"{record.example_blocks:,}"),
        (_("Of these, blocks that give in the browser what the page says"), f"{tried:,}"),
    ]
    right = ["text-right"]
    head = row(cell(_("In the browser")), cell(_("Number"), classes=right))
    return table(head, [row(cell(name), cell(figure, classes=right)) for name, figure in rows])


def left_out(record: Record) -> nodes.table:
    """Return the snippets that do not run, with their reasons."""
    head = row(cell(_("Snippet")), cell(_("Why it does not run in the browser")))
    rows = [
        row(cell(code(name)), cell(reason(seen.why)))
        for name, seen in record.snippets.items()
        if seen.why
    ]
    return table(head, rows)


def packed(record: Record) -> nodes.table:
    """Return what can be imported in the browser, with its versions."""
    head = row(cell(_("In the browser")), cell(_("Version")))
    rows = [row(cell("Python"), cell(record.python))]
    rows += [
        row(cell(code(distribution(name).metadata["Name"])), cell(version))
        for name, version in record.libraries.items()
    ]
    return table(head, rows)


OTHERS = {"left-out": left_out, "libraries": packed}


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive."""
    app.add_directive("run-figures", RunFigures)
    return {"env_version": 2, "parallel_read_safe": True, "parallel_write_safe": True}
