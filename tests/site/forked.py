"""Builds of small sites in forks of one process that has Sphinx loaded: to load it takes twice as long as such a build.

What a fork starts with is the libraries alone. The machinery is that of the site, as in a process of its own, and the
tests of the commands start such processes.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any

# With what each of them imports; what is missing here is loaded by each fork.
LIBRARIES = (
    "flask",
    "furo",
    "furo.navigation",
    "lxml.html",
    "myst_parser.sphinx_ext.main",
    "pygments.formatters.html",
    "pygments.lexers.python",
    "pytest",
    "requests",
    "sphinx.application",
    "sphinx.builders.epub3",
    "sphinx.builders.html",
    "sphinx.builders.linkcheck",
    "sphinx.ext.autodoc",
    "sphinx.ext.doctest",
    "sphinx.ext.intersphinx",
    "sphinx.ext.napoleon",
    "sphinx.search.en",
    "sphinx_copybutton",
    "sphinx_markdown_builder",
    "time_machine",
)
#: The longest order in bytes: an environment is some thousand.
LONGEST = 200_000
#: These decide what an interpreter is like, so they cannot differ from those of the process that is forked.
FIXED = {"PYTHONUTF8": "1", "PYTHONHASHSEED": "0"}


class Process:
    """A build in a fork, as :class:`subprocess.Popen` would have it."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str],
        stdin: int,
        stdout: int,
        stderr: IO[bytes],
        text: bool,
        encoding: str,
    ) -> None:
        python, option, self.module, *arguments = command
        assert (python, option, text) == (sys.executable, "-m", True)
        assert stdin == stdout == subprocess.PIPE
        assert {name: env[name] for name in FIXED} == FIXED
        order = {"module": self.module, "arguments": arguments, "folder": str(cwd), "env": {**env}}
        self.answers, answers = socket.socketpair()
        told, telling = os.pipe()
        reading, writing = os.pipe()
        its = [answers.fileno(), told, writing, stderr.fileno()]
        socket.send_fds(server(), [json.dumps(order).encode()], its)
        answers.close()
        os.close(told)
        os.close(writing)
        self.stdin = open(telling, "w", encoding=encoding)  # noqa: SIM115  closed by __exit__
        self.stdout = open(reading, encoding=encoding)  # noqa: SIM115  closed by __exit__
        self.heard = self.answers.makefile()
        self.pid = int(self.heard.readline())
        self.returncode: int | None = None

    def kill(self) -> None:
        """End it."""
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        """Return how it ended, when it has."""
        if self.returncode is None:
            self.returncode = int(self.heard.readline())
            self.heard.close()
            self.answers.close()
        return self.returncode

    def __enter__(self) -> Process:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stdin.close()
        self.stdout.close()
        self.wait()


class Forking:
    """What a module that starts builds finds under the name ``subprocess``."""

    PIPE = subprocess.PIPE
    Popen = Process


_servers: list[tuple[socket.socket, subprocess.Popen[bytes]]] = []


def server() -> socket.socket:
    """Return the way to the process that is forked, which begins with the first build."""
    if not _servers:
        ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, __file__, str(its.fileno())]
        # Of this project it has nothing.
        environment = {**os.environ, **FIXED, "PYTHONPATH": ""}
        _servers.append((ours, subprocess.Popen(command, env=environment, pass_fds=[its.fileno()])))
        its.close()
    return _servers[0][0]


def end() -> None:
    """End that process."""
    while _servers:
        way, process = _servers.pop()
        way.close()
        process.wait()


def serve(orders: socket.socket) -> None:
    """Fork for each order, until nobody is left who could give one."""
    for name in LIBRARIES:
        importlib.import_module(name)
    # Whoever forks nothing any more is of no interest.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        order, descriptors, _, _ = socket.recv_fds(orders, LONGEST, 4)
        if not order:
            return
        if not os.fork():
            orders.close()
            watch(json.loads(order), *descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def watch(order: dict[str, Any], answers: int, *streams: int) -> None:
    """Fork once more, and say who that is and how it ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    process = os.fork()
    if not process:
        os.close(answers)
        run(order, *streams)
    for stream in streams:
        os.close(stream)
    os.write(answers, f"{process}\n".encode())
    _, status = os.waitpid(process, 0)
    os.write(answers, f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def run(order: dict[str, Any], *streams: int) -> None:
    """Be what ``python -m`` is, with the libraries loaded."""
    for standard, descriptor in enumerate(streams):
        os.dup2(descriptor, standard)
        os.close(descriptor)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  as long as the process
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["env"])
    sys.path[:0] = [order["folder"], *order["env"]["PYTHONPATH"].split(os.pathsep)]
    sys.argv = [order["module"], *order["arguments"]]
    code = 1
    try:
        runpy.run_module(order["module"], run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else int(error.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    # The folder of this file, in which nothing of the libraries is.
    sys.path.pop(0)
    serve(socket.socket(fileno=int(sys.argv[1])))
