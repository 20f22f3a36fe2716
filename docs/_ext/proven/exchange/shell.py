"""``{shell}``: commands of ``flask``, run while the page is built, with what they print.

::

    ```{shell} snippets.command_line.own_commands
    $ flask --app snippets.command_line.own_commands greet 阿达 -> 0
    $ flask --app snippets.command_line.own_commands greet -> 2
    ```

The number after the arrow is a claim: if the command ends with another exit code, the build stops with page and line.
:mod:`proven.exchange.shell_session` describes the lines. Options:

``:inside:``
    Run the commands in a copy of the folder of the snippet, as in the folder of a reader.
"""

from __future__ import annotations

from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata, OptionSpec

from proven.base.evidence import evidence
from proven.base.project import ROOT
from proven.exchange.recorder import Recorder
from proven.exchange.shell_session import Command, parse, run


class Shell(Recorder):
    """A block of commands with what they print."""

    option_spec: ClassVar[OptionSpec] = {"inside": directives.flag}

    def record(self, name: str) -> nodes.Element:
        """Return one block, as a terminal shows it."""
        commands = parse(list(self.content))
        printed = run(ROOT, name, commands, inside="inside" in self.options)
        text = "\n".join(map(session, commands, printed))
        # What a command prints is the same in every language.
        block = nodes.literal_block(text, text, language="console", translatable=False)
        return evidence(nodes.container("", block, classes=["shell"]))


def session(command: Command, printed: str) -> str:
    """Return a command as a terminal shows it, with its exit code if it failed."""
    lines = [f"$ {command.line}", *printed.rstrip("\n").splitlines()]
    if command.claim:
        lines += ["$ echo $?", str(command.claim)]
    return "\n".join(line.rstrip() for line in lines)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive."""
    app.add_directive("shell", Shell)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
