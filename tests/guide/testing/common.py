"""What the tests of docs/guide/testing.md share."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from proven.base.project import ROOT
from tests.source import Source

_SOURCE = Source("guide/testing")
SOURCE = _SOURCE.text
on_the_page = _SOURCE.has


def run_pytest(
    *words: str, folder: Path = ROOT, command: tuple[str, ...] = ("-m", "pytest")
) -> str:
    """Return what pytest prints in a process of its own, with the time that it took as 0.05s."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST_", "COV_")) and name not in ("PYTHONPATH", "COLUMNS")
    }
    with tempfile.TemporaryDirectory() as data:
        # Without the plugins of this site, which take longer to load than the tests to run.
        environment |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "COVERAGE_FILE": f"{data}/coverage"}
        used = [("-n", "xdist.plugin"), ("--cov", "pytest_cov")]
        plugins = [f"-p{plugin}" for option, plugin in used if option in " ".join(words)]
        done = subprocess.run(
            [sys.executable, *command, "-pno:cacheprovider", *plugins, *words],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    return re.sub(r"in \d+\.\d+s", "in 0.05s", done.stdout)
