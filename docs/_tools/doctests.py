"""Run the doctests of the built pages in every language, so that a translation cannot break one.

Pytest runs the same blocks from their sources, with file and line; this is the second look, through Sphinx.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs" / "_ext"))

from languages import LANGUAGES, Language  # noqa: E402  found through the path above


def start(language: Language) -> subprocess.Popen[bytes]:
    """Start Sphinx's doctest builder on the pages that the build of the site has read."""
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "doctest"]
    command += ["-D", f"language={language.code}"]
    command += ["-d", str(ROOT / "build" / "doctrees" / language.folder)]
    command += [str(ROOT / "docs"), str(output(language))]
    environment = {**os.environ, "PYTHONUTF8": "1", "NO_COLOR": "1"}
    # What the snippets log is of interest only where one fails.
    return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE)


def output(language: Language) -> Path:
    """Return the folder that a language's results go to."""
    return ROOT / "build" / "doctest" / language.folder


def main() -> int:
    """Run the doctests of every language; return 1 if one fails."""
    runs = [(language, start(language)) for language in LANGUAGES]
    failed = False
    for language, run in runs:
        said = run.communicate()[1].decode()
        if run.returncode:
            failed = True
            print(said, file=sys.stderr)
        lines = output(language).joinpath("output.txt").read_text("utf-8").strip().splitlines()
        print(f"doctests, {language.name}: {' '.join(' '.join(lines[-4:]).split())}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
