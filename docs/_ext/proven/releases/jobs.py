"""What is run in each release: the requests and examples of the pages, by snippet, and the recorded old code.

A page's blocks are read as they stand; a snippet without any is imported. The digest of a snippet changes with all that
its outcome depends on, so that data that is older than it is seen without running anything.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from proven.base.project import DOCS, ROOT
from proven.exchange.blocks import Block, blocks
from proven.exchange.recording import DEFAULT_HOST, Request, parse
from proven.snippets.files import PACKAGE, file_of, modules
from proven.snippets.imports import dependencies

#: Directives that send requests to a snippet.
SENDING = ("exchange", "life", "lives")
#: How an example names a snippet.
IMPORT = re.compile(rf"\b({PACKAGE}[\w.]*) import|\bimport ({PACKAGE}[\w.]*)\n")
#: Modules whose docstrings have examples.
DOCUMENTED = ("snippets.converters", "snippets.sessions")


@dataclass(frozen=True)
class Sent:
    """One block of requests to a snippet."""

    page: str
    block: Block
    requests: tuple[Request, ...]

    @property
    def host(self) -> str:
        """The host that the requests are for."""
        return self.block.options.get("host", DEFAULT_HOST)

    @property
    def shown(self) -> tuple[str, ...]:
        """The headers of the answers that the page shows."""
        named = self.block.options.get("headers", "").split(",")
        return tuple(name.strip() for name in named if name.strip())


@dataclass
class Snippet:
    """A module under ``snippets/`` with all that pages do with it."""

    name: str
    sent: list[Sent] = field(default_factory=list)
    #: The examples that name it: page, and which of the page's blocks.
    examples: list[tuple[str, int]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def documented(self) -> bool:
        """Whether its docstrings have examples."""
        file = file_of(ROOT, self.name)
        return (
            self.name.startswith(DOCUMENTED)
            and file is not None
            and ">>> " in file.read_text(encoding="utf-8")
        )

    @property
    def proof(self) -> str:
        """What a run shows: ``exchange``, ``example``, or only that it can be imported."""
        if self.sent:
            return "exchange"
        return "example" if self.examples or self.documented else "import"

    def digest(self) -> str:
        """Return a text that changes with the snippet, with what it reads and with what is sent to it."""
        state = hashlib.sha256()
        for path in [*dependencies(ROOT, self.name), *_data_files(self.name)]:
            state.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
        for sent in self.sent:
            state.update(repr((sent.host, sent.shown, sent.block.lines)).encode())
        for text in self.texts:
            state.update(text.encode())
        return state.hexdigest()[:16]


def pages() -> list[Path]:
    """Return the pages."""
    return sorted(
        path for path in DOCS.rglob("*.md") if not path.relative_to(DOCS).parts[0].startswith("_")
    )


def page_name(path: Path) -> str:
    """Return the name of a page, such as ``guide/routing``."""
    return path.relative_to(DOCS).with_suffix("").as_posix()


def snippets() -> dict[str, Snippet]:
    """Return every snippet, by module."""
    found = {name: Snippet(name) for name in modules(ROOT)}
    for path in pages():
        source = path.read_text(encoding="utf-8")
        for block in blocks(source, SENDING):
            if block.argument in found:
                requests = tuple(parse(list(block.lines)))
                found[block.argument].sent.append(Sent(page_name(path), block, requests))
        for position, block in enumerate(blocks(source, ("doctest",))):
            text = "\n".join(block.lines)
            # `from snippets.sessions import x` names the package, not the module of the same beginning.
            for name in dict.fromkeys(one or other for one, other in IMPORT.findall(text)):
                if name in found:
                    found[name].examples.append((page_name(path), position))
                    found[name].texts.append(text)
    return found


def example_pages() -> dict[str, list[str]]:
    """Return the blocks of examples of each page that has some, in order."""
    found = {
        page_name(path): [
            "\n".join(block.lines) + "\n"
            for block in blocks(path.read_text(encoding="utf-8"), ("doctest",))
        ]
        for path in pages()
    }
    return {page: texts for page, texts in found.items() if texts}


def request_job(request: Request, host: str) -> dict[str, Any]:
    """Return a request as the runner takes it."""
    job: dict[str, Any] = {
        "method": request.method,
        "target": request.target,
        "headers": request.headers,
        "base_url": f"http://{host}/",
        "kind": request.body_kind,
        "content_type": "" if request.body_kind == "form" else request.content_type,
    }
    if request.files:
        job |= {"kind": "multipart", "content_type": request.content_type}
        job["data"] = base64.b64encode(request.multipart()).decode()
    elif request.body_kind == "form":
        fields: dict[str, list[str]] = {}
        for name, value in request.form():
            fields.setdefault(name, []).append(value)
        job["form"] = list(fields.items())
    elif request.body_kind:
        job["data"] = base64.b64encode(request.body.encode()).decode()
    return job


def snippet_job(snippet: Snippet) -> dict[str, Any]:
    """Return what the runner does with a snippet; one without requests is imported."""
    asked = [
        {"requests": [request_job(request, sent.host) for request in sent.requests]}
        for sent in snippet.sent
    ]
    return {"does": "requests", "module": snippet.name, "blocks": asked or [{"requests": []}]}


def examples_job(page: str, texts: list[str]) -> dict[str, Any]:
    """Return what the runner does with the examples of a page."""
    return {"does": "examples", "page": page, "texts": texts}


def docstrings_job(snippet: Snippet) -> dict[str, Any]:
    """Return what the runner does with the docstrings of a module."""
    return {"does": "docstrings", "module": snippet.name}


def _data_files(name: str) -> Iterator[Path]:
    """Yield the files beside a snippet that are no modules: templates, settings, static files."""
    folder = ROOT / PACKAGE / name.split(".")[1]
    yield from sorted(
        Path(place, file)
        for place, _folders, files in os.walk(folder)
        for file in files
        if not file.endswith((".py", ".pyc"))
    )
