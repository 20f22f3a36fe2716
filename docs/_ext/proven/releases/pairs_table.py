"""``{pairs}``: the versions that do not fit each other, as ``nox -s pairs`` saw them."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from proven.base.tables import cell, code, row
from proven.releases import pairs
from proven.releases.history_table import filled, history_table
from proven.releases.pairs import Pair, place, title


def remedy(pair: Pair) -> str:
    """Return what to install, in the language of the page."""
    older = f"{title(pair.new)} {pair.before}"
    if pair.mended:
        return _("%(library)s %(version)s or newer") % {
            "library": title(pair.old),
            "version": pair.mended,
        }
    return _("%(instead)s, or %(older)s") % {"instead": pair.instead, "older": older}


def pair_row(pair: Pair) -> nodes.row:
    """Return the row of a pair."""
    return row(
        cell(
            _("%(library)s up to %(version)s") % {"library": title(pair.old), "version": pair.last}
        ),
        filled(
            _("%(library)s %(version)s and newer")
            % {"library": title(pair.new), "version": pair.first}
        ),
        nodes.entry("", nodes.paragraph("", "", code(pair.message), translatable=False)),
        filled(remedy(pair)),
        ids=[place(pair)],
    )


class Pairs(SphinxDirective):
    """``{pairs}``: all of them, by the library that makes the call."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        self.env.note_dependency(str(pairs.FOUND))
        found = sorted(pairs.read_found(), key=lambda pair: (pair.old, pair.last, pair.new))
        head = [_("This library"), _("does not fit"), _("What Python says"), _("Install")]
        return [history_table("pairs", head, [pair_row(pair) for pair in found])]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive."""
    app.setup_extension("proven.releases.history_table")
    app.add_directive("pairs", Pairs)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
