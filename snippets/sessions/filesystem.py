"""Sessions in files, for one machine and no server to look after."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import sha256
from secrets import token_hex
from typing import TypeVar, Unpack

from .base import Record, ServerSideSessionInterface, SessionOptions, SessionStore

_Result = TypeVar("_Result")

_DATA = "session"
_HOUR = 3600
# Seconds to wait before a step is tried again that Windows refuses while somebody reads the file.
_PAUSES = (0.001, 0.01, 0.05, 0.1, 0.2)


class FileSystemStore(SessionStore):
    """Keep each session in a folder with one file, whose modification time is when it expires.

    So a sliding expiry never touches the data. The folder's name is a hash of the key, which is
    safe on every file system, also where case is ignored. Its first two characters name the folder
    above, so that none grows too long.

    Nothing is locked, because each step is one that the file system carries out whole or not at
    all: to create is to make the folder, to update is to put a finished file in the place of the
    old one, to delete is to give the folder another name. Who writes late finds no folder.
    """

    errors = (OSError,)

    def __init__(self, folder: "str | os.PathLike[str]") -> None:
        self.folder = os.path.abspath(folder)
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        # Windows keeps rights elsewhere, and says that everybody may do everything.
        if os.name != "nt" and os.stat(self.folder).st_mode & 0o022:
            raise ValueError(f"{self.folder} can be written by others; use: chmod 700")

    def read(self, key: str) -> Record | None:
        try:
            # Read as a whole, so a buffer would only be one copy more.
            with open(f"{self._path(key)}/{_DATA}", "rb", buffering=0) as file:
                return Record(file.read()) if _is_live(file.fileno()) else None
        except FileNotFoundError:
            return self._nothing_found(None)

    def create(self, key: str, payload: bytes, lifetime: float) -> bool:
        path = self._path(key)
        with suppress(FileExistsError):
            os.mkdir(os.path.dirname(path), 0o700)
        try:
            os.mkdir(path, 0o700)
        except FileExistsError:
            return False
        try:
            _write(path, payload, lifetime)
        except OSError:
            shutil.rmtree(path, ignore_errors=True)
            raise
        return True

    def update(self, key: str, payload: bytes, lifetime: float) -> bool:
        path = self._path(key)
        try:
            if not _is_live(f"{path}/{_DATA}"):
                return False
            _write(path, payload, lifetime)
        except FileNotFoundError:
            return self._nothing_found(False)
        return True

    def touch(self, key: str, record: Record, lifetime: float) -> bool:
        file = f"{self._path(key)}/{_DATA}"
        try:
            if not _is_live(file):
                return False
            _expire_after(file, lifetime)
        except FileNotFoundError:
            return self._nothing_found(False)
        return True

    def delete(self, key: str) -> bool:
        try:
            _remove(self._path(key))
        except FileNotFoundError:
            return self._nothing_found(False)
        return True

    def purge(self) -> Iterator[int]:
        """Remove expired sessions, and what is left of writes and removals that were cut short."""
        removed = 0
        for number in range(256):
            with suppress(FileNotFoundError), os.scandir(f"{self.folder}/{number:02x}") as found:
                for folder in found:
                    with suppress(FileNotFoundError):
                        removed += _purge(folder.path)
        yield self._nothing_found(removed)

    def _path(self, key: str) -> str:
        name = sha256(key.encode()).hexdigest()
        return f"{self.folder}/{name[:2]}/{name}"

    def _nothing_found(self, result: _Result) -> _Result:
        """Return `result`, unless the reason is that the whole folder is gone: that is a failure."""
        os.stat(self.folder)
        return result


def _is_live(file: "str | int") -> bool:
    return os.stat(file).st_mtime_ns > time.time_ns()


def _expire_after(path: str, lifetime: float) -> None:
    now = time.time_ns()
    os.utime(path, ns=(now, now + int(lifetime * 10**9)))


def _write(folder: str, payload: bytes, lifetime: float) -> None:
    """Write a file, whole, before it takes the place of a session's."""
    unfinished = f"{folder}/{token_hex(8)}"
    try:
        with open(unfinished, "xb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(payload)
        _expire_after(unfinished, lifetime)
        _persist(os.replace, unfinished, f"{folder}/{_DATA}")
    except OSError:
        with suppress(FileNotFoundError):
            os.unlink(unfinished)
        raise


def _remove(folder: str) -> None:
    """Remove a session in one step, and then what is left of it."""
    gone = f"{folder}-{token_hex(8)}"
    _persist(os.rename, folder, gone)
    shutil.rmtree(gone, ignore_errors=True)


def _purge(folder: str) -> int:
    """Remove a folder if its session has expired or was removed by half, and files never finished.

    Return how many sessions that were.
    """
    if "-" in os.path.basename(folder):
        shutil.rmtree(folder, ignore_errors=True)
        return 0
    for name in os.listdir(folder):
        if name != _DATA and time.time() - os.stat(f"{folder}/{name}").st_ctime > _HOUR:
            os.unlink(f"{folder}/{name}")
    try:
        expired = not _is_live(f"{folder}/{_DATA}")
    except FileNotFoundError:
        if time.time() - os.stat(folder).st_mtime > _HOUR:
            os.rmdir(folder)
        return 0
    if expired:
        _remove(folder)
    return int(expired)


def _persist(step: Callable[[str, str], None], source: str, target: str) -> None:
    """Carry out a step, and again if it is refused, as Windows does while somebody reads the file."""
    for pause in _PAUSES:
        try:
            return step(source, target)
        except PermissionError:
            time.sleep(pause)
    return step(source, target)


class FileSystemSessionInterface(ServerSideSessionInterface):
    """Keep sessions in files.

    ``app.session_interface = FileSystemSessionInterface("/var/lib/shop/sessions")``

    Args:
        folder: The folder of the sessions. It is created at once, and only the current user can
            open it.
        options: See `ServerSideSessionInterface`.

    Raises:
        OSError: The folder cannot be created.
        ValueError: Others can write to the folder. They could log in with a file of their own.

    Expired sessions cannot be read, but stay on the disk until ``flask sessions purge`` runs.
    Live sessions are never removed to make room. The processes of one machine can share the
    folder. If the folder is removed while they run, using a session raises `SessionBackendError`
    until the folder exists again.
    """

    def __init__(self, folder: "str | os.PathLike[str]", **options: Unpack[SessionOptions]) -> None:
        super().__init__(FileSystemStore(folder), **options)
