"""Processes of Python in forks of one that has loaded the libraries: to load them takes longer than what follows.

What a fork starts with is the libraries alone, and no test's state: it is as good as a process of its own, and the
tests of the commands themselves start such processes.
"""

from __future__ import annotations

import contextlib
import gc
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

#: The longest order in bytes: an environment is some thousand.
LONGEST = 200_000
#: These decide what an interpreter is like, so they cannot differ from those of the process that is forked.
FIXED = {"PYTHONUTF8": "1", "PYTHONHASHSEED": "0"}


class Loaded:
    """A process that has loaded libraries, with what each of them imports; what is missing there, each fork loads.

    It begins with the first fork.
    """

    def __init__(self, *libraries: str) -> None:
        self.libraries = libraries
        self.way: socket.socket | None = None
        self.process: subprocess.Popen[bytes] | None = None

    def begin(self) -> socket.socket:
        """Return the way to the process."""
        if self.way is None:
            self.way, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            command = [sys.executable, __file__, str(its.fileno()), *self.libraries]
            # Of this project it has nothing.
            environment = {**os.environ, **FIXED, "PYTHONPATH": "", "PYTHONWARNINGS": ""}
            self.process = subprocess.Popen(command, env=environment, pass_fds=[its.fileno()])
            its.close()
        return self.way

    def end(self) -> None:
        """End it."""
        if self.way and self.process:
            self.way.close()
            self.process.wait()
        self.way = self.process = None

    def run(
        self, command: Sequence[str], cwd: Path, env: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; return how it ended, and all that it said as ``stdout``."""
        reading, writing = os.pipe()
        with open(os.devnull) as nothing, open(reading, encoding="utf-8") as said:
            fork = Fork(self, command, cwd, env, (nothing.fileno(), writing, writing))
            os.close(writing)
            text = said.read()
        return subprocess.CompletedProcess(command, fork.wait(), text)


class Fork:
    """A process of its own: ``python -m module …``, or a script of the environment, such as ``flask …``.

    Args:
        loaded: What is forked.
        command: The program and its arguments.
        cwd: Its working folder.
        env: Its environment.
        streams: The descriptors of its standard input, output and error.
    """

    def __init__(
        self,
        loaded: Loaded,
        command: Sequence[str],
        cwd: Path,
        env: Mapping[str, str],
        streams: Sequence[int],
    ) -> None:
        module = command[2] if command[:2] == [sys.executable, "-m"] else ""
        order = {
            "module": module,
            "script": "" if module else command[0],
            "arguments": command[3 if module else 1 :],
            "folder": str(cwd),
            "env": {**env},
        }
        self.answers, answers = socket.socketpair()
        socket.send_fds(loaded.begin(), [json.dumps(order).encode()], [answers.fileno(), *streams])
        answers.close()
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


class Process(Fork):
    """A build in a fork, as :class:`subprocess.Popen` would have it."""

    def __init__(
        self,
        loaded: Loaded,
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
        assert text
        assert stdin == stdout == subprocess.PIPE
        assert {name: env[name] for name in FIXED} == FIXED
        told, telling = os.pipe()
        reading, writing = os.pipe()
        super().__init__(loaded, command, cwd, env, (told, writing, stderr.fileno()))
        os.close(told)
        os.close(writing)
        self.stdin = open(telling, "w", encoding=encoding)  # noqa: SIM115  closed by __exit__
        self.stdout = open(reading, encoding=encoding)  # noqa: SIM115  closed by __exit__

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

    def __init__(self, loaded: Loaded) -> None:
        self.loaded = loaded

    def Popen(self, command: Sequence[str], **options: Any) -> Process:  # noqa: N802
        """Start a build."""
        return Process(self.loaded, command, **options)


def serve(orders: socket.socket, libraries: Sequence[str]) -> None:
    """Fork for each order, until nobody is left who could give one."""
    for name in libraries:
        importlib.import_module(name)
    # What is loaded is no garbage: a fork that searched it would copy the memory in which it lies.
    gc.collect()
    gc.freeze()
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
    """Be what ``python -m``, or a script, is, with the libraries loaded."""
    for standard, descriptor in enumerate(streams):
        os.dup2(descriptor, standard)
        os.close(descriptor)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  as long as the process
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["env"])
    sys.dont_write_bytecode = bool(order["env"].get("PYTHONDONTWRITEBYTECODE"))
    module, script = order["module"], order["script"]
    path = [order["folder"] if module else os.path.dirname(script)]
    sys.path[:0] = [*path, *filter(None, order["env"].get("PYTHONPATH", "").split(os.pathsep))]
    sys.argv = [module or script, *order["arguments"]]
    code = 1
    try:
        if module:
            runpy.run_module(module, run_name="__main__", alter_sys=True)
        else:
            runpy.run_path(script, run_name="__main__")
        code = 0
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else int(error.code is not None)
        if isinstance(error.code, str):
            sys.stderr.write(f"{error.code}\n")
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    # The folder of this file, in which nothing of the libraries is.
    sys.path.pop(0)
    serve(socket.socket(fileno=int(sys.argv[1])), sys.argv[2:])
