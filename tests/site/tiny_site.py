"""A site of two pages that is built by the real configuration, to be broken in one place at a time.

Its sources lie under ``tests/site/tiny``; everything that turns them into a site is the project's own.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

from build import start
from languages import by_code

ROOT = Path(__file__).resolve().parents[2]
SOURCES = Path(__file__).with_name("tiny")
INTERFACE = "locale/zh_CN/LC_MESSAGES/sphinx.po"


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
        shutil.copy(ROOT / INTERFACE, root / INTERFACE)
        # Copies, not links, because a test may break these too.
        for name in ("_ext", "_templates", "_static", "_tools"):
            shutil.copytree(ROOT / "docs" / name, root / "docs" / name)
        # The real configuration, but for the inventories, which it does not link to.
        configuration = ROOT.joinpath("docs", "conf.py").read_text(encoding="utf-8")
        self.write("docs/conf.py", f"{configuration}\nintersphinx_mapping = {{}}\n")

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

    def build(self, code: str = "en") -> Built:
        """Build one language with the command of ``nox -s docs``; paths are relative to the copy."""
        language = by_code(code)
        process = start(language, self.root, self.root / "build")
        output = process.communicate()[0].replace(f"{self.root}/", "")
        html = self.root / "build" / "html" / language.folder
        return Built(process.returncode, output.strip().splitlines(), html)
