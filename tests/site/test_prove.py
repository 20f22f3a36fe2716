"""What fails beside other tests and passes alone passes, and is named; nothing else gets a second chance."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from proven.base.project import ROOT
from proven.claims.proofs import proves

# Fails the first time that it runs.
ONCE = """
from pathlib import Path

def test_once():
    again = Path(__file__).with_suffix(".ran")
    ran = again.exists()
    again.touch()
    assert ran
"""
ALWAYS = "def test_always():\n    assert not 'a fault'\n"


def prove(root: Path, **tests: str) -> subprocess.CompletedProcess[str]:
    """Run all tests of a project that has these test files, ``__`` for a folder."""
    (root / "pyproject.toml").write_text("[tool.pytest.ini_options]\ntestpaths = ['tests']\n")
    for name, text in tests.items():
        path = root / "tests" / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    conftest = (ROOT / "tests/conftest.py").read_text(encoding="utf-8")
    (root / "tests/conftest.py").write_text(conftest, encoding="utf-8")
    code = (
        "import sys; from pathlib import Path; from proven.commands import prove; "
        "prove.FAILED = Path('.cache/failed.json').absolute(); "
        "prove.spread = lambda: ['--numprocesses=0', *prove.COVER]; "
        "sys.exit(prove.main())"
    )
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(ROOT / "docs/_ext"), "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        check=False,
    )


@proves(
    "about/testing",
    "All tests run side by side: of those that fail, up to three are asked again with nothing "
    "beside them, and what passes only then is named at the end.",
)
def test_what_passes_alone_is_named(tmp_path: Path) -> None:
    done = prove(tmp_path, test_a=ONCE, test_b="def test_fine():\n    pass\n")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "asked again with nothing beside: 1" in done.stdout
    last = done.stdout.splitlines()[-1]
    assert last.startswith("passed only alone")
    assert last.endswith("tests/test_a.py::test_once")


def test_what_fails_alone_fails(tmp_path: Path) -> None:
    done = prove(tmp_path, test_a=ONCE, test_b=ALWAYS)
    assert done.returncode == 1
    assert "asked again with nothing beside: 2" in done.stdout
    assert "passed only alone" not in done.stdout


@pytest.mark.parametrize(
    "tests",
    [
        pytest.param({f"test_{number}": ONCE for number in range(4)}, id="more than three"),
        pytest.param({"reference__test_a": ONCE}, id="copied code"),
    ],
)
@proves(
    "about/testing",
    "No test of the session interfaces and converters gets that second chance.",
)
def test_some_get_no_second_chance(tmp_path: Path, tests: dict[str, str]) -> None:
    done = prove(tmp_path, **tests)
    assert done.returncode == 1
    assert "asked again" not in done.stdout


def test_what_is_about_the_run_is_no_failed_test(tmp_path: Path) -> None:
    done = prove(tmp_path, test_a="import there_is_no_such_module\n")
    assert done.returncode != 0
    assert "asked again" not in done.stdout
