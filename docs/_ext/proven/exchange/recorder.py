"""What the directives share that send requests or commands to a snippet while a page is built."""

from __future__ import annotations

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from proven.base.complaints import complain
from proven.base.project import ROOT
from proven.exchange.recording import ExchangeError, Request, parse
from proven.snippets.files import SnippetError
from proven.snippets.imports import dependencies
from proven.snippets.loading import complain_of
from proven.snippets.proven_with import note


class Recorder(SphinxDirective):
    """Reads its block, and shows what a subclass makes of them; a fault stops the build."""

    has_content = True
    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return what is shown, nothing where something is wrong."""
        name = self.arguments[0]
        try:
            for file in dependencies(ROOT, name):
                self.env.note_dependency(str(file))
            shown = self.record(name)
        except ExchangeError as error:
            # MyST counts the offset of the content from the opening fence.
            line = self.lineno + self.content_offset + error.line + 1
            complain(f"{self.name}: {error}", (self.env.docname, line), self.name)
            return []
        except SnippetError as error:
            complain_of(error, self.name, self.env.docname, self.lineno)
            return []
        note(self.env, name)
        for node in shown.findall(nodes.Element):
            if not node.line:
                self.set_source_info(node)
        return [shown]

    def record(self, name: str) -> nodes.Element:
        """Return what the block shows of the snippet ``name``; it is one of requests."""
        return self.show(name, parse(list(self.content)))

    def show(self, name: str, requests: list[Request]) -> nodes.Element:
        """Return the recorded requests as they are shown."""
        raise NotImplementedError
