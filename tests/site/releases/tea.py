"""Reads releases of a library called Tea, which each test makes up, from an index of its own on loopback."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from proven.commands import history as command
from proven.releases.fetch import Index
from proven.releases.libraries import Library
from tests.site.releases.fake_index import FakeIndex, Files

TEA = Library(
    project="tea",
    title="Tea",
    package="tea",
    first="1.0",
    modules=("tea", "tea.pots"),
    passed_over=("tea.cups", "tea.kettle", "tea.pots", "tea.sansio"),
)
Data = dict[str, Any]


class Tea:
    """The index, and the folder that the command reads into."""

    def __init__(self, index: FakeIndex, folder: Path) -> None:
        self.index = index
        self.folder = folder

    def run(self, folder: str = "", **options: Any) -> Data:
        """Read the releases on the index, with other ``options`` than those of `TEA`; return the data."""
        target = self.folder / folder
        command.run(
            [replace(TEA, **options)], Index(target / "cache", self.index.url), target / "data"
        )
        data: Data = json.loads((target / "data" / "tea.json").read_text("utf-8"))
        return data

    def releases(self, *contents: Files, **options: Any) -> Data:
        """Return the data about releases that are called 1.0, 1.1 and so on."""
        for number, files in enumerate(contents):
            self.index.add_wheel(f"1.{number}", files)
        return self.run(**options)

    def read(self, *sources: str, **options: Any) -> Data:
        """Return the data about releases that differ in `tea/__init__.py` only."""
        return self.releases(*({"tea/__init__.py": source} for source in sources), **options)


def events(data: Data, name: str) -> list[list[str]]:
    found: list[list[str]] = data["names"][name]["events"]
    return found
