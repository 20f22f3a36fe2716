"""Refresh the intersphinx inventories: ``python docs/_tools/inventories.py`` or ``nox -s inventories``.

Fetches the ``objects.inv`` of each project in conf.py's ``intersphinx_mapping``, checks it and replaces the
committed one. A project whose inventory cannot be had keeps the old one, and the command exits with 1.

A machine that reaches a package index and nothing else uses ``--from-sdists``: Sphinx then reads each library's own
documentation from its source distribution, pinned and hashed in .lock/, in a throw-away environment. Names and
addresses come out as on the project's site, because it is the same source read by the same builder. Python has no
such distribution; its inventory comes from Debian's ``python3-doc``.
"""

from __future__ import annotations

import argparse
import os
import re
import runpy
import subprocess
import sys
import tarfile
import tempfile
import venv
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[2]
CONF = ROOT / "docs" / "conf.py"
LOCK = ROOT / ".lock"
DEBIAN = Path("/usr/share/doc")

HEADER = b"# Sphinx inventory version 2"
ENTRY = re.compile(r"(?P<name>.+?)\s+(?P<type>\S+:\S+)\s+-?\d+\s+\S*\s+.*")

# An inventory without these is not the one that it says it is, or the project moved its names.
CORE = {
    "python": ["dict", "print", "contextvars.ContextVar", "logging.Logger"],
    "flask": ["flask.Flask", "flask.url_for", "flask.Config.from_prefixed_env"],
    # BaseConverter is only spoken of in its documentation, not described.
    "werkzeug": ["werkzeug.routing.Map", "werkzeug.routing.UnicodeConverter"],
    "jinja": ["jinja2.Environment", "jinja2.Template.render"],
    "click": ["click.command", "click.Context"],
    "itsdangerous": ["itsdangerous.signer.Signer", "itsdangerous.exc.BadSignature"],
    "blinker": ["blinker.Signal.connect", "blinker.signal"],
    "wtforms": ["wtforms.form.Form", "wtforms.validators.DataRequired"],
    "sqlalchemy": ["sqlalchemy.orm.Session", "sqlalchemy.create_engine"],
    "flask-sqlalchemy": ["flask_sqlalchemy.SQLAlchemy", "flask_sqlalchemy.SQLAlchemy.init_app"],
    "flask-session": ["flask_session.Session", "SESSION_TYPE"],
    "pytest": ["pytest.fixture", "pytest.MonkeyPatch"],
}


class InventoryError(Exception):
    """A problem that is told to the user in one line."""


@dataclass(frozen=True)
class Inventory:
    """What an ``objects.inv`` says of itself, and the names in it."""

    version: str
    names: tuple[str, ...]


def read(content: bytes) -> Inventory:
    """Read the bytes of an ``objects.inv``; say what is wrong where they are something else."""
    header, *_ = content.split(b"\n", 1)
    if header.rstrip() != HEADER:
        shown = header[:40].decode("utf-8", "replace")
        raise InventoryError(f"is not a Sphinx inventory: it begins with {shown!r}")
    parts = content.split(b"\n", 4)
    if len(parts) < 5 or b"zlib" not in parts[3]:
        raise InventoryError("is not a Sphinx inventory: its header is cut off")
    try:
        lines = zlib.decompress(parts[4]).decode("utf-8").splitlines()
    except (zlib.error, UnicodeDecodeError) as error:
        raise InventoryError(f"is broken: {error}") from None
    entries = [ENTRY.fullmatch(line.rstrip()) for line in lines]
    version = parts[2].decode("utf-8", "replace").removeprefix("# Version:").strip()
    return Inventory(version, tuple(entry["name"] for entry in entries if entry))


def check(name: str, content: bytes) -> Inventory:
    """Read an inventory and look for the names without which it is of no use here."""
    inventory = read(content)
    missing = sorted(set(CORE.get(name, [])) - set(inventory.names))
    if missing:
        raise InventoryError(f"lacks {', '.join(missing)}")
    if not inventory.names:
        raise InventoryError("is empty")
    return inventory


def replace(target: Path, content: bytes) -> None:
    """Write the whole file or nothing: a build beside us reads either the old or the new one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    part.write_bytes(content)
    part.replace(target)


def from_web(name: str, url: str) -> bytes:
    """Fetch the inventory that the project publishes."""
    address = f"{url.rstrip('/')}/objects.inv"
    try:
        response = requests.get(address, timeout=30)
    except requests.RequestException as error:
        raise InventoryError(f"cannot reach {address} ({reason(error)})") from None
    if response.status_code != requests.codes.ok:
        raise InventoryError(f"{address} answers {response.status_code} {response.reason}")
    return response.content


def reason(error: BaseException) -> str:
    """Return the innermost cause of a failed request, in few words."""
    while error.__context__ is not None:
        error = error.__context__
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


# --from-sdists ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Docs:
    """Where a library keeps its documentation, and what it takes to read it."""

    package: str
    tools: tuple[str, ...]
    folder: str = "docs"
    # As the project's site is built: `dirhtml` makes api/#name, `html` makes api.html#name.
    builder: str = "dirhtml"


# What a build needs besides the library. One environment serves all libraries with the same tools.
PALLETS = (
    "sphinx=={sphinx}",
    "myst-parser",
    "pallets-sphinx-themes",
    "sphinx-issues",
    "sphinx-tabs",
    "sphinxcontrib-log-cabinet",
)
# Its documentation imports every backend.
SESSION = ("sphinx=={sphinx}", "flask-session[all]")
PYTEST = (
    "sphinx=={sphinx}",
    "pygments-pytest",
    "sphinx-inline-tabs",
    "sphinx-issues",
    "sphinx-removed-in",
    "sphinxcontrib-trio",
)
# zzzeeksphinx chooses the version of Sphinx itself.
SQLALCHEMY = ("zzzeeksphinx", "changelog", "sphinx-paramlinks", "greenlet")

SDISTS = {
    "flask": Docs("flask", PALLETS),
    "werkzeug": Docs("werkzeug", PALLETS),
    "jinja": Docs("jinja2", PALLETS),
    "click": Docs("click", PALLETS),
    "itsdangerous": Docs("itsdangerous", PALLETS),
    "blinker": Docs("blinker", PALLETS),
    "wtforms": Docs("wtforms", PALLETS),
    "flask-sqlalchemy": Docs("flask-sqlalchemy", PALLETS),
    "flask-session": Docs("flask-session", SESSION, builder="html"),
    "sqlalchemy": Docs("sqlalchemy", SQLALCHEMY, folder="doc/build", builder="html"),
    "pytest": Docs("pytest", PYTEST, folder="doc/en", builder="html"),
}


@dataclass(frozen=True)
class Pin:
    """A version in .lock/, with the lines that name its hashes."""

    version: str
    requirement: str


def pins(folder: Path = LOCK) -> dict[str, Pin]:
    """Return what the lock files pin, by package."""
    found: dict[str, Pin] = {}
    for path in sorted(folder.glob("*.txt")):
        pinned = re.finditer(
            r"^(?P<package>[\w.-]+)==(?P<version>[^\s;]+)(?:.*\\\n)?(?:[ ]+--hash=.*\n?)*",
            path.read_text("utf-8"),
            re.MULTILINE,
        )
        for match in pinned:
            found.setdefault(match["package"], Pin(match["version"], match[0]))
    return found


class Sdists:
    """Makes inventories from source distributions, in a folder that is thrown away afterwards."""

    def __init__(self, folder: Path, locked: dict[str, Pin], debian: Path = DEBIAN) -> None:
        self.folder = folder
        self.locked = locked
        self.debian = debian
        self.environments: dict[tuple[str, ...], Path] = {}

    def __call__(self, name: str, _url: str) -> bytes:
        """Return the inventory of a project of the mapping."""
        if name == "python":
            return self.python()
        if name not in SDISTS:
            raise InventoryError("has no entry in SDISTS, which says how its documentation is read")
        docs = SDISTS[name]
        if docs.package not in self.locked:
            raise InventoryError(f"{docs.package} is not pinned in .lock/")
        python = self.environment(docs.tools)
        source = self.source(python, docs.package) / docs.folder
        return build(python, source, docs.builder, self.folder / "out" / name)

    def python(self) -> bytes:
        """Return Python's inventory as Debian ships it, the newest one there is."""
        found = {
            int(match[1]): path
            for path in self.debian.glob("python3.*/html/objects.inv")
            if (match := re.fullmatch(r"python3\.(\d+)", path.parts[-3]))
        }
        if not found:
            raise InventoryError(
                f"no {self.debian}/python3.*/html/objects.inv here; apt-get install python3-doc brings it"
            )
        return found[max(found)].read_bytes()

    def environment(self, tools: tuple[str, ...]) -> Path:
        """Return the interpreter of an environment with these tools and the libraries that need them."""
        if tools in self.environments:
            return self.environments[tools]
        libraries = {docs.package for docs in SDISTS.values()} & self.locked.keys()
        folder = self.folder / f"environment-{len(self.environments)}"
        try:
            venv.create(folder, with_pip=True)
        except subprocess.CalledProcessError as error:
            raise InventoryError(f"no environment can be made here ({error})") from None
        python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        wanted = self.folder / f"{folder.name}.txt"
        wanted.write_text(
            "".join(f"{package}=={self.locked[package].version}\n" for package in sorted(libraries))
        )
        needed = [docs.package for docs in SDISTS.values() if docs.tools == tools]
        sphinx = self.locked["sphinx"].version
        run(
            *(str(python), "-m", "pip", "install", "--quiet", "--constraint", str(wanted)),
            *(tool.format(sphinx=sphinx) for tool in tools),
            *needed,
        )
        self.environments[tools] = python
        return python

    def source(self, python: Path, package: str) -> Path:
        """Download the pinned source distribution, which must have a hash of the lock, and unpack it."""
        folder = self.folder / "sources" / package
        folder.mkdir(parents=True)
        wanted = folder / "wanted.txt"
        wanted.write_text(self.locked[package].requirement, "utf-8")
        run(
            *(str(python), "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", package),
            *("--require-hashes", "--dest", str(folder), "--requirement", str(wanted)),
        )
        (archive,) = folder.glob("*.tar.gz")
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")
        return next(path for path in folder.iterdir() if path.is_dir())


def build(python: Path, source: Path, builder: str, output: Path) -> bytes:
    """Let Sphinx read a library's documentation and return the inventory of it."""
    if not (source / "conf.py").is_file():
        raise InventoryError(f"its source distribution has no documentation in {source.name}/")
    configuration = output / "configuration"
    configuration.mkdir(parents=True)
    ours = Path(__file__).with_name("inventory_conf.py").read_text("utf-8")
    (configuration / "conf.py").write_text(ours, "utf-8")
    said = run(
        *(str(python), "-m", "sphinx", "-q", "-b", builder, "-c", str(configuration)),
        *(str(source.resolve()), str(output)),
        INVENTORY_CONF=str(source.resolve() / "conf.py"),
    )
    # Warnings of another project are its own affair, unless names are missing because of them.
    lost = [line for line in said.splitlines() if "autodoc: failed to import" in line]
    if lost:
        raise InventoryError(f"its documentation cannot be read whole: {lost[0].strip()}")
    return (output / "objects.inv").read_bytes()


def run(*command: str, **variables: str) -> str:
    """Run a command and return what it said; a failure is told by its last line."""
    done = subprocess.run(
        command,
        env={**os.environ, "PYTHONUTF8": "1", "NO_COLOR": "1", **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        told = [line for line in done.stdout.splitlines() if line.strip()] or ["no message"]
        errors = [line for line in told if re.match(r"(?i)\s*[\w.]*(error|exception):", line)]
        raise InventoryError(f"{' '.join(command[1:4])} fails: {(errors or told)[-1].strip()}")
    return done.stdout


def refresh(mapping: dict[str, tuple[str, str]], source: Callable[[str, str], bytes]) -> bool:
    """Replace each inventory of the mapping that ``source`` has a good one for; return whether it had all."""
    good = True
    for name, (url, target) in mapping.items():
        try:
            content = source(name, url)
            inventory = check(name, content)
        except InventoryError as error:
            print(f"{name}: {error}; the old inventory stays", file=sys.stderr, flush=True)
            good = False
            continue
        replace(Path(target), content)
        print(f"{name} {inventory.version}: {len(inventory.names)} entries", flush=True)
    return good


def main(arguments: Sequence[str] | None = None, conf: Path = CONF) -> int:
    """Refresh the inventories and return the exit status."""
    parser = argparse.ArgumentParser(
        description="Refresh the intersphinx inventories of docs/conf.py."
    )
    parser.add_argument("names", nargs="*", help="only these projects (default: all)")
    parser.add_argument(
        "--from-sdists", action="store_true", help="make them with nothing but a package index"
    )
    options = parser.parse_args(arguments)
    mapping: dict[str, tuple[str, str]] = runpy.run_path(str(conf))["intersphinx_mapping"]
    unknown = sorted(set(options.names) - mapping.keys())
    if unknown:
        print(f"not in {conf.name}'s intersphinx_mapping: {', '.join(unknown)}", file=sys.stderr)
        return 1
    wanted = {name: mapping[name] for name in options.names or mapping}
    if not options.from_sdists:
        return 0 if refresh(wanted, from_web) else 1
    with tempfile.TemporaryDirectory(prefix="inventories-") as folder:
        return 0 if refresh(wanted, Sdists(Path(folder), pins())) else 1


if __name__ == "__main__":
    sys.exit(main())
