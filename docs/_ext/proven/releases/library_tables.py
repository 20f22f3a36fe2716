"""``{library-names}``: every name of a library that no group of history/api has, a section a module.

::

    ```{library-names} werkzeug
    ```

takes no content. What happened to a name stands in the row of a table; the names to which nothing happened follow it as
a list. There are thousands, so each is written with as few elements as it needs, and the search, whose index every page
loads, leaves them out.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from proven.base.evidence import evidence
from proven.base.html_node import register
from proven.base.tables import code, row_id
from proven.releases.data import history
from proven.releases.groups import rest
from proven.releases.history_table import figures, object_reference
from proven.releases.name_tables import api_changes
from proven.releases.run_notes import marked
from proven.releases.timeline import Entry

#: What the search leaves out, see :mod:`proven.site.search.records`.
UNSEARCHED = "unsearched"


class names_table(nodes.General, nodes.Element):  # noqa: N801  docutils writes node names so
    """The names of ``module`` to which something happened, under the titles ``heads``."""


class same_names(nodes.General, nodes.Element):  # noqa: N801
    """The names of ``module`` to which nothing happened, after ``label``."""


class one_name(nodes.General, nodes.TextElement):  # noqa: N801
    """A row of the table, or an item of the list: its child is the name, ``cells`` are what follows it."""


class LibraryNames(SphinxDirective):
    """The names of a library."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return a section for each module."""
        project, libraries = self.arguments[0], history(self.env).libraries
        if project not in libraries:
            raise self.error(f"library-names: no {project!r}; there are {', '.join(libraries)}")
        found = rest(history(self.env), project)
        return [self.module(name, its) for name, its in sorted(found.items())]

    def module(self, module: str, entries: list[Entry]) -> nodes.section:
        """Return the section of a module."""
        heads = [_("Name"), _("Came"), _("Deprecated"), _("Went"), _("Changed"), _("Use instead")]
        label = _("In every release that was read:")
        table = names_table(module=module, heads=heads)
        same = same_names(module=module, label=label)
        for entry in entries:
            changes = api_changes(history(self.env), entry)
            use = f"`{entry.replacement}`" if entry.replacement else ""
            happened = changes or use or len(entry.events) > 1 or entry.added
            cells = (*figures(entry), _("; ").join(changes), use) if happened else ()
            shown = code(entry.name.removeprefix(f"{module}."))
            link = object_reference(entry.name, shown) if entry.current else shown
            item = one_name("", "", link, name=entry.name, gone=not entry.current, cells=cells)
            (table if happened else same).append(item)
        parts = [evidence(each) for each in (table, same) if each.children]
        title = nodes.title("", "", *dotted(module), translatable=False)
        section = nodes.section("", title, *parts, classes=[UNSEARCHED])
        section["ids"] = [nodes.make_id(f"module-{module}")]
        return section


class line_may_end(nodes.Inline, nodes.Element):  # noqa: N801
    """Where a line may end, and nothing is seen."""


def dotted(name: str) -> Iterator[nodes.Node]:
    """Yield a dotted name as code in which a line may end behind each dot."""
    *owners, last = name.split(".")
    for owner in owners:
        yield code(f"{owner}.")
        yield line_may_end()
    yield code(last)


def visit_line_may_end(translator: Any, _node: line_may_end) -> None:
    """Write the place."""
    translator.body.append("<wbr>")
    raise nodes.SkipNode


def visit_table(translator: Any, node: names_table) -> None:
    """Begin the table."""
    heads = "".join(f'<th class="head">{escape(head)}</th>' for head in node["heads"])
    translator.body.append(
        f'<div class="table-wrapper docutils container"><table class="docutils history history-names" '
        f'data-module="{node["module"]}"><thead><tr>{heads}</tr></thead><tbody>\n'
    )


def depart_table(translator: Any, _node: names_table) -> None:
    """End the table."""
    translator.body.append("</tbody></table></div>\n")


def visit_same(translator: Any, node: same_names) -> None:
    """Begin the list."""
    translator.body.append(
        f'<div class="history-same" data-module="{node["module"]}"><p>{escape(node["label"])}</p><ul>\n'
    )


def depart_same(translator: Any, _node: same_names) -> None:
    """End the list."""
    translator.body.append("</ul></div>\n")


def visit_name(translator: Any, node: one_name) -> None:
    """Begin a row or an item."""
    if not node["cells"]:
        translator.body.append(f'<li id="{row_id(node["name"])}">')
        return
    gone = ' class="gone"' if node["gone"] else ""
    translator.body.append(f'<tr{gone}><td id="{row_id(node["name"])}">')


def depart_name(translator: Any, node: one_name) -> None:
    """Write the other cells, each with the title of its column, which stands before it where a row is a card."""
    if not node["cells"]:
        translator.body.append("</li>\n")
        return
    heads = node.parent["heads"][1:]
    cells = (
        f'<td data-label="{escape(head)}">{marked(text)}</td>' if text else "<td></td>"
        for head, text in zip(heads, node["cells"], strict=True)
    )
    translator.body.append(f"</td>{''.join(cells)}</tr>\n")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive and its nodes."""
    app.setup_extension("proven.releases.history_table")
    app.add_directive("library-names", LibraryNames)
    register(app, names_table, visit_table, depart_table, content_elsewhere=True)
    register(app, same_names, visit_same, depart_same, content_elsewhere=True)
    register(app, line_may_end, visit_line_may_end, content_elsewhere=True)
    register(app, one_name, visit_name, depart_name, content_elsewhere=True)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
