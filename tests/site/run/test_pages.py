"""The button below a snippet, and the data of a page, as the record says: the tiny site with a record of its own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from proven.claims.proofs import proves
from proven.commands.build import Screen, build_languages
from proven.run import bundle, libraries
from tests.site.tiny_site import TinySite

MODULE = "snippets.greeting.hello"
RECORD = "docs/_run/record.json"
DIGEST = f"""
from proven.run import record
snippet = record.wanted()[{MODULE!r}]
print(record.digest_of(snippet), len(snippet.sent))
"""
MANIFEST = {"scripts": {"panel": "panel-1.js", "worker": "worker-1.js"}}
Pages = Callable[..., dict[str, Path]]


class Site:
    """The tiny site, built with what Run loads and a record that says something of its one snippet."""

    def __init__(self, site: TinySite, run: Path) -> None:
        self.site, self.run = site, run
        run.mkdir()
        run.joinpath(bundle.MANIFEST).write_text(json.dumps(MANIFEST), encoding="utf-8")
        command = [sys.executable, "-c", DIGEST]
        done = subprocess.run(
            command, cwd=site.root, env=site.environment, capture_output=True, text=True, check=True
        )
        self.digest, blocks = done.stdout.split()
        self.blocks = int(blocks)

    def record(self, **changes: Any) -> None:
        seen = {"digest": self.digest, "blocks": self.blocks, "same": self.blocks, **changes}
        head = {"python": "3.14.2", "pyodide": "1", "browser": "Chromium 1", "libraries": {}}
        self.site.write(RECORD, json.dumps({**head, "snippets": {MODULE: seen}, "examples": {}}))

    def build(self, *codes: str, run: bool = True) -> dict[str, Path]:
        languages = [self.site.language(code) for code in codes]
        output = self.site.root / "build"
        made = build_languages(
            languages, self.site.root, output, Screen(), run=self.run if run else None
        )
        assert [fault for each in made for fault in each.faults] == []
        return {each.language.code: each.place.pages for each in made}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("run")
    return Site(TinySite(folder / "tiny"), folder / "made")


def html(pages: Path) -> str:
    return (pages / "guide/greeting.html").read_text(encoding="utf-8")


@proves(
    "about/testing",
    "nox -s replay decides which snippets have it.",
    "A snippet has the button if all of its answers are the recorded ones; another one says "
    "in one line why it has none.",
    "A test fails where a snippet, its exchanges or an example have changed since, and the button "
    "is gone until they are replayed.",
)
@proves(
    "about/house",
    "run/pages.py puts the button under each snippet and each block that runs, and writes what "
    "its panel needs to a file for each page.",
)
def test_the_record_decides_what_stands_below_a_snippet(site: Site) -> None:
    site.record()
    pages = site.build("en", "zh_CN")
    for code, text, comment in (
        ("en", "Run", "# Everybody is welcome."),
        ("zh_CN", "运行", "# 欢迎每一个人。"),
    ):
        page = html(pages[code])
        button = f'<button data-run="{MODULE}" disabled>{text}</button>'
        assert page.count(button) == 1
        assert "run-not" not in page
        said = json.loads(
            re.search('<script type="application/json" id="run">(.*)</script>', page)[1]  # type: ignore[index]
        )
        assert (said["data"], said["root"]) == ("../_run/guide/greeting.json", "../../_run")
        assert re.search(r'<script defer="defer" src="../_static/run.js', page)
        data = json.loads((pages[code] / "_run/guide/greeting.json").read_text(encoding="utf-8"))
        assert data["manifest"] == MANIFEST | json.loads(
            json.dumps({"imported": libraries.packages(), "first": libraries.first()})
        )
        assert data["texts"]["run"] == text
        its = data["modules"][MODULE]
        assert its["files"][0] == "snippets/greeting/hello.py"
        assert set(its["files"]) <= data["files"].keys()
        # The code has the comments that the page shows.
        assert comment in data["files"]["snippets/greeting/hello.py"]
        assert its["bundles"] == ["flask"]
        first = its["blocks"][0][0]
        assert first["request"]["target"] == "/"
        assert (first["answer"]["status"], first["answer"]["body"]) == ("200 OK", "hello")
    # A page without a snippet loads nothing of it.
    assert "run.js" not in (pages["en"] / "guide/visitors.html").read_text(encoding="utf-8")

    site.record(same=0, why="RuntimeError: can't start new thread")
    page = html(site.build("en")["en"])
    assert "data-run" not in page
    assert "run.js" not in page
    assert page.count('<p class="run-not">Does not run in the browser, which has no threads.') == 1
    assert not (pages["en"] / "_run/guide/greeting.json").exists()

    site.record(digest="of another day")
    page = html(site.build("en")["en"])
    assert "data-run" not in page
    assert "run-not" not in page


def test_a_site_without_run_has_no_button(site: Site) -> None:
    site.record()
    page = html(site.build("en", run=False)["en"])
    assert "data-run" not in page
    assert "run.js" not in page
    assert 'id="run"' not in page
