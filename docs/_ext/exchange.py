"""``{exchange}``: requests sent through a snippet's test client while the page is built.

::

    ```{exchange} snippets.routing.trailing_slashes
    :headers: Location
    GET /reports -> 308
    GET /about/ -> 404
    ```

The status after the arrow is a claim: if the run answers otherwise, the build stops with page and line.
:mod:`recording` describes the lines of a request. The application is imported afresh for each block and keeps
one cookie jar through it. Options:

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
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from flask import Flask
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata, OptionSpec

from complaints import complain_of_snippet
from disclosure import disclosure
from proven_with import note
from recording import DEFAULT_HOST, Answer, ExchangeError, parse, record
from snippet_modules import SnippetError, at_fault, dependencies, load

logger = logging.getLogger(__name__)

# The Pygments lexer for a body of each media type; what is not here is shown as plain text.
LEXERS = {"text/html": "html", "application/json": "json", "text/css": "css"}


def application(root: Path, name: str) -> Flask:
    """Return the application of a freshly imported snippet.

    Raises:
        SnippetError: if the snippet cannot be imported or has neither ``app`` nor ``create_app``.
    """
    module = load(root, name)
    app = getattr(module, "app", None)
    if app is None and hasattr(module, "create_app"):
        try:
            app = module.create_app()
        except Exception as error:
            file = Path(str(module.__file__))
            raise at_fault(error, root, f"{name}.create_app()", file) from error
    if not isinstance(app, Flask):
        raise SnippetError(f"{name} has no Flask 'app' and no 'create_app()': add one")
    return app


class Exchange(SphinxDirective):
    """Record a block of requests and show it."""

    has_content = True
    required_arguments = 1
    option_spec: ClassVar[OptionSpec] = {
        "headers": directives.unchanged_required,
        "host": directives.unchanged_required,
        "no-body": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        """Return one box with a request, its answer and its ``curl`` line for each request."""
        name = self.arguments[0]
        root = Path(self.env.srcdir).parent
        host = self.options.get("host", DEFAULT_HOST)
        try:
            for file in dependencies(root, name):
                self.env.note_dependency(str(file))
            requests = parse(list(self.content))
            answers = record(application(root, name), requests, host)
        except ExchangeError as error:
            self.fault(str(error), self.line_of(error.line))
            return []
        except SnippetError as error:
            complain_of_snippet(error, "exchange", self.env.docname, self.lineno)
            return []
        note(self.env, name)
        shown = [h.strip() for h in self.options.get("headers", "").split(",") if h.strip()]
        cookies = any(answer.sent_cookie for answer in answers)
        box = nodes.container(classes=["exchange"])
        for answer in answers:
            box += self.step(answer, shown, host, cookies=cookies)
        self.set_source_info(box)
        return [box]

    def line_of(self, line: int) -> int:
        """Return the line of the page on which a line of the block stands."""
        # MyST counts the offset of the content from the opening fence.
        return self.lineno + self.content_offset + line + 1

    def fault(self, message: str, line: int) -> None:
        """Stop the build (its warnings are errors) with page and line."""
        logger.warning(
            "exchange: %s",
            message,
            location=(self.env.docname, line),
            type="proven",
            subtype="exchange",
        )

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
