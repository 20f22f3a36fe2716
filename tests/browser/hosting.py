"""Servers of the site as others host it: with a page for what is missing, with the policy of the README."""

from __future__ import annotations

import gzip
from pathlib import Path

from proven.commands.chromium import Handler

POLICY = "script-src 'self' 'wasm-unsafe-eval'"


class Hosting(Handler):
    """Shows the page of the site for what is missing, as GitHub Pages and others do."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        body = Path(self.directory, "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Strict(Handler):
    """Sends the policy of the README."""

    policy = POLICY

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", self.policy)
        super().end_headers()


class Encoded(Handler):
    """Names the encoding of all that it sends; a text is longer so, as a very short one is on any such server."""

    def do_GET(self) -> None:  # noqa: N802  the name in the base class
        file = Path(self.translate_path(self.path))
        content = file.read_bytes()
        if file.suffix != ".gz":
            content = gzip.compress(content, compresslevel=0)
        self.send_response(200)
        self.send_header(
            "Content-Type", self.guess_type(file.with_name(file.name.removesuffix(".gz")))
        )
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
