"""Build the site in every language: ``python -m proven.commands.build`` or ``nox -s docs``.

Each language is built in a process of its own into ``build/pages/<language>/``. When all of them are whole, they are
put into ``build/html/`` in one step, with ``index.html``, which sends the reader to a language: what stands there is a
whole site, whatever happens to a build. Warnings are errors. At the end it says where the site lies and how complete
each language is. Where nothing changed since the last build, it says so and builds nothing.

What Run loads is made once for all languages and put into ``build/html/_run/``; where it cannot be made, the site has
no Run, and one line says so. ``--without-run`` leaves it out, ``--with-run`` makes it a fault when it is missing.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from jinja2 import TemplateError

from proven.base import fonts
from proven.base.project import ROOT
from proven.commands import sources, unchanged
from proven.commands.output import BEGIN, no_room, place_of
from proven.commands.publish import publish, restore
from proven.run import bundle
from proven.site import books as books_of_site
from proven.site import versions
from proven.site.root_pages import root_pages
from proven.translation import catalogs
from proven.translation.languages import LANGUAGES, TRANSLATED, Language, base_url

# Seconds between two lines that say how far a build is, where they cannot be one line that changes.
QUIET = 30
# Follows the place in a page of a fault in its translation, which is often that of its source.
OF_TRANSLATION = ":<translated>"


class StoppedError(Exception):
    """The build was stopped before its end; the site before is as it was."""


class Screen:
    """Prints each line once; on a terminal, the last line says how far the builds are."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.printed: dict[str, None] = {}
        self.far: dict[str, str] = {}
        self.said_at = time.monotonic()

    def print(self, line: str) -> None:
        """Print a line unless it was printed before: the same fault is often seen in every language."""
        with self.lock:
            if line not in self.printed:
                self.printed[line] = None
                self._clear()
                print(line, flush=True)

    def progress(self, language: str, phase: str, done: int, total: int) -> None:
        """Say how far the build of a language is."""
        with self.lock:
            self.far[language] = f"{language}: {done} of {total} pages {phase}"
            # In the order of the languages, whichever began first.
            line = " · ".join(self.far[each.name] for each in LANGUAGES if each.name in self.far)
            if sys.stdout.isatty():
                # A Chinese character takes two columns.
                room = shutil.get_terminal_size().columns * 2 // 3
                print(f"\r\x1b[2K{line[:room]}", end="", flush=True)
            elif time.monotonic() - self.said_at > QUIET:
                self.said_at = time.monotonic()
                print(line, flush=True)

    def _clear(self) -> None:
        if self.far and sys.stdout.isatty():
            print("\r\x1b[2K", end="")


class LanguageBuild(threading.Thread):
    """The build of one language: starts its process, listens to it, knows how it ended.

    Attributes:
        faults: What it complained of, in order.
        whole: Whether it came to its end without a fault and every file of it stands on the disk.
        stopped: Whether it was stopped from outside.
    """

    def __init__(
        self, language: Language, root: Path, output: Path, screen: Screen, **beside: Path | None
    ) -> None:
        super().__init__(name=language.name)
        self.language, self.root, self.screen = language, root, screen
        self.place = place_of(output, language)
        self.faults: list[str] = []
        self.whole = self.stopped = False
        self.runs = ("", "")
        self.files: list[str] | None = None
        self.place.said.parent.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "proven.commands.build_language"]
        with self.place.said.open("wb") as said:
            self.process = subprocess.Popen(
                [*command, language.code, str(output)],
                cwd=root,
                env=environment(root, **beside),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
                encoding="utf-8",
            )

    def run(self) -> None:
        """Let the process begin, and listen until it ends."""
        with self.process as process:
            if process.stdin:
                # It may have ended while it loaded what it builds with.
                with suppress(BrokenPipeError), process.stdin:
                    print(BEGIN, file=process.stdin)
            for line in process.stdout or ():
                # The last line of a process that was killed may be half of one.
                with suppress(ValueError):
                    self.hear(*json.loads(line))
        code = self.process.returncode
        if self.stopped:
            return
        if self.files is not None:
            missing = [file for file in self.files if not _stands(self.place.pages / file)]
            if missing:
                # The next build begins anew.
                self.place.stamp.unlink(missing_ok=True)
                names = ", ".join(missing[:3])
                self.fault(f"{self.language.name}: {len(missing)} files are missing: {names}, ...")
            self.whole = not self.faults
        elif code != 1 or not self.faults or self.runs[0]:
            self.fault(self.ended(code))

    def end(self) -> None:
        """End the process, whether anybody listens to it or not yet."""
        self.stopped = True
        self.process.kill()
        if self.is_alive():
            self.join()
        elif self.ident is None:
            with self.process:
                pass

    def hear(self, kind: str, *values: Any) -> None:
        """Take what the process says."""
        match kind:
            case "fault":
                self.fault(*values)
            case "note":
                self.screen.print(values[0])
            case "runs":
                self.runs = values[0], values[1]
            case "progress":
                self.screen.progress(self.language.name, *values)
            case "done":
                (self.files,) = values

    def fault(self, line: str) -> None:
        """Keep a fault and print it, with its path as short as it can be."""
        line = line.replace(f"{self.root}{os.sep}", "")
        if line not in self.faults:
            self.faults.append(line)
            if OF_TRANSLATION not in line:
                self.screen.print(line)

    def tell_of_translations(self) -> None:
        """Print what is wrong with a translated text, when all that is wrong with its source is printed."""
        for line in self.faults:
            text, translated, rest = line.partition(OF_TRANSLATION)
            if translated and f"{text}:{rest.lstrip(':1234567890')}" not in self.screen.printed:
                self.screen.print(line)

    def ended(self, code: int) -> str:
        """Return why the process ended before its work was done."""
        doing, file = self.runs
        said = self.place.said.read_text(encoding="utf-8", errors="replace")
        if doing and said.startswith("Timeout"):
            # The lines of Python that ran when it was ended, the innermost first.
            lines = re.findall(r'File "(.+)", line (\d+)', said)
            inside = [f"{name}:{line}" for name, line in lines if name == file]
            return f"{(inside or [file])[0]}: WARNING: {doing} never ends; mend the snippet"
        if doing:
            return f"{file}: WARNING: {doing} ends the whole build (exit code {code}); mend the snippet"
        last = said.strip().splitlines()[-1:]
        return ": ".join([self.language.name, f"the build ended with exit code {code}", *last])


def _stands(file: Path) -> bool:
    return file.is_file() and file.stat().st_size > 0


def environment(root: Path, run: Path | None = None, books: Path | None = None) -> dict[str, str]:
    """Return the environment of a process of Sphinx.

    Args:
        root: The folder of the project.
        run: The folder with what Run loads, if the site has it.
        books: The folder with what readers take with them, if the site has it.

    What it does depends on no terminal and no locale, not even one that the system does not know, and sets keep their
    order, such as the methods of an Allow header, so that two builds are the same.
    """
    path = os.pathsep.join([str(root / "docs" / "_ext"), str(root)])
    fixed = {"PYTHONUTF8": "1", "NO_COLOR": "1", "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8"}
    beside = {bundle.VARIABLE: str(run or ""), books_of_site.VARIABLE: str(books or "")}
    return {**os.environ, **fixed, "PYTHONPATH": path, **beside}


def build(root: Path, output: Path, run: bool | None = None) -> bool:
    """Build every language below ``output`` and report; return whether all went well.

    Of two builds at once, the second waits for the first.

    Args:
        root: The folder of the project.
        output: Where the site and all that belongs to a build go.
        run: Whether the pages have Run: ``None`` where it can be made, ``True`` makes it a fault if it cannot.

    Raises:
        KeyboardInterrupt: when it is interrupted; its processes have ended, and the site before is as it was.
        StoppedError: likewise, when :func:`stop` was called.
    """
    try:
        with alone(output):
            return _build(root, output, run)
    except OSError as error:
        print(f"{no_room(error, output)}\n{_as_before(output)}")
        return False


@contextmanager
def alone(output: Path) -> Iterator[None]:
    """Wait until no other build is at work in a folder, and keep others waiting."""
    output.mkdir(parents=True, exist_ok=True)
    lock = FileLock(output / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        print(f"another build is at work in {output}; waiting for its end", flush=True)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _build(root: Path, output: Path, wanted: bool | None) -> bool:
    began = time.perf_counter()
    html, record = output / "html", output / "built.json"
    restore(html)
    screen = Screen()
    run = None
    try:
        if wanted is not False:
            run = bundle.ready(root)
    except bundle.NoRunError as error:
        print(f"the site has no Run: {error}", flush=True)
        if wanted:
            screen.print(_as_before(output))
            return False
    of_pages = unchanged.sources(root)
    books = books_of_site.ready(output, of_pages)
    older = versions.older(root)
    beside = [each.name for each in (run, books) if each]
    # Pictures are drawn where the site has an address, with what this machine has.
    beside += fonts.found() if base_url(os.environ) else []
    beside += [f"{name} {unchanged.site(folder)}" for name, folder in older.items()]
    made_of, before = unchanged.whole(of_pages, beside), unchanged.read(record)
    if before and before[:2] == (made_of, unchanged.site(html)):
        screen.print(f"nothing changed since it was built: {html / 'index.html'}")
        for line in before.said:
            screen.print(line)
        return True
    if before:
        record.unlink()
    print(f"building {', '.join(language.name for language in LANGUAGES)} ...", flush=True)
    found: list[str] = []

    def look() -> bool:
        found.extend(line.replace(f"{root}{os.sep}", "") for line in sources.faults(root))
        found.extend(str(e) for lang in TRANSLATED for e in catalogs.unreadable(root, lang))
        found.extend(versions.faults(root))
        return not found

    builds = build_languages(LANGUAGES, root, output, screen, look, run=run, books=books)
    for line in found:
        screen.print(line)
    failed = [build.language.name for build in builds if not build.whole]
    if found or failed:
        names = f"{', '.join(failed)}: " if failed else ""
        screen.print(f"{names}the build failed; the lines above say where and why")
        screen.print(_as_before(output))
        return False
    try:
        pages = root_pages(root)
    except TemplateError as error:
        screen.print(f"the build failed: {type(error).__name__}: {error}")
        screen.print(_as_before(output))
        return False
    folders = {build.language.folder: build.place.pages for build in builds}
    shared = {bundle.FOLDER: run, books_of_site.FOLDER: books, **older}
    complete = versions.Versions(root, folders, base_url(os.environ)).page if older else None
    there = {name: each for name, each in shared.items() if each}
    publish({**folders, **there}, pages, html, complete)
    notes = list(screen.printed)
    screen.print(f"built in {time.perf_counter() - began:.1f} s: {html / 'index.html'}")
    for language in LANGUAGES:
        doctrees = place_of(output, language).doctrees
        notes.append(f"  {language.name}: {catalogs.progress(root, doctrees, language)}")
        screen.print(notes[-1])
    if older:
        notes.append(f"  beside Flask {versions.series()}: {', '.join(older)}")
        screen.print(notes[-1])
    unchanged.write(record, unchanged.Record(made_of, unchanged.site(html), notes, beside))
    return True


def build_languages(
    languages: Sequence[Language],
    root: Path,
    output: Path,
    screen: Screen,
    look: Callable[[], bool] = lambda: True,
    **beside: Path | None,
) -> list[LanguageBuild]:
    """Build some languages at the same time, and return how each ended.

    Args:
        languages: The languages.
        root: The folder of the project.
        output: Where the site and all that belongs to a build go.
        screen: What is told how far they are.
        look: Says whether the sources can be built, asked while the processes load Sphinx; if not, nothing is built.
        beside: The folders that the site has beside its pages, as :func:`environment` takes them.

    Raises:
        KeyboardInterrupt: when it is interrupted; the processes have ended.
        StoppedError: when :func:`stop` was called.
    """
    builds: list[LanguageBuild] = []
    try:
        for language in languages:
            each = LanguageBuild(language, root, output, screen, **beside)
            builds.append(each)
            running.append(each)
        if not look():
            stop()
            return []
        for each in builds:
            each.start()
        for each in builds:
            each.join()
        for each in builds:
            each.tell_of_translations()
    except BaseException:
        stop()
        raise
    finally:
        for each in builds:
            running.remove(each)
    if any(each.stopped for each in builds):
        raise StoppedError
    return builds


running: list[LanguageBuild] = []


def stop() -> None:
    """End the processes of a build that is at work."""
    for each in running:
        each.end()


def _as_before(output: Path) -> str:
    html = output / "html"
    return f"{html} is as it was" if html.is_dir() else f"there is no site in {html} yet"


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--output", type=Path, default=ROOT / "build", help="default: build/")
    of_run = parser.add_mutually_exclusive_group()
    of_run.add_argument(
        "--without-run", dest="run", action="store_false", default=None, help="leave Run out"
    )
    of_run.add_argument(
        "--with-run", dest="run", action="store_true", help="fail where Run cannot be made"
    )
    options = parser.parse_args()
    output = options.output.resolve()
    try:
        return 0 if build(ROOT, output, options.run) else 1
    except KeyboardInterrupt:
        print(f"\ninterrupted; {_as_before(output)}")
        return 130


if __name__ == "__main__":
    sys.exit(main())
