"""The commands of the project: ``nox -l`` lists them, ``nox -s docs tests`` is the main one."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from pathlib import Path

import nox
import nox.command

if sys.version_info < (3, 11):  # noqa: UP036  nox may run on an older one
    raise SystemExit(
        f"Proven Flask needs Python 3.11 or newer, and nox runs on {sys.version.split()[0]}: "
        "install nox with a newer one, such as python3.12 -m pip install 'nox[uv]'"
    )

nox.needs_version = ">=2025.2.9"
# uv where it is there, because it makes an environment in a second; else what Python brings.
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"
# A Python that is not here is not fetched: `matrix` says that it leaves it out.
nox.options.download_python = "never"
nox.options.sessions = ["docs", "tests"]

PYTHONS = ["3.11", "3.12", "3.13", "3.14"]
GROUPS = ["docs", "tests", "lint", "history", "mysqlclient", "mongo-server", "node"]
# Where the package `proven` lies, and from where `snippets` and `tests` are imported. Byte code is kept, whatever the
# machine prefers: hundreds of processes import the same modules.
PATH = {
    "PYTHONPATH": os.pathsep.join(["docs/_ext", "."]),
    "PYTHONUTF8": "1",
    "PYTHONDONTWRITEBYTECODE": "",
}


@nox.session(venv_backend="none")
def docs(session: nox.Session) -> None:
    """Build the site in every language into build/html/; warnings are errors. `-- --without-run` leaves Run out."""
    if "--without-run" not in session.posargs:
        node(session)
    run_command(session, "docs", "build", *session.posargs)


@nox.session(venv_backend="none")
def serve(session: nox.Session) -> None:
    """Build, serve on http://127.0.0.1:8000/ and reload on change; `-- --port N` for another port."""
    node(session)
    run_command(session, "docs", "serve", *session.posargs)


@nox.session(venv_backend="none")
def run(session: nox.Session) -> None:
    """Start the finished application, or another snippet's: `-- snippets.routing.smallest`."""
    name, options = "snippets.application", list(session.posargs)
    if options and not options[0].startswith("-"):
        name = options.pop(0)
    python = environment(session, "docs")
    session.run(python, "-m", "flask", "--app", name, "run", *options, external=True)


@nox.session(venv_backend="none")
def tests(session: nox.Session) -> None:
    """Prove every statement: pytest, doctests of pages and docstrings, coverage of the snippets."""
    node(session)
    python = environment(session, "tests")
    if can_compile_mysqlclient():
        install(session, python, "mysqlclient")
    if session.posargs:
        session.run(python, "-m", "pytest", *session.posargs, env=PATH, external=True)
        return
    for name in ("prove", "coverage", "doctests"):
        run_command(session, "tests", name)


@nox.session(venv_backend="none")
def page(session: nox.Session) -> None:
    """Prove one page, `-- routing`: its tests, its catalogs, its build in every language, its links."""
    run_command(session, "tests", "part", "page", *session.posargs)


@nox.session(venv_backend="none")
def quick(session: nox.Session) -> None:
    """Prove what the changes in the working tree may have broken."""
    run_command(session, "tests", "part", "change", *session.posargs)


@nox.session(venv_backend="none")
def addresses(session: nox.Session) -> None:
    """Promise that the addresses of the built site last: add the new ones to docs/_published.txt."""
    run_command(session, "tests", "build")
    run_command(session, "tests", "addresses")


@nox.session(venv_backend="none")
def books(session: nox.Session) -> None:
    """Make the site a zip, and its pages an ePub and a PDF a language; check each, and let the site link them."""
    node(session)
    run_command(session, "tests", "books")


@nox.session(venv_backend="none")
def archive(session: nox.Session) -> None:
    """Keep the built site for readers of its Flask, `-- 3.1`: the sites for newer ones publish it as /3.1/."""
    run_command(session, "docs", "archive", *session.posargs)


@nox.session(venv_backend="none")
def audit(session: nox.Session) -> None:
    """Measure every kind of page in Chromium and by Lighthouse; `-- --without-lighthouse guide` for one kind."""
    node(session)
    judge = ["-m", "tests.audit", *session.posargs]
    session.run(environment(session, "tests"), *judge, env=PATH, external=True)


@nox.session(venv_backend="none")
def replay(session: nox.Session) -> None:
    """Send the requests of all pages to their snippets in Chromium, record what runs there; `-- --check` compares."""
    node(session)
    run_command(session, "tests", "replay", *session.posargs)


@nox.session(venv_backend="none", name="run-figures")
def run_figures(session: nox.Session) -> None:
    """Measure Run in Chromium on the built site: seconds, bytes, milliseconds; print them."""
    run_command(session, "docs", "build", "--with-run")
    run_command(session, "tests", "run_figures")


@nox.session(venv_backend="none")
def firefox(session: nox.Session) -> None:
    """Run the tests of Run in Firefox instead of Chromium, record which passed (needs firefox-esr)."""
    node(session)
    run_command(session, "docs", "build", "--with-run")
    session.run(environment(session, "tests"), "-m", "tests.firefox", env=PATH, external=True)


@nox.session(venv_backend="none")
def findable(session: nox.Session) -> None:
    """Ask the built site every question of tests/findable in Chromium; `-- --misses` lists the missed ones."""
    run_command(session, "tests", "build")
    judge = ["-m", "tests.findable.judge", *session.posargs]
    session.run(environment(session, "tests"), *judge, env=PATH, external=True)


@nox.session
def servers(session: nox.Session) -> None:
    """Install what stands in for MongoDB in the tests; the other servers are the system's."""
    session.install("--quiet", "--require-hashes", "-r", ".lock/mongo-server.txt")


@nox.session(python=PYTHONS)
def matrix(session: nox.Session) -> None:
    """Run the tests of snippets and pages on each Python that is installed, 3.11 to 3.14."""
    session.install("--quiet", "--require-hashes", "-r", ".lock/tests.txt")
    session.run("pytest", "tests/guide", "tests/reference", *session.posargs, env=PATH)


@nox.session(venv_backend="none")
def translations(session: nox.Session) -> None:
    """Bring the catalogs in step with the pages, print what is to do; `-- guide/routing` for one, `-- read ...`."""
    command = session.posargs if session.posargs[:1] == ["read"] else ["update", *session.posargs]
    run_command(session, "docs", "translations", *command)


@nox.session(venv_backend="none")
def claims(session: nox.Session) -> None:
    """Say which sentences rest on nothing; `-- list guide/hooks` for a page, `bind` and `file` to mend it."""
    run_command(session, "lint", "claims", *session.posargs)


@nox.session(venv_backend="none")
def doubt(session: nox.Session) -> None:
    """Change facts in sentences and snippets, report what nothing notices; `-- --limit 20 guide/hooks` for a page."""
    run_command(session, "tests", "doubt", *session.posargs)


@nox.session(venv_backend="none")
def lint(session: nox.Session) -> None:
    """Check format, style, types, who imports whom, and the configuration of CI and Read the Docs."""
    programs = Path(environment(session, "lint")).parent
    for command in (
        ["ruff", "format", "--check", "."],
        ["ruff", "check", "."],
        ["mypy"],
        ["lint-imports"],
        ["codespell", "docs", "snippets", "README.md", "CONTRIBUTING.md", "CHANGELOG.md"],
        ["check-jsonschema", "--builtin-schema", "vendor.github-workflows", *workflows()],
        ["check-jsonschema", "--builtin-schema", "vendor.readthedocs", ".readthedocs.yaml"],
    ):
        session.run(str(programs / command[0]), *command[1:], env=PATH, external=True)


@nox.session(venv_backend="none")
def links(session: nox.Session) -> None:
    """Ask every external link of the site whether it is still there (needs the network)."""
    python = environment(session, "docs")
    session.run(
        *(python, "-m", "sphinx", "-b", "linkcheck", "-q", "docs", "build/links"), external=True
    )


@nox.session(venv_backend="none")
def bench(session: nox.Session) -> None:
    """Measure what the pages state as figures, and record it for them under docs/_bench/."""
    for name in ("bench_converters", "bench_sessions", "bench_servers"):
        run_command(session, "tests", name, *session.posargs)


@nox.session(venv_backend="none")
def chaos(session: nox.Session) -> None:
    """Break every session backend under load, and record what it cost; `-- Redis hung` for some only."""
    run_command(session, "tests", "chaos", *session.posargs)


@nox.session(venv_backend="none")
def fuzz(session: nox.Session) -> None:
    """Send a million cookies that no honest browser sends to the session interfaces."""
    python = environment(session, "tests")
    session.run(
        *(python, "-m", "pytest", "tests/reference", "-m", "fuzz", *session.posargs),
        env={**PATH, "PROVEN_FUZZ_INPUTS": "1000000"},
        external=True,
    )


@nox.session
def lowest(session: nox.Session) -> None:
    """Run the contract of the session interfaces with the oldest releases that they accept."""
    session.install("--quiet", "--require-hashes", "-r", ".lock/tests.txt")
    session.install("--quiet", "--requirement", "tests/reference/sessions/lowest.txt")
    if can_compile_mysqlclient():
        session.install("--quiet", "--require-hashes", "-r", ".lock/mysqlclient.txt")
    contract = "tests/reference/sessions/test_contract.py"
    session.run("pytest", contract, *session.posargs, env=PATH)


@nox.session(venv_backend="none")
def history(session: nox.Session) -> None:
    """Read what changed in Flask and its libraries off their releases (needs the package index)."""
    run_command(session, "tests", "history", *session.posargs)


@nox.session
def pairs(session: nox.Session) -> None:
    """Install versions that do not fit and record what Python says (needs the package index); `-- flask` for some."""
    session.install("--quiet", "uv")
    session.install("--quiet", "--require-hashes", "-r", ".lock/docs.txt")
    session.run("python", "-m", "proven.commands.pairs", *session.posargs, env=PATH)


@nox.session(venv_backend="none")
def releases(session: nox.Session) -> None:
    """Run every snippet in each release, and old code in its own; `-- --changed` for what changed, or name some."""
    if not has_uv():
        session.error("it needs uv: python3 -m pip install 'nox[uv]'")
    uv = shutil.which("uv", path=os.path.dirname(sys.executable)) or ""
    run_command(session, "docs", "releases", "--uv", uv, *session.posargs)


@nox.session(venv_backend="none", name="next")
def next_release(session: nox.Session) -> None:
    """Say what the next Flask changes in the snippets: its newest pre-release, or `-- flask=../flask`."""
    if not has_uv():
        session.error("it needs uv: python3 -m pip install 'nox[uv]'")
    uv = shutil.which("uv", path=os.path.dirname(sys.executable)) or ""
    run_command(session, "docs", "next_release", "--uv", uv, *session.posargs)


@nox.session(venv_backend="none", name="upgrade-check")
def upgrade_check(session: nox.Session) -> None:
    """Say which names in your code are gone, since when, and what to write: `-- path/to/app`."""
    run_command(session, "docs", "upgrade_check", *session.posargs)


@nox.session(venv_backend="none")
def inventories(session: nox.Session) -> None:
    """Refresh the intersphinx inventories under docs/_inventories/ (needs the network)."""
    run_command(session, "docs", "inventories", *session.posargs)


@nox.session
def lock(session: nox.Session) -> None:
    """Pin the newest versions that pyproject.toml allows, with hashes, in .lock/; `-- --keep` pins what is new only."""
    session.install("--quiet", "uv")
    upgrade = [] if "--keep" in session.posargs else ["--upgrade"]
    for group in GROUPS:
        # One version of a library in every group: what `docs` picks constrains the rest.
        constraint = [] if group == "docs" else ["--constraint", ".lock/docs.txt"]
        session.run(
            *("uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"),
            # An older pip wants the extra to be named where it has to check hashes.
            *("--generate-hashes", "--no-strip-extras", "--no-header", "--no-emit-index-url"),
            *("--group", group, "pyproject.toml", "--output-file", f".lock/{group}.txt"),
            *upgrade,
            *constraint,
        )


def environment(session: nox.Session, group: str) -> str:
    """Return the Python of the one environment that all sessions with this group share; make or mend it first.

    A session of nox has an environment of its own, so that six would hold the same libraries. Hashes make a changed
    file an error.
    """
    folder = Path(".nox", group)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.is_file():
        make = ["-m", "uv", "venv", "--quiet", "--clear"] if has_uv() else ["-m", "venv"]
        session.run(sys.executable, *make, str(folder), external=True)
    install(session, str(python), group)
    return str(python.absolute())


def node(session: nox.Session) -> None:
    """Install what packs the files of Run; a site can be built without it."""
    try:
        environment(session, "node")
    except nox.command.CommandFailed:
        session.warn(
            "node cannot be installed: the site will have no Run unless it is made already"
        )


def install(session: nox.Session, python: str, group: str) -> None:
    """Install what a lock pins, where that is not done yet."""
    lock = Path(".lock", f"{group}.txt").read_bytes()
    done = Path(python).parents[1] / f"{group}.installed"
    if done.is_file() and done.read_bytes() == lock:
        return
    wanted = ["--quiet", "--require-hashes", "-r", f".lock/{group}.txt"]
    # Compiled once here, not in each of the many processes that builds and tests start.
    compiled = {"UV_COMPILE_BYTECODE": "1"}
    if has_uv():
        session.run(
            *(sys.executable, "-m", "uv", "pip", "install", "--python", python, *wanted),
            env=compiled,
            external=True,
        )
    else:
        session.run(python, "-m", "pip", "install", *wanted, external=True)
    done.write_bytes(lock)


def has_uv() -> bool:
    """Say whether nox was installed with uv."""
    return bool(shutil.which("uv", path=os.path.dirname(sys.executable)))


def run_command(session: nox.Session, group: str, name: str, *arguments: str) -> None:
    """Run a module of ``proven.commands`` in the environment of a group."""
    python = environment(session, group)
    session.run(python, "-m", f"proven.commands.{name}", *arguments, env=PATH, external=True)


def can_compile_mysqlclient() -> bool:
    """Say whether the C driver for MariaDB can be built here; without it, its tests say what to install."""
    header = Path(sysconfig.get_path("include"), "Python.h")
    config = shutil.which("mariadb_config") or shutil.which("mysql_config")
    return bool(config and shutil.which("pkg-config") and shutil.which("cc") and header.is_file())


def workflows() -> list[str]:
    """Return the workflow files."""
    return [str(path) for path in sorted(Path(".github/workflows").glob("*.yml"))]
