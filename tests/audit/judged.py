"""What Lighthouse says of pages: npm fetches it as ``.lock/audit`` pins it, node runs it with Chromium."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from proven.base.project import ROOT
from proven.commands.chromium import program
from proven.run import bundle
from tests.audit.kinds import Kind

LOCK = ROOT / ".lock" / "audit"
PACKAGES = ROOT / ".cache" / "audit"
SCRIPT = Path(__file__).with_name("lighthouse.mjs")
#: How often a page may be asked: whatever else this machine does makes it slower, and nothing makes it faster.
TRIES = 3
SPEED = "performance"
CATEGORIES = (SPEED, "accessibility", "best-practices", "seo")


class Judged(NamedTuple):
    """What it says of a page.

    Attributes:
        scores: Of 100, by category.
        faults: What keeps a score below 100.
    """

    scores: dict[str, int]
    faults: list[str]


def release() -> str:
    """Return the release of Lighthouse that is pinned."""
    pinned = json.loads((LOCK / "package.json").read_text(encoding="utf-8"))
    return str(pinned["dependencies"]["lighthouse"])


def ask(pages: Sequence[tuple[str, str]]) -> Iterator[Judged]:
    """Yield what Lighthouse says of pages, each an address and the name of a device.

    Raises:
        SystemExit: if it cannot be fetched or does not run.
    """
    try:
        packages = bundle.fetch(LOCK, PACKAGES)
        node, _ = bundle.programs()
    except bundle.NoRunError as error:
        raise SystemExit(f"there is no Lighthouse: {error}") from None
    jobs = json.dumps([{"address": address, "device": device} for address, device in pages])
    command = [node, str(SCRIPT), str(packages), program(), ",".join(CATEGORIES)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(jobs)
        process.stdin.close()
        for line in process.stdout:
            if line.startswith("{"):
                yield Judged(**json.loads(line))
    if process.returncode:
        raise SystemExit(f"Lighthouse ended with exit code {process.returncode}")


def below(judged: Judged, kind: Kind) -> list[str]:
    """Return the categories whose score is lower than is wanted."""
    return [
        name
        for name, score in judged.scores.items()
        if score < (kind.quick if name == SPEED else 100)
    ]


def best(tries: Sequence[Judged]) -> Judged:
    """Return the quickest of some tries of one page."""
    return max(tries, key=lambda judged: judged.scores[SPEED])
