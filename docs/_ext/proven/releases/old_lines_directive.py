"""``{then-lines}``: old lines with what each gave in the release of its time, beside what it gives today.

::

    ```{then-lines} flask-0.12.5/responses
    escape -> ImportError: cannot import name 'escape' from 'flask'
    send_file -> TypeError
    ```

names the functions of ``docs/history/old/lines/flask-0.12.5/responses.py``, each with how what it gives today
begins. A claim that is not what was recorded stops the build.
"""

from __future__ import annotations

import importlib.metadata

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from proven.base.complaints import complain
from proven.base.evidence import evidence
from proven.base.tables import paragraph
from proven.releases import old_lines
from proven.releases.environments import Environment
from proven.releases.notebook_table import shorter
from proven.releases.old_lines import OldLineError, Shown
from proven.releases.run_notes import TITLES, minor


class ThenLines(SphinxDirective):
    """Old lines, then and now."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the lines, nothing where something is wrong."""
        self.env.note_dependency(str(old_lines.FILE))
        try:
            block = old_lines.read_block(self.arguments[0], list(self.content))
            self.env.note_dependency(str(block.file))
            shown = block.shown(old_lines.read())
        except OldLineError as error:
            line = self.lineno + self.content_offset + error.line + 1
            complain(f"{self.name}: {error}", (self.env.docname, line), "then")
            return []
        then, now = releases(block.environment)
        text = "\n\n".join(said(each, then, now) for each in shown)
        code = nodes.literal_block(text, text, language="python")
        code["translatable"] = False
        box = evidence(nodes.container(classes=["then-lines", "no-copy"]))
        box += paragraph(f"{named(then)} → {named(now)}", classes=["then-release"])
        box += code
        for node in box.findall(nodes.Element):
            if not node.line:
                self.set_source_info(node)
        return [box]


def releases(environment: Environment) -> tuple[dict[str, str], dict[str, str]]:
    """Return the libraries of an old environment that matter, then and today."""
    then = {environment.library: environment.release}
    if environment.library == "flask":
        then |= dict(pin.split("==") for pin in environment.pins if pin.startswith("werkzeug=="))
    return then, {library: importlib.metadata.version(library) for library in then}


def named(pins: dict[str, str]) -> str:
    """Name libraries with their releases."""
    return " · ".join(f"{TITLES[library]} {minor(release)}" for library, release in pins.items())


def said(shown: Shown, then: dict[str, str], now: dict[str, str]) -> str:
    """Return a line, with what it gave and what it gives as comments."""
    old, new = (minor(next(iter(pins.values()))) for pins in (then, now))
    before, after = (shorter(text) for text in (shown.measured.then, shown.measured.now))
    if before == after:
        return f"{shown.code}\n# {old}, {new}: {after}"
    return f"{shown.code}\n# {old}: {before}\n# {new}: {after}"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive."""
    app.add_directive(old_lines.DIRECTIVE, ThenLines)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
