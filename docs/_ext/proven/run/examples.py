"""The examples with ``>>>`` of a page: what they ask, what they say, and what they need to run in the browser.

The blocks of one page share their names, so each runs after those above it.
"""

from __future__ import annotations

import ast
import doctest
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from proven.base.project import ROOT
from proven.releases.jobs import example_pages
from proven.run.files import paths_of
from proven.run.libraries import bundles_for
from proven.snippets.imports import imported_by, libraries

PARSER = doctest.DocTestParser()
CHECKER = doctest.OutputChecker()


@dataclass(frozen=True)
class Examples:
    """The examples of a page.

    Attributes:
        texts: Its blocks, in order.
    """

    texts: tuple[str, ...]

    @cached_property
    def blocks(self) -> list[list[doctest.Example]]:
        """The examples of each block."""
        return [PARSER.get_examples(text) for text in self.texts]

    @property
    def sources(self) -> list[list[str]]:
        """What is typed, by block."""
        return [[example.source for example in block] for block in self.blocks]

    @cached_property
    def modules(self) -> list[str]:
        """The snippets that they import, after the packages that these lie in, which are imported with them."""
        found: dict[str, None] = {}
        for name, is_ours in self._imported():
            if is_ours:
                parts = name.split(".")
                found |= {".".join(parts[:end]): None for end in range(2, len(parts) + 1)}
        return list(found)

    @property
    def files(self) -> list[str]:
        """The files that these snippets are made of."""
        paths = dict.fromkeys(path for name in self.modules for path in paths_of(ROOT, name))
        return [path.relative_to(ROOT).as_posix() for path in paths]

    @property
    def bundles(self) -> list[str]:
        """The bundles that they need."""
        found = {name.partition(".")[0] for name, is_ours in self._imported() if not is_ours}
        return bundles_for(found.union(*(libraries(ROOT, name) for name in self.modules)))

    @property
    def digest(self) -> str:
        """A text that changes with the examples and with what they run."""
        state = hashlib.sha256(repr(self.texts).encode())
        for name in self.files:
            state.update(name.encode() + (ROOT / name).read_bytes())
        return state.hexdigest()[:16]

    def _imported(self) -> Iterator[tuple[str, bool]]:
        for block in self.blocks:
            for example in block:
                with suppress(SyntaxError):
                    yield from imported_by(ROOT, ast.parse(example.source))


def examples_of(texts: Iterable[str]) -> Examples:
    """Return the examples of some blocks, whether they come from a source or from what was read of it."""
    return Examples(tuple(f"{text.strip()}\n" for text in texts))


def pages() -> dict[str, Examples]:
    """Return the examples of each page that has some."""
    return {page: examples_of(texts) for page, texts in example_pages().items()}


def differs(example: doctest.Example, found: dict[str, Any]) -> str:
    """Say in one line how what came differs from what an example says, ``""`` if it does not.

    Args:
        example: The example.
        found: What the runner returned.
    """
    flags = 0
    for flag, is_on in example.options.items():
        flags = flags | flag if is_on else flags & ~flag
    if found.get("more"):
        return "it is not complete"
    if example.exc_msg is not None:
        said, wanted = found["raised"], example.exc_msg
    elif found["raised"]:
        return f"raises {' '.join(found['raised'].split())}"
    else:
        said, wanted = found["printed"], example.want
    if CHECKER.check_output(wanted, said, flags):
        return ""
    return f"gives {' '.join(said.split()) or 'nothing'}"
