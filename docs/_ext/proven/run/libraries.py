"""Which libraries the browser gets, in which bundle, and which bundles a snippet needs.

What is packed is what is installed where the site is built, so the versions are the locked ones. Compiled parts stay
behind. A library that cannot do without them comes out of its wheel for the browser, in the same version; one without
such a wheel is not here, and what needs it says so.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution, distribution
from pathlib import Path

from proven.snippets.imports import libraries


@dataclass(frozen=True)
class Bundle:
    """Libraries that are loaded together.

    Attributes:
        distributions: What is packed.
        imported: The packages whose import asks for the bundle; the first bundle is always there.
        first: The modules that a start imports, so that the next start has them; those that take long.
    """

    distributions: tuple[str, ...]
    imported: tuple[str, ...] = ()
    first: tuple[str, ...] = ()


BUNDLES = {
    "flask": Bundle(
        ("flask", "werkzeug", "jinja2", "itsdangerous", "click", "blinker", "markupsafe"),
        first=("flask", "flask.testing"),
    ),
    "forms": Bundle(
        ("wtforms", "flask-wtf", "email-validator", "idna"),
        ("wtforms", "flask_wtf", "email_validator"),
    ),
    "sqlalchemy": Bundle(
        ("sqlalchemy", "typing-extensions", "flask-sqlalchemy"),
        ("sqlalchemy", "flask_sqlalchemy"),
        first=("sqlalchemy.orm", "sqlalchemy.dialects.sqlite"),
    ),
    "session": Bundle(("cachelib",), ("cachelib",)),
    "login": Bundle(("flask-login",), ("flask_login",)),
    "cors": Bundle(("flask-cors",), ("flask_cors",)),
    "secure": Bundle(("secure",), ("secure",)),
    "limits": Bundle(
        ("limits", "deprecated", "wrapt", "packaging", "typing-extensions"), ("limits",)
    ),
    "babel": Bundle(("babel",), ("babel",)),
    # There is no server to talk to; who only offers Redis as a choice runs.
    "redis": Bundle(("redis",), ("redis",)),
    # Nor is there a socket; what a WebSocket refuses is an answer too.
    "sock": Bundle(("flask-sock", "simple-websocket", "wsproto", "h11"), ("flask_sock",)),
    "pydantic": Bundle(
        ("pydantic", "pydantic-core", "annotated-types", "typing-inspection", "typing-extensions"),
        ("pydantic", "apiflask"),
    ),
    "apiflask": Bundle(
        (
            *("apiflask", "apispec", "flask-httpauth", "flask-marshmallow"),
            *("marshmallow", "packaging", "webargs"),
        ),
        ("apiflask",),
    ),
}
ALWAYS = "flask"
#: What comes out of a wheel for the Python of the browser.
COMPILED = ("pydantic-core",)
#: How that Python and its machine are called where wheels are named: as Pyodide calls them in its own list of packages.
PYTHON, ABI, PLATFORM = "3.14", "cp314", "pyemscripten_2026_0_wasm32"
#: Files of a wheel that a browser has no use for.
UNWANTED = re.compile(
    r"""(^\.\.|(^|/)__pycache__/|(^|/)(tests?|testing)/|/locale/(?!(zh|zh_TW|en|de|fr)/.*\.mo$)|\.dist-info/(?!METADATA$)
    |\.(pyi|pyx|pxd|c|h|pyd|po|pot)$|py\.typed$|^werkzeug/debug/shared/|^sqlalchemy/dialects/(oracle|mssql)/
    |^babel/locale-data/(?!root|en|zh|de|fr)|^babel/messages/frontend)""",
    re.VERBOSE,
)


def bundles_of(root: Path, module: str) -> list[str]:
    """Return the bundles that a snippet needs, in the order of :data:`BUNDLES`."""
    return bundles_for(libraries(root, module))


def bundles_for(imported: set[str]) -> list[str]:
    """Return the bundles that hold some packages, in the order of :data:`BUNDLES`, the first always among them."""
    wanted = {ALWAYS} | {
        name for name, bundle in BUNDLES.items() if imported.intersection(bundle.imported)
    }
    return [name for name in BUNDLES if name in wanted]


@cache
def packages() -> dict[str, str]:
    """Return the packages that are not always there, each with the first bundle that has it."""
    found: dict[str, str] = {}
    for bundle, its in BUNDLES.items():
        for name in its.distributions:
            for package in _top_level(distribution(name)):
                found.setdefault(package, bundle)
    return {package: found[package] for package in sorted(found) if found[package] != ALWAYS}


def _top_level(its: Distribution) -> set[str]:
    """Return the packages that a distribution installs; one that is asked for alone is read alone."""
    files = (line.partition(",")[0] for line in (its.read_text("RECORD") or "").splitlines())
    tops = {file.partition("/")[0] for file in files if file.endswith((".py", ".so"))}
    return {name for top in tops if (name := top.partition(".")[0]).isidentifier()}


def first() -> dict[str, tuple[str, ...]]:
    """Return what a start imports, by the bundles that have it."""
    return {name: bundle.first for name, bundle in BUNDLES.items() if bundle.first}


def versions() -> dict[str, str]:
    """Return the version of each library that is packed, by the name of its distribution."""
    names = {name for bundle in BUNDLES.values() for name in bundle.distributions}
    return {name: distribution(name).version for name in sorted(names)}


def wheel(name: str) -> str:
    """Return the name of the wheel of a compiled library for the browser, in the version that is installed here."""
    return f"{name.replace('-', '_')}-{distribution(name).version}-{ABI}-{ABI}-{PLATFORM}.whl"


def files(names: Iterable[str], wheels: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files of some distributions that a browser needs: path and content.

    Args:
        names: The distributions.
        wheels: Where the wheels of the compiled ones lie.
    """
    for name in names:
        its = _within(wheels / wheel(name)) if name in COMPILED else _installed(name)
        for path, content in its:
            if UNWANTED.search(path):
                continue
            if path.endswith("/METADATA"):
                # The long description is of no use in there.
                yield path, content.partition(b"\n\n")[0] + b"\n"
            else:
                yield path, content


def _installed(name: str) -> Iterator[tuple[str, bytes]]:
    for file in distribution(name).files or ():
        # What is compiled for this machine runs on no other.
        if file.suffix != ".so":
            yield file.as_posix(), Path(str(file.locate())).read_bytes()


def _within(file: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(file) as packed:
        for path in packed.namelist():
            yield path, packed.read(path)


def licences(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the licences of some distributions: title and text."""
    for name in names:
        found = distribution(name)
        yield f"{found.metadata['Name']} {found.version}", _licence(found)


def _licence(found: Distribution) -> str:
    texts = [
        Path(str(file.locate())).read_text(encoding="utf-8", errors="replace")
        for file in found.files or ()
        if ".dist-info/" in file.as_posix() and re.search(r"(?i)licen[cs]e|copying", file.name)
    ]
    return "\n".join(texts) or str(found.metadata["License"])
