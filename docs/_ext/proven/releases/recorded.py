"""Code of another time, its requests, and what it did in a named release: blocks of ``{then}``, and their records.

The code is data, kept as it was written under ``docs/history/old/<release>/``; the page says what is sent to it.
``nox -s releases`` runs it and writes ``docs/history/data/runs/old.json``. A build reads that and runs nothing.
This module knows nothing of Sphinx.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from proven.base.project import DOCS
from proven.exchange.blocks import Block, blocks
from proven.exchange.recording import DEFAULT_HOST, ExchangeError, Request, parse
from proven.releases.jobs import page_name, pages, request_job
from proven.releases.records import dump, load
from proven.releases.runs import FOLDER

DIRECTIVE = "then"
CODE = DOCS / "history" / "old"
FILE = FOLDER / "old.json"
RAISES = re.compile(r"^(?P<what>\S.*?) -> raises (?P<error>\S.*?) *$")
WARNS = re.compile(r"^warns (?P<warning>\S.*?) *$")
#: What stands for the module itself in a claim.
IMPORT = "import"


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """The answer to one request.

    Attributes:
        status: The status line, ``""`` where the request raised.
        headers: The headers, name and value.
        body: The body, in base 64.
        raised: The exception that the client or, with a 500, the application got.
    """

    status: str = ""
    headers: tuple[tuple[str, ...], ...] = ()
    body: str = ""
    raised: str = ""

    def content(self) -> bytes:
        """Return the body."""
        return base64.b64decode(self.body)


@dataclass(frozen=True, kw_only=True)
class Record:
    """What a file of old code did with the requests of one block.

    Attributes:
        code: The digest of the file, when it ran.
        raised: The exception of its import, ``""`` if there was none.
        warned: The warnings, each once.
        answers: The answers, in order.
    """

    code: str
    raised: str = ""
    warned: tuple[str, ...] = ()
    answers: tuple[Recorded, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Records:
    """The data file: records by :attr:`Old.key`."""

    records: dict[str, Record] = field(default_factory=dict)


class OldCodeError(ExchangeError):
    """A block cannot be read, or is not as it was recorded."""


@dataclass(frozen=True)
class Old:
    """A block: a file of old code, the release that it runs in, and what is claimed of it."""

    file: Path
    release: str
    host: str
    requests: tuple[Request, ...]
    #: By position of the request, ``-1`` for the import: the line and the exception.
    raises: dict[int, tuple[int, str]]
    warns: tuple[tuple[int, str], ...]

    @property
    def key(self) -> str:
        """What its record is kept under: release, file, and a digest of what is sent."""
        sent = repr([self.host, [request_job(request, self.host) for request in self.requests]])
        digest = hashlib.sha256(sent.encode()).hexdigest()[:10]
        return f"{self.release} {self.file.relative_to(CODE).as_posix()} {digest}"

    def digest(self) -> str:
        """Return the digest of the code."""
        return hashlib.sha256(self.file.read_bytes()).hexdigest()[:16]

    def job(self) -> dict[str, Any]:
        """Return what the runner does with it."""
        return {
            "does": "requests",
            "module": f"old_{self.file.stem}",
            "file": str(self.file),
            "blocks": [{"requests": [request_job(each, self.host) for each in self.requests]}],
        }

    def record(self, done: dict[str, Any]) -> Record:
        """Return the record of what the runner says."""
        if "failed" in done:
            return Record(code=self.digest(), raised=done["failed"].strip().splitlines()[-1])
        (got,) = done["done"]
        return Record(
            code=self.digest(),
            raised=got.get("raises", ""),
            warned=tuple(got.get("warns", ())),
            answers=tuple(
                Recorded(
                    status=answer.get("status", ""),
                    headers=tuple((name, value) for name, value in answer.get("headers", ())),
                    body=answer.get("body", ""),
                    raised=answer.get("raised", "") or answer.get("raises", ""),
                )
                for answer in got.get("answers", ())
            ),
        )

    def check(self, record: Record | None) -> Record:
        """Return the record.

        Raises:
            OldCodeError: It is not there, it is older than the code, or a claim is false.
        """
        if record is None:
            raise OldCodeError(0, "nothing recorded this; run nox -s releases -- --old")
        if record.code != self.digest():
            shown = self.file.relative_to(DOCS.parent)
            raise OldCodeError(0, f"{shown} is newer than its record; run nox -s releases -- --old")
        claimed = self.raises.get(-1)
        if record.raised and (claimed is None or not record.raised.startswith(claimed[1])):
            line = claimed[0] if claimed else 0
            raise OldCodeError(line, f"importing it raises {record.raised}; mend the page")
        if claimed and not record.raised:
            raise OldCodeError(claimed[0], "importing it raises nothing; mend the page")
        for number, (request, answer) in enumerate(
            zip(self.requests, record.answers, strict=False)
        ):
            self.check_answer(request, answer, self.raises.get(number))
        for line, warning in self.warns:
            if not any(text.startswith(warning) for text in record.warned):
                heard = "; ".join(text.partition("\n")[0] for text in record.warned) or "nothing"
                raise OldCodeError(line, f"it does not warn so, but of {heard}; mend the page")
        return record

    @staticmethod
    def check_answer(request: Request, answer: Recorded, claimed: tuple[int, str] | None) -> None:
        """Raise OldCodeError if an answer is not the claimed one."""
        head = f"{request.method} {request.target}"
        if claimed is not None:
            if not answer.raised.startswith(claimed[1]) or not answer.raised:
                happened = answer.raised or f"nothing: it answers {answer.status}"
                raise OldCodeError(claimed[0], f"{head} raises {happened}; mend the page")
        elif answer.status[:3] != str(request.claim):
            happened = f"answers {answer.status}" if answer.status else f"raises {answer.raised}"
            raise OldCodeError(
                request.line, f"{head} {happened}, the page claims {request.claim}; mend the page"
            )


def read_block(argument: str, options: dict[str, str], lines: Sequence[str]) -> Old:
    """Read a block.

    Args:
        argument: ``<release>/<name>``: the file, and the release unless ``on`` names another one.
        options: The options of the block.
        lines: Its content.

    Raises:
        OldCodeError: It cannot be read.
    """
    file = CODE / f"{argument}.py"
    if not file.is_file():
        known = ", ".join(sorted(f"{p.parent.name}/{p.stem}" for p in CODE.glob("*/*.py")))
        raise OldCodeError(0, f"there is no old code {argument!r}; there is {known or 'none'}")
    raises: dict[int, tuple[int, str]] = {}
    warns: list[tuple[int, str]] = []
    kept: list[str] = []
    count = 0
    for number, line in enumerate(lines):
        found, warned = RAISES.match(line), WARNS.match(line)
        if found and found["what"] == IMPORT:
            raises[-1] = (number, found["error"])
        elif warned:
            warns.append((number, warned["warning"]))
        else:
            if found:
                raises[count] = (number, found["error"])
            kept.append(f"{found['what']} -> 500" if found else line)
            count += bool(line.strip() and not line[0].isspace())
            continue
        kept.append("")
    try:
        requests = parse(kept) if any(kept) else []
    except ExchangeError as error:
        raise OldCodeError(error.line, str(error)) from error
    release = options.get("on") or argument.partition("/")[0]
    host = options.get("host", DEFAULT_HOST)
    return Old(file, release, host, tuple(requests), raises, tuple(warns))


def written() -> Iterator[tuple[str, Block, Old]]:
    """Yield the blocks of all pages.

    Raises:
        OldCodeError: One cannot be read; its text names the page and the line.
    """
    for path in pages():
        for block in blocks(path.read_text(encoding="utf-8"), (DIRECTIVE,)):
            try:
                yield page_name(path), block, read_block(block.argument, block.options, block.lines)
            except OldCodeError as error:
                place = f"{path.relative_to(DOCS.parent)}:{block.line + error.line}"
                raise OldCodeError(error.line, f"{place}: {error}") from error


def read() -> Records:
    """Return the records as committed; none if there is no file."""
    return load(Records, FILE.read_text(encoding="utf-8")) if FILE.is_file() else Records()


def text_of(records: dict[str, Record]) -> str:
    """Return the text of the data file, a line a record."""
    lines = ",\n".join(f"    {dump(key)}: {dump(one)}" for key, one in sorted(records.items()))
    return f'{{\n  "records": {{\n{lines}\n  }}\n}}\n'
