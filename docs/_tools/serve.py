"""Build the site, serve it on this machine and reload the page after each change: ``nox -s serve``.

sphinx-autobuild serves one build; its parts serve both of ours under one address, so that the language switch works.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import errno
import os
import socket
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import uvicorn
from sphinx_autobuild.filter import IgnoreFilter
from sphinx_autobuild.middleware import JavascriptInjectorMiddleware
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect
from watchfiles import awatch

from build import ROOT, build
from languages import LANGUAGES

HOST = "127.0.0.1"
WATCHED = ("docs", "snippets", "locale", "tests")
# What a build or a tool writes beside the sources must not start another build.
IGNORED = (r"__pycache__", r"\.mo$", r"\.(swp|tmp)$|~$", r"/\.")


def rebuild(output: Path, changed: Iterable[str]) -> None:
    """Build after a change and say what it was; a broken page is reported and serving goes on."""
    for path in sorted(changed):
        print(f"changed: {os.path.relpath(path, ROOT)}", flush=True)
    try:
        build(ROOT, output)
    except Exception as error:
        # Such as a template that is half written.
        print(f"the build failed: {type(error).__name__}: {error}", flush=True)


class Reloader:
    """Builds after each change, then tells every open page to reload.

    sphinx-autobuild's own tells one page only, and stops watching after the first error.
    """

    def __init__(self, output: Path) -> None:
        self.output = output
        self.pages: set[WebSocket] = set()

    async def connect(self, page: WebSocket) -> None:
        """Keep a page until it is closed."""
        await page.accept()
        self.pages.add(page)
        try:
            async for _ in page.iter_text():
                pass
        finally:
            self.pages.discard(page)

    async def watch(self) -> None:
        """Build whenever a source changes, until the server stops."""
        ignored = IgnoreFilter([], IGNORED)
        folders = [ROOT / name for name in WATCHED]
        async for changes in awatch(*folders, watch_filter=lambda _, path: not ignored(path)):
            await asyncio.to_thread(rebuild, self.output, {path for _, path in changes})
            for page in list(self.pages):
                # It may have been closed in the meantime.
                with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                    await page.send_text("refresh")

    @contextlib.asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncIterator[None]:
        """Watch while the server runs."""
        watching = asyncio.create_task(self.watch())
        yield
        watching.cancel()


def application(output: Path, port: int) -> Starlette:
    """Return the server of the built site, with a watcher that rebuilds and reloads."""
    reloader = Reloader(output)
    return Starlette(
        routes=[
            WebSocketRoute("/websocket-reload", reloader.connect, name="reload"),
            Mount("/", app=StaticFiles(directory=output / "html", html=True), name="site"),
        ],
        middleware=[Middleware(JavascriptInjectorMiddleware, ws_url=f"{HOST}:{port}")],
        lifespan=reloader.lifespan,
    )


def reserve(port: int) -> socket.socket:
    """Return a listening socket on ``port``, so that a port in use is known before the build.

    Raises:
        SystemExit: if another program listens there.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise SystemExit(
            f"port {port} is in use: stop the other server, or run nox -s serve -- --port {port + 1}"
        ) from None
    listener.listen()
    return listener


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--port", type=int, default=8000, help="default: 8000")
    parser.add_argument("--output", type=Path, default=ROOT / "build", help="default: build/")
    arguments = parser.parse_args()
    output = arguments.output.resolve()
    with reserve(arguments.port) as listener:
        build(ROOT, output)
        for language in LANGUAGES:
            print(f"{language.name}: http://{HOST}:{arguments.port}/{language.folder}/", flush=True)
        print("every change is built and the page reloaded; Ctrl+C stops", flush=True)
        config = uvicorn.Config(application(output, arguments.port), log_level="warning")
        # uvicorn raises it again after an orderly stop.
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
