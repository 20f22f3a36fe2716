"""``{benchmark}``: the table of a recorded measurement.

::

    ```{benchmark} converters
    ```

reads ``docs/_bench/converters.json``, which ``nox -s bench`` writes, and shows its rows and columns, and under them
when and on what they were measured. A file looks like this; ``subject`` is what the rows are, and the names of
subject and columns are those of :func:`titles`, or numbers; the name of a row is code if it is not among them::

    {
      "date": "2025-01-31", "machine": "2 × CPU", "versions": {"Python": "3.13.0"},
      "subject": "converter",
      "columns": [{"name": "match", "unit": "µs", "decimals": 1}],
      "rows": [{"name": "int", "values": [4.2]}]
    }

::

    ```{benchmark} session-count
    :plot: Time of a request that reads its session, by the number of sessions
    ```

draws a line for each row, from column to column, all in the unit of the first, and folds the table. The text says what
is to be seen; it is translated with the page.

What cannot be read stops the build with one line that says what to do.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata, OptionSpec
from sphinx.writers.html5 import HTML5Translator

from benchmark_plot import Line, draw
from disclosure import disclosure
from html_node import register

logger = logging.getLogger(__name__)

FOLDER = "_bench"


def titles() -> dict[str, str]:
    """Return the headings that a result may name, in the reader's language."""
    return {
        "converter": _("Converter"),
        "match": _("Matching"),
        "match-ratio": _("Against `string`"),
        "build": _("Building"),
        "build-ratio": _("Against `string`"),
        "request": _("Whole request"),
        "backend": _("Backend"),
        "untouched": _("Session not looked at"),
        "untouched-ratio": _("With Flask-Session"),
        "read": _("Read"),
        "read-ratio": _("With Flask-Session"),
        "write": _("Read and written"),
        "write-ratio": _("With Flask-Session"),
        "files": _("files"),
        **{
            name: name
            for name in ("Redis", "Memcached", "MongoDB", "SQLite", "MariaDB", "PostgreSQL")
        },
    }


def row_name(name: str) -> str:
    """Return the name of a row, as code if it is no word that is translated."""
    return titles().get(name, f"`{name}`")


class BenchmarkError(Exception):
    """A result that cannot be shown; the message says why and what to do."""


@dataclass
class Column:
    """One column of figures."""

    title: str
    unit: str
    decimals: int


@dataclass
class Result:
    """A measurement, checked."""

    date: str
    machine: str
    versions: dict[str, str]
    subject: str
    columns: list[Column]
    rows: list[tuple[str, list[float]]]


def read(file: Path) -> Result:
    """Read a recorded result.

    Raises:
        BenchmarkError: if there is none, or it is not of the form that the module shows.
    """
    again = "run 'nox -s bench'"
    shown = f"{FOLDER}/{file.name}"
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BenchmarkError(f"there is no result {shown}: {again}") from None
    except ValueError as error:
        raise BenchmarkError(f"{shown} is not JSON ({error}): {again}") from error
    try:
        columns = [
            Column(_title(shown, column["name"]), column["unit"], int(column["decimals"]))
            for column in data["columns"]
        ]
        rows = [
            (str(row["name"]), [float(value) for value in row["values"]]) for row in data["rows"]
        ]
        result = Result(
            date=data["date"],
            machine=data["machine"],
            versions=dict(data["versions"]),
            subject=_title(shown, data["subject"]),
            columns=columns,
            rows=rows,
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        what = f"{type(error).__name__}: {error}"
        raise BenchmarkError(f"{shown} is not a result ({what}): {again}") from error
    for name, values in rows:
        if len(values) != len(columns):
            raise BenchmarkError(
                f"{shown}: the row {name!r} has {len(values)} values for {len(columns)} columns: {again}"
            )
    return result


def _title(shown: str, name: str) -> str:
    if name.isdecimal():
        return f"{int(name):,}"
    known = titles()
    if name not in known:
        raise BenchmarkError(
            f"{shown}: there is no heading for {name!r}: add it to titles() in docs/_ext/benchmark.py"
        )
    return known[name]


class plot(nodes.General, nodes.Element):  # noqa: N801  docutils writes node names so
    """A drawing; formats other than HTML have the table below it."""


class Benchmark(SphinxDirective):
    """Show a recorded result."""

    required_arguments = 1
    option_spec: ClassVar[OptionSpec] = {"plot": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """Return the table and the circumstances."""
        file = Path(self.env.srcdir) / FOLDER / f"{self.arguments[0]}.json"
        self.env.note_dependency(str(file))
        try:
            result = read(file)
        except BenchmarkError as error:
            logger.warning(
                "benchmark: %s",
                error,
                location=(self.env.docname, self.lineno),
                type="proven",
                subtype="benchmark",
            )
            return []
        box = nodes.container("", classes=["benchmark"])
        if "plot" in self.options:
            box += self._plot(result)
            fold = disclosure(summary=_("The same as a table"))
            fold += table(result)
            box += fold
        else:
            box += table(result)
        box += circumstances(result)
        for node in box.findall(nodes.Element):
            self.set_source_info(node)
        return [box]

    def _plot(self, result: Result) -> list[nodes.Node]:
        """Return the drawing, below the text that is its title."""
        title = f"benchmark-{self.env.new_serialno('benchmark')}"
        text = self.options["plot"]
        lines = [Line(titles().get(name, name), values) for name, values in result.rows]
        points = [column.title for column in result.columns]
        return [
            nodes.paragraph(text, text, ids=[title], classes=["benchmark-title"]),
            plot(svg=draw(lines, points, result.columns[0].unit, title)),
        ]


def table(result: Result) -> nodes.table:
    """Return the figures as a table."""
    group = nodes.tgroup(cols=1 + len(result.columns))
    group += [nodes.colspec(colwidth=1) for _column in range(group["cols"])]
    headings = [
        nodes.entry(
            "",
            _paragraph(_("%(title)s (%(unit)s)") % {"title": column.title, "unit": column.unit}),
            classes=["text-right"],
        )
        for column in result.columns
    ]
    group += nodes.thead("", nodes.row("", nodes.entry("", _paragraph(result.subject)), *headings))
    body = nodes.tbody()
    for name, values in result.rows:
        row = nodes.row("", nodes.entry("", _paragraph(row_name(name))))
        for column, value in zip(result.columns, values, strict=True):
            figure = _paragraph(f"{value:.{column.decimals}f}")
            row += nodes.entry("", figure, classes=["text-right"])
        body += row
    group += body
    return nodes.table("", group)


def circumstances(result: Result) -> nodes.paragraph:
    """Return the line that says when and on what the figures were measured."""
    facts: dict[str, Any] = {
        "date": result.date,
        "versions": _(", ").join(f"{name} {version}" for name, version in result.versions.items()),
        "machine": result.machine,
    }
    return _paragraph(_("Measured on %(date)s with %(versions)s on %(machine)s.") % facts)


def _paragraph(text: str) -> nodes.paragraph:
    """Return a paragraph that is no text of the page; what stands in backquotes is code."""
    paragraph = nodes.paragraph(translatable=False)
    for position, part in enumerate(text.split("`")):
        if part:
            paragraph += nodes.literal(part, part) if position % 2 else nodes.Text(part)
    return paragraph


def visit_html(visitor: HTML5Translator, node: plot) -> None:
    """Write the drawing."""
    visitor.body.append(node["svg"])
    raise nodes.SkipNode


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive and the node of its drawing."""
    app.setup_extension("disclosure")
    # The table says the same where there is no drawing.
    register(app, plot, visit_html, content_elsewhere=False)
    app.add_directive("benchmark", Benchmark)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
