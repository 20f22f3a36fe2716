"""What the tests of docs/guide/extensions.md share."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from proven.base.project import ROOT
from tests.source import Source

_SOURCE = Source("guide/extensions")
SOURCE = _SOURCE.text
on_the_page = _SOURCE.says
SNIPPETS = ROOT / "snippets" / "extensions"


def run(*words: str | Path, folder: Path, **more: str) -> str:
    """Return what a command prints; it has to succeed, sees no module of this repository and no network."""
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("PYTHON", "PYTEST", "COV"))}
    done = subprocess.run(
        [str(word) for word in words],
        cwd=folder,
        env={
            **kept,
            "UV_OFFLINE": "1",
            "UV_NO_PROGRESS": "1",
            "UV_PYTHON_DOWNLOADS": "never",
            **more,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout
