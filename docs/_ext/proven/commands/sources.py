"""Looks at the sources before they are built, at what Sphinx answers with a traceback or once a language."""

from __future__ import annotations

import re
import runpy
import sys
import tomllib
import traceback
import zlib
from collections.abc import Iterator
from pathlib import Path

# Catalogs are looked at by what reads them.
FOLDERS = ("docs", "snippets", "locale")
TEXTS = {".css", ".csv", ".html", ".js", ".json", ".md", ".py", ".svg", ".toml", ".txt"}


def faults(root: Path) -> Iterator[str]:
    """Yield what is wrong with the sources, a line each: file, line, what to do."""
    for folder in FOLDERS:
        for file in sorted(root.joinpath(folder).rglob("*")):
            if file.suffix in TEXTS and "__pycache__" not in file.parts:
                yield from of_text(file)
    yield from of_inventories(root)


def of_text(file: Path) -> Iterator[str]:
    """Yield what is wrong with a text: it is not UTF-8, or not the TOML that its name says."""
    content = file.read_bytes()
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = content[error.start]
        yield f"{file}:{line}: the byte 0x{byte:02x} is not UTF-8; save the file as UTF-8"
        return
    if file.suffix == ".toml":
        try:
            tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            said = str(error)
            found = re.search(r" \(at line (\d+), column \d+\)$", said)
            line = int(found[1]) if found else text.count("\n")
            yield f"{file}:{line}: this is not TOML: {said.partition(' (at ')[0]}; mend it"


def of_inventories(root: Path) -> Iterator[str]:
    """Yield which inventories of ``conf.py`` are missing or cannot be read to their end."""
    conf, path = root / "docs" / "conf.py", sys.path[:]
    try:
        settings = runpy.run_path(str(conf))
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        lines = [frame.lineno for frame in frames if frame.filename == str(conf)]
        line = error.lineno if isinstance(error, SyntaxError) else (lines or [1])[-1]
        yield f"{conf}:{line}: {type(error).__name__}: {' '.join(str(error).split())}; mend it"
        return
    finally:
        # It puts its folders first, and whoever builds again and again, as `serve` does, would have them many times.
        sys.path[:] = path
    mapping: dict[str, tuple[str, str]] = settings.get("intersphinx_mapping", {})
    for name, (_, place) in mapping.items():
        try:
            zlib.decompress(Path(place).read_bytes().split(b"\n", 4)[4])
        except FileNotFoundError:
            yield f"{place}: the inventory is missing; run 'nox -s inventories -- {name}'"
        except (IndexError, zlib.error):
            yield f"{place}: the inventory is damaged; run 'nox -s inventories -- {name}'"
