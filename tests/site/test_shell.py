"""The commands of ``{shell}`` print on a page what they print in a process of their own, and claims are held."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from proven.base.project import DOCS, ROOT
from proven.claims.proofs import proves
from proven.exchange.blocks import Block, blocks
from proven.exchange.recording import ExchangeError
from proven.exchange.shell import session
from proven.exchange.shell_session import Command, parse, run, working_folder
from proven.snippets.files import file_of

SNIPPET = "snippets.command_line.smallest"
FLASK = str(Path(sys.executable).with_name("flask"))


def sessions() -> Iterator[tuple[str, Block]]:
    """Yield the blocks of all pages."""
    for page in sorted(DOCS.rglob("*.md")):
        for block in blocks(page.read_text(encoding="utf-8"), ("shell",)):
            if not page.is_relative_to(DOCS / "about"):
                yield f"{page.relative_to(DOCS)}:{block.line}", block


@proves("about/adding-a-page", "Runs commands of flask and shows what they print.")
@pytest.mark.parametrize(
    ("name", "block"), [pytest.param(*found, id=found[0]) for found in sessions()]
)
def test_a_process_of_its_own_prints_the_same(name: str, block: Block) -> None:
    commands, inside = parse(list(block.lines)), "inside" in block.options
    recorded = run(ROOT, block.argument, commands, inside=inside)
    environment = {key: os.environ[key] for key in os.environ if not key.startswith("FLASK_")}
    environment.pop("COLUMNS", None)
    file = file_of(ROOT, block.argument)
    with working_folder(file if inside else None) as folder:
        for command, text in zip(commands, recorded, strict=True):
            done = subprocess.run(
                [FLASK, *command.words],
                cwd=folder,
                env={**environment, **command.settings, "PYTHONPATH": str(ROOT)},
                input=command.input,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            # A pipe does not repeat what is typed, as a terminal does.
            for typed in command.typed:
                text = text.replace(f"{typed}\n", "", 1)
            assert (done.returncode, done.stdout) == (command.claim, text)


@proves("about/adding-a-page", "An indented line is typed into the command above it.")
def test_the_lines_of_a_block_are_commands_with_their_input() -> None:
    first, second = parse(
        [
            "$ flask --app a greet -> 0",
            "$ FLASK_DEBUG=1 flask --app 'a b' ask -> 2",
            "  yes",
            "  no",
        ]
    )
    assert (first.words, first.settings, first.input) == (["--app", "a", "greet"], {}, "")
    assert (second.words, second.claim) == (["--app", "a b", "ask"], 2)
    assert (second.settings, second.input) == ({"FLASK_DEBUG": "1"}, "yes\nno\n")


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([""], "the block has no command"),
        (["flask --app a run -> 0"], "is no command: write '$ flask … -> exit code'"),
        (["$ flask --app a routes"], "is no command"),
        (["$ rm -r . -> 0"], "does not run flask"),
    ],
)
def test_a_block_that_cannot_be_read_says_what_to_write(lines: list[str], message: str) -> None:
    with pytest.raises(ExchangeError, match=re.escape(message)):
        parse(lines)


@proves("about/adding-a-page", "The number is the exit code that the page claims.")
def test_another_exit_code_than_the_claimed_one_stops_the_build() -> None:
    commands = parse(
        [f"$ flask --app {SNIPPET} greet 阿达 -> 0", f"$ flask --app {SNIPPET} greet -> 0"]
    )
    with pytest.raises(
        ExchangeError, match="ends with 2, the page claims 0: Error: Missing arg"
    ) as error:
        run(ROOT, SNIPPET, commands, inside=False)
    assert error.value.line == 1


def test_a_command_leaves_nothing_behind() -> None:
    module = importlib.import_module(SNIPPET)
    before = (dict(os.environ), sys.path[:], Path.cwd())
    commands = parse([f"$ FLASK_DEBUG=1 flask --debug --app {SNIPPET} greet 阿达 -> 0"])
    assert run(ROOT, SNIPPET, commands, inside=True) == ["Hello, 阿达!\n"]
    assert (dict(os.environ), sys.path[:], Path.cwd()) == before
    assert sys.modules[SNIPPET] is module


@proves(
    "about/adding-a-page",
    "With :inside: the commands run in a copy of the folder of the snippet, as in the "
    "folder of a reader.",
)
def test_inside_is_a_copy_of_the_folder_without_its_package() -> None:
    with working_folder(file_of(ROOT, SNIPPET)) as folder:
        assert (folder / "smallest.py").is_file()
        assert not (folder / "__init__.py").exists()
    commands = parse(["$ flask --app smallest greet 阿达 -> 0"])
    assert run(ROOT, SNIPPET, commands, inside=True) == ["Hello, 阿达!\n"]
    assert "smallest" not in sys.modules


def test_a_failed_command_is_followed_by_its_exit_code() -> None:
    assert (
        session(Command(0, "flask x", 2), "Error: no  \n") == "$ flask x\nError: no\n$ echo $?\n2"
    )
    assert session(Command(0, "flask x", 0), "yes\n") == "$ flask x\nyes"
