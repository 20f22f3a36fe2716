"""Report which lines and branches of the snippets the tests did not reach; less than all is a failure.

Where a server or a browser is not installed, the tests that need it were left out. The modules that those test files
use are then not counted, and the report says so: the bound holds for what could run.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import coverage

from proven.base.project import ROOT
from proven.snippets.imports import dependencies
from proven.snippets.uses import used_by

LEFT_OUT = ROOT / ".cache" / "left-out.json"


def uncounted(root: Path, left_out: list[str]) -> set[Path]:
    """Return the files of the snippets that the test files in ``left_out``, or their fixtures, use."""
    files = {root / name for name in left_out}
    files |= {conftest for file in files if (conftest := file.with_name("conftest.py")).is_file()}
    modules = {module for file in files for module in used_by(root, file)}
    return {file for module in modules for file in dependencies(root, module)}


def main() -> int:
    """Print the report of the last run; return 1 if something was missed."""
    left_out = json.loads(LEFT_OUT.read_text(encoding="utf-8")) if LEFT_OUT.is_file() else []
    omitted = uncounted(ROOT, left_out)
    data = coverage.Coverage()
    data.load()
    reached = data.report(omit=[str(file) for file in sorted(omitted)] or None)
    if omitted:
        print(f"not counted, because tests that use them were left out: {len(omitted)} modules")
    # The report rounds; 99.99 is not all.
    if reached < 100:
        print(f"coverage is {reached:.2f} % of what could run here: test the lines above")
    return int(reached < 100)


if __name__ == "__main__":
    sys.exit(main())
