"""What the tests of docs/guide/async.md share."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from tests.source import Source

ROOT = Path(__file__).parents[3]
_SOURCE = Source("guide/async")
PAGE = _SOURCE.text
on_the_page = _SOURCE.quotes
table = _SOURCE.table


def seconds(function: Callable[[], object]) -> float:
    """Return how long a call takes."""
    began = time.monotonic()
    function()
    return time.monotonic() - began


def costs(*functions: Callable[[], object]) -> list[float]:
    """Return the processor time that each takes at least, in seconds. They take turns on a busy machine."""
    rounds: list[list[float]] = []
    for _ in range(20):
        rounds.append([])
        for function in functions:
            began = time.process_time()
            for _ in range(25):
                function()
            rounds[-1].append(time.process_time() - began)
    return [min(column) for column in zip(*rounds, strict=True)]


def new_app() -> Flask:
    app = Flask("async-test")
    app.config.update(TESTING=True, SECRET_KEY="only for tests")
    return app


def error_of(client: FlaskClient, path: str) -> str:
    """Return what a view raises, as the last line of its traceback."""
    try:
        client.get(path)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    raise AssertionError(f"{path} raises nothing")


def outcomes(code: str, *paths: str) -> list[str]:
    """Send requests to the `app` of some code, in a process of its own, and return each body or error.

    What a closed event loop leaves behind is complained about when it is deleted, which is not what is tested.
    """
    ask = f"""
import json
said = []
for path in {paths!r}:
    try:
        said.append(app.test_client().get(path).text.strip())
    except Exception as error:
        said.append(f"{{type(error).__name__}}: {{error}}")
print(json.dumps(said))
"""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code + ask],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    found: list[str] = json.loads(done.stdout.splitlines()[-1])
    return found
