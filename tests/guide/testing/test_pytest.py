"""What pytest itself does, in a process of its own: docs/guide/testing.md."""

from __future__ import annotations

import re
from pathlib import Path

from proven.claims.proofs import proves
from tests.guide.testing.common import SOURCE, on_the_page, run_pytest


def write(folder: Path, **files: str) -> None:
    for name, code in files.items():
        path = folder / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(code)


def terminal(beginning: str) -> list[str]:
    """Return the lines that the page shows below a command."""
    blocks = re.findall(r"^```\{code-block\} console\n\$ (.*?)\n(.*?)^```", SOURCE, re.M | re.S)
    return next(printed for command, printed in blocks if beginning in command).splitlines()


def test_the_smallest_test_prints_what_the_page_shows() -> None:
    printed = run_pytest("--quiet", "snippets/testing/test_smallest.py")
    assert printed.splitlines() == terminal("--quiet snippets/testing/test_smallest.py")


@proves(
    "guide/testing",
    "It collects files named test_*.py and runs the functions in them whose names begin with test_.",
    "A test fails when an assert does not hold.",
)
def test_what_is_collected(tmp_path: Path) -> None:
    write(
        tmp_path,
        test_a="def test_good(): pass\ndef helper(): assert False\ndef test_bad(): assert 1 == 2\n",
        other="def test_never(): assert False\n",
    )
    printed = run_pytest("--quiet", folder=tmp_path)
    assert "1 failed, 1 passed" in printed
    assert "FAILED test_a.py::test_bad - assert 1 == 2" in printed


@proves(
    "guide/testing",
    "A fixture is a function that prepares something for a test.",
    "A test receives it as an argument of the same name.",
    "Fixtures in the file conftest.py are there for all tests of its folder, without an import:",
    "The fixture stands in another test file, or conftest.py lies in a folder that does not contain the test.",
    "Move it to the conftest.py above all tests that use it.",
)
def test_where_fixtures_are_found(tmp_path: Path) -> None:
    fixture = "import pytest\n@pytest.fixture\ndef client(): return 7\n"
    test = "def test_it(client): assert client == 7\n"
    write(tmp_path, web__test_a=test, other__conftest=fixture, web__test_b=fixture)
    printed = run_pytest("--quiet", folder=tmp_path)
    assert "fixture 'client' not found" in printed
    assert on_the_page("`fixture 'client' not found`")
    write(tmp_path, conftest=fixture)
    assert "1 passed" in run_pytest("--quiet", folder=tmp_path)


@proves(
    "guide/testing",
    "pytest does not search the current folder for modules.",
    'Run python -m pytest, which does, or put pythonpath = ["."] below [tool.pytest.ini_options] into pyproject.toml.',
)
def test_the_current_folder(tmp_path: Path) -> None:
    write(tmp_path, shop="", tests__test_a="import shop\ndef test_a(): pass\n")
    # What the command `pytest` does: it starts from its own folder, not from the current one.
    command = ("-P", "-m", "pytest")
    message = "ModuleNotFoundError: No module named 'shop'"
    assert message in run_pytest("-q", folder=tmp_path, command=command)
    assert on_the_page(f"`{message}`")
    assert "1 passed" in run_pytest("-q", folder=tmp_path)
    tmp_path.joinpath("pyproject.toml").write_text(
        '[tool.pytest.ini_options]\npythonpath = ["."]\n'
    )
    assert "1 passed" in run_pytest("-q", folder=tmp_path, command=command)


@proves(
    "guide/testing",
    "pytest-cov counts which lines the tests ran:",
    "The column Missing names the lines that no test of this file has run.",
    "--cov-branch also counts the two ways of each if.",
)
def test_coverage(tmp_path: Path) -> None:
    words = ["--cov=shop", "--cov-report=term-missing"]
    write(
        tmp_path,
        shop="def price(x):\n    if x:\n        x = 1\n    return x\n\n\ndef more():\n    pass\n",
    )
    write(tmp_path, test_a="from shop import price\ndef test_a(): assert price(1) == 1\n")
    assert re.search(r"shop\.py +6 +1 +83% +8\n", run_pytest("-q", *words, folder=tmp_path))
    printed = run_pytest("-q", *words, "--cov-branch", folder=tmp_path)
    assert re.search(r"shop\.py +6 +1 +2 +1 +75% +2->4, 8\n", printed)


def test_the_report_is_the_one_that_the_page_shows() -> None:
    words = ["--quiet", "--cov=snippets.testing.shop", "--cov-report=term-missing"]
    printed = run_pytest(*words, "snippets/testing/test_requests.py")
    shown = terminal(" ".join(words))
    assert [line for line in printed.splitlines() if re.search("Name|shop", line)] == shown


@proves(
    "guide/testing",
    "pytest-xdist runs tests in several processes: pytest -n auto starts one for each core.",
    "worker_id is gw0, gw1 and so on, and master without -n:",
)
def test_several_processes(tmp_path: Path) -> None:
    write(
        tmp_path,
        test_a=(
            "import os, pytest\n@pytest.mark.parametrize('x', range(40))\n"
            "def test_a(x, worker_id):\n    open(f'{worker_id}-{os.getpid()}', 'w').close()\n"
        ),
    )
    for words, workers in (["-n", "2"], {"gw0", "gw1"}), (["-n", "0"], {"master"}):
        assert "40 passed" in run_pytest("-q", *words, folder=tmp_path)
        found = [path.name.split("-") for path in tmp_path.glob("*-*")]
        assert {worker for worker, _ in found} == workers
        assert len({process for _, process in found}) == len(workers)
        for path in tmp_path.glob("*-*"):
            path.unlink()


@proves(
    "guide/testing",
    "unittest.TestCase with setUp. It still works, and pytest runs such classes too.",
    "Fixtures replace setUp and tearDown.",
    "pytest -x --ff repeats the last failures first.",
)
def test_classes_and_failures_first(tmp_path: Path) -> None:
    write(
        tmp_path,
        test_a=(
            "import unittest\nclass T(unittest.TestCase):\n    def setUp(self): self.x = 1\n"
            "    def test_a(self): assert self.x == 1\n"
            "    def test_b(self): assert self.x == 2\n"
        ),
    )
    words = ["-pcacheprovider", "-v"]
    assert "1 failed, 1 passed" in run_pytest(*words, folder=tmp_path)
    printed = run_pytest(*words, "-x", "--ff", folder=tmp_path)
    assert "test_b FAILED" in printed
    assert "test_a PASSED" not in printed


@proves(
    "guide/testing",
    "Environment. monkeypatch changes a variable or an attribute and puts it back after the test.",
    "Log. caplog keeps what was logged during the test, from the level WARNING on.",
    'caplog.set_level("INFO") keeps more.',
)
def test_fixtures_of_pytest(tmp_path: Path) -> None:
    write(
        tmp_path,
        test_a=(
            "import logging, os\nfrom flask import Flask\napp = Flask('shop')\n"
            "def log():\n    app.logger.info('a')\n    app.logger.warning('b')\n"
            "def test_a(monkeypatch, caplog):\n    monkeypatch.setenv('TEA', '1')\n"
            "    monkeypatch.setattr(app, 'name', 'x')\n    log()\n    assert caplog.messages == ['b']\n"
            "def test_b(caplog):\n    assert ('TEA' in os.environ, app.name) == (False, 'shop')\n"
            "    caplog.set_level('INFO')\n    log()\n    assert caplog.messages == ['a', 'b']\n"
        ),
    )
    assert "2 passed" in run_pytest("-q", folder=tmp_path)
