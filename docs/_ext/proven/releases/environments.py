"""Which releases the snippets are run in, and what is installed beside each.

An environment differs from today's in one thing: Flask with the Werkzeug, Jinja, ItsDangerous, Click and MarkupSafe
of its time, or one other library. All else has the versions of ``.lock/docs.txt``, whatever it says that it needs,
so that a difference in an answer is a difference of that one thing.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from proven.base.project import ROOT

LOCKS = ROOT / ".lock" / "releases"
TODAY = ROOT / ".lock" / "docs.txt"
#: What recording needs beside the snippets' own libraries.
RECORDER = ("time-machine",)
#: MarkupSafe 1.1 has no wheel for Python 3.11 and does not build with a newer setuptools.
BUILD = LOCKS / "build.txt"


@dataclass(frozen=True)
class Environment:
    """What one environment pins beside today's versions.

    Attributes:
        library: The distribution that it is about, such as ``flask``.
        release: Its release.
        pins: The other distributions of that time, with their versions.
    """

    library: str
    release: str
    pins: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its name among the locks and the environments, such as ``flask-0.12.5``."""
        return f"{self.library}-{self.release}"

    @property
    def lock(self) -> Path:
        """The file with the pins and their hashes."""
        return LOCKS / f"{self.name}.txt"

    def requirements(self) -> str:
        """Return all that is installed: its own lock, and today's of the rest."""
        own = self.lock.read_text(encoding="utf-8") if self.lock.is_file() else ""
        replaced = set(_entries(own))
        today = _entries(TODAY.read_text(encoding="utf-8"))
        rest = [text for name, text in today.items() if name in wanted() and name not in replaced]
        return own + "".join(rest)

    def digest(self) -> str:
        """Return a text that differs where what is installed does."""
        return hashlib.sha256(self.requirements().encode()).hexdigest()[:16]


_OLD = ("jinja2==2.11.3", "itsdangerous==1.1.0", "click==7.1.2", "markupsafe==1.1.1")
_FLASK_2_2 = ("flask==2.2.5", "werkzeug==2.2.3", "click==8.1.8")

#: The releases of Flask, oldest first; the last is the one that the site is about.
FLASK = (
    Environment("flask", "0.12.5", ("werkzeug==0.16.1", *_OLD)),
    Environment("flask", "1.0.4", ("werkzeug==0.16.1", *_OLD)),
    Environment("flask", "1.1.4", ("werkzeug==1.0.1", *_OLD)),
    Environment("flask", "2.0.3", ("werkzeug==2.0.3", "click==8.1.8")),
    Environment("flask", "2.1.3", ("werkzeug==2.1.2", "click==8.1.8")),
    Environment("flask", "2.2.5", ("werkzeug==2.2.3", "click==8.1.8")),
    Environment("flask", "2.3.3", ("werkzeug==2.3.8", "click==8.1.8")),
    Environment("flask", "3.0.3", ("werkzeug==3.0.6",)),
    Environment("flask", importlib.metadata.version("flask")),
)
#: The releases of the other libraries, each with the newest Flask that it works with.
NEIGHBOURS = (
    Environment("sqlalchemy", "1.4.54", ("flask-sqlalchemy==3.0.5",)),
    Environment("sqlalchemy", "2.0.43"),
    Environment("wtforms", "2.3.3"),
    Environment("flask-sqlalchemy", "2.5.1", ("sqlalchemy==1.4.54", *_FLASK_2_2)),
    Environment("flask-session", "0.3.2", _FLASK_2_2),
    Environment("flask-session", "0.4.1", _FLASK_2_2),
    Environment("flask-session", "0.5.0", _FLASK_2_2),
    Environment("flask-session", "0.6.0"),
    Environment("flask-session", "0.7.0"),
)


@cache
def wanted() -> frozenset[str]:
    """Return the distributions that the snippets need, with all that these need, as installed here."""
    project = tomllib.loads(ROOT.joinpath("pyproject.toml").read_text(encoding="utf-8"))
    waiting = [*project["dependency-groups"]["snippets"], *RECORDER]
    found: set[str] = set()
    done: set[str] = set()
    while waiting:
        requirement = Requirement(waiting.pop())
        name = canonicalize_name(requirement.name)
        found.add(name)
        if (asked := f"{name}[{','.join(sorted(requirement.extras))}]") in done:
            continue
        done.add(asked)
        for needed in importlib.metadata.requires(name) or ():
            marker = Requirement(needed).marker
            if marker is None or any(
                marker.evaluate({"extra": extra}) for extra in (*requirement.extras, "")
            ):
                waiting.append(needed)
    return frozenset(found)


@cache
def _entries(lock: str) -> dict[str, str]:
    """Return the entries of a lock, each with its hashes, by distribution."""
    found: dict[str, str] = {}
    for entry in re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.MULTILINE):
        if match := re.match(r"[A-Za-z0-9._-]+", entry):
            # One for each range of Pythons where they differ.
            name = canonicalize_name(match[0])
            found[name] = found.get(name, "") + entry
    return found
