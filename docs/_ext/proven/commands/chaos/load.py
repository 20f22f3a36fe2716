"""Processes of clients, started and ended from here."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from proven.base.project import DOCS
from proven.commands.chaos.clients import Order
from proven.commands.chaos.tally import Tally, of_json, total

PROCESSES = 2
THREADS = 4


class Load:
    """Clients in processes of their own, to be used as a context: they stop at its end at the latest.

    Args:
        port: Where the web server is.
        name: What the names of the visitors begin with.
        answers: After how many answers they end by themselves; 0 for those that are stopped.
        size: The bytes that a change adds to a session.
        eras: See `Order`.
        cookies: See `Order`.
    """

    def __init__(
        self,
        port: int,
        name: str,
        *,
        answers: int = 0,
        size: int = 0,
        eras: Path | None = None,
        cookies: dict[str, str] | None = None,
    ) -> None:
        self._orders = [
            Order(
                port=port,
                name=f"{name}-{number}",
                threads=THREADS,
                answers=-(-answers // PROCESSES),
                size=size,
                eras=str(eras or ""),
                cookies=cookies or {},
            )
            for number in range(PROCESSES)
        ]
        self._processes: list[subprocess.Popen[str]] = []

    def __enter__(self) -> Load:
        for order in self._orders:
            self._processes.append(
                subprocess.Popen(
                    [sys.executable, "-m", "proven.commands.chaos.clients", json.dumps(order)],
                    cwd=DOCS / "_ext",
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            if process.poll() is None:
                process.kill()
            process.communicate()

    def tally(self, timeout: float) -> Tally:
        """Return what they have counted, after they have looked once more.

        Raises:
            TimeoutExpired: They have not ended after so many seconds.
        """
        tallies = []
        for process in self._processes:
            if process.stdin is not None:
                process.stdin.close()
                process.stdin = None
        for process in self._processes:
            printed, _ = process.communicate(timeout=timeout)
            tallies.append(of_json(json.loads(printed)))
        return total(tallies)
