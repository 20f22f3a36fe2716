"""A test that skips says why; in continuous integration it fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from proven.base.project import ROOT
from proven.claims.proofs import proves

SKIPPING = """
import pytest

@pytest.fixture
def server():
    pytest.skip("redis-server not found; install with: apt-get install redis-server")

def test_with_a_server(server):
    pass

def test_in_the_middle():
    pytest.skip("no browser")

@pytest.mark.skipif(True, reason="never")
def test_marked():
    pass

@pytest.mark.xfail(reason="known")
def test_known():
    assert False
"""


@proves(
    "about/testing",
    "Where one is not installed, its tests are skipped and name the command that installs "
    "it; where the variable CI is set, a skipped test is a failed one.",
)
@pytest.mark.parametrize(("ci", "summary"), [("", "3 skipped, 1 xfailed"), ("true", "1 xfailed")])
def test_a_skip_is_a_failure_in_ci(tmp_path: Path, ci: str, summary: str) -> None:
    tmp_path.joinpath("test_skipping.py").write_text(SKIPPING)
    tmp_path.joinpath("conftest.py").write_text(
        ROOT.joinpath("tests", "conftest.py").read_text(encoding="utf-8"), encoding="utf-8"
    )
    path = str(ROOT / "docs" / "_ext")
    command = [sys.executable, "-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider", str(tmp_path)]
    run = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "CI": ci, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert summary in run.stdout.splitlines()[-1]
    if ci:
        assert run.returncode == 1
        reasons = [line for line in run.stdout.splitlines() if line.startswith("skipped, which CI")]
        assert len(reasons) == 3
        assert any("install with: apt-get install redis-server" in line for line in reasons)
    else:
        assert run.returncode == 0
