"""A small file system in memory that can be filled up."""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
from pathlib import Path

MEGABYTES = 400


class Volume:
    """A file system of `MEGABYTES`, mounted on a folder of its own, to be used as a context.

    To mount it, the user must be root or be allowed to use ``sudo`` without a password.

    Attributes:
        folder: Where it is.
    """

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="chaos-"))
        self._ballast = self.folder / "ballast"
        self._as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]

    def __enter__(self) -> Volume:
        size = f"size={MEGABYTES}m,mode=0755,uid={os.geteuid()}"
        command = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(self.folder)]
        try:
            subprocess.run([*self._as_root, *command], check=True, capture_output=True, text=True)
        except (OSError, subprocess.CalledProcessError) as error:
            reason = getattr(error, "stderr", None) or error
            raise SystemExit(
                f"chaos mounts a small tmpfs, as root or with sudo: {reason}"
            ) from None
        return self

    def __exit__(self, *_: object) -> None:
        # Lazily: what still has a file open keeps it until it ends.
        subprocess.run([*self._as_root, "umount", "--lazy", str(self.folder)], check=True)
        self.folder.rmdir()

    def fill(self) -> None:
        """Leave no room in it."""
        with self._ballast.open("ab") as file, contextlib.suppress(OSError):
            while True:
                free = os.statvfs(self.folder).f_bavail * os.statvfs(self.folder).f_frsize
                step = max(4096, free // 2)
                os.posix_fallocate(file.fileno(), file.seek(0, os.SEEK_END), step)

    def free(self) -> None:
        """Give the room back."""
        self._ballast.unlink(missing_ok=True)
