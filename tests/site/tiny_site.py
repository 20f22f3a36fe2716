"""A site of two pages that is built by the real configuration, to be broken in one place at a time.

Its sources lie under ``tests/site/tiny``; everything that turns them into a site is the project's own.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NamedTuple

from proven.base.project import ROOT
from proven.commands.build import Screen, build_languages
from proven.translation.languages import Language, read

SOURCES = Path(__file__).with_name("tiny")
INTERFACE = "locale/zh_CN/LC_MESSAGES/sphinx.po"
LANGUAGES = "locale/languages.toml"


class Built(NamedTuple):
    """What a build came to."""

    code: int
    complaints: list[str]
    html: Path


class TinySite:
    """A copy of the tiny site in a folder of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copytree(SOURCES, root, dirs_exist_ok=True)
        for name in (INTERFACE, LANGUAGES):
            shutil.copy(ROOT / name, root / name)
        # Copies, not links, because a test may break these too.
        for name in ("_ext", "_templates", "_static"):
            shutil.copytree(ROOT / "docs" / name, root / "docs" / name)
        # The real configuration, but for the inventories, which it does not link to, and for what its pages say, which
        # no test proves.
        configuration = ROOT.joinpath("docs", "conf.py").read_text(encoding="utf-8")
        self.write(
            "docs/conf.py", f"{configuration}\nintersphinx_mapping = {{}}\nwhole_claims = False\n"
        )

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which ``python -m proven.commands...`` is this copy's."""
        path = os.pathsep.join([str(self.root / "docs" / "_ext"), str(self.root)])
        return {**os.environ, "PYTHONPATH": path}

    def read(self, path: str) -> str:
        return self.root.joinpath(path).read_text(encoding="utf-8")

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace the one place in a file that says ``old``."""
        text = self.read(path)
        assert text.count(old) == 1, f"{path} says {old!r} {text.count(old)} times"
        self.write(path, text.replace(old, new))

    def line(self, path: str, text: str) -> int:
        """Return the number of the one line of a file that has ``text`` in it."""
        lines = [n for n, line in enumerate(self.read(path).splitlines(), 1) if text in line]
        assert len(lines) == 1, f"{path} says {text!r} on lines {lines}"
        return lines[0]

    def language(self, code: str) -> Language:
        """Return a language of this copy, which may have others than the project."""
        return {language.code: language for language in read(self.root / LANGUAGES)[0]}[code]

    def build(self, code: str = "en") -> Built:
        """Build one language with the command of ``nox -s docs``; paths are relative to the copy."""
        (built,) = build_languages([self.language(code)], self.root, self.root / "build", Screen())
        return Built(int(not built.whole), built.faults, built.place.pages)
