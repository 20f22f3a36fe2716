"""Measures how many requests each server answers, and records it for the page: ``nox -s bench``.

Every server runs the same application in one process, which is bound to one core; wrk sends the requests from another
core. Two views are asked: one that answers at once, so that what is left is the server and Flask, and one that waits,
as for a database. The rows take turns, round after round, so that a busy moment of the machine does not hit one of them
only; the median of the rounds is what is recorded, beside its ratio to the first row. A single request that fails stops
the measurement. The page shows ``docs/_bench/servers.json`` with ``{benchmark} servers``.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from proven.base.project import ROOT
from proven.commands.measured import circumstances
from tests.servers import free_port

RESULT = ROOT / "docs" / "_bench" / "servers.json"
ROUNDS = 5
SECONDS = 3
CONNECTIONS = 16
APP = "snippets.deployment.waiting:app"
VIEWS = {"at-once": "/compute/0.0", "waiting": "/wait/0.02"}
OF_GUNICORN = ["--no-control-socket", "--log-level", "warning", "--bind", "{address}", APP]
# As a reader types it, but for address, log and application; the first row is what the others are compared with.
ROWS = {
    "gunicorn": OF_GUNICORN,
    "gunicorn --threads 4": OF_GUNICORN,
    "gunicorn --worker-class gevent": OF_GUNICORN,
    "waitress-serve --threads 4": ["--listen", "{address}", APP],
    "granian --blocking-threads 4": ["--interface", "wsgi", "--port", "{port}", APP],
    "uvicorn": ["--log-level", "warning", "--port", "{port}", "snippets.deployment.asgi:asgi_app"],
    "flask run": ["--port", "{port}"],
}
DISTRIBUTIONS = ("Gunicorn", "gevent", "Waitress", "Granian", "Uvicorn", "a2wsgi")


def command(row: str, port: int) -> list[str]:
    """Return the command of a row, for a port of this machine."""
    program, *words = row.split()
    if program == "flask":
        words = ["--app", APP, *words]
    given = (word.format(address=f"127.0.0.1:{port}", port=port) for word in ROWS[row])
    return [str(Path(sys.executable).with_name(program)), *words, *given]


@contextlib.contextmanager
def serving(row: str) -> Iterator[str]:
    """Run the server of a row on the first core; its address is yielded."""
    port = free_port()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        ["taskset", "--cpu-list", "0", *command(row, port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
    ) as server:
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_for(address, server)
            yield address
        finally:
            server.terminate()


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(address + VIEWS["at-once"]).close()  # noqa: S310  our own server
        except OSError as error:
            if server.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"{server.args!r} does not answer: {error}") from error
            time.sleep(0.05)
        else:
            return


def per_second(said: str) -> float:
    """Read the requests a second off what wrk printed.

    Raises:
        SystemExit: if a request failed, or there is no figure.
    """
    if failed := re.search(r"Socket errors: .*|Non-2xx or 3xx responses: .*", said):
        raise SystemExit(f"requests failed: {failed[0]}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if not found:
        raise SystemExit(f"wrk said no figure:\n{said}")
    return float(found[1])


def load(url: str, seconds: float) -> float:
    """Send requests from the second core for some seconds; return how many were answered in a second."""
    wrk = ["wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--duration", f"{seconds}s"]
    done = subprocess.run(
        ["taskset", "--cpu-list", "1", *wrk, url], capture_output=True, text=True, check=True
    )
    return per_second(done.stdout)


def measure() -> dict[tuple[str, str], float]:
    """Return the median requests a second of each row and view."""
    samples: dict[tuple[str, str], list[float]] = {
        (row, view): [] for row in ROWS for view in VIEWS
    }
    for number in range(1, ROUNDS + 1):
        print(f"round {number} of {ROUNDS}", flush=True)
        for row in ROWS:
            with serving(row) as address:
                load(address + VIEWS["at-once"], 1)
                for view, path in VIEWS.items():
                    samples[row, view].append(load(address + path, SECONDS))
    return {key: statistics.median(values) for key, values in samples.items()}


def record(medians: dict[tuple[str, str], float]) -> dict[str, Any]:
    """Return the result as the directive reads it."""
    first = next(iter(ROWS))
    return {
        **circumstances("Flask", "Werkzeug", *DISTRIBUTIONS),
        "subject": "server",
        "columns": [
            {"name": name, "unit": unit, "decimals": decimals}
            for view in VIEWS
            for name, unit, decimals in ((view, "/s", 0), (f"{view}-ratio", "×", 1))
        ],
        "rows": [
            {
                "name": row,
                "values": [
                    value
                    for view in VIEWS
                    for value in (
                        round(medians[row, view], 1),
                        round(medians[row, view] / medians[first, view], 2),
                    )
                ],
            }
            for row in ROWS
        ],
    }


def main() -> None:
    """Measure, write the result and say it."""
    if missing := [name for name in ("wrk", "taskset") if not shutil.which(name)]:
        raise SystemExit(f"{', '.join(missing)} not found: apt-get install wrk util-linux")
    if (os.cpu_count() or 1) < 2:
        raise SystemExit("it needs two cores: one for the server, one for the requests")
    result = record(measure())
    RESULT.write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    for row in result["rows"]:
        print(f"{row['name']:32}", *[f"{value:9}" for value in row["values"]])
    print(f"written: {RESULT.relative_to(ROOT).as_posix()}")


if __name__ == "__main__":
    main()
