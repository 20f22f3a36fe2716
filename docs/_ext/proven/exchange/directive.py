"""``{exchange}``: requests sent through a snippet's test client while the page is built.

::

    ```{exchange} snippets.routing.trailing_slashes
    :headers: Location
    GET /reports -> 308
    GET /about/ -> 404
    ```

The status after the arrow is a claim: if the run answers otherwise, the build stops with page and line.
:mod:`proven.exchange.recording` describes the lines of a request. The application is imported afresh for each
block and keeps one cookie jar through it. Options:

``:headers:``
    Response headers to show, separated by commas. ``Cookie`` shows what the client sent.
``:host:``
    The host of the requests, for subdomains and host matching.
``:no-body:``
    Leave the response bodies out.

What snippets leave in the temporary folder, sessions and uploads for two, is gone when the build ends.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util.typing import ExtensionMetadata, OptionSpec

from proven.base.disclosure import disclosure
from proven.base.evidence import evidence
from proven.base.project import ROOT
from proven.exchange.recorder import Recorder
from proven.exchange.recording import DEFAULT_HOST, Answer, Request, record
from proven.snippets.loading import application


@dataclass
class Recorded:
    """What a block was made of.

    Attributes:
        module: The snippet.
        host: The host of the requests.
        answers: The answers with their requests.
    """

    module: str
    host: str
    answers: list[Answer]


# The Pygments lexer for a body of each media type; what is not here is shown as plain text.
LEXERS = {"text/html": "html", "application/json": "json", "text/css": "css"}


class Exchange(Recorder):
    """A block of requests with their answers."""

    option_spec: ClassVar[OptionSpec] = {
        "headers": directives.unchanged_required,
        "host": directives.unchanged_required,
        "no-body": directives.flag,
    }

    def show(self, name: str, requests: list[Request]) -> nodes.Element:
        """Return one box with a request, its answer and its ``curl`` line for each request."""
        host = self.options.get("host", DEFAULT_HOST)
        answers = record(application(ROOT, name), requests, host)
        shown = [h.strip() for h in self.options.get("headers", "").split(",") if h.strip()]
        cookies = any(answer.sent_cookie for answer in answers)
        box = evidence(nodes.container(classes=["exchange"]))
        # For the room that lets a reader send them.
        box["recorded"] = Recorded(name, host, answers)
        for answer in answers:
            box += self.step(answer, shown, host, cookies=cookies)
        return box

    def step(self, answer: Answer, shown: list[str], host: str, *, cookies: bool) -> nodes.Element:
        """Return one request with its answer."""
        request = answer.request
        head = [f"{request.method} {request.target} HTTP/1.1"]
        if host != DEFAULT_HOST:
            head.append(f"Host: {host}")
        head += [f"{name}: {value}" for name, value in request.headers]
        if answer.sent_cookie and "Cookie" in shown:
            head.append(f"Cookie: {answer.sent_cookie}")
        if request.content_type:
            head.append(f"Content-Type: {request.content_type}")
        status = [f"HTTP/1.1 {answer.status}"]
        for name in shown:
            status += [f"{name}: {value}" for value in answer.headers.getlist(name)]

        step = nodes.container(classes=["exchange-step"])
        step += self.block("\n".join(head), "http", "request")
        if request.body_kind:
            language = "json" if request.body_kind == "json" else "text"
            body = request.multipart().decode() if request.files else request.body
            step += self.block(body.replace("\r\n", "\n").strip(), language, "request-body")
        step += self.block("\n".join(status), "http", "response")
        if answer.body and "no-body" not in self.options:
            language = LEXERS.get(answer.media_type, "text")
            step += self.block(answer.text().rstrip("\n"), language, "response-body")
        fold = disclosure(summary=_("Send it with curl"), classes=["exchange-curl"])
        fold += self.block(f"$ {request.curl(host, cookies=cookies)}", "console", "curl")
        step += fold
        return step

    def block(self, text: str, language: str, kind: str) -> nodes.Element:
        """Return a highlighted block; only the ``curl`` line has a copy button."""
        classes = ["exchange-" + kind] if kind == "curl" else ["exchange-" + kind, "no-copy"]
        code = nodes.literal_block(text, text, language=language, force=True)
        # Wire text is the same in every language.
        code["translatable"] = False
        holder = nodes.container("", code, classes=classes)
        self.set_source_info(code)
        return holder


def use_own_temporary_folder(app: Sphinx) -> None:
    """Give this build a temporary folder of its own, until it ends."""
    before = tempfile.tempdir
    folder = tempfile.TemporaryDirectory(prefix="proven-flask-")
    tempfile.tempdir = folder.name

    def remove(app: Sphinx, error: Exception | None) -> None:
        tempfile.tempdir = before
        folder.cleanup()

    app.connect("build-finished", remove)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive."""
    app.add_directive("exchange", Exchange)
    app.connect("builder-inited", use_own_temporary_folder)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
