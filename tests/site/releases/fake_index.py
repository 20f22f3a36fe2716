"""A package index on loopback that offers small libraries made up by a test."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

Files = dict[str, str]


def wheel(files: Files) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return stream.getvalue()


def sdist(folder: str, files: Files) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name, text in files.items():
            content = text.encode()
            member = tarfile.TarInfo(f"{folder}/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return stream.getvalue()


class FakeIndex:
    """The files of a project, by name; what the index says of them can be falsified."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.yanked: set[str] = set()
        self.lost: set[str] = set()
        self.falsified: set[str] = set()
        self.requests: list[str] = []
        self.url = ""

    def add_wheel(self, version: str, files: Files, project: str = "tea") -> str:
        name = f"{project}-{version}-py3-none-any.whl"
        self.files[name] = wheel(files)
        return name

    def add_sdist(self, version: str, files: Files, project: str = "tea") -> str:
        name = f"{project}-{version}.tar.gz"
        self.files[name] = sdist(f"{project}-{version}", files)
        return name

    def page(self, project: str) -> str | None:
        names = [name for name in self.files if name.startswith(f"{project}-")]
        if not names:
            return None
        lines = []
        for name in names:
            digest = hashlib.sha256(self.files[name]).hexdigest()
            if name in self.falsified:
                digest = "0" * 64
            yanked = ' data-yanked="broken"' if name in self.yanked else ""
            lines.append(f'<a href="/files/{name}#sha256={digest}"{yanked}>{name}</a>')
        return "<!DOCTYPE html><html><body>" + "\n".join(lines) + "</body></html>"


@contextmanager
def serving(index: FakeIndex) -> Iterator[FakeIndex]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            index.requests.append(self.path)
            *_, folder, name = ["", *self.path.strip("/").split("/")]
            content: bytes | None
            if folder == "simple":
                page = index.page(name)
                content = page.encode() if page is not None else None
            else:
                content = None if name in index.lost else index.files.get(name)
            self.send_response(200 if content is not None else 404)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(content or b"")))
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    index.url = f"http://127.0.0.1:{server.server_address[1]}/simple/"
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield index
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
