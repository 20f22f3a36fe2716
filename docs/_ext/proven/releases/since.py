"""``{since}``: what happened to a name, in the reader's language.

::

    Old posts read it with {since}`flask.Config.from_json`.

It takes public names (``flask.Flask.before_first_request``), parameters (``flask.Flask.run(load_dotenv)``) and
configuration keys (``flask:JSON_AS_ASCII``). A name that no release has stops the build.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole
from sphinx.util.typing import ExtensionMetadata

from proven.base.complaints import complain
from proven.base.tables import inline
from proven.releases.clauses import clauses, sentence
from proven.releases.data import history
from proven.releases.timeline import UnknownNameError


class Since(SphinxRole):
    """``{since}`flask.Config.from_file```."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the clause."""
        found = history(self.env)
        try:
            entry = found.find(self.text.strip())
        except UnknownNameError as error:
            complain(
                f"since: {error}; the names are those of docs/history/data",
                self.get_location(),
                "history",
            )
            return [nodes.literal(self.text, self.text)], []
        result = nodes.inline("", "", *inline(sentence(clauses(found, entry))), classes=["since"])
        return [result], []


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the role."""
    app.add_role("since", Since())
    return {"parallel_read_safe": True, "parallel_write_safe": True}
