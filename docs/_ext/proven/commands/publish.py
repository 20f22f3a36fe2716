"""Puts a whole site in the place of the one before, in one step: there is no moment without one."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

# Of linux/fs.h: exchange two paths, relative to the working directory.
EXCHANGE = 2
AT_FDCWD = -100


def publish(sources: Mapping[str, Path], pages: Mapping[str, str], html: Path) -> None:
    """Put the pages of all languages in the place of the site before.

    Args:
        sources: The folder of each language's pages, by the name that it has in the site.
        pages: What stands above those folders, by its name.
        html: The folder of the site.

    Raises:
        OSError: if it cannot be written; the site before is as it was.
    """
    following = html.with_name(f"{html.name}.next")
    shutil.rmtree(following, ignore_errors=True)
    for name, folder in sources.items():
        for file in files(folder):
            _place(folder / file, following / name / file, html / name / file)
    following.mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        following.joinpath(name).write_text(text, encoding="utf-8")
    swap(following, html)
    shutil.rmtree(following, ignore_errors=True)


def files(folder: Path) -> Iterator[str]:
    """Yield the files below ``folder``, relative to it."""
    for place, _, names in os.walk(folder):
        yield from (os.path.relpath(os.path.join(place, name), folder) for name in names)


def _place(source: Path, target: Path, before: Path) -> None:
    """Put a file into the next site: that of the site before if it is the same, else a copy."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if _same(source, before):
        try:
            # Nothing writes into a site that stands, so two of them can share a file.
            os.link(before, target)
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EROFS}:
                raise
        else:
            return
    shutil.copy2(source, target)


def _same(source: Path, before: Path) -> bool:
    """Say whether a file is the copy of another, by its size and time stamp."""
    try:
        one, other = source.stat(), before.stat()
    except FileNotFoundError:
        return False
    return (one.st_size, one.st_mtime_ns) == (other.st_size, other.st_mtime_ns)


def swap(following: Path, html: Path) -> None:
    """Exchange two folders; where the system cannot do it at once, there is a moment without the second."""
    if not html.exists():
        os.rename(following, html)
    elif not _exchange(following, html):
        aside = html.with_name(f"{html.name}.before")
        os.rename(html, aside)
        os.rename(following, html)
        os.rename(aside, following)


def restore(html: Path) -> None:
    """Put back the site that a build was stopped in the moment without one."""
    aside = html.with_name(f"{html.name}.before")
    if aside.exists() and not html.exists():
        os.rename(aside, html)
    shutil.rmtree(aside, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step if the system can; return whether it did."""
    if sys.platform != "linux":
        return False
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except AttributeError:
        return False
    done: int = rename(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), EXCHANGE)
    return done == 0
