"""A clock that the workers of an application believe in, and that can be moved while they run.

What their Python code sees is moved by time-machine. It touches neither the clock of the machine nor what counts the
seconds since its start, which timeouts go by. Servers keep the machine's clock, so theirs is an hour off as well, seen
from the application.
"""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import time_machine

HOUR = 3600


class Clock:
    """A clock, and the file that says how many seconds it is ahead of the machine's.

    Args:
        file: The file, which every process that believes in this clock must be able to read.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._lock = threading.Lock()
        self._seconds = 0
        self._traveller: time_machine.travel | None = None

    def move(self, seconds: int) -> None:
        """Put it forward, or back, against the clock of the machine."""
        unfinished = self.file.with_suffix(".new")
        unfinished.write_text(f"{seconds:+d}\n", encoding="ascii")
        unfinished.chmod(0o644)
        unfinished.replace(self.file)

    def follow(self) -> None:
        """Move the clock of this process to where the file says."""
        with self._lock:
            seconds = int(self.file.read_text(encoding="ascii"))
            if seconds == self._seconds:
                return
            self._seconds = seconds
            if self._traveller is not None:
                self._traveller.stop()
            self._traveller = time_machine.travel(timedelta(seconds=seconds), tick=True)
            self._traveller.start()
