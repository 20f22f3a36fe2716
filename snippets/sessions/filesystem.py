"""Sessions in files, for one machine with a POSIX system and no server to look after."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp
from typing import Unpack

from .base import Record, ServerSideSessionInterface, SessionOptions, SessionStore

_SECOND = 10**9
_HOUR = 3600 * _SECOND


class FileSystemStore(SessionStore):
    """Keep each session in a file whose modification time is the time when it expires.

    So a sliding expiry never touches the data, and a new file counts as expired until it is whole.
    The name is a hash of the key: it is safe on every file system, also where case is ignored, and
    a listing of the folder gives no id away. Its first two characters name a subfolder, so that no
    folder grows too long.

    A file is its own lock. Who changes or removes it locks it first, then looks whether the path
    still leads to it; if it does not, another request was faster. Readers need no lock, because
    new content takes the place of the old in one step.
    """

    errors = (OSError,)

    def __init__(self, folder: "str | os.PathLike[str]") -> None:
        self.folder = Path(folder)

    def read(self, key: str) -> Record | None:
        try:
            with self._path(key).open("rb") as file:
                return None if _has_expired(file.fileno()) else Record(file.read())
        except FileNotFoundError:
            return None

    def create(self, key: str, payload: bytes, lifetime: float) -> bool:
        path = self._path(key)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode=0o600)
        except FileExistsError:
            return False
        _fill(descriptor, payload, lifetime)
        return True

    def update(self, key: str, payload: bytes, lifetime: float) -> bool:
        path = self._path(key)
        with _lock(path) as held:
            if held is None or _has_expired(held):
                return False
            descriptor, temporary = mkstemp(dir=path.parent, suffix=".tmp")
            try:
                _fill(descriptor, payload, lifetime)
                os.replace(temporary, path)
            except OSError:
                os.unlink(temporary)
                raise
            return True

    def touch(self, key: str, record: Record, lifetime: float) -> bool:
        with _lock(self._path(key)) as held:
            if held is None or _has_expired(held):
                return False
            _expire_after(held, lifetime)
            return True

    def delete(self, key: str) -> None:
        path = self._path(key)
        with _lock(path) as held:
            if held is not None:
                path.unlink()

    def purge(self) -> Iterator[int]:
        """Remove expired sessions, and what a write left behind that was cut short by a crash."""
        for folder in self.folder.glob("[0-9a-f][0-9a-f]"):
            yield sum(self._purge(path) for path in list(folder.iterdir()))

    def _purge(self, path: Path) -> bool:
        with _lock(path) as held:
            if held is None:
                return False
            if path.suffix == ".tmp":
                # Its modification time is that of the session; no other clock tells its age.
                if os.stat(held).st_ctime_ns + _HOUR < time.time_ns():
                    path.unlink()
                return False
            if not _has_expired(held):
                return False
            path.unlink()
            return True

    def _path(self, key: str) -> Path:
        name = sha256(key.encode()).hexdigest()
        return self.folder / name[:2] / name


def _has_expired(descriptor: int) -> bool:
    return os.stat(descriptor).st_mtime_ns <= time.time_ns()


def _expire_after(descriptor: int, lifetime: float) -> None:
    now = time.time_ns()
    os.utime(descriptor, ns=(now, now + int(lifetime * _SECOND)))


def _fill(descriptor: int, payload: bytes, lifetime: float) -> None:
    with open(descriptor, "wb") as file:
        file.write(payload)
        file.flush()
        _expire_after(descriptor, lifetime)


@contextmanager
def _lock(path: Path) -> Iterator[int | None]:
    """Hold the lock of the file at `path`. Yield its descriptor, or ``None`` if there is none."""
    while True:
        try:
            file = path.open("rb")
        except FileNotFoundError:
            yield None
            return
        with file:
            flock(file, LOCK_EX)
            if _leads_to(path, file.fileno()):
                yield file.fileno()
                return


def _leads_to(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.stat(descriptor))
    except FileNotFoundError:
        return False


class FileSystemSessionInterface(ServerSideSessionInterface):
    """Keep sessions in files.

    ``app.session_interface = FileSystemSessionInterface("/var/lib/shop/sessions")``

    Args:
        folder: Where the files go. It is made when the first session is written, for the current
            user only.
        options: See `ServerSideSessionInterface`.

    Expired sessions are not read, but stay on the disk until ``flask sessions purge`` runs. Live
    ones are never removed to make room. Processes of one machine can share the folder; on Windows,
    use `SqlAlchemySessionInterface` with SQLite.
    """

    def __init__(self, folder: "str | os.PathLike[str]", **options: Unpack[SessionOptions]) -> None:
        super().__init__(FileSystemStore(folder), **options)
