"""What the snippets did in each release: typed records, the data file, and how a span of releases is told.

``docs/history/data/runs/`` is written by ``nox -s releases`` and reviewed; a build only reads it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from proven.base.project import DOCS
from proven.releases.records import dump, load

FOLDER = DOCS / "history" / "data" / "runs"
FILE = FOLDER / "snippets.json"
#: How many differences of one snippet are kept.
MANY = 3


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Where an answer is another one than today's.

    Attributes:
        request: The request, such as ``GET /reports``; ``""`` for an example.
        part: ``status``, ``body``, the name of a header, or ``example``.
        then: What it was in that release.
        now: What it is today.
    """

    request: str
    part: str
    then: str
    now: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What happened from one release on.

    Attributes:
        since: The first release that it happened in.
        kind: ``same``, ``other`` (another answer than today's) or ``raises``.
        error: The first line of the exception.
        request: The request that raised, ``""`` for the import.
        differences: The first differences.
    """

    since: str
    kind: str
    error: str = ""
    request: str = ""
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SnippetRuns:
    """What a snippet did, library by library, release by release.

    Attributes:
        digest: Of all that it depends on, when it was run.
        seal: The digest of the outcomes, so that one that is changed by hand is seen.
        proof: What was run: ``exchange``, ``example`` or ``import``.
        runs: By library, the outcomes, oldest first; each holds until the next.
    """

    digest: str
    seal: str
    proof: str
    runs: dict[str, tuple[Outcome, ...]]


@dataclass(frozen=True, kw_only=True)
class Runs:
    """The data file.

    Attributes:
        releases: By library, the releases that were run, oldest first.
        pins: By environment, what was installed beside what is installed today.
        recorder: The digest of what recorded and compared.
        snippets: By module.
        examples: By page, what its examples did with each Flask.
    """

    releases: dict[str, tuple[str, ...]]
    pins: dict[str, tuple[str, ...]]
    recorder: str
    snippets: dict[str, SnippetRuns] = field(default_factory=dict)


def read() -> Runs:
    """Return the data as committed.

    Raises:
        OSError: It is not there.
        ValueError: It is not of this form.
    """
    return load(Runs, FILE.read_text(encoding="utf-8"))


def text_of(runs: Runs) -> str:
    """Return the text of the data file, a line a snippet."""
    lines = ",\n".join(f"    {dump(name)}: {dump(one)}" for name, one in runs.snippets.items())
    head = ",\n".join(
        f"  {dump(name)}: {dump(getattr(runs, name))}" for name in ("releases", "pins", "recorder")
    )
    return f'{{\n{head},\n  "snippets": {{\n{lines}\n  }}\n}}\n'


def seal(outcomes: dict[str, tuple[Outcome, ...]]) -> str:
    """Return the digest of what a snippet did."""
    return hashlib.sha256(dump(outcomes).encode()).hexdigest()[:8]


def spans(outcomes: Iterable[Outcome]) -> tuple[Outcome, ...]:
    """Return the outcomes, one a release, without those that are as the one before."""
    kept: list[Outcome] = []
    for outcome in outcomes:
        if not kept or _told(kept[-1]) != _told(outcome):
            kept.append(outcome)
    return tuple(kept)


def _told(outcome: Outcome) -> tuple[object, ...]:
    return outcome.kind, outcome.error, outcome.request, outcome.differences


@dataclass(frozen=True)
class Span:
    """What happened from one release to another."""

    first: str
    last: str
    outcome: Outcome


def by_span(runs: Runs, library: str, snippet: SnippetRuns) -> Iterator[Span]:
    """Yield what a snippet did with a library, oldest release first."""
    releases = runs.releases[library]
    outcomes = snippet.runs.get(library, ())
    ends = [*(releases.index(after.since) - 1 for _, after in pairwise(outcomes)), -1]
    for outcome, end in zip(outcomes, ends, strict=True):
        yield Span(outcome.since, releases[end], outcome)
