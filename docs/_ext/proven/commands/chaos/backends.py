"""The backends, each set up to keep what it acknowledges, if it can, as the reference page says."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from proven.commands.chaos.app import Settings
from proven.commands.chaos.clock import Clock
from proven.commands.chaos.volume import Volume
from tests import servers


@dataclass(frozen=True)
class Backend:
    """A backend.

    Attributes:
        name: Its name, which the application and the page know.
        server: Makes its server, not started; nothing where the application keeps sessions in files itself.
        keeps: Whether it promises to keep what it has acknowledged when its server ends.
    """

    name: str
    server: Callable[[], servers.Server] | None = None
    keeps: bool = True


BACKENDS = [
    # It writes each change to its disk before it answers. As it comes, it keeps the changes of the last minutes in
    # memory only.
    Backend("Redis", lambda: servers.redis("--appendonly", "yes", "--appendfsync", "always")),
    Backend("Memcached", servers.memcached, keeps=False),
    # A stand-in, which writes its journal before it answers.
    Backend("MongoDB", lambda: servers.mongodb("data", "--sync-on-commit")),
    # These two come so.
    Backend("PostgreSQL", servers.postgresql),
    Backend("MariaDB", servers.mariadb),
    Backend("SQLite"),
    Backend("files"),
]


@dataclass
class Place:
    """A backend that runs.

    Attributes:
        backend: The backend.
        volume: The file system that it has its files on.
        server: Its server, if it has one.
        eras: A file that grows by a byte when a server has forgotten all.
        clock: The clock of applications that go by it.
    """

    backend: Backend
    volume: Volume
    server: servers.Server | None
    eras: Path
    clock: Clock

    @property
    def folder(self) -> Path:
        """Where a backend without a server has its files."""
        return self.volume.folder / "sessions"

    def settings(self, *, port: int = 0, used: bool = True, clock: bool = False) -> Settings:
        """Return the settings of an application on this backend.

        Args:
            port: Of a proxy before the server, if there is one.
            used: Whether it uses the backend while it is made.
            clock: Whether it goes by `clock`, and not by the machine's.
        """
        return {
            "backend": self.backend.name,
            "place": str(port or (self.server.port if self.server else self.folder)),
            "used": used,
            "clock": str(self.clock.file) if clock else "",
        }

    def forget(self) -> None:
        """Note, before it starts again, that the server has ended, if it forgets all then."""
        if not self.backend.keeps:
            with self.eras.open("ab") as file:
                file.write(b".")

    def restart(self) -> None:
        """Start the server if it is not there."""
        if self.server is not None and not self.server.runs:
            self.server.start()


@contextlib.contextmanager
def running(backend: Backend) -> Iterator[Place]:
    """Start a backend on a small file system of its own, and remove both in the end."""
    with Volume() as volume, contextlib.ExitStack() as stack:
        server = None
        if backend.server is not None:
            before, tempfile.tempdir = tempfile.tempdir, str(volume.folder)
            try:
                server = backend.server()
            finally:
                tempfile.tempdir = before
            stack.enter_context(servers.running(server))
        eras = volume.folder / "eras"
        eras.touch()
        clock = Clock(volume.folder / "clock")
        clock.move(0)
        place = Place(backend, volume, server, eras, clock)
        place.folder.mkdir(mode=0o700)
        yield place
