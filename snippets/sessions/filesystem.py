"""Sessions in files, for one machine with a POSIX system and no server to look after."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, flock
from hashlib import sha256
from pathlib import Path
from typing import Unpack

from .base import Record, ServerSideSessionInterface, SessionOptions, SessionStore

_UNFINISHED = ".tmp"


class FileSystemStore(SessionStore):
    """Keep each session in a file whose modification time is the time when it expires.

    So a sliding expiry never touches the data. The name is a hash of the key: it is safe on every
    file system, also where case is ignored, and a listing of the folder gives no id away. Its
    first two characters name a subfolder, so that no folder grows too long.

    Who creates, changes or removes a file locks its subfolder meanwhile. Readers need no lock:
    new content takes the place of the old in one step.
    """

    errors = (OSError,)

    def __init__(self, folder: "str | os.PathLike[str]") -> None:
        self.folder = os.path.abspath(folder)

    def read(self, key: str) -> Record | None:
        try:
            with open(self._path(key), "rb") as file:
                return Record(file.read()) if _is_live(file.fileno()) else None
        except FileNotFoundError:
            return None

    def create(self, key: str, payload: bytes, lifetime: float) -> bool:
        path = self._path(key)
        for folder in (self.folder, os.path.dirname(path)):
            os.makedirs(folder, mode=0o700, exist_ok=True)
        with _lock(path):
            if os.path.exists(path):
                return False
            _write(path, payload, lifetime)
            return True

    def update(self, key: str, payload: bytes, lifetime: float) -> bool:
        path = self._path(key)
        with suppress(FileNotFoundError), _lock(path):
            if _is_live(path):
                _write(path, payload, lifetime)
                return True
        return False

    def touch(self, key: str, record: Record, lifetime: float) -> bool:
        path = self._path(key)
        with suppress(FileNotFoundError), _lock(path):
            if _is_live(path):
                _expire_after(path, lifetime)
                return True
        return False

    def delete(self, key: str) -> bool:
        path = self._path(key)
        with suppress(FileNotFoundError), _lock(path):
            os.unlink(path)
            return True
        return False

    def purge(self) -> Iterator[int]:
        """Remove expired sessions, and what is left of a write that was cut short."""
        for folder in Path(self.folder).glob("[0-9a-f][0-9a-f]"):
            removed = 0
            for path in list(folder.iterdir()):
                with suppress(FileNotFoundError), _lock(path):
                    if path.suffix == _UNFINISHED:
                        path.unlink()
                    elif not _is_live(path):
                        path.unlink()
                        removed += 1
            yield removed

    def _path(self, key: str) -> str:
        name = sha256(key.encode()).hexdigest()
        return f"{self.folder}/{name[:2]}/{name}"


@contextmanager
def _lock(path: "str | Path") -> Iterator[None]:
    """Lock the folder of a file. The lock ends with the process, should that be killed."""
    descriptor = os.open(os.path.dirname(path), os.O_RDONLY)
    try:
        flock(descriptor, LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _is_live(file: "str | Path | int") -> bool:
    return os.stat(file).st_mtime_ns > time.time_ns()


def _expire_after(path: str, lifetime: float) -> None:
    now = time.time_ns()
    os.utime(path, ns=(now, now + int(lifetime * 10**9)))


def _write(path: str, payload: bytes, lifetime: float) -> None:
    """Write a file beside `path`, whole, before it takes its place. The folder is locked."""
    unfinished = path + _UNFINISHED
    descriptor = os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, mode=0o600)
    try:
        with open(descriptor, "wb") as file:
            file.write(payload)
        _expire_after(unfinished, lifetime)
        os.replace(unfinished, path)
    except OSError:
        os.unlink(unfinished)
        raise


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
