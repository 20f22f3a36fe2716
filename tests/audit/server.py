"""Serves the site as the README says that it be served: packed, kept open, and with the page for what is not there."""

from __future__ import annotations

import gzip
import threading
from pathlib import Path
from typing import ClassVar

from proven.commands.chromium import Handler

#: What is packed; the rest is packed already.
TEXT = (".html", ".css", ".js", ".mjs", ".json", ".svg", ".txt", ".md", ".xml")


class Packed(Handler):
    """Serves files, those of text packed, and counts the bytes of what it sends."""

    protocol_version = "HTTP/1.1"
    sent: ClassVar[dict[str, int]] = {}
    lock = threading.Lock()
    _packed: ClassVar[dict[tuple[str, float], bytes]] = {}

    def do_GET(self) -> None:  # noqa: N802  the name in the base class
        """Answer."""
        file = Path(self.translate_path(self.path))
        if file.is_dir():
            file /= "index.html"
        found = file.is_file()
        if not found:
            file = Path(self.directory, "404.html")
        content = file.read_bytes()
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", self.guess_type(file))
        if file.suffix in TEXT and "gzip" in self.headers.get("Accept-Encoding", ""):
            content = self._pack(file, content)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "max-age=600")
        # First, for who has the answer may ask at once.
        with self.lock:
            self.sent[self.path] = len(content)
        self.end_headers()
        self.wfile.write(content)

    def _pack(self, file: Path, content: bytes) -> bytes:
        key = (str(file), file.stat().st_mtime)
        if key not in self._packed:
            self._packed[key] = gzip.compress(content)
        return self._packed[key]
