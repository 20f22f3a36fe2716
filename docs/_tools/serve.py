"""Build the site, serve it on this machine and reload the page after each change: ``nox -s serve``.

sphinx-autobuild serves one build; its parts serve both of ours under one address, so that the language switch works.
"""

from __future__ import annotations

import argparse
import errno
import socket
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import uvicorn
from sphinx_autobuild.filter import IgnoreFilter
from sphinx_autobuild.middleware import JavascriptInjectorMiddleware
from sphinx_autobuild.server import RebuildServer
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount, WebSocketRoute
from starlette.staticfiles import StaticFiles

from build import ROOT, build
from languages import LANGUAGES

HOST = "127.0.0.1"
WATCHED = ("docs", "snippets", "locale", "tests")
# What a build or a tool writes beside the sources must not start another build.
IGNORED = (r"__pycache__", r"\.mo$", r"\.(swp|tmp)$|~$", r"/\.")


def rebuild(output: Path, changed_paths: Sequence[Path]) -> None:
    """Build after a change and say what it was; a broken page is reported and serving goes on."""
    for path in changed_paths:
        print(f"changed: {path.relative_to(ROOT).as_posix()}", flush=True)
    build(ROOT, output)


def application(output: Path, port: int) -> Starlette:
    """Return the server of the built site, with a watcher that rebuilds and reloads."""
    watcher = RebuildServer(
        [ROOT / name for name in WATCHED],
        IgnoreFilter([], IGNORED),
        change_callback=partial(rebuild, output),
    )
    return Starlette(
        routes=[
            WebSocketRoute("/websocket-reload", watcher, name="reload"),
            Mount("/", app=StaticFiles(directory=output / "html", html=True), name="site"),
        ],
        middleware=[Middleware(JavascriptInjectorMiddleware, ws_url=f"{HOST}:{port}")],
        lifespan=watcher.lifespan,
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
        uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
