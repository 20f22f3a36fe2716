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

from languages import LANGUAGES  # noqa: E402  found through the path above


def main() -> int:
    """Run Sphinx's doctest builder in each language; return 1 if one fails."""
    failed = False
    for language in LANGUAGES:
        output = ROOT / "build" / "doctest" / language.folder
        command = [sys.executable, "-m", "sphinx", "-q", "-b", "doctest"]
        command += ["-D", f"language={language.code}", "-d", str(output / "doctrees")]
        command += [str(ROOT / "docs"), str(output)]
        environment = {**os.environ, "PYTHONUTF8": "1", "NO_COLOR": "1"}
        code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        failed = failed or code != 0
        lines = output.joinpath("output.txt").read_text(encoding="utf-8").strip().splitlines()
        print(f"doctests, {language.name}: {' '.join(' '.join(lines[-4:]).split())}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
