"""The fixtures that the tests of docs/guide/command-line.md share."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from click.testing import CliRunner, Result
from flask.cli import FlaskGroup

Flask = Callable[..., Result]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def forget(folder: Path) -> None:
    """Take the modules of a folder out of those that are imported."""
    # Thousands are imported, after each run of the command: texts are compared, not paths.
    within = (f"{folder}{os.sep}", f"{folder.resolve()}{os.sep}")
    for name, module in list(sys.modules.items()):
        if (getattr(module, "__file__", None) or "").startswith(within):
            del sys.modules[name]


@pytest.fixture
def flask(project: Path) -> Iterator[Flask]:
    """Return what runs the flask command in the folder; each run imports anew."""

    def run(*words: str, typed: str = "", **environment: str) -> Result:
        with patch.object(sys, "path", sys.path[:]), patch.dict(os.environ):
            for name in [name for name in os.environ if name.startswith("FLASK_")]:
                del os.environ[name]
            try:
                return CliRunner(env=environment).invoke(
                    FlaskGroup(), words, prog_name="flask", input=typed
                )
            finally:
                forget(project)

    with patch.object(sys, "dont_write_bytecode", True):
        yield run
