"""Run the tests of Run in Firefox, and record which passed: ``nox -s firefox``.

They are those of Chromium, in ``tests/browser``, with the same pages. ``test_record.py`` holds the record: a test that
is not in it has not passed in Firefox, and is either run there or named in :data:`LEFT_OUT` with the reason.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from proven.base.project import DOCS, ROOT
from tests import needs

RECORD = DOCS / "_run/firefox.json"
SUITE = [
    f"tests/browser/test_{name}.py"
    for name in ("playground", "run", "run_failures", "run_kept", "run_languages")
]
# Playwright is told of no download by the extended support release of Firefox.
DOWNLOAD = "it saves a file"
#: What Firefox, or what drives it, cannot be asked; the reason is for who reads this.
LEFT_OUT = {
    "tests/browser/test_run.py::test_a_compiled_library_is_that_of_the_locked_wheel": DOWNLOAD,
    "tests/browser/test_run.py::test_the_folder_that_is_downloaded_runs": DOWNLOAD,
}


class Outcomes:
    """Notes which tests were there, and which passed."""

    def __init__(self) -> None:
        self.passed: set[str] = set()
        self.failed: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a report; a test has up to three."""
        if report.failed or report.skipped:
            self.failed.add(report.nodeid)
        elif report.when == "call":
            self.passed.add(report.nodeid)


def suite() -> list[str]:
    """Return the tests of the suite that are not left out."""
    listed = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "--quiet", "--no-cov", *SUITE],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    names = (line for line in listed.stdout.splitlines() if "::" in line)
    return [name for name in names if name not in LEFT_OUT]


def main() -> int:
    """Run, print what failed, and record what passed if all did."""
    (program,) = needs.programs(needs.FIREFOX, "firefox-esr")
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    os.environ["PROVEN_BROWSER"] = "firefox"
    outcomes = Outcomes()
    spread = ["--numprocesses=2", "--dist=loadfile", "--no-cov", "--quiet"]
    code = pytest.main([*spread, *suite()], plugins=[outcomes])
    if outcomes.failed or code:
        return int(code) or 1
    record = {"firefox": version.stdout.split()[-1], "passed": sorted(outcomes.passed)}
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(outcomes.passed)} tests passed in Firefox {record['firefox']}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
