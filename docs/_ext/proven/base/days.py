"""On which day each page and each catalog last changed, as git knows it."""

from __future__ import annotations

import subprocess
from pathlib import Path


def last_changed(root: Path) -> dict[str, str]:
    """Return the day of the last commit to each page and each catalog, by its path; nothing without git."""
    try:
        log = subprocess.run(
            ["git", "log", "--format=:%cs", "--name-only", "--no-renames", "--", "docs", "locale"],
            cwd=root,
            check=True,
            capture_output=True,
            encoding="utf-8",
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return {}
    found: dict[str, str] = {}
    day = ""
    for line in filter(None, log.splitlines()):
        if line.startswith(":"):
            day = line[1:]
        elif line.endswith((".md", ".po")):
            found.setdefault(line, day)  # the newest comes first
    return found
