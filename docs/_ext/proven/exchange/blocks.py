"""Finds the blocks of directives in the source of a page, without Sphinx.

What runs a page's requests outside the build, in another release of Flask, reads them here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

FENCE = re.compile(r"^(?P<indent> *)(?P<ticks>`{3,}) *\{(?P<name>[\w-]+)\} *(?P<argument>.*?) *$")
OPTION = re.compile(r"^:(?P<name>[\w-]+):(?: +(?P<value>.*))?$")


@dataclass(frozen=True)
class Block:
    """One block of a directive.

    Attributes:
        name: The directive.
        argument: What stands behind it.
        options: The options, by name.
        lines: The content.
        line: The line of the page where the content begins, counted from 1.
    """

    name: str
    argument: str
    options: dict[str, str]
    lines: tuple[str, ...]
    line: int


def blocks(source: str, names: Collection[str]) -> Iterator[Block]:
    """Yield the blocks of the directives ``names`` in the source of a page, in order."""
    # Most pages have none, and are not taken apart.
    lines = source.splitlines() if any(f"{{{name}}}" in source for name in names) else []
    number = 0
    while number < len(lines):
        found = FENCE.match(lines[number])
        number += 1
        if found is None:
            continue
        indent, ticks = found["indent"], found["ticks"]
        content: list[str] = []
        while number < len(lines) and lines[number].strip() != ticks:
            content.append(lines[number].removeprefix(indent))
            number += 1
        begin = number - len(content) + 1
        number += 1
        if found["name"] not in names:
            continue
        options: dict[str, str] = {}
        while content and (option := OPTION.match(content[0])):
            options[option["name"]] = option["value"] or ""
            del content[0]
            begin += 1
        yield Block(found["name"], found["argument"], options, tuple(content), begin)
