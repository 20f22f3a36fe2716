"""Puts a whole site in the place of the one before, in one step: there is no moment without one."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

# Of linux/fs.h: exchange two paths, relative to the working directory.
EXCHANGE = 2
AT_FDCWD = -100


def publish(
    sources: Mapping[str, Path],
    pages: Mapping[str, str],
    html: Path,
    complete: Callable[[str, str], str] | None = None,
) -> None:
    """Put the pages of all languages in the place of the site before.

    Args:
        sources: The folder of each language's pages, by the name that it has in the site.
        pages: What stands above those folders, by its name.
        html: The folder of the site.
        complete: Returns what stands in the site for a page in a folder, by its place there and its text.

    Raises:
        OSError: if it cannot be written; the site before is as it was.
    """
    following = html.with_name(f"{html.name}.next")
    shutil.rmtree(following, ignore_errors=True)
    following.mkdir(parents=True, exist_ok=True)
    for name, folder in sources.items():
        # A site has thousands of files: paths are plain texts here.
        for within, names in folders(folder):
            place = f"{name}/{within}" if within else name
            os.makedirs(f"{following}/{place}", exist_ok=True)
            for file in names:
                source = os.path.join(folder, within, file)
                target, before = f"{following}/{place}/{file}", f"{html}/{place}/{file}"
                if complete and file.endswith(".html"):
                    text = Path(source).read_bytes().decode()
                    _write(complete(f"{place}/{file}", text), target, before)
                else:
                    _place(source, target, before)
    for name, text in pages.items():
        following.joinpath(name).write_text(text, encoding="utf-8")
    swap(following, html)
    shutil.rmtree(following, ignore_errors=True)


def folders(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield the folders below ``folder``, relative to it with slashes, ``""`` for itself, and their files."""
    for place, _, names in os.walk(folder):
        within = os.path.relpath(place, folder).replace(os.sep, "/")
        yield "" if within == "." else within, names


def files(folder: Path) -> Iterator[str]:
    """Yield the files below ``folder``, relative to it with slashes."""
    for within, names in folders(folder):
        yield from (f"{within}/{name}" if within else name for name in names)


def _place(source: str, target: str, before: str) -> None:
    """Put a file into the next site: that of the site before if it is the same, else a copy."""
    if not (_same(source, before) and _share(before, target)):
        shutil.copy2(source, target)


def _write(text: str, target: str, before: str) -> None:
    """Put a text into the next site: the file of the site before if it is the same, else a new one."""
    content = text.encode()
    try:
        same = Path(before).read_bytes() == content
    except FileNotFoundError:
        same = False
    if not (same and _share(before, target)):
        Path(target).write_bytes(content)


def _share(before: str, target: str) -> bool:
    """Let two sites share a file, since nothing writes into one that stands; return whether the system can."""
    try:
        os.link(before, target)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EROFS}:
            raise
        return False
    return True


def _same(source: str, before: str) -> bool:
    """Say whether a file is the copy of another, by its size and time stamp."""
    try:
        one, other = os.stat(source), os.stat(before)
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
