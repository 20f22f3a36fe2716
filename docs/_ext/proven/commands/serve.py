"""Build the site, serve it on this machine and reload the page after each change: ``nox -s serve``.

sphinx-autobuild serves one build; its parts serve both of ours under one address, so that the language switch works.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import uvicorn
from sphinx_autobuild.filter import IgnoreFilter
from sphinx_autobuild.middleware import JavascriptInjectorMiddleware
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import Scope
from starlette.websockets import WebSocket, WebSocketDisconnect
from watchfiles import awatch

from proven.base.project import ROOT
from proven.commands.build import StoppedError, build, stop
from proven.translation.languages import LANGUAGES

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
    except StoppedError:
        pass
    except Exception as error:
        print(f"the build failed: {type(error).__name__}: {error}", flush=True)


class Reloader:
    """Builds at the beginning and after each change, then tells every open page to reload.

    sphinx-autobuild's own tells one page only, and stops watching after the first error.
    """

    def __init__(self, output: Path, port: int) -> None:
        self.output, self.port = output, port
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
        """Build at once and whenever a source changes, until the server stops.

        The watch begins before the first build, so that what is saved during it is built too. While nothing changes,
        it yields nothing every few moments, and the first time it yields is when the watch has begun.
        """
        ignored = IgnoreFilter([], IGNORED)
        changes_of = awatch(
            *(ROOT / name for name in WATCHED),
            watch_filter=lambda _, path: not ignored(path),
            rust_timeout=200,
            yield_on_timeout=True,
        )
        built = False
        async for changes in changes_of:
            if built and not changes:
                continue
            await asyncio.to_thread(rebuild, self.output, {path for _, path in changes})
            if not built:
                self.greet()
            built = True
            for page in list(self.pages):
                # It may have been closed in the meantime.
                with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                    await page.send_text("refresh")

    def greet(self) -> None:
        """Say where the site is."""
        for language in LANGUAGES:
            print(f"{language.name}: http://{HOST}:{self.port}/{language.folder}/", flush=True)
        print("every change is built and the page reloaded; Ctrl+C stops", flush=True)

    @contextlib.asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncIterator[None]:
        """Watch while the server runs."""
        watching = asyncio.create_task(self.watch())
        yield
        watching.cancel()
        # A build that is at work would be waited for.
        stop()


class Site(StaticFiles):
    """The built site, or until there is one, a page that says so and is reloaded like the others."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with a file."""
        if not Path(str(self.directory)).is_dir():
            text = "<title>Not built yet</title><p>The first build is not done; the terminal says more."
            return HTMLResponse(f"<!doctype html><body>{text}</body>", 503)
        return await super().get_response(path, scope)

    async def check_config(self) -> None:
        """Leave it to the answer whether there is a site."""


def application(output: Path, port: int) -> Starlette:
    """Return the server of the built site, with a watcher that rebuilds and reloads."""
    reloader = Reloader(output, port)
    return Starlette(
        routes=[
            WebSocketRoute("/websocket-reload", reloader.connect, name="reload"),
            Mount(
                "/", app=Site(directory=output / "html", html=True, check_dir=False), name="site"
            ),
        ],
        middleware=[Middleware(JavascriptInjectorMiddleware, ws_url=f"{HOST}:{port}")],
        lifespan=reloader.lifespan,
    )


def reserve(port: int) -> socket.socket:
    """Return a listening socket on ``port``, any free one for 0, so that a port in use is known before the build.

    Raises:
        SystemExit: if another program listens there, or this one may not.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()
    except OSError as error:
        another = port + 1 if 1023 < port < 65535 else 8000
        reason = error.strerror.lower() if error.strerror else str(error)
        raise SystemExit(
            f"port {port} cannot be used: {reason}; run nox -s serve -- --port {another}"
        ) from None
    return listener


def port_number(text: str) -> int:
    """Return the number of a port that an argument names.

    Raises:
        ArgumentTypeError: if there is no such port.
    """
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: write a number from 0 to 65535")
    return int(text)


def main() -> None:
    """Run the command line."""
    # One line for a mistake, without the usage above it.
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0], exit_on_error=False)
    parser.add_argument(
        "--port", type=port_number, default=8000, help="default: 8000; 0: a free one"
    )
    parser.add_argument("--output", type=Path, default=ROOT / "build", help="default: build/")
    try:
        arguments = parser.parse_args()
    except argparse.ArgumentError as error:
        raise SystemExit(str(error)) from None
    output = arguments.output.resolve()
    with reserve(arguments.port) as listener:
        port = listener.getsockname()[1]
        config = uvicorn.Config(application(output, port), log_level="warning")
        # uvicorn raises it again after an orderly stop.
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
