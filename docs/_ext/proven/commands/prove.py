"""Run all tests side by side; what fails only because the machine was busy may pass alone, once.

Many tests wait for another program: a server, a browser, a killed worker. Beside others, one of thousands now and then
waits for too short a time. Such a test is asked again with nothing beside it, and is named at the end, so that it gets
mended. That is no way around a fault: what fails alone fails, so does what fails in numbers, and no test of the code
that readers copy whole (:data:`FIRM`) is asked again, because there one failure in a thousand is a finding.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

from proven.base.project import ROOT

# Written by tests/conftest.py: the tests that failed in the run before.
FAILED = ROOT / ".cache" / "failed.json"
# Session interfaces, converters: a failure that comes now and then is what their tests look for.
FIRM = "tests/reference/"
# More than these are no accident.
MOST = 3
COVER = ("--cov", "--cov-report=")


def spread() -> list[str]:
    """Return the options that share the work out.

    The tests of a file share servers and opened pages, so they stay together. Many wait, for a server that hangs or a
    page that loads: two processes more than there are cores use that time.
    """
    return [f"--numprocesses={(os.cpu_count() or 1) + 2}", "--dist=loadfile", *COVER]


def pytest(*arguments: str) -> int:
    """Run pytest and return its exit status."""
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], check=False).returncode


def may_be_asked_again(failed: list[str]) -> bool:
    """Say whether tests that failed may have failed because of what ran beside them.

    >>> may_be_asked_again(["tests/browser/test_copy.py::test_a_click"])
    True
    >>> may_be_asked_again(["tests/reference/sessions/test_forks.py::test_a_worker"])
    False
    """
    # A file that cannot be imported is named without a test in it.
    tests = [name for name in failed if "::" in name and not name.startswith(FIRM)]
    return 0 < len(failed) <= MOST and tests == failed


def main() -> int:
    """Run all tests; return what pytest returns, 0 if what failed passes alone."""
    FAILED.unlink(missing_ok=True)
    status = pytest(*spread())
    failed = json.loads(FAILED.read_text(encoding="utf-8")) if FAILED.is_file() else []
    # 1 means that tests failed. Everything else is about the run as such.
    if status != 1 or not may_be_asked_again(failed):
        return status
    print(f"asked again with nothing beside: {len(failed)}", flush=True)
    status = pytest(*COVER, "--cov-append", *failed)
    if status == 0:
        print(f"passed only alone, look at what it waits for: {' '.join(failed)}")
    return status


if __name__ == "__main__":
    sys.exit(main())
