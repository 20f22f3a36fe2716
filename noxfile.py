"""The commands of the project: ``nox -l`` lists them, ``nox -s docs tests`` is the main one."""

from __future__ import annotations

import shutil
import sysconfig
from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
# uv where it is there, because it makes an environment in a second; else what Python brings.
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["docs", "tests"]

PYTHONS = ["3.11", "3.12", "3.13", "3.14"]
GROUPS = ["docs", "tests", "lint", "history", "mysqlclient", "mongo-server"]
TOOLS = "docs/_tools"


def install(session: nox.Session, group: str) -> None:
    """Install a dependency group as locked; hashes make a changed file an error."""
    # Compiled once here, not in each of the many processes that builds and tests start.
    compiled = {"UV_COMPILE_BYTECODE": "1"}
    session.install("--quiet", "--require-hashes", "-r", f".lock/{group}.txt", env=compiled)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the site in both languages into build/html/; warnings are errors."""
    install(session, "docs")
    session.run("python", f"{TOOLS}/build.py", *session.posargs)


@nox.session
def serve(session: nox.Session) -> None:
    """Build, serve on http://127.0.0.1:8000/ and reload on change; `-- --port N` for another port."""
    install(session, "docs")
    session.run("python", f"{TOOLS}/serve.py", *session.posargs)


@nox.session
def run(session: nox.Session) -> None:
    """Start the finished application, or another snippet's: `-- snippets.routing.smallest`."""
    install(session, "docs")
    name, *options = session.posargs or ["snippets.application"]
    session.run("flask", "--app", name, "run", *options)


@nox.session
def tests(session: nox.Session) -> None:
    """Prove every statement: pytest, doctests of pages and docstrings, coverage of the snippets."""
    install(session, "tests")
    if can_compile_mysqlclient():
        session.install("--quiet", "-r", ".lock/mysqlclient.txt")
    run_tests(session)


@nox.session
def servers(session: nox.Session) -> None:
    """Install what stands in for MongoDB in the tests; the other servers are the system's."""
    install(session, "mongo-server")


@nox.session(python=PYTHONS)
def matrix(session: nox.Session) -> None:
    """Run the tests of snippets and pages on each Python found, 3.11 to 3.14."""
    install(session, "tests")
    session.run("pytest", "tests/guide", "tests/reference", *session.posargs)


@nox.session
def translations(session: nox.Session) -> None:
    """Bring the catalogs in step with the pages and print what is missing; `-- guide/routing` for one."""
    install(session, "docs")
    session.run("python", f"{TOOLS}/catalogs.py", "update", *session.posargs)
    session.run("python", f"{TOOLS}/catalogs.py", "check", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check format, style, types, and the configuration of CI and Read the Docs."""
    install(session, "lint")
    session.run("ruff", "format", "--check", ".")
    session.run("ruff", "check", ".")
    session.run("mypy")
    session.run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *workflows())
    session.run("check-jsonschema", "--builtin-schema", "vendor.readthedocs", ".readthedocs.yaml")


@nox.session
def links(session: nox.Session) -> None:
    """Ask every external link of the site whether it is still there (needs the network)."""
    install(session, "docs")
    session.run("sphinx-build", "-b", "linkcheck", "-q", "docs", "build/links")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure what the pages state as figures, and record it for them under docs/_bench/."""
    install(session, "tests")
    for script in sorted(Path(TOOLS).glob("bench_*.py")):
        session.run("python", str(script), *session.posargs)


@nox.session
def fuzz(session: nox.Session) -> None:
    """Send a million cookies that no honest browser sends to the session interfaces."""
    install(session, "tests")
    inputs = {"PROVEN_FUZZ_INPUTS": "1000000"}
    session.run("pytest", "tests/reference", "-m", "fuzz", *session.posargs, env=inputs)


@nox.session
def history(session: nox.Session) -> None:
    """Read what changed in Flask and its libraries off their releases (needs the package index)."""
    install(session, "history")
    session.run("python", f"{TOOLS}/history.py", *session.posargs)


@nox.session
def inventories(session: nox.Session) -> None:
    """Refresh the intersphinx inventories under docs/_inventories/ (needs the network)."""
    install(session, "docs")
    session.run("python", f"{TOOLS}/inventories.py", *session.posargs)


@nox.session
def lock(session: nox.Session) -> None:
    """Pin the newest versions that pyproject.toml allows, with hashes, in .lock/."""
    session.install("--quiet", "uv")
    for group in GROUPS:
        # One version of a library in every group: what `docs` picks constrains the rest.
        constraint = [] if group == "docs" else ["--constraint", ".lock/docs.txt"]
        session.run(
            *("uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"),
            *("--generate-hashes", "--no-header", "--no-emit-index-url", "--upgrade"),
            *("--group", group, "pyproject.toml", "--output-file", f".lock/{group}.txt"),
            *constraint,
        )


def run_tests(session: nox.Session) -> None:
    """Run pytest over everything, then the doctests once more through Sphinx in each language."""
    whole = not session.posargs
    # The tests of a file share servers and opened pages, so they stay together.
    spread = ["--numprocesses=auto", "--dist=loadfile"]
    coverage = ["--cov", "--cov-report=term", "--cov-fail-under=100"]
    options = [*spread, *coverage] if whole else session.posargs
    session.run("pytest", *options, env={"PYTHONUTF8": "1"})
    if whole:
        session.run("python", f"{TOOLS}/doctests.py")


def can_compile_mysqlclient() -> bool:
    """Say whether the C driver for MariaDB can be built here; without it, its tests say what to install."""
    header = Path(sysconfig.get_path("include"), "Python.h")
    config = shutil.which("mariadb_config") or shutil.which("mysql_config")
    return bool(config and shutil.which("pkg-config") and shutil.which("cc") and header.is_file())


def workflows() -> list[str]:
    """Return the workflow files."""
    return [str(path) for path in sorted(Path(".github/workflows").glob("*.yml"))]
