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
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from proven.base.tables import cell, code, row
from proven.releases import timeline
from proven.releases.data import history
from proven.releases.groups import GROUPS, group_entries, page_of_library
from proven.releases.history_table import entry_row, filled, history_table, object_reference
from proven.releases.timeline import Entry, History, short


class ApiHistory(SphinxDirective):
    """Every name of a group, by release."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        group = self.arguments[0]
        if group not in GROUPS:
            near = ", ".join(timeline.nearest(group, GROUPS)) or ", ".join(GROUPS)
            raise self.error(f"api-history: no group {group!r}; nearest: {near}")
        found = history(self.env)
        rows = [
            entry_row(
                object_reference(entry.name) if entry.current else code(entry.name),
                entry,
                _("; ").join(api_changes(found, entry)),
            )
            for entry in group_entries(found, group)
        ]
        head = [_("Name"), _("Came"), _("Deprecated"), _("Went"), _("Changed"), _("Use instead")]
        return [history_table("api", head, rows)]


#: Characters of a value that are shown; the downloads have all.
LONGEST = 36


def api_changes(found: History, entry: Entry) -> list[str]:
    """Return what changed of parameters or values: ``1.0 `+load_dotenv```."""
    changes = []
    for change in timeline.changes(entry.signatures):
        differences = timeline.difference(change.before, change.after)
        # Without a difference, their order is another.
        told = " ".join(f"`{shortened(each)}`" for each in differences or [change.after])
        changes.append(f"{short(change.version)} {told}")
        for gone in (each[1:] for each in differences if each.startswith("-")):
            parameter = found.get(f"{entry.name}({gone})")
            if parameter and parameter.removed and parameter.replacement:
                changes.append(
                    _("for `%(old)s` use `%(new)s`") % {"old": gone, "new": parameter.replacement}
                )
    changes += [
        f"{short(change.version)} `{shortened(change.before)}` → `{shortened(change.after)}`"
        for change in timeline.changes(entry.values)
    ]
    return changes


def shortened(text: str) -> str:
    """Return a value that is not longer than :data:`LONGEST`."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


class HistoryReleases(SphinxDirective):
    """The libraries that were read, and their releases."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        rows = []
        found = history(self.env).libraries.items()
        for project, library in sorted(found, key=lambda item: item[1].library.lower()):
            releases = library.releases
            figures = [len(releases), len(library.names), len(library.keys)]
            texts = [releases[0], releases[-1], *(str(figure or "") for figure in figures)]
            link = self.page_reference(page_of_library(project), library.library)
            rows.append(row(cell(link), *map(filled, texts)))
        head = [_("Library"), _("From"), _("To"), _("Releases read"), _("Names"), _("Keys")]
        return [history_table("releases", head, rows)]

    def page_reference(self, page: str, title: str) -> nodes.Node:
        """Return the name of a library, linked to the page with its tables where the site has it."""
        return addnodes.pending_xref(
            "",
            nodes.inline("", title),
            refdoc=self.env.docname,
            refdomain="std",
            reftype="doc",
            reftarget=f"/{page}",
            refexplicit=True,
            proven_optional=True,
        )


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives."""
    app.setup_extension("proven.releases.history_table")
    app.add_directive("api-history", ApiHistory)
    app.add_directive("history-releases", HistoryReleases)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
