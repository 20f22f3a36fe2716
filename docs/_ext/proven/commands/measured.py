"""When and on what something was measured: what every record of figures begins with."""

from __future__ import annotations

import datetime
import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any


def machine() -> str:
    """Return what the machine is, without saying whose."""
    processor = platform.processor()
    info = Path("/proc/cpuinfo")
    if info.exists():
        models = [
            line.partition(":")[2].strip()
            for line in info.read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ]
        processor = models[0] if models else processor
    words = [f"{os.cpu_count()} × {processor or platform.machine()}", platform.system()]
    return ", ".join([*words, platform.machine()])


def circumstances(*libraries: str) -> dict[str, Any]:
    """Return the date, the machine, and the versions of Python and of some libraries, by the names readers know."""
    versions = {name: version(name) for name in libraries}
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "machine": machine(),
        "versions": {"Python": platform.python_version(), **versions},
    }
