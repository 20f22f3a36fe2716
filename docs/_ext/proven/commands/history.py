"""Reads the releases of the libraries and writes docs/history/data (`nox -s history`).

Each final release is fetched from the package index that pip uses (``PIP_INDEX_URL``), unpacked into
``.cache/history`` and read without being imported or run. The data files are replaced together, and only
when everything was read; until then the old ones stay as they are.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from proven.base.project import DOCS, ROOT
from proven.releases import reader, records
from proven.releases.changes import Snapshots, compare
from proven.releases.fetch import Index, Release, end_progress, progress
from proven.releases.libraries import LIBRARIES, Library
from proven.releases.reader import read
from proven.releases.records import HistoryError, LibraryHistory, Snapshot

DATA = DOCS / "history" / "data"
CACHE = ROOT / ".cache" / "history"
#: A changed reader reads everything again.
READER = b"".join(
    path.read_bytes()
    for path in (Path(records.__file__), *sorted(Path(reader.__file__).parent.glob("*.py")))
)


def select(library: Library, releases: Sequence[Release], index: Index) -> Snapshots:
    """Read the releases; of a sparse library only those that can differ from their neighbours."""
    if not library.sparse:
        return [(str(item.version), snapshot(library, item, index)) for item in releases]
    shots: dict[int, Snapshot] = {}

    def get(position: int) -> Snapshot:
        if position not in shots:
            shots[position] = snapshot(library, releases[position], index)
        return shots[position]

    def between(low: int, high: int) -> None:
        if high - low > 1 and _told(get(low)) != _told(get(high)):
            middle = (low + high) // 2
            get(middle)
            between(low, middle)
            between(middle, high)

    minors: dict[tuple[int, int], list[int]] = {}
    for position, item in enumerate(releases):
        minors.setdefault(item.minor, []).append(position)
    for positions in minors.values():
        get(positions[0])
        get(positions[-1])
        between(positions[0], positions[-1])
    return [(str(releases[position].version), shots[position]) for position in sorted(shots)]


def _told(shot: Snapshot) -> tuple[object, ...]:
    """What of a snapshot the data tells by release; the bases of a class it has of the newest only."""
    names = {
        name: replace(entry, bases=())
        for name, entry in shot.names.items()
        if not (entry.kind == "alias" and entry.imported)
    }
    return names, shot.keys, shot.deprecated


def snapshot(library: Library, release: Release, index: Index) -> Snapshot:
    """What a release offers, from the cache if the same reader has read the same file before."""
    digests = sorted((release.package.digests or {}).items())
    asked = (repr(library), release.package.filename, repr(digests))
    key = hashlib.sha256(b"\0".join((READER, *(text.encode() for text in asked)))).hexdigest()[:24]
    path = index.cache / "read" / f"{release.project}-{release.version}-{key}.json"
    if not path.is_file():
        progress(f"history: {release.label}: {release.package.filename}")
        result = read(library, index.fetch(release), release.label)
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, records.dump(result))
    # What was read is what a second run reads.
    return records.load(Snapshot, path.read_text("utf-8"))


def write(path: Path, text: str) -> None:
    """Replace a file at once: nobody ever sees half of it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
    Path(name).chmod(0o644)
    os.replace(name, path)


def history(library: Library, index: Index) -> LibraryHistory:
    """Read the releases of a library.

    Raises:
        HistoryError: A release cannot be read, or it has a public module of which nobody said whether it is read.
    """
    progress(f"history: {library.title}: listing its releases")
    releases = [
        item
        for item in index.releases(library.project, library.first)
        if str(item.version) not in library.faulty
    ]
    snapshots = select(library, releases, index)
    for version, shot in snapshots:
        if unknown := library.unaccounted(shot.modules):
            raise HistoryError(
                f"{library.project} {version}: neither read nor passed over: {', '.join(unknown)}; "
                "name them in proven/releases/libraries.py"
            )
    progress(f"history: {library.title}: {len(snapshots)} releases read")
    return compare(library, snapshots)


def run(libraries: Sequence[Library], index: Index, data: Path) -> list[str]:
    """Write the data files and return one line for each that changed."""
    texts: dict[Path, str] = {}
    for library in libraries:
        texts[data / f"{library.project}.json"] = records.dump_library(history(library, index))
    end_progress()
    data.mkdir(parents=True, exist_ok=True)
    changed = []
    for path, text in texts.items():
        if path.is_file() and path.read_text("utf-8") == text:
            continue
        write(path, text)
        changed.append(f"history: {path.name} is new; look at it with git diff")
    return changed


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="where the data files lie")
    parser.add_argument("--cache", type=Path, default=CACHE, help="where downloads are kept")
    parser.add_argument("only", nargs="*", metavar="library", help="read these libraries only")
    options = parser.parse_args(arguments)
    known = {library.project: library for library in LIBRARIES}
    unknown = [name for name in options.only if name not in known]
    if unknown:
        parser.error(f"unknown library {unknown[0]!r}; there are {', '.join(known)}")
    chosen = [known[name] for name in options.only] or list(LIBRARIES)
    try:
        changed = run(chosen, Index(options.cache), options.data)
    except HistoryError as error:
        end_progress()
        print(f"history: {error}; the data is unchanged", file=sys.stderr)
        return 1
    print("\n".join(changed) or "history: nothing changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
