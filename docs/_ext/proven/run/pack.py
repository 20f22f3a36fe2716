"""Packs Python for the browser, compiled by the very Python that will run it: Pyodide, in node.

The standard library becomes two zips: what the libraries import comes first, the rest when something asks for it.

It is run by ``browser/make.mjs`` and imports nothing of this package.
"""

from __future__ import annotations

import importlib
import importlib.util
import io
import marshal
import sys
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path

#: Beginnings of what no application of the pages imports from the standard library.
UNUSED = (
    "antigravity",
    "asyncio/__main__",
    "asyncio/windows",
    "cProfile",
    "curses/",
    "encodings/cp1",
    "encodings/cp7",
    "encodings/cp8",
    "encodings/hp_roman",
    "encodings/iso2022",
    "encodings/johab",
    "encodings/koi",
    "encodings/kz",
    "encodings/mac_",
    "encodings/palmos",
    "encodings/ptcp",
    "ensurepip/",
    "ftplib",
    "idlelib/",
    "imaplib",
    "lib2to3/",
    "mailbox",
    "pip/",
    "plistlib",
    "poplib",
    "profile",
    "pstats",
    "pydoc_data/",
    "test/",
    "this.py",
    "tkinter/",
    "trace.py",
    "turtle",
    "venv/",
    "wave",
    "webbrowser",
    "xmlrpc/",
    "zipapp",
)
#: What the first answer needs of the standard library is what these import.
FIRST = (
    "ast",
    "codeop",
    "concurrent.futures.thread",
    "csv",
    "encodings.idna",
    "encodings.unicode_escape",
    "gzip",
    "linecache",
    "sqlite3",
    "tempfile",
    "traceback",
    "wsgiref.types",
    "flask",
    "flask.testing",
    "werkzeug.middleware.proxy_fix",
    "wtforms",
    "flask_wtf",
    "email_validator",
    "sqlalchemy.dialects.sqlite",
    "sqlalchemy.orm",
    "flask_sqlalchemy",
    "cachelib",
    "flask_login",
    "flask_cors",
    "secure",
    "limits",
    "babel.dates",
    "babel.numbers",
    "babel.support",
)
#: Where the standard library lies.
STANDARD = "/lib/python314.zip"
#: The same zip for the same content, whenever it is made.
DAY = (2020, 1, 1, 0, 0, 0)


def compiled(source: bytes, name: str) -> bytes:
    """Return what a ``.pyc`` file has that Python takes without looking for its source."""
    code = compile(source, name, "exec", dont_inherit=True)
    head = importlib.util.MAGIC_NUMBER + (1).to_bytes(4, "little")
    return head + importlib.util.source_hash(source) + marshal.dumps(code)


def contents(folder: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files below a folder, or those of the standard library for ``""``."""
    if folder:
        above = Path(folder)
        for path in sorted(above.rglob("*")):
            if path.is_file():
                yield path.relative_to(above).as_posix(), path.read_bytes()
        return
    with zipfile.ZipFile(STANDARD) as library:
        for name in sorted(library.namelist()):
            if not name.endswith("/") and not name.startswith(UNUSED):
                yield name, library.read(name)


def first(folders: Collection[str]) -> set[str]:
    """Return the files of the standard library that the libraries in some folders import."""
    sys.path += folders
    for name in FIRST:
        importlib.import_module(name)
    found = {str(getattr(module, "__file__", "")) for module in list(sys.modules.values())}
    return {path.removeprefix(f"{STANDARD}/") for path in found if path.startswith(STANDARD)}


def modules(files: Collection[str]) -> list[str]:
    """Return the modules that some files are, sorted."""
    names = (file[:-3].replace("/", ".") for file in files if file.endswith(".py"))
    return sorted(name.removesuffix(".__init__") for name in names)


def pack(folder: str, at: str, only: Collection[str] = (), without: Collection[str] = ()) -> bytes:
    """Return a zip of a folder whose modules are compiled; it is compressed as a whole on its way.

    Args:
        folder: What is packed; ``""`` is the standard library.
        at: Where the zip will lie, which tracebacks name.
        only: The files that are packed, all of them if there are none.
        without: The files that are not.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        for name, content in contents(folder):
            if (only and name not in only) or name in without:
                continue
            if name.endswith(".py"):
                try:
                    content = compiled(content, f"{at}/{name}")
                except SyntaxError:
                    # A test of the library that is meant to be one.
                    continue
                name = f"{name[:-3]}.pyc"
            info = zipfile.ZipInfo(name, DAY)
            info.external_attr = 0o644 << 16
            target.writestr(info, content)
    return packed.getvalue()


def rest(early: Collection[str]) -> list[str]:
    """Return the modules of the standard library that are not among the first files."""
    return modules([name for name, _ in contents("") if name not in early])
