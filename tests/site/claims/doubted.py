"""Asks the tests of a small project about changes of its snippets, in a process of its own, as it forks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from proven.base.project import ROOT

SCRIPT = """
import json, os, sys
from pathlib import Path
from proven.claims.mutations import of_code
from proven.commands.doubt import Doubt, adopt, survivors

file, tests = sys.argv[1], sys.argv[2:]
sys.dont_write_bytecode = True
adopt()
sys.path.insert(0, os.getcwd())
asked = [Doubt(file, mutant, tests) for mutant in of_code(Path(file).read_text("utf-8"))]
print(json.dumps({doubt.mutant.what: result for doubt, result in survivors(Path.cwd(), asked)}))
"""


def ask(project: Path, file: str, tests: list[str]) -> dict[str, str]:
    """Return what came of each change of a file."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, file, *tests],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(ROOT / "docs" / "_ext")},
        check=True,
        capture_output=True,
        text=True,
    )
    results: dict[str, str] = json.loads(done.stdout)
    return results
