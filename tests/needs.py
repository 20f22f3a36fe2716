"""What a test needs of the machine: where it is, or a skip that says what to install (a failure, where ``CI`` is set).

Every such reason has the same form, so that the end of a run can say what was left out and the one line that brings it.
"""

from __future__ import annotations

import importlib.util
import os
import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from proven.base import fonts
from proven.commands.chromium import FLAGS, without_windows

#: Debian keeps these off the PATH of an ordinary user.
FOLDERS = ["/usr/sbin", *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True))]
#: What brings Firefox, for the tests that ask for it.
FIREFOX = "apt-get install firefox-esr"
# A busy machine is slow, not wrong: Playwright would wait for 5 seconds.
expect.set_options(timeout=30_000)
#: WebAssembly is compiled once, simply, not twice, the second time for speed: no test runs it for long, and each start
#: of Run takes a third less.
SIMPLY = "--js-flags=--liftoff-only"


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


def face() -> fonts.Face:
    """Return the Chinese font of this machine."""
    try:
        return fonts.face()
    except fonts.NoFontError:
        missing("a Chinese font", fonts.INSTALL)


def browser(*, windows: bool = False) -> str:
    """Return the path of Chromium, or of Chrome, which Ubuntu's machines in CI bring instead.

    Args:
        windows: Whether it has to have what belongs to a window, such as the icon of a page.
    """
    installed = (not windows and without_windows()) or shutil.which("google-chrome")
    return installed or programs("apt-get install chromium", "chromium")[0]


@contextmanager
def chromium(*flags: str, windows: bool = False) -> Iterator[Browser]:
    """Open a browser, with more flags than it always has."""
    executable = browser(windows=windows)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=executable, args=[*FLAGS, SIMPLY, *flags]
        )
        try:
            yield opened
        finally:
            opened.close()


@contextmanager
def firefox(folder: Path) -> Iterator[Browser]:
    """Open Debian's Firefox, through the relay for Playwright.

    Args:
        folder: Where the program can lie that Playwright starts.
    """
    programs(FIREFOX, "firefox-esr")
    program = folder / "firefox"
    module = f'exec {shlex.quote(sys.executable)} -m tests.firefox.relay "$@"'
    program.write_text(f"#!/bin/sh\n{module}\n", encoding="utf-8")
    program.chmod(0o755)
    with sync_playwright() as playwright:
        opened = playwright.firefox.launch(channel="moz-firefox", executable_path=program)
        try:
            yield opened
        finally:
            opened.close()
