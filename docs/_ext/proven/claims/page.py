"""Reads the sentences of the pages without building the site, for the command line and the tests.

What was read is kept below ``build/doctrees/claims``: a change of one page costs the reading of one. Where no source
changed, only what is kept is read, without Sphinx.
"""

from __future__ import annotations

import io
import json
import pickle
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock

from proven.base.memory import digest
from proven.claims.sentences import Sentence

# When one of these changes, nothing that was read before holds.
MACHINERY = ("docs/conf.py", "docs/_ext/proven/**/*.py")
SOURCES = (
    "docs/**/*.md",
    "docs/history/**/*.json",
    "snippets/**/*.*",
)


class Read(NamedTuple):
    """What was read.

    Attributes:
        pages: The sentences of every page.
        warnings: What Sphinx said; a page with a fault may lack sentences.
    """

    pages: dict[str, list[Sentence]]
    warnings: list[str]


def read(root: Path) -> Read:
    """Return the sentences of every page as it stands now.

    Args:
        root: The folder of the project.
    """
    doctrees = root / "build" / "doctrees" / "claims"
    doctrees.mkdir(parents=True, exist_ok=True)
    kept = doctrees / "sentences.json"
    with FileLock(doctrees.with_suffix(".lock")):
        machinery = _state(root, MACHINERY)
        state = [machinery, _state(root, SOURCES)]
        if kept.is_file():
            data = json.loads(kept.read_text(encoding="utf-8"))
            if data["state"] == state:
                pages = {p: [Sentence(*each) for each in its] for p, its in data["pages"].items()}
                return Read(pages, [])
            if data["state"][0] != machinery:
                shutil.rmtree(doctrees, ignore_errors=True)
                doctrees.mkdir(parents=True)
        found = _read(root, doctrees)
        if not found.warnings:
            kept.write_text(json.dumps({"state": state, "pages": found.pages}), encoding="utf-8")
    return found


def _state(root: Path, patterns: Sequence[str]) -> str:
    """Return a text that changes when one of these files does."""
    files = sorted(file for pattern in patterns for file in root.glob(pattern))
    stamps = [
        (str(file), file.stat().st_mtime_ns) for file in files if "__pycache__" not in file.parts
    ]
    return digest(stamps)


def _read(root: Path, doctrees: Path) -> Read:
    # Not needed where nothing changed, and a second to import.
    from sphinx.application import Sphinx
    from sphinx.util.console import nocolor
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    from proven.claims.gate import all_sentences

    docs, warnings = root / "docs", io.StringIO()
    nocolor()
    with patch_docutils(docs), docutils_namespace():
        app = Sphinx(
            *(docs, docs, root / "build" / "claims", doctrees, "dummy"),
            status=None,
            warning=warnings,
        )
        if app.builder.read():
            doctrees.joinpath("environment.pickle").write_bytes(pickle.dumps(app.env))
        # Where a page warned, it is read again the next time, and so it warns again.
        app.events.emit("build-finished", None)
        return Read(all_sentences(app.env), warnings.getvalue().splitlines())
