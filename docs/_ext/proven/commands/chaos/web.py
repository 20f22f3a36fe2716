"""Gunicorn with an application of `proven.commands.chaos.app`, on a port of this machine."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

from proven.base.project import DOCS, ROOT
from proven.commands.chaos.app import VARIABLE, Settings
from tests.servers import free_port

WORKERS = 2
THREADS = 6
START = 90.0  # seconds: for a machine that is busy


class Web:
    """A web server, to be used as a context.

    Args:
        settings: The application.
        worker: Gunicorn's kind of worker: ``sync``, ``gthread`` or ``gevent``.
        preload: Whether the application is made before the workers are forked.
    """

    def __init__(
        self, settings: Settings, *, worker: str = "gthread", preload: bool = True
    ) -> None:
        self.port = free_port()
        self._options = ["--worker-class", worker, *(["--preload"] if preload else [])]
        if worker == "gthread":
            self._options += ["--threads", str(THREADS)]
        if worker == "gevent" and preload:
            self._options += ["--config", "python:proven.commands.chaos.gevent_first"]
        self._environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(DOCS / "_ext")]),
            VARIABLE: json.dumps(settings),
        }
        self._log = Path(tempfile.mkdtemp(prefix="chaos-"), "log")
        self._last_log = ""
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        """What Gunicorn and the application have logged."""
        if self._log.exists():
            self._last_log = self._log.read_text(encoding="utf-8", errors="replace")
        return self._last_log

    def __enter__(self) -> Web:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [
                    *[sys.executable, "-m", "gunicorn", "proven.commands.chaos.app:create_app()"],
                    *["--bind", f"127.0.0.1:{self.port}", "--workers", str(WORKERS)],
                    *["--no-control-socket", "--graceful-timeout", "1", "--timeout", "30"],
                    *self._options,
                ],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        end = time.monotonic() + START
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > end:
                self.__exit__()
                raise RuntimeError(f"Gunicorn did not start:\n{self.log[-3000:]}")
            time.sleep(0.05)
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait(5)
        self._last_log = self.log
        shutil.rmtree(self._log.parent, ignore_errors=True)

    def _answers(self) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def saves(self, size: int = 0) -> bool:
        """Return whether a new session of so many bytes can be saved."""
        form = f"user=nobody&size={size}".encode()
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/start", form, timeout=10) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def users(self) -> dict[str, str]:
        """Return the cookies of the sessions that the application made when it was made itself."""
        with urlopen(f"http://127.0.0.1:{self.port}/users", timeout=START) as answer:
            cookies: dict[str, str] = json.load(answer)
        return cookies

    def workers(self) -> list[int]:
        """Return the ids of the worker processes."""
        if self._process is None:
            return []
        path = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        return [int(word) for word in path.read_text(encoding="ascii").split()]

    def kill_worker(self) -> None:
        """End the oldest worker without a warning; Gunicorn starts another."""
        os.kill(min(self.workers()), signal.SIGKILL)
