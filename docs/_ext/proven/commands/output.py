"""Where the builds of the languages lie, and what they were made with; light, for it is asked before each build."""

from __future__ import annotations

import hashlib
import os
import re
import sys
import sysconfig
from pathlib import Path
from typing import NamedTuple

from proven.base.project import DOCS, ROOT
from proven.translation.languages import Language

# What the process of a language waits for when it has loaded what it builds with.
BEGIN = "begin"


class Place(NamedTuple):
    """Where the build of a language lies.

    Attributes:
        doctrees: What Sphinx and our memory keep between two builds.
        pages: What Sphinx writes; the site is copied from it when it is whole.
        stamp: Says what the two were made with.
        said: The standard error of the last build.
    """

    doctrees: Path
    pages: Path
    stamp: Path
    said: Path


def place_of(output: Path, language: Language) -> Place:
    """Return the places of a language below ``output``."""
    folder = output / "doctrees" / language.folder
    return Place(
        folder,
        output / "pages" / language.folder,
        folder.with_name(f"{language.folder}.stamp"),
        folder.with_name(f"{language.folder}.log"),
    )


def machinery() -> str:
    """Return a text that changes with whatever makes pages and is no source of one: code, templates, libraries."""
    own = Path(__file__).with_name("build_language.py")
    files = [DOCS / "conf.py", *DOCS.glob("_moved.txt"), *DOCS.glob("_ext/**/*.py")]
    files += DOCS.glob("_templates/**/*.html")
    state = hashlib.sha256(sys.version.encode())
    # Of the commands, this one alone makes pages.
    for file in sorted(file for file in files if file == own or own.parent not in file.parents):
        state.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    state.update(" ".join(libraries()).encode())
    return state.hexdigest()


def libraries() -> list[str]:
    """Return the installed releases of what the lock of the pages names, of everything where there is no lock.

    The environments of the tests and of the pages have these alike, so each goes on with what the other built.
    """
    installed = Path(sysconfig.get_path("purelib")).glob("*.dist-info")
    lock = ROOT / ".lock" / "docs.txt"
    names = re.findall(r"^([\w.-]+)==", lock.read_text("utf-8") if lock.is_file() else "", re.M)
    locked = {_normal(name) for name in names}
    found = (folder.stem for folder in installed)
    return sorted(each for each in found if not locked or _normal(each.split("-")[0]) in locked)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def no_room(error: OSError, folder: Path) -> str:
    """Return what to say of a disk that cannot be written to."""
    reason = os.strerror(error.errno) if error.errno else str(error)
    return f"cannot write {error.filename or folder}: {reason}; make room for it or build elsewhere"
