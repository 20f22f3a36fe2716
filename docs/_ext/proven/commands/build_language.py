"""Build one language, in a process of its own that :mod:`proven.commands.build` starts and listens to.

Whatever happens in it, it says it as one line of JSON on what was its standard output: what runs, how far it is, each
fault, and at the end the files that must stand on the disk. A snippet cannot come between, as its output goes nowhere.

A stamp beside the doctrees says that they and the pages are those of one finished build of this machinery. It is
removed first and written last; without it, the next build begins anew.
"""

from __future__ import annotations

import errno
import gc
import json
import os
import shutil
import signal
import sys
import traceback
from importlib import import_module
from io import TextIOBase
from pathlib import Path
from typing import Any

from docutils import nodes
from filelock import FileLock
from sphinx.application import Sphinx, builtin_extensions
from sphinx.environment import BuildEnvironment
from sphinx.errors import SphinxError
from sphinx.util.console import nocolor
from sphinx.util.docutils import docutils_namespace, patch_docutils

from proven.base.complaints import NOTE
from proven.base.project import DOCS
from proven.base.site_files import expected, stale
from proven.commands.output import BEGIN, Place, machinery, no_room, place_of
from proven.snippets import loading
from proven.translation.languages import Language, by_code

# Where so few pages are read, what garbage there is takes less room than the search for it takes time.
FEW = 10
# What is no fault of the sources: there is no room, or no right to write.
DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EFBIG, errno.EIO}


class Channel(TextIOBase):
    """What the process says to the one that started it; as a stream, Sphinx's warnings are its faults."""

    def __init__(self) -> None:
        self.descriptor = os.dup(1)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)

    def say(self, kind: str, *values: object) -> None:
        """Say one thing."""
        line = json.dumps([kind, *values], ensure_ascii=False) + "\n"
        try:
            os.write(self.descriptor, line.encode(errors="backslashreplace"))
        except BrokenPipeError:
            # Nobody listens: the build was stopped.
            os._exit(1)

    def write(self, text: str) -> int:
        """Say a warning, in one line."""
        if line := " ".join(text.split()):
            self.say("fault", line)
        return len(text)


class Progress:
    """Says how many pages are read and written."""

    def __init__(self, app: Sphinx, channel: Channel) -> None:
        self.channel = channel
        self.done = self.total = 0
        app.connect("env-before-read-docs", lambda app, env, names: self.begin(len(names)))
        app.connect("source-read", lambda *_: self.step("read"))
        app.connect("html-page-context", self.written)
        write = app.builder.write_documents

        def write_documents(docnames: Any) -> None:
            self.begin(len(docnames))
            write(docnames)

        vars(app.builder)["write_documents"] = write_documents

    def begin(self, total: int) -> None:
        """Begin to count."""
        self.done, self.total = 0, total

    def step(self, phase: str) -> None:
        """Count one page."""
        self.done += 1
        self.channel.say("progress", phase, self.done, self.total)

    def written(
        self, app: Sphinx, page: str, template: str, context: Any, doctree: nodes.document | None
    ) -> None:
        """Count a page of the sources."""
        if doctree is not None:
            self.step("written")


class Status(TextIOBase):
    """Takes what Sphinx says of its work, and passes on what the reader of the build must know."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel

    def write(self, text: str) -> int:
        """Say a note."""
        if text.startswith(NOTE):
            self.channel.say("note", text.removeprefix(NOTE).strip())
        return len(text)


def build(language: Language, place: Place, channel: Channel) -> None:
    """Build a language and say which files it has.

    Raises:
        Exception: whatever Sphinx or an extension raises.
    """
    made_with = machinery()
    if not place.stamp.is_file() or place.stamp.read_text(encoding="utf-8") != made_with:
        for folder in (place.doctrees, place.pages):
            shutil.rmtree(folder, ignore_errors=True)
    place.stamp.unlink(missing_ok=True)
    nocolor()
    loading.heard.append(lambda doing, file: channel.say("runs", doing, file))
    with patch_docutils(DOCS), docutils_namespace():
        app = Sphinx(
            *(DOCS, DOCS, place.pages, place.doctrees, "html"),
            confoverrides={"language": language.code, "nitpicky": True},
            status=Status(channel),  # type: ignore[arg-type]
            warning=channel,  # type: ignore[arg-type]
        )
        Progress(app, channel)
        app.connect("env-before-read-docs", search_garbage)
        app.build()
    for file in stale(app):
        file.unlink()
    place.stamp.write_text(made_with, encoding="utf-8")
    channel.say("done", sorted(expected(app)))


def search_garbage(app: Sphinx, env: BuildEnvironment, pages: list[str]) -> None:
    """Search for garbage, as :mod:`proven.base.shortcuts` has it, where many pages are read."""
    if len(pages) > FEW:
        gc.enable()


def told(error: Exception, place: Place) -> str:
    """Return what to say of a build that ended with an error, in one line."""
    text = " ".join(str(error).split())
    if isinstance(error, OSError) and error.errno in DISK:
        return no_room(error, place.pages)
    wrapped = getattr(error, "orig_exc", None) or "Traceback" in text
    if isinstance(error, SphinxError) and not wrapped:
        return text
    # Sphinx wraps what a handler of an event or conf.py raises.
    error = getattr(error, "orig_exc", None) or error.__cause__ or error  # type: ignore[assignment]
    text = " ".join(str(error).split())
    within = [frame for frame in traceback.extract_tb(error.__traceback__) if _is_ours(frame)]
    where = f"{within[-1].filename}:{within[-1].lineno}: " if within else ""
    traceback.print_exception(error)
    kept = place.said.parent
    return f"{where}{type(error).__name__}: {text[-300:]}; the traceback is kept in {kept}"


def _is_ours(frame: traceback.FrameSummary) -> bool:
    return Path(frame.filename).is_relative_to(DOCS) and frame.filename != __file__


def main() -> None:
    """Build the language of the first argument below the folder of the second."""
    # Ctrl+C is for the process that started this one, which ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
    language, output = by_code(sys.argv[1]), Path(sys.argv[2])
    channel, place = Channel(), place_of(output, language)
    code = 0
    try:
        for name in builtin_extensions:
            import_module(name)
        if sys.stdin.readline().strip() != BEGIN:
            os._exit(0)
        place.doctrees.parent.mkdir(parents=True, exist_ok=True)
        # A build whose starter was killed may still be at work.
        with FileLock(place.stamp.with_suffix(".lock")):
            build(language, place, channel)
    except Exception as error:
        channel.say("fault", told(error, place))
        code = 1
    sys.stderr.flush()
    # Not by returning: a snippet may have left a thread that never ends.
    os._exit(code)


if __name__ == "__main__":
    main()
