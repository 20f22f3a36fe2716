"""Runs the ``>>>`` blocks of a page or module from its source: ``python -m tests.site.examples docs/guide/routing.md``.

A process of its own for each file, because that is what a reader has: no handler, no module, no application that
another test left behind.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

from sybil import Sybil
from sybil.example import SybilFailure
from sybil.parsers.myst import DocTestDirectiveParser
from sybil.parsers.rest import DocTestParser

PROMPT = re.compile(r"\s*>>> ")


def failures(path: Path) -> Iterator[str]:
    """Run the examples of a file in order, in one namespace; yield what went wrong, with file and line."""
    page = path.suffix == ".md"
    document = Sybil([DocTestDirectiveParser() if page else DocTestParser()]).parse(path)
    ran = set()
    for example in document.examples():
        ran.add(example.line)
        try:
            example.evaluate()
        except SybilFailure as failure:
            yield f"{path}:{example.line}: {str(failure.result).strip()}"
    for number, line in enumerate(document.text.splitlines(), 1):
        if PROMPT.match(line) and number not in ran:
            yield f"{path}:{number}: nothing runs this: put it into a {{doctest}} block"


if __name__ == "__main__":
    warnings.simplefilter("error")
    # An empty message would be a failure too.
    sys.exit("\n".join(failures(Path(sys.argv[1]))) or 0)
