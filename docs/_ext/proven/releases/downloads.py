"""``{history-filter}``: the filter above the tables of a page, and their rows as CSV and JSON.

::

    ```{history-filter} configuration
    ```

takes no content. ``history-filter.js`` makes the filter; the downloads lie beside the page.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from typing import Any, NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from proven.base import memory
from proven.base.html_node import register
from proven.releases.data import loaded, state
from proven.releases.groups import GROUPS, group_entries, rest
from proven.releases.key_tables import KEY_PROJECTS
from proven.releases.timeline import Entry, History


class Download(NamedTuple):
    """The data that a page of docs/history offers.

    Attributes:
        entries: Finds what its tables show.
        columns: The attributes of an entry that are told; what changes by release is told by release.
        example: What the filter proposes to type.
    """

    entries: Callable[[History], Iterable[Entry]]
    columns: tuple[str, ...]
    example: str

    def rows(self, found: History) -> list[dict[str, Any]]:
        """Return a row for each entry."""
        return [
            {
                column: dict(value) if isinstance(value, tuple) else value
                for column in self.columns
                for value in [getattr(entry, column)]
            }
            for entry in self.entries(found)
        ]


def keys(found: History) -> Iterable[Entry]:
    """Return every key of every release."""
    return (entry for project in KEY_PROJECTS for entry in found.keys(project))


def grouped(found: History) -> Iterable[Entry]:
    """Return what history/api shows: the names of the groups, and the others of Flask."""
    entries = (entry for group in GROUPS for entry in group_entries(found, group))
    return [*{entry.name: entry for entry in entries}.values(), *names("flask", found)]


def names(project: str, found: History) -> Iterable[Entry]:
    """Return the names of a library that no group has."""
    modules = sorted(rest(found, project).items())
    return [entry for _module, entries in modules for entry in entries]


EVENTS = ("added", "deprecated", "removed")
NAMED = ("library", "name", "kind", *EVENTS, "signatures", "values", "replacement")
#: What the filter of a library proposes to type.
EXAMPLES = {
    "click": "get_terminal_size",
    "flask-login": "is_authenticated",
    "flask-session": "SqlAlchemy",
    "flask-sqlalchemy": "paginate",
    "flask-wtf": "CsrfProtect",
    "itsdangerous": "JSONWebSignature",
    "jinja2": "contextfilter",
    "markupsafe": "soft_unicode",
    "sqlalchemy": "Query.get",
    "werkzeug": "url_quote",
    "wtforms": "TextField",
}
DOWNLOADS = {
    "configuration": Download(keys, ("library", "key", *EVENTS, "defaults", "replacement"), "JSON"),
    "api": Download(grouped, NAMED, "before_first"),
    **{
        project: Download(partial(names, project), NAMED, example)
        for project, example in EXAMPLES.items()
    },
}


class HistoryFilter(nodes.General, nodes.Element):
    """Where the script puts the filter, and the links to the downloads."""


def visit_filter(translator: Any, node: HistoryFilter) -> None:
    """Write the place of the filter; nothing in it needs a script but the filter."""
    links = " · ".join(
        f'<a class="reference internal" href="{node["stem"]}.{kind}" download>{kind.upper()}</a>'
        for kind in ("csv", "json")
    )
    attributes = {f"data-{name}": node[name] for name in ("label", "example", "count")}
    translator.body.append(translator.starttag(node, "div", CLASS="history-filter", **attributes))
    translator.body.append(f"<p>{translator.encode(node['downloads'])} {links}</p>")


def depart_filter(translator: Any, _node: HistoryFilter) -> None:
    """Close it."""
    translator.body.append("</div>\n")


class Filter(SphinxDirective):
    """The filter and the downloads of a page."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the place of the filter."""
        stem = self.arguments[0]
        if stem not in DOWNLOADS:
            raise self.error(f"history-filter: no data {stem!r}; there are {', '.join(DOWNLOADS)}")
        return [
            HistoryFilter(
                "",
                stem=stem,
                label=_("Filter the tables"),
                example=DOWNLOADS[stem].example,
                count=_("{shown} of {all} rows"),
                downloads=_("Download the data:"),
            )
        ]


def as_csv(rows: Sequence[dict[str, Any]]) -> str:
    """Return rows as CSV; what changes by release becomes ``0.10=True; 1.0=False``."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow(
            {
                name: "; ".join(f"{version}={text}" for version, text in value.items())
                if isinstance(value, dict)
                else value
                for name, value in row.items()
            }
        )
    return stream.getvalue()


def as_json(rows: Sequence[dict[str, Any]]) -> str:
    """Return rows as JSON."""
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def write_downloads(app: Sphinx, error: Exception | None) -> None:
    """Put the downloads beside the pages that offer them."""
    if error is not None or app.builder.name != "html":
        return
    for stem, download in DOWNLOADS.items():
        if f"history/{stem}" not in app.env.found_docs:
            continue
        _write(app, stem, download)


def _write(app: Sphinx, stem: str, download: Download) -> None:
    rows = cache(partial(download.rows, loaded(app)))
    memory.write(app, f"history/{stem}.csv", state(app), lambda: as_csv(rows()))
    memory.write(app, f"history/{stem}.json", state(app), lambda: as_json(rows()))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive and its node, and write the downloads at the end."""
    app.add_directive("history-filter", Filter)
    register(
        app,
        HistoryFilter,
        visit_filter,
        depart_filter,
        content_elsewhere=False,
        scripts=("remembered-input.js", "history-filter.js"),
    )
    app.connect("build-finished", write_downloads)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
