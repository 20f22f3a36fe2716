"""Reads the releases of the libraries and writes docs/history/data (`nox -s history`).

Each final release is fetched from the package index that pip uses (``PIP_INDEX_URL``), unpacked into
``.cache/history`` and read without being imported or run. The data files are replaced together, and only
when everything was read; until then the old ones stay as they are.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import history_read
from history_fetch import HistoryError, Index, Release, end_progress, progress
from history_read import Library, read
from history_timeline import Snapshots, dump, timeline

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "docs" / "history" / "data"
CACHE = ROOT / ".cache" / "history"
#: A changed reader reads everything again.
READER = Path(history_read.__file__).read_bytes()


def _under(package: str, *modules: str) -> tuple[str, ...]:
    return (package, *(f"{package}.{module}" for module in modules))


LIBRARIES = (
    Library(
        project="flask",
        title="Flask",
        package="flask",
        first="0.10",
        modules=_under(
            "flask", "blueprints", "cli", "config", "ctx", "exthook", "globals", "helpers", "json",
            "json.provider", "json.tag", "logging", "module", "sessions", "signals", "templating",
            "testing", "views", "wrappers",
        ),
        keys=True,
        skip=("flask.testsuite",),
        # Its wheel holds files of the branch in development; the next release is the same, repackaged.
        faulty=("0.12.3",),
    ),
    Library(
        project="werkzeug",
        title="Werkzeug",
        package="werkzeug",
        first="0.9",
        modules=_under(
            "werkzeug", "contrib.atom", "contrib.cache", "contrib.fixers", "contrib.iterio",
            "contrib.lint", "contrib.profiler", "contrib.securecookie", "contrib.sessions",
            "contrib.wrappers", "datastructures", "debug", "exceptions", "formparser", "http", "local",
            "middleware.dispatcher", "middleware.http_proxy", "middleware.lint",
            "middleware.profiler", "middleware.proxy_fix", "middleware.shared_data", "routing",
            "security", "serving", "test", "testapp", "urls", "useragents", "user_agent", "utils",
            "wrappers", "wsgi",
        ),
        skip=("werkzeug.testsuite",),
        front=False,
        reexports=_under("werkzeug", "datastructures", "routing", "wrappers"),
        shallow=_under(
            "werkzeug", "contrib.atom", "contrib.cache", "contrib.fixers", "contrib.iterio",
            "contrib.lint", "contrib.profiler", "contrib.securecookie", "contrib.sessions",
            "contrib.wrappers", "debug", "formparser", "middleware.lint", "serving",
        ),
    ),
    Library(
        project="jinja2",
        title="Jinja",
        package="jinja2",
        first="2.7",
        modules=_under(
            "jinja2", "bccache", "environment", "exceptions", "ext", "filters", "loaders", "runtime",
            "sandbox", "tests", "utils",
        ),
        skip=("jinja2.testsuite",),
        reexports=("jinja2",),
    ),
    Library(
        project="itsdangerous",
        title="ItsDangerous",
        package="itsdangerous",
        first="0.21",
        modules=_under(
            "itsdangerous", "encoding", "exc", "jws", "serializer", "signer", "timed", "url_safe"
        ),
    ),
    Library(
        project="wtforms",
        title="WTForms",
        package="wtforms",
        first="1.0.4",
        modules=_under(
            "wtforms", "csrf.core", "csrf.session", "ext.csrf", "ext.csrf.form", "ext.csrf.session",
            "ext.dateutil.fields", "ext.i18n.form", "ext.sqlalchemy.fields", "ext.sqlalchemy.orm",
            "fields", "fields.core", "fields.html5", "form", "i18n", "meta", "utils", "validators",
            "widgets", "widgets.html5",
        ),
        reexports=_under("wtforms", "fields", "widgets"),
    ),
    Library(
        project="sqlalchemy",
        title="SQLAlchemy",
        package="sqlalchemy",
        first="0.9.0",
        modules=_under(
            "sqlalchemy", "engine", "exc", "ext.asyncio", "ext.declarative", "orm", "orm.exc"
        ),
        sparse=True,
        skip=(
            "sqlalchemy.connectors", "sqlalchemy.databases", "sqlalchemy.dialects", "sqlalchemy.ext.mypy",
            "sqlalchemy.testing",
        ),
        front=False,
        deep=(
            "sqlalchemy.MetaData", "sqlalchemy.Table", "sqlalchemy.engine.Connection",
            "sqlalchemy.engine.Engine", "sqlalchemy.engine.Result", "sqlalchemy.engine.Row",
            "sqlalchemy.engine.URL", "sqlalchemy.orm.Query", "sqlalchemy.orm.Session",
            "sqlalchemy.orm.scoped_session", "sqlalchemy.orm.sessionmaker",
        ),
        reexports=_under("sqlalchemy", "engine", "ext.asyncio", "ext.declarative", "orm"),
    ),
    Library(
        project="flask-session",
        title="Flask-Session",
        package="flask_session",
        first="0.1",
        modules=_under(
            "flask_session", "base", "cachelib", "defaults", "dynamodb", "filesystem", "memcached",
            "mongodb", "redis", "sessions", "sqlalchemy",
        ),
        keys=True,
        not_keys=("SESSION_COOKIE_NAME", "SESSION_REFRESH_EACH_REQUEST"),
    ),
    Library(
        project="flask-sqlalchemy",
        title="Flask-SQLAlchemy",
        package="flask_sqlalchemy",
        first="1.0",
        modules=_under(
            "flask_sqlalchemy", "extension", "model", "pagination", "query", "record_queries",
            "session", "table", "track_modifications",
        ),
        keys=True,
        not_keys=("TESTING",),
        # It looks in SQLAlchemy.
        not_dynamic=("flask_sqlalchemy.SQLAlchemy",),
    ),
)  # fmt: skip


def select(library: Library, releases: Sequence[Release], index: Index) -> Snapshots:
    """Read the releases; of a sparse library only those that can differ from their neighbours."""
    if not library.sparse:
        return [(str(item.version), snapshot(library, item, index)) for item in releases]
    shots: dict[int, dict[str, Any]] = {}

    def get(position: int) -> dict[str, Any]:
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


def _told(shot: dict[str, Any]) -> dict[str, Any]:
    """What of a snapshot the data tells by release; the bases of a class it has of the newest only."""
    names = {
        name: {key: value for key, value in entry.items() if key != "bases"}
        for name, entry in shot["names"].items()
        if not (entry["kind"] == "alias" and entry.get("imported"))
    }
    return shot | {"names": names}


def snapshot(library: Library, release: Release, index: Index) -> dict[str, Any]:
    """What a release offers, from the cache if the same reader has read the same file before."""
    key = hashlib.sha256(
        b"\0".join(
            (
                READER,
                repr(library).encode(),
                release.package.filename.encode(),
                repr(sorted((release.package.digests or {}).items())).encode(),
            )
        )
    ).hexdigest()[:24]
    path = index.cache / "read" / f"{release.project}-{release.version}-{key}.json"
    if path.is_file():
        return json.loads(path.read_text("utf-8"))  # type: ignore[no-any-return]
    progress(f"history: {release.label}: {release.package.filename}")
    source = index.fetch(release)
    result = read(library, source, release.label).as_json()
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path, json.dumps(result))
    # What was read is what a second run reads.
    return json.loads(path.read_text("utf-8"))  # type: ignore[no-any-return]


def write(path: Path, text: str) -> None:
    """Replace a file at once: nobody ever sees half of it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
    Path(name).chmod(0o644)
    os.replace(name, path)


def run(libraries: Sequence[Library], index: Index, data: Path) -> list[str]:
    """Write the data files and return one line for each that changed."""
    texts: dict[Path, str] = {}
    for library in libraries:
        progress(f"history: {library.title}: listing its releases")
        releases = [
            item
            for item in index.releases(library.project, library.first)
            if str(item.version) not in library.faulty
        ]
        snapshots = select(library, releases, index)
        content = timeline(library, snapshots)
        texts[data / f"{library.project}.json"] = dump(content)
        progress(f"history: {library.title}: {len(snapshots)} releases read")
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
