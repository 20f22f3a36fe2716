"""The data that the pages show: read once a build, and each page that asks depends on it."""

from __future__ import annotations

import hashlib

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

from proven.releases.timeline import FOLDER, History


def loaded(app: Sphinx) -> History:
    """Return the data, read once a build."""
    found: History | None = getattr(app, "proven_history", None)
    if found is None:
        try:
            found = History()
        except (OSError, ValueError) as error:
            # A file is missing, or is no JSON or TOML: Sphinx ends there with the message.
            message = f"the data of docs/history cannot be read ({error}); restore it from git"
            raise ExtensionError(message, modname="history") from None
        app.proven_history = found  # type: ignore[attr-defined]
    return found


def state(app: Sphinx) -> str:
    """Return a text that changes with whatever is known of the releases, read once a build."""
    found: str | None = getattr(app, "proven_history_state", None)
    if found is None:
        read = hashlib.sha256()
        for file in sorted(FOLDER.rglob("*")):
            if file.is_file() and file.suffix != ".md":
                read.update(f"{file.relative_to(FOLDER)}\0".encode() + file.read_bytes() + b"\0")
        app.proven_history_state = found = read.hexdigest()  # type: ignore[attr-defined]
    return found


def history(env: BuildEnvironment) -> History:
    """Return the data, and note that the page depends on it."""
    found = loaded(env.app)
    for path in found.files:
        env.note_dependency(str(path))
    return found
