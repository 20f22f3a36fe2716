"""The tables of public names and of the releases that were read, which take no content.

::

    ```{api-history} routing
    ```
    ```{history-releases}
    ```

``api-history`` shows every name of a group (:mod:`proven.releases.groups`), ``history-releases`` what was read.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from proven.base.tables import code, row
from proven.releases import timeline
from proven.releases.data import history
from proven.releases.groups import GROUPS, group_entries
from proven.releases.history_table import entry_row, filled, history_table, object_reference
from proven.releases.timeline import Entry, short


class ApiHistory(SphinxDirective):
    """Every name of a group, by release."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        group = self.arguments[0]
        if group not in GROUPS:
            near = ", ".join(timeline.nearest(group, GROUPS)) or ", ".join(GROUPS)
            raise self.error(f"api-history: no group {group!r}; nearest: {near}")
        rows = [
            entry_row(
                object_reference(entry.name) if entry.current else code(entry.name),
                entry,
                _("; ").join(api_changes(entry)),
            )
            for entry in group_entries(history(self.env), group)
        ]
        head = [_("Name"), _("Came"), _("Deprecated"), _("Went"), _("Changed"), _("Use instead")]
        return [history_table("api", head, rows)]


def api_changes(entry: Entry) -> list[str]:
    """Return what changed of parameters or values: ``1.0 `+load_dotenv```."""
    changes = []
    for change in timeline.changes(entry.signatures):
        differences = timeline.difference(change.before, change.after)
        if differences:
            changes.append(f"{short(change.version)} `{' '.join(differences)}`")
    changes += [
        f"{short(change.version)} `{change.before}` → `{change.after}`"
        for change in timeline.changes(entry.values)
    ]
    return changes


class HistoryReleases(SphinxDirective):
    """The libraries that were read, and their releases."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        rows = []
        found = history(self.env).libraries.values()
        for library in sorted(found, key=lambda library: library.library.lower()):
            releases = library.releases
            figures = [len(releases), len(library.names), len(library.keys)]
            texts = [library.library, releases[0], releases[-1]]
            rows.append(row(*map(filled, [*texts, *(str(figure or "") for figure in figures)])))
        head = [_("Library"), _("From"), _("To"), _("Releases read"), _("Names"), _("Keys")]
        return [history_table("releases", head, rows)]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives."""
    app.setup_extension("proven.releases.history_table")
    app.add_directive("api-history", ApiHistory)
    app.add_directive("history-releases", HistoryReleases)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
