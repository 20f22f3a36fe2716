"""Imports snippets and lets them run within limits, so that none of them can stop a build or spoil another's.

A snippet has :data:`LIMIT` seconds, an empty working directory and an environment of its own. What it hangs in, prints,
writes or changes there is a :class:`SnippetError` that names file and line. A snippet that hangs where Python cannot
interrupt it ends the process after twice the limit, with the line it hangs in on the standard error.
"""

from __future__ import annotations

import faulthandler
import importlib
import os
import shutil
import signal
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import cache
from io import TextIOBase
from pathlib import Path
from types import FrameType, ModuleType
from typing import TypeVar

from flask import Flask

from proven.base.complaints import complain
from proven.snippets.files import PACKAGE, SnippetError, file_of, modules, suggestion

Returned = TypeVar("Returned")

# Seconds that an import, a factory or a request may take on a busy machine.
LIMIT = 60.0

# Told what runs and from which file before a snippet runs, and "" after it.
heard: list[Callable[[str, str], None]] = []
_given_up: dict[Path, SnippetError] = {}


class _TimeIsUp(BaseException):
    """Raised where a snippet hangs; no ``except Exception`` on the way may stop it."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place


class _Printed(TextIOBase):
    """Takes what is printed and keeps its size and its beginning."""

    size = 0
    beginning = ""

    def write(self, text: str) -> int:
        """Count ``text``."""
        self.size += len(text)
        self.beginning += text[: 40 - len(self.beginning)]
        return len(text)


@contextmanager
def limits(doing: str, file: Path) -> Iterator[None]:
    """Let the snippet in ``file`` run within the limits.

    Args:
        doing: What it is doing, as a message begins.
        file: The module at fault if it does something that it must not.

    Raises:
        SnippetError: if it hangs, prints, writes into its working directory or changes that or the environment. A
            snippet that hung once is not run again.
    """
    if file in _given_up:
        raise _given_up[file]
    printed, environment, directory = _Printed(), dict(os.environ), Path.cwd()
    instance = _home(file).parent / "instance"
    known = instance.exists()
    for listener in heard:
        listener(doing, str(file))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as empty:
        os.chdir(empty)
        try:
            with redirect_stdout(printed), redirect_stderr(printed), _alarm(file):
                yield
            left = list(_left_behind(printed, environment, Path(empty)))
            if instance.exists() and not known:
                left.append(f"writes into {instance}")
                # So that the next time is the first too.
                shutil.rmtree(instance)
        except _TimeIsUp as error:
            message = f"{doing} takes longer than {LIMIT:.0f} seconds; mend the snippet"
            _given_up[file] = SnippetError(message, error.place)
            raise _given_up[file] from None
        finally:
            os.chdir(directory)
            if os.environ != environment:
                os.environ.clear()
                os.environ.update(environment)
            for listener in heard:
                listener("", "")
    if left:
        raise SnippetError(f"{doing} {'; '.join(left)}; mend the snippet", f"{file}:1")


def _left_behind(printed: _Printed, environment: dict[str, str], empty: Path) -> Iterator[str]:
    """Yield what a snippet did that the rest of the build would see."""
    if printed.size:
        beginning = " ".join(printed.beginning.split())
        yield f"prints {printed.size} characters ({beginning!r}), which no reader sees"
    if os.environ != environment:
        changed = {name for name, _ in os.environ.items() ^ environment.items()}
        yield f"changes the environment ({', '.join(sorted(changed))})"
    try:
        if Path.cwd() != empty.resolve():
            yield "changes the working directory"
    except FileNotFoundError:
        yield "removes the working directory"
    if written := sorted(os.listdir(empty)) if empty.is_dir() else []:
        yield f"writes into the working directory ({', '.join(written)})"


@contextmanager
def _alarm(file: Path) -> Iterator[None]:
    """Raise :class:`_TimeIsUp` in what runs longer than the limit."""

    def ring(_number: int, frame: FrameType | None) -> None:
        stack = traceback.extract_stack(frame)
        raise _TimeIsUp(_innermost(stack, _home(file)) or f"{file}:1")

    in_reach = hasattr(signal, "setitimer") and (
        threading.current_thread() is threading.main_thread()
    )
    # Between two of the alarms below: while one is answered, Python does not always know the line that runs.
    faulthandler.dump_traceback_later(2 * LIMIT + 0.5, exit=True, file=sys.__stderr__ or 2)
    if in_reach:
        before = signal.signal(signal.SIGALRM, ring)
        # Again each second, for a snippet that catches even this.
        signal.setitimer(signal.ITIMER_REAL, LIMIT, 1)
    try:
        yield
    finally:
        if in_reach:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        faulthandler.cancel_dump_traceback_later()


def _home(file: Path) -> Path:
    """Return the folder of all snippets around a module."""
    return next((folder for folder in file.parents if folder.name == PACKAGE), file.parent)


def _innermost(stack: traceback.StackSummary, folder: Path) -> str:
    """Return the innermost line of a stack that is below ``folder``, ``""`` if none is."""
    places = [f"{f.filename}:{f.lineno}" for f in stack if Path(f.filename).is_relative_to(folder)]
    return places[-1] if places else ""


def load(root: Path, name: str) -> ModuleType:
    """Import the snippet ``name`` afresh, so that no state of an earlier use is left in it.

    Raises:
        SnippetError: if there is no such module, if importing it raises or ends the program, or as in :func:`limits`.
    """
    file = file_of(root, name)
    if file is None:
        raise SnippetError(f"there is no snippet {name!r}: {suggestion(name, modules(root))}")
    own = [module for module in sys.modules if module == name or module.startswith(f"{name}.")]
    for module in own:
        del sys.modules[module]
    return run(lambda: importlib.import_module(name), f"importing {name}", root, file)


def run(call: Callable[[], Returned], doing: str, root: Path, file: Path) -> Returned:
    """Return what ``call`` returns, which runs the snippet in ``file`` within the limits.

    Raises:
        SnippetError: if it raises or ends the program, or as in :func:`limits`.
    """
    with limits(doing, file):
        try:
            return call()
        except (Exception, SystemExit) as error:
            raise at_fault(error, root, doing, file) from error


def application(root: Path, name: str) -> Flask:
    """Return the application of a freshly imported snippet.

    Raises:
        SnippetError: if the snippet cannot be imported or has neither ``app`` nor ``create_app``.
    """
    module = load(root, name)
    app = getattr(module, "app", None)
    if app is None and hasattr(module, "create_app"):
        app = run(module.create_app, f"{name}.create_app()", root, Path(str(module.__file__)))
    if not isinstance(app, Flask):
        raise SnippetError(f"{name} has no Flask 'app' and no 'create_app()': add one")
    return app


@cache
def check_import(root: Path, name: str) -> None:
    """Import the snippet ``name``, once a build.

    Raises:
        SnippetError: as :func:`load` does.
    """
    if name not in sys.modules:
        load(root, name)


def at_fault(error: BaseException, root: Path, doing: str, file: Path) -> SnippetError:
    """Return what to say of a snippet that raised: at its innermost line that ``error`` came through."""
    stack = traceback.extract_tb(error.__traceback__)
    text = " ".join(str(error).split())
    return SnippetError(
        f"{doing} raises {type(error).__name__}: {text}; mend the snippet",
        _innermost(stack, root / PACKAGE) or f"{file}:1",
    )


def complain_of(error: SnippetError, directive: str, page: str, line: int) -> None:
    """Stop the build for a snippet, at the line of it or of the page that is wrong."""
    message = str(error) if error.place else f"{directive}: {error}"
    complain(message, error.place or (page, line), "snippet")
