"""Runs the commands of a shell block with Flask's command line, and keeps what each printed.

A block is one command a line, with the exit code that it claims; an indented line is typed into the command above::

    $ flask --app snippets.command_line.own_commands greet 阿达 -> 0
    $ FLASK_DEBUG=1 flask --app snippets.command_line.own_commands forget -> 1
      n

The commands run in this process, because a build has many; ``tests/site/test_shell.py`` runs each of them in a process
of its own and compares. This module knows nothing of Sphinx; the directive is in :mod:`proven.exchange.shell`.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from click.testing import CliRunner
from flask.cli import FlaskGroup

from proven.exchange.recording import ExchangeError
from proven.snippets.files import file_of, name_of
from proven.snippets.imports import dependencies
from proven.snippets.loading import limits

COMMAND = re.compile(r"\$ (?P<line>.+) -> (?P<code>\d+)")
SETTING = re.compile(r"(?P<name>[A-Z_]+)=(?P<value>.*)")
FORM = "'$ flask … -> exit code'"


@dataclass
class Command:
    """One command as the page writes it."""

    number: int
    line: str
    claim: int
    typed: list[str] = field(default_factory=list)

    @property
    def words(self) -> list[str]:
        """The arguments of ``flask``."""
        words = shlex.split(self.line)
        return words[len(self.settings) + 1 :]

    @property
    def settings(self) -> dict[str, str]:
        """The environment variables before ``flask``."""
        found: dict[str, str] = {}
        for word in shlex.split(self.line):
            if not (setting := SETTING.fullmatch(word)):
                break
            found[setting["name"]] = setting["value"]
        return found

    @property
    def input(self) -> str:
        """What is typed into it."""
        return "".join(f"{line}\n" for line in self.typed)


def parse(lines: list[str]) -> list[Command]:
    """Return the commands of a block.

    Raises:
        ExchangeError: if a line is neither a command nor what is typed into one.
    """
    commands: list[Command] = []
    for number, line in enumerate(lines):
        if line.startswith("  ") and commands:
            commands[-1].typed.append(line.strip())
        elif found := COMMAND.fullmatch(line.rstrip()):
            command = Command(number, found["line"], int(found["code"]))
            if shlex.split(command.line)[len(command.settings) :][:1] != ["flask"]:
                raise ExchangeError(number, f"{command.line!r} does not run flask: write {FORM}")
            commands.append(command)
        elif line.strip():
            raise ExchangeError(number, f"{line!r} is no command: write {FORM}")
    if not commands:
        raise ExchangeError(0, f"the block has no command: write {FORM}")
    return commands


def run(root: Path, name: str, commands: list[Command], *, inside: bool) -> list[str]:
    """Return what each command prints.

    Args:
        root: The folder of the project.
        name: The snippet that the commands use.
        commands: The commands.
        inside: Whether they run in a copy of the folder of the snippet, else they run in an empty one.

    Raises:
        ExchangeError: if a command ends with another code than it claims.
        SnippetError: as :func:`proven.snippets.loading.limits` does.
    """
    printed = []
    file = file_of(root, name) or root
    with working_folder(file if inside else None) as folder:
        for command in commands:
            with limits(f"$ {command.line}", file), chdir(folder), _as_new(root, name, folder):
                result = CliRunner(env=command.settings).invoke(
                    FlaskGroup(), command.words, input=command.input, prog_name="flask"
                )
            if result.exit_code != command.claim:
                last = (result.output.strip().splitlines() or [""])[-1]
                reason = repr(result.exception) if result.exception else last
                raise ExchangeError(
                    command.number,
                    f"{command.line} ends with {result.exit_code}, the page claims "
                    f"{command.claim}: {last if result.exit_code == 2 else reason}",
                )
            printed.append(result.output)
    return printed


@contextmanager
def working_folder(file: Path | None) -> Iterator[Path]:
    """Yield a folder of its own for a block: a copy of the one of ``file`` without its bytecode, or an empty one."""
    with tempfile.TemporaryDirectory(prefix="proven-shell-") as above:
        folder = Path(above).resolve() / "project"
        if file is None:
            folder.mkdir()
        else:
            # A reader's folder is no package of the snippets.
            unwanted = shutil.ignore_patterns("__init__.py", "__pycache__")
            shutil.copytree(file.parent, folder, ignore=unwanted)
        yield folder


@contextmanager
def _as_new(root: Path, name: str, folder: Path) -> Iterator[None]:
    """Let a command import the snippet as a new process does, and take back what it left."""
    own = {name_of(root, path) for path in dependencies(root, name)}
    before = {module: sys.modules.pop(module) for module in own if module in sys.modules}
    with patch.dict(os.environ), patch.object(sys, "path", sys.path[:]):
        for variable in [each for each in os.environ if each.startswith("FLASK_")]:
            del os.environ[variable]
        os.environ.pop("COLUMNS", None)
        try:
            yield
        finally:
            for module, loaded in list(sys.modules.items()):
                place = getattr(loaded, "__file__", None)
                if place and Path(place).is_relative_to(folder):
                    del sys.modules[module]
            sys.modules.update(before)
