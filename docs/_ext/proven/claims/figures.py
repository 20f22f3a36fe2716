"""``{benchmark}``: the table of a recorded measurement.

::

    ```{benchmark} converters
    ```

reads ``docs/_bench/converters.json``, which ``nox -s bench`` writes (``nox -s chaos``, if the name begins with
``chaos``), and shows its rows and columns, and under them when and on what they were measured. A file looks like this;
``subject`` is what the rows are, and the names of subject and columns are those of :func:`titles`, or numbers; the name
of a row is code if it is not among them; a count has an empty unit; a value that does not exist is ``null``::

    {
      "date": "2025-01-31", "machine": "2 × CPU", "versions": {"Python": "3.13.0"},
      "subject": "converter",
      "columns": [{"name": "match", "unit": "µs", "decimals": 1}],
      "rows": [{"name": "int", "values": [4.2]}]
    }

What cannot be read stops the build with one line that says what to do.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from proven.base import tables
from proven.base.complaints import complain
from proven.base.tables import cell, paragraph, row

FOLDER = "_bench"
# What is measured where the servers of MongoDB are not to be had.
SECANTUSDB = "MongoDB (SecantusDB)"


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
        "server": _("Server"),
        "at-once": _("View that returns at once"),
        "at-once-ratio": _("Against `gunicorn`"),
        "waiting": _("View that waits"),
        "waiting-ratio": _("Against `gunicorn`"),
        "requests": _("Requests"),
        "acknowledged": _("Acknowledged changes"),
        "lost": _("Lost"),
        "mixed": _("Mixed"),
        "resurrected": _("Resurrected"),
        "forgotten": _("Forgotten"),
        "fault": _("What was broken"),
        "forked": _("Workers forked"),
        "killed": _("Server killed"),
        "worker-killed": _("Worker killed"),
        "hung": _("Hung"),
        "refused": _("Refused"),
        "disk-full": _("Disk full"),
        "dropped": _("Reply dropped"),
        "clock-moved": _("Clock moved"),
        **{f"status-{status}": f"`{status}`" for status in ("200", "500", "503")},
        "status-none": _("No answer"),
        "files": _("files"),
        **{
            name: name
            for name in ("Redis", "Memcached", "SQLite", "MariaDB", "PostgreSQL", SECANTUSDB)
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

    def figure(self, value: float) -> str:
        """Return a value as it is shown; a count may be large."""
        return f"{value:.{self.decimals}f}" if self.unit else f"{value:,.{self.decimals}f}"


@dataclass
class Result:
    """A measurement, checked."""

    date: str
    machine: str
    versions: dict[str, str]
    subject: str
    columns: list[Column]
    rows: list[tuple[str, list[float | None]]]


def read(file: Path) -> Result:
    """Read a recorded result.

    Raises:
        BenchmarkError: if there is none, or it is not of the form that the module shows.
    """
    again = f"run 'nox -s {'chaos' if file.stem.startswith('chaos') else 'bench'}'"
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
            (
                str(row["name"]),
                [None if value is None else float(value) for value in row["values"]],
            )
            for row in data["rows"]
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
            f"{shown}: there is no heading for {name!r}: add it to proven.claims.figures.titles()"
        )
    return known[name]


class Benchmark(SphinxDirective):
    """Show a recorded result."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the table and the circumstances."""
        file = Path(self.env.srcdir) / FOLDER / f"{self.arguments[0]}.json"
        self.env.note_dependency(str(file))
        try:
            result = read(file)
        except BenchmarkError as error:
            complain(f"benchmark: {error}", (self.env.docname, self.lineno), "benchmark")
            return []
        box = nodes.container("", classes=["benchmark"])
        box += table(result)
        box += circumstances(result)
        for node in box.findall(nodes.Element):
            self.set_source_info(node)
        return [box]


def table(result: Result) -> nodes.table:
    """Return the figures as a table."""
    head = [cell(result.subject)]
    for column in result.columns:
        named = {"title": column.title, "unit": column.unit}
        title = _("%(title)s (%(unit)s)") % named if column.unit else column.title
        head.append(cell(title, classes=["text-right"]))
    rows = []
    for name, values in result.rows:
        figures = (
            "–" if value is None else column.figure(value)
            for column, value in zip(result.columns, values, strict=True)
        )
        cells = (cell(figure, classes=["text-right"]) for figure in figures)
        rows.append(row(cell(row_name(name)), *cells))
    return tables.table(row(*head), rows)


def circumstances(result: Result) -> nodes.paragraph:
    """Return the line that says when and on what the figures were measured."""
    facts: dict[str, Any] = {
        "date": result.date,
        "versions": _(", ").join(f"{name} {version}" for name, version in result.versions.items()),
        "machine": result.machine,
    }
    return paragraph(_("Measured on %(date)s with %(versions)s on %(machine)s.") % facts)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive."""
    app.add_directive("benchmark", Benchmark)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
