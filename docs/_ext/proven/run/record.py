"""What the replay saw: which snippets and examples answer in the browser as on the pages, and why the others do not.

``docs/_run/record.json`` is written by ``nox -s replay`` and committed; a build only reads it. A snippet that is newer
than its entry has no Run, and a test fails until it was replayed.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from proven.base.project import DOCS, ROOT
from proven.releases.jobs import Snippet, snippets
from proven.snippets.files import file_of, runnable

FILE = DOCS / "_run" / "record.json"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a snippet did in the browser.

    Attributes:
        digest: Of all that it depends on, when it was replayed.
        blocks: How many blocks of requests the pages have for it.
        same: How many of them were answered as recorded.
        why: Why it does not run, in one line; ``""`` for one that runs.
        varies: The parts that differ from one recording to the next.
    """

    digest: str
    blocks: int
    same: int
    why: str = ""
    varies: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What the examples with ``>>>`` of a page did in the browser.

    Attributes:
        digest: Of all that they depend on, when they were replayed.
        blocks: How many blocks of them the page has.
        left_out: Why a block does not give what the page says, by its number, counted from 0.
    """

    digest: str
    blocks: int
    left_out: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Record:
    """The data file.

    Attributes:
        python: The Python in the browser.
        pyodide: What brings it there.
        browser: What it was replayed in.
        libraries: The versions of what was packed.
        snippets: By module.
        examples: By page.
    """

    python: str
    pyodide: str
    browser: str
    libraries: dict[str, str]
    snippets: dict[str, Seen] = field(default_factory=dict)
    examples: dict[str, Tried] = field(default_factory=dict)

    @property
    def blocks(self) -> int:
        """How many blocks of requests there are."""
        return sum(seen.blocks for seen in self.snippets.values())

    @property
    def same(self) -> int:
        """How many of them are answered in the browser as recorded."""
        return sum(seen.same for seen in self.snippets.values())

    @property
    def example_blocks(self) -> int:
        """How many blocks of examples there are."""
        return sum(tried.blocks for tried in self.examples.values())

    @property
    def examples_left_out(self) -> int:
        """How many of them do not give what the pages say."""
        return sum(len(tried.left_out) for tried in self.examples.values())


def wanted() -> dict[str, Snippet]:
    """Return the snippets that Run is for: those with an application."""
    return {
        name: snippet
        for name, snippet in snippets().items()
        if snippet.sent or ((file := file_of(ROOT, name)) is not None and runnable(file))
    }


def digest_of(snippet: Snippet) -> str:
    """Return a text that changes with the snippet and with what the pages send to it, but not with examples."""
    return Snippet(snippet.name, sent=snippet.sent).digest()


def read() -> Record:
    """Return the data as committed.

    Raises:
        OSError: It is not there.
        ValueError: It is not of this form.
    """
    content = json.loads(FILE.read_text(encoding="utf-8"))
    try:
        found = {
            name: Seen(**{**seen, "varies": tuple(seen.get("varies", ()))})
            for name, seen in content.pop("snippets").items()
        }
        tried = {page: Tried(**its) for page, its in content.pop("examples").items()}
        return Record(**content, snippets=found, examples=tried)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"not as nox -s replay writes it ({error!r})") from None


def text_of(record: Record) -> str:
    """Return the text of the data file, a line a snippet and a page."""
    content = asdict(record)
    parts = {name: content.pop(name) for name in ("snippets", "examples")}
    head = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in content.items()]
    return "{\n" + ",\n".join(head + [_lines(name, its) for name, its in parts.items()]) + "\n}\n"


def _lines(name: str, entries: dict[str, dict[str, Any]]) -> str:
    lines = []
    for key in sorted(entries):
        kept = {name: value for name, value in entries[key].items() if value not in ("", {}, ())}
        lines.append(f"    {json.dumps(key)}: {json.dumps(kept, ensure_ascii=False)}")
    return f"  {json.dumps(name)}: {{\n" + ",\n".join(lines) + "\n  }"
