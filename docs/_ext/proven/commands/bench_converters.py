"""Measures what a URL converter costs, and records it for the page: ``nox -s bench``.

Every converter stands in a rule of its own in one application. Three things are timed for each: matching the path,
building the URL, and answering a whole request with an empty view. What counts is processor time: other programs
cost none of it. The rows take turns, round after round, so that a busy moment of the machine does not hit one of them
only; the median of the rounds is what is recorded. The page shows ``docs/_bench/converters.json`` with
``{benchmark} converters``.
"""

from __future__ import annotations

import contextlib
import datetime
import enum
import json
import statistics
import time
import timeit
import uuid
from collections.abc import Callable
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

from flask import Flask
from werkzeug.test import create_environ

from proven.base.project import ROOT
from proven.commands.measured import circumstances
from snippets.converters import CONVERTERS, enum_converter, model_converter
from snippets.url_converters.pattern import RegexConverter as ShortRegexConverter

RESULT = ROOT / "docs" / "_bench" / "converters.json"
ROUNDS = 15
SECONDS_PER_TIMING = 0.01
BASELINE = "string"


class State(enum.Enum):
    """What the enum converter chooses from."""

    OPEN = "open"
    IN_REVIEW = "in-review"
    CLOSED = "closed"


USER = SimpleNamespace(id=42, name="Ada")
MOBILE = "13800138000"

# What stands before the colon in the rule, and a value.
ROWS: dict[str, Any] = {
    "string": "hello",
    "int": 42,
    "float": 1.5,
    "path": "a/b/c.txt",
    "any(open, closed)": "open",
    "uuid": uuid.UUID(int=42),
    r'short(r"\d{11}")': MOBILE,
    r're(r"\d{11}")': MOBILE,
    "list(int)": [3, 5, 8],
    "date": datetime.date(2025, 1, 31),
    "base(62)": 2**31 - 1,
    "state": State.OPEN,
    "user": USER,
    'signed("order")': 42,
}


def application() -> Flask:
    """Return an application with one rule for each row; the endpoint is the row's name."""
    app = Flask(__name__)
    app.secret_key = "used for timing only"  # noqa: S105  nothing is protected by it
    app.url_map.converters.update(
        CONVERTERS,
        short=ShortRegexConverter,
        state=enum_converter(State),
        user=model_converter({USER.id: USER}.get, key=attrgetter("id")),
    )

    def view(value: object) -> str:
        return ""

    for position, converter in enumerate(ROWS):
        app.add_url_rule(f"/{position}/<{converter}:value>", converter, view)
    return app


def operations(app: Flask, converter: str) -> dict[str, Callable[[], object]]:
    """Return what is timed for one row, each checked once."""
    urls = app.url_map.bind("example.com")
    values = {"value": ROWS[converter]}
    path = urls.build(converter, values)
    if urls.match(path) != (converter, values):
        raise SystemExit(f"{converter}: {path} does not give back {values['value']!r}")
    environ = create_environ(path, "http://example.com/")

    def request() -> list[bytes]:
        return list(app(dict(environ), lambda *_: None))  # type: ignore[arg-type]

    if request() != [b""]:
        raise SystemExit(f"{converter}: {path} is not answered by the empty view")
    return {
        "match": lambda: urls.match(path),
        "build": lambda: urls.build(converter, values),
        "request": request,
    }


def context(app: Flask, operation: str) -> contextlib.AbstractContextManager[object]:
    """Return the context that the signed converter needs for its key; a request brings its own."""
    return contextlib.nullcontext() if operation == "request" else app.app_context()


def measure(app: Flask) -> dict[tuple[str, str], float]:
    """Return the median time of each operation of each row, in microseconds."""
    with app.app_context():
        timers = {
            (converter, name): timeit.Timer(operation, timer=time.process_time)
            for converter in ROWS
            for name, operation in operations(app, converter).items()
        }
    loops = {}
    for key, timer in timers.items():
        with context(app, key[1]):
            timer.timeit(100)
            loops[key] = max(1, int(SECONDS_PER_TIMING / (timer.timeit(100) / 100)))
    samples: dict[tuple[str, str], list[float]] = {key: [] for key in timers}
    for number in range(1, ROUNDS + 1):
        print(f"round {number} of {ROUNDS}", flush=True)
        for key, timer in timers.items():
            with context(app, key[1]):
                samples[key].append(timer.timeit(loops[key]) / loops[key] * 1e6)
    return {key: statistics.median(times) for key, times in samples.items()}


def record(medians: dict[tuple[str, str], float]) -> dict[str, Any]:
    """Return the result as the directive reads it."""
    return {
        **circumstances("Flask", "Werkzeug"),
        "subject": "converter",
        "columns": [
            {"name": "match", "unit": "µs", "decimals": 1},
            {"name": "match-ratio", "unit": "×", "decimals": 1},
            {"name": "build", "unit": "µs", "decimals": 1},
            {"name": "build-ratio", "unit": "×", "decimals": 1},
            {"name": "request", "unit": "µs", "decimals": 0},
        ],
        "rows": [
            {
                "name": converter,
                "values": [
                    round(medians[converter, "match"], 2),
                    round(medians[converter, "match"] / medians[BASELINE, "match"], 2),
                    round(medians[converter, "build"], 2),
                    round(medians[converter, "build"] / medians[BASELINE, "build"], 2),
                    round(medians[converter, "request"], 1),
                ],
            }
            for converter in ROWS
        ],
    }


def main() -> None:
    """Measure, write the result and say it."""
    app = application()
    result = record(measure(app))
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    for row in result["rows"]:
        print(f"{row['name']:20}", *[f"{value:8}" for value in row["values"]])
    print(f"written: {RESULT.relative_to(ROOT).as_posix()}")


if __name__ == "__main__":
    main()
