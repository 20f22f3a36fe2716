"""What a test needs of the machine: where it is, or a skip that says what to install (a failure, where ``CI`` is set).

Every such reason has the same form, so that the end of a run can say what was left out and the one line that brings it.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from playwright.sync_api import Browser, sync_playwright

#: Debian keeps these off the PATH of an ordinary user.
FOLDERS = ["/usr/sbin", *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True))]
#: What Chromium needs as root and without a network.
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


def missing(what: str, install: str) -> NoReturn:
    """Skip the test for want of ``what``, which the command ``install`` brings."""
    reason = f"{what} not found; install with: {install}"
    (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)


def programs(install: str, *names: str) -> list[str]:
    """Return the paths of programs."""
    path = os.pathsep.join([os.environ.get("PATH", ""), *FOLDERS])
    found = {name: shutil.which(name, path=path) for name in names}
    if absent := [name for name, place in found.items() if place is None]:
        missing(", ".join(absent), install)
    return [place for place in found.values() if place]


def module(name: str, install: str) -> None:
    """Ask for an importable module."""
    if importlib.util.find_spec(name) is None:
        missing(name, install)


def browser() -> str:
    """Return the path of Chromium, or of Chrome, which Ubuntu's machines in CI bring instead."""
    return shutil.which("google-chrome") or programs("apt-get install chromium", "chromium")[0]


@contextmanager
def chromium(*flags: str) -> Iterator[Browser]:
    """Open a browser, with more flags than it always has."""
    executable = browser()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=executable, args=[*FLAGS, *flags])
        try:
            yield opened
        finally:
            opened.close()
