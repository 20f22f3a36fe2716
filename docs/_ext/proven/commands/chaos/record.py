"""Writes down what a run has counted, for the reference page."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from proven.base.project import DOCS, ROOT
from proven.claims.figures import SECANTUSDB
from proven.commands.chaos.tally import Tally, total
from proven.commands.measured import circumstances

SOURCES = ROOT / "snippets" / "sessions"
FOLDER = DOCS / "_bench"

Run = Mapping[str, Mapping[str, Tally | None]]
"""What was counted, by backend and fault; nothing where a backend cannot have a fault."""

# What the page calls a backend that stands in for it.
SHOWN = {"MongoDB": SECANTUSDB}
COUNTS = ("requests", "acknowledged", "lost", "mixed", "resurrected", "forgotten")
STATUSES = ("200", "500", "503", "none")


def fingerprint() -> str:
    """Return a hash of the code of the session interfaces, without what changes nothing: comments and docstrings."""
    digest = hashlib.sha256()
    for path in sorted(SOURCES.glob("*.py")):
        if path.name == "requirements.py":
            continue  # It refuses old releases; the run says which ones it had.
        digest.update(path.name.encode())
        for line in _code(path.read_text(encoding="utf-8")):
            digest.update(line.encode())
    return digest.hexdigest()


def _code(source: str) -> list[str]:
    """Return the lines of a module that are code, or that have code before a comment."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            for number in range(node.lineno - 1, node.end_lineno or node.lineno):
                lines[number] = ""
    return [line for line in lines if line.strip() and not line.strip().startswith("#")]


def by_backend(run: Run) -> dict[str, Any]:
    """Return what was counted on each backend."""
    columns = [{"name": name, "unit": "", "decimals": 0} for name in COUNTS]
    rows = []
    for backend, faults in run.items():
        tally = total(filter(None, faults.values()))
        rows.append(
            {
                "name": SHOWN.get(backend, backend),
                "values": [getattr(tally, name) for name in COUNTS],
            }
        )
    return {"subject": "backend", "columns": columns, "rows": rows}


def by_fault(run: Run) -> dict[str, Any]:
    """Return the longest wait with each fault, on each backend."""
    faults = list(next(iter(run.values())))
    columns = [{"name": fault, "unit": "s", "decimals": 1} for fault in faults]
    rows = []
    for backend, tallies in run.items():
        waits = [None if tally is None else round(tally.longest, 2) for tally in tallies.values()]
        rows.append({"name": SHOWN.get(backend, backend), "values": waits})
    return {"subject": "backend", "columns": columns, "rows": rows}


def answers(run: Run) -> dict[str, Any]:
    """Return what the readers saw with each fault, on all backends, in percent of the answers."""
    columns = [{"name": f"status-{status}", "unit": "%", "decimals": 1} for status in STATUSES]
    rows = []
    for fault in next(iter(run.values())):
        tally = total(filter(None, (tallies[fault] for tallies in run.values())))
        seen = tally.statuses
        unknown = seen.keys() - {*STATUSES}
        if unknown:
            raise ValueError(f"there is no column for the status {unknown}")
        shares = [round(100 * seen[status] / seen.total(), 2) for status in STATUSES]
        rows.append({"name": fault, "values": shares})
    return {"subject": "fault", "columns": columns, "rows": rows}


def details(run: Run) -> list[dict[str, Any]]:
    """Return everything that was counted, for who wants to know more."""
    result = []
    for backend, faults in run.items():
        for fault, tally in faults.items():
            if tally is not None:
                data = tally.as_json() | {"longest": round(tally.longest, 2)}
                del data["processes"]
                result.append({"backend": backend, "fault": fault, **data})
    return result


def write(run: Run) -> list[Path]:
    """Write the record, and return the paths of its files."""
    measured = circumstances("Flask", "Gunicorn")
    results = {
        "chaos": by_backend(run) | {"sources": fingerprint(), "details": details(run)},
        "chaos-answers": answers(run),
        "chaos-waits": by_fault(run),
    }
    paths = []
    for name, result in results.items():
        path = FOLDER / f"{name}.json"
        text = json.dumps(measured | result, ensure_ascii=False, indent=2)
        path.write_text(text + "\n", encoding="utf-8")
        paths.append(path)
    return paths
