"""What one build keeps for the next: values by name, in one file beside what Sphinx keeps of the pages.

It has no markup. Sphinx keeps what it reads and forgets what it writes. What an extension must know again of the build
before goes in here and is written when the build has come to its end, so that it never speaks of one that did not.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata


def digest(value: object) -> str:
    """Return a short text that differs where ``value`` does."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


class Memory:
    """What the build before kept, and what this one keeps."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.values: dict[str, Any] = (
            json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
        )

    def recall(self, name: str, default: Any) -> Any:
        """Return what was kept under ``name``, as JSON has it: lists for tuples."""
        return self.values.get(name, default)

    def keep(self, name: str, value: object) -> None:
        """Keep a value that JSON can write."""
        self.values[name] = value

    def differs(self, name: str, value: object) -> bool:
        """Keep what ``value`` is and say whether the build before kept another under ``name``."""
        before, now = self.values.get(name), digest(value)
        self.values[name] = now
        return before is not None and before != now

    def made(self, name: str, made_of: object, make: Callable[[], Any]) -> Any:
        """Return what the build before made of the same things, else make and keep it, as JSON has it."""
        now, before = digest(made_of), self.values.get(name)
        if before is None or before[0] != now:
            self.values[name] = before = [now, make()]
        return before[1]

    def save(self) -> None:
        """Write it all down in one step."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        temporary = self.file.with_suffix(".tmp")
        temporary.write_text(json.dumps(self.values), encoding="utf-8")
        os.replace(temporary, self.file)


_memories: WeakKeyDictionary[Sphinx, Memory] = WeakKeyDictionary()


def memory(app: Sphinx) -> Memory:
    """Return the memory of a build."""
    if app not in _memories:
        _memories[app] = kept(Path(app.doctreedir))
    return _memories[app]


def write(app: Sphinx, file: str, made_of: object, make: Callable[[], str]) -> None:
    """Write a file of the site, unless it stands there and was made of the same things.

    Args:
        app: The build.
        file: Its name below the folder of the language.
        made_of: What the text depends on beside the machinery, as JSON has it.
        make: Returns the text.
    """
    place, name, now = Path(app.outdir, file), f"made of {file}", digest(made_of)
    if memory(app).recall(name, None) != now or not place.is_file():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(make(), encoding="utf-8")
        memory(app).keep(name, now)


def kept(doctrees: Path) -> Memory:
    """Return what the last build kept beside the pages that it read."""
    return Memory(doctrees / "memory.json")


def save(app: Sphinx, error: Exception | None) -> None:
    """Keep the memory of a build that came to its end."""
    if error is None:
        memory(app).save()


def setup(app: Sphinx) -> ExtensionMetadata:
    """Save after every other extension has kept what it will."""
    app.connect("build-finished", save, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
