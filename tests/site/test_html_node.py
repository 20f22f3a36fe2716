"""Formats other than HTML show the content of what folds, and leave out what only a page can do."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.site.tiny_site import TinySite


@pytest.mark.parametrize(
    ("builder", "file"), [("text", "guide/greeting.txt"), ("man", "provenflask.1")]
)
def test_code_and_exchange_are_there_and_links_to_pages_of_modules_are_not(
    tiny_site: TinySite, builder: str, file: str
) -> None:
    out = tiny_site.root / "out"
    command = [sys.executable, "-m", "sphinx", "-q", "-b", builder, "-d", str(out / "doctrees")]
    run = subprocess.run(
        [*command, str(tiny_site.root / "docs"), str(out)],
        cwd=tiny_site.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    text = out.joinpath(file).read_text(encoding="utf-8").replace("\\-", "-")
    assert "# Everybody is welcome." in text
    assert "curl -i http://127.0.0.1:5000/" in text
    assert "Complete file" not in text
