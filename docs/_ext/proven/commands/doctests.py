"""Run the doctests of the built pages in every language, so that a translation cannot break one.

Pytest runs the same blocks from their sources, with file and line; this is the second look, through Sphinx.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from filelock import FileLock

from proven.base.project import ROOT
from proven.commands.build import environment
from proven.commands.output import place_of
from proven.translation.languages import LANGUAGES, Language


def start(language: Language, folder: Path) -> subprocess.Popen[bytes]:
    """Start Sphinx's doctest builder on a copy of what the build of the site has read.

    On a copy, because what the builder reads again, the next build of the site must read again too.
    """
    doctrees, output = folder / f"doctrees-{language.folder}", folder / language.folder
    read = place_of(ROOT / "build", language).doctrees
    if read.is_dir():
        with FileLock(ROOT / "build" / ".lock"):
            shutil.copytree(read, doctrees)
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "doctest"]
    command += ["-D", f"language={language.code}", "-d", str(doctrees)]
    command += [str(ROOT / "docs"), str(output)]
    # What the snippets log is of interest only where one fails.
    return subprocess.Popen(command, cwd=ROOT, env=environment(ROOT), stderr=subprocess.PIPE)


def main() -> int:
    """Run the doctests of every language; return 1 if one fails."""
    failed = False
    with tempfile.TemporaryDirectory() as temporary:
        runs = [(language, start(language, Path(temporary))) for language in LANGUAGES]
        for language, run in runs:
            said = run.communicate()[1].decode()
            if run.returncode:
                failed = True
                print(said, file=sys.stderr)
            result = Path(temporary, language.folder, "output.txt")
            lines = result.read_text("utf-8").strip().splitlines() if result.is_file() else []
            outcome = " ".join(" ".join(lines[-4:]).split()) or "they did not run"
            print(f"doctests, {language.name}: {outcome}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
