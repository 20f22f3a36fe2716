"""Prove a part of the site: ``nox -s page -- routing`` for one page, ``nox -s quick`` for what has changed.

What belongs together is read off the names and imports: a page has tests and a catalog of its name, a snippet has the
tests and pages that use it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from proven.base.project import ROOT
from proven.commands.build import build
from proven.commands.claims import name_of_page, page_faults
from proven.commands.translations import check
from proven.snippets.files import SnippetError, modules, name_of
from proven.snippets.imports import dependencies
from proven.snippets.uses import tests_of


@dataclass
class Part:
    """What is to be proved.

    Attributes:
        tests: Files and folders for pytest, from the root of the project.
        pages: Names of pages whose catalogs are checked.
        site: Whether the site is built.
    """

    tests: set[str] = field(default_factory=set)
    pages: set[str] = field(default_factory=set)
    site: bool = False


def pages(root: Path) -> list[str]:
    """Return the names of all pages, such as ``guide/routing``."""
    docs = root / "docs"
    found = (file.relative_to(docs).with_suffix("").as_posix() for file in docs.rglob("*.md"))
    return sorted(name for name in found if not name.startswith("_"))


def of_page(root: Path, wanted: str) -> Part:
    """Return what belongs to one page.

    Args:
        root: The folder of the project.
        wanted: The page as ``guide/routing``, ``docs/guide/routing.md`` or, if no other ends so, ``routing``.

    Raises:
        SystemExit: if there is no such page; it names the nearest.
    """
    page = name_of_page(wanted, pages(root))
    return Part(tests_of_page(root, page), {page}, site=True)


def tests_of_page(root: Path, page: str) -> set[str]:
    """Return the test module of a page, or the folder where it has one: ``-`` is ``_`` in their names."""
    folder, _, name = page.replace("-", "_").rpartition("/")
    places = (f"tests/{folder}/test_{name}.py", f"tests/{folder}/{name}")
    return {place for place in places if root.joinpath(place).exists()}


def of_change(root: Path, changed: Iterable[str]) -> Part:
    """Return what the changed files, named from the root of the project, may have broken."""
    part = Part()
    for name in changed:
        path = Path(name)
        page = path.with_suffix("").as_posix()
        match path.parts:
            case ("docs", folder, *_) if folder.startswith("_"):
                part.site = True
                part.tests.add("tests/site")
            case ("docs", *_):
                part.site = True
                part.pages.add(page.removeprefix("docs/"))
                part.tests |= tests_of_page(root, page.removeprefix("docs/"))
            case ("locale", _, _, *rest):
                part.site = True
                part.pages.add(Path(*rest).with_suffix("").as_posix())
            case ("snippets", *_):
                part.site = True
                part.tests |= tests_of_snippet(root, root / path)
            case ("tests", *_) if path.name.startswith("test_") and root.joinpath(path).is_file():
                part.tests.add(name)
            case ("tests", *_, _):
                # Helpers and fixtures serve the tests beside and below them.
                part.tests.add(path.parent.as_posix())
            case _:
                part.tests.add("tests/site/test_structure.py")
    return part


def tests_of_snippet(root: Path, file: Path) -> set[str]:
    """Return the test files that use a snippet, or one that imports it; a template counts for its package."""
    own = name_of(root, file) or name_of(root, file.parent / "__init__.py") or ""
    concerned = {name for name in modules(root) if name == own or name.startswith(f"{own}.")}
    if file.is_file() and file.suffix == ".py":
        concerned = {name for name in modules(root) if file in dependencies(root, name)}
    return {test for name in concerned for test in tests_of(root, name)}


def changed_files(root: Path) -> list[str]:
    """Return what git sees as changed, from the root of the project, new files included.

    Raises:
        SystemExit: if this is no clone.
    """
    command = ["git", "status", "--porcelain", "--untracked-files=all", "--no-renames", "-z"]
    asked = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if asked.returncode:
        raise SystemExit("git does not know what changed here: run nox -s tests, or one page")
    return [line[3:] for line in asked.stdout.split("\0") if line]


def prove(root: Path, part: Part) -> bool:
    """Run what belongs to a part; return whether all of it went well."""
    good = True
    if part.pages:
        faults = list(check(root, sorted(part.pages)))
        print(
            "\n".join(faults) if faults else f"catalogs: {len(part.pages)} pages, none has a fault"
        )
        wrong = page_faults(root, sorted(part.pages))
        print("\n".join(wrong) if wrong else f"claims: {len(part.pages)} pages, none has a fault")
        good = not faults and not wrong
    # The build also finds dead links within the site and names that no library has.
    if part.site:
        good = build(root, root / "build") and good
    if part.tests:
        command = [sys.executable, "-m", "pytest", "-q", *sorted(part.tests)]
        good = not subprocess.run(command, cwd=root, check=False).returncode and good
    return good


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("of", choices=("page", "change"))
    parser.add_argument("page", nargs="*", help="such as routing or docs/guide/routing.md")
    arguments = parser.parse_args()
    try:
        if arguments.of == "change":
            part = of_change(ROOT, changed_files(ROOT))
        elif arguments.page:
            parts = [of_page(ROOT, page) for page in arguments.page]
            part = Part(
                set().union(*(each.tests for each in parts)),
                set().union(*(each.pages for each in parts)),
                site=True,
            )
        else:
            raise SystemExit("name a page: nox -s page -- routing")
    except SnippetError as error:
        raise SystemExit(f"{error.place}: {error}") from None
    if part == Part():
        print("nothing has changed")
        return 0
    return 0 if prove(ROOT, part) else 1


if __name__ == "__main__":
    sys.exit(main())
