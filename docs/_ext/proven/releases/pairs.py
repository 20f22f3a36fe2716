"""Versions that do not fit: which pairs are tried, and what came of it, as typed records.

``docs/history/pairs/asked.toml`` is written by hand, ``found.json`` by ``nox -s pairs``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from proven.base.project import DOCS
from proven.base.tables import row_id

FOLDER = DOCS / "history" / "pairs"
ASKED = FOLDER / "asked.toml"
FOUND = FOLDER / "found.json"


class PairError(Exception):
    """A problem that is told to the user in one line."""


@dataclass(frozen=True, kw_only=True)
class Releases:
    """The releases of two libraries on both sides of what does not fit.

    Attributes:
        old: The library that makes the call.
        last: Its last release that fails.
        mended: Its first release that runs, ``None`` where there is none.
        new: The library that is called.
        first: Its first release that fails.
        before: Its last release that runs.
        names: The names that are missing, as the error look-up asks for them.
        instead: What to install where no release of the library is mended.
    """

    old: str
    last: str
    mended: str | None
    new: str
    first: str
    before: str
    names: tuple[str, ...] = ()
    instead: str | None = None

    @property
    def label(self) -> str:
        """What messages call them."""
        return f"{self.old} {self.last} with {self.new} {self.first}"


@dataclass(frozen=True, kw_only=True)
class Asked(Releases):
    """A pair that is tried.

    Attributes:
        run: The code that shows it.
        beside: The versions of the other libraries.
        mended_beside: What of them the mended release needs in another version.
    """

    run: str
    beside: Mapping[str, str] = field(default_factory=dict)
    mended_beside: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Pair(Releases):
    """A pair that does not fit, as it was seen.

    Attributes:
        message: The last line of the traceback.
        caller: The file that makes the call, below the folder of the packages.
    """

    message: str
    caller: str

    @classmethod
    def of(cls, asked: Asked, message: str, caller: str) -> Pair:
        """Return what was seen of a pair that was asked for."""
        known = {each.name: getattr(asked, each.name) for each in fields(Releases)}
        return cls(**known, message=message, caller=caller)


def read_asked(content: Mapping[str, Any]) -> list[Asked]:
    """Return the pairs that are to be tried.

    Args:
        content: What the file says: ``beside``, sets of versions by name, and ``pair``, each with the name of its set.

    Raises:
        PairError: A pair names a set that there is not, or lacks a key.
    """
    found = []
    for item in content["pair"]:
        try:
            old, last, mended = [*item["old"], None][:3]
            new, first, before = item["new"]
            found.append(
                Asked(
                    old=old,
                    last=last,
                    mended=mended,
                    new=new,
                    first=first,
                    before=before,
                    run=item["run"],
                    names=tuple(item.get("names", ())),
                    beside=content["beside"][item["beside"]] | item.get("also", {}),
                    mended_beside=content["beside"][item["mended"]] if "mended" in item else {},
                    instead=item.get("instead"),
                )
            )
        except (KeyError, ValueError) as error:
            raise PairError(f"{ASKED.name}: {item.get('old')}: {error}") from None
    return found


def read_found(path: Path = FOUND) -> list[Pair]:
    """Return the pairs that were seen not to fit."""
    if not path.is_file():
        return []
    return [
        Pair(**{**item, "names": tuple(item["names"])})
        for item in json.loads(path.read_text("utf-8"))
    ]


def dump(found: Iterable[Pair]) -> str:
    """Return the data file: one line a pair, so that a change is a changed line."""
    lines = ",\n".join(json.dumps(asdict(pair), ensure_ascii=False) for pair in found)
    return f"[\n{lines}\n]\n"


#: How the parts of a project's name are written.
WRITTEN = {
    "jinja2": "Jinja2",
    "markupsafe": "MarkupSafe",
    "itsdangerous": "ItsDangerous",
    "sqlalchemy": "SQLAlchemy",
    "wtf": "WTF",
    "jwt": "JWT",
    "restx": "RESTX",
    "oauthlib": "OAuthlib",
    "mongoengine": "MongoEngine",
    "debugtoolbar": "DebugToolbar",
    "pyjwt": "PyJWT",
    "httpauth": "HTTPAuth",
    "ckeditor": "CKEditor",
    "pagedown": "PageDown",
}


def title(project: str) -> str:
    """Return the name of a project for readers.

    >>> title("flask-sqlalchemy")
    'Flask-SQLAlchemy'
    """
    return "-".join(WRITTEN.get(part, part.capitalize()) for part in project.split("-"))


def place(pair: Pair) -> str:
    """Return the id of a pair on its page."""
    return row_id(f"{pair.old} {pair.last} {pair.new} {pair.first}")
