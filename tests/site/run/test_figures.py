"""What was measured of Run keeps to its bounds, and was measured with the Pyodide of today."""

from __future__ import annotations

import json
from typing import Any

import pytest

from proven.base.project import ROOT
from proven.commands.run_figures import FILE

RECORD: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("figure", RECORD["figures"], ids=lambda figure: figure["name"])
def test_no_figure_is_above_its_bound(figure: dict[str, Any]) -> None:
    assert 0 <= figure["value"] <= figure["most"]


def test_everything_was_measured_with_the_pyodide_of_today() -> None:
    names = [figure["name"] for figure in RECORD["figures"]]
    assert len(names) == len(set(names)) == 13
    pinned = json.loads((ROOT / ".lock/run/package.json").read_text(encoding="utf-8"))
    assert RECORD["Pyodide"] == pinned["dependencies"]["pyodide"], "run nox -s run-figures"
