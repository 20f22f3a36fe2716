"""What all tests share: the built site, and what a skip means in continuous integration."""

from __future__ import annotations

import gc
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path
from types import ModuleType

import hypothesis
import pytest
from filelock import FileLock

from proven.base.project import ROOT
from proven.commands.build import build

# Tests of several folders import these; what they assert is to be shown as in a test.
pytest.register_assert_rewrite(
    "tests.guide.routing.helpers",
    "tests.reference.converters.helpers",
    "tests.reference.sessions.contract",
)

# A busy machine is slow, not wrong.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


def pytest_runtest_setup() -> None:
    """Forget that the flask command ran in this process: in those that a test starts, `app.run()` would do nothing."""
    os.environ.pop("FLASK_RUN_FROM_CLI", None)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Keep what thousands of tests are made of out of later searches for garbage, where a tenth of the time went."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


# What is tested there is the site. Coverage is that of the snippets, and to trace doubles the time of a test.
UNTRACED = ("tests/audit/", "tests/browser/", "tests/findable/", "tests/site/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Trace only the tests that are there for the snippets."""
    for item in items:
        if item.nodeid.startswith(UNTRACED) and not has_snippet(item):
            item.add_marker("no_cover")


def has_snippet(item: pytest.Item) -> bool:
    """Say whether the module of a test imports a snippet."""
    names = vars(item.module).values() if isinstance(item, pytest.Function) else ()
    # By its type alone: who asks a proxy of Flask for anything needs a context.
    modules = [each for each in names if type(each) is ModuleType]
    return any(each.__name__.startswith("snippets.") for each in modules)


@pytest.fixture(autouse=True)
def imports_as_before(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Forget the modules that a test wrote for itself, and where it looked for them.

    Flask's command puts the current folder first in ``sys.path`` for good; what it finds there
    would be found by every later test that has a module of the same name.
    """
    path, known = sys.path[:], set(sys.modules)
    yield
    sys.path[:] = path
    written = tmp_path_factory.getbasetemp()
    for name in set(sys.modules) - known:
        file = getattr(sys.modules[name], "__file__", None)
        if file and Path(file).is_relative_to(written):
            del sys.modules[name]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return the folder of the built site; what ``nox -s docs`` left is brought up to date."""
    output = ROOT / "build"
    folder = tmp_path_factory.getbasetemp()
    # Each process of a run has a folder of its own, in one that they share.
    shared = folder if worker_id == "master" else folder.parent
    done = shared / "site-is-built"
    with FileLock(shared / "site.lock"):
        if not done.exists():
            assert build(ROOT, output), "the site does not build; its messages are below"
            done.touch()
    return output / "html"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a skipped test where ``CI`` is set: there, what it needs must be installed."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI"):
        report.outcome = "failed"
        *_, reason = report.longrepr if isinstance(report.longrepr, tuple) else [report.longrepr]
        report.longrepr = f"skipped, which CI does not allow: {reason}"
    return report


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say what was left out, for want of what, and what brings it; keep which files for the report of coverage."""
    skipped = terminalreporter.stats.get("skipped", [])
    wants: Counter[tuple[str, str]] = Counter()
    for report in skipped:
        if found := re.search(
            r"(?P<what>[^()':]+) not found; install with: (?P<how>[^')]+)", str(report.longrepr)
        ):
            wants[found["what"].strip(), found["how"].strip()] += 1
    if wants:
        terminalreporter.section("left out on this machine")
    for (what, how), times in sorted(wants.items()):
        terminalreporter.line(f"{times} tests for want of {what}: {how}")
    packages = sorted(how.partition("install ")[2] for _, how in wants if how.startswith("apt-get"))
    if packages:
        terminalreporter.line(
            f"all at once: sudo apt-get install {' '.join(dict.fromkeys(packages))}"
        )
    # A run that adds to the coverage of another is not the whole.
    if not config.getoption("cov_append", default=False):
        files = sorted({report.nodeid.partition("::")[0] for report in skipped})
        keep(config, "left-out", files)
        stats = terminalreporter.stats
        faults = [*stats.get("failed", []), *stats.get("error", [])]
        keep(config, "failed", list(dict.fromkeys(report.nodeid for report in faults)))


def keep(config: pytest.Config, name: str, content: list[str]) -> None:
    """Write a list for the commands that ask what became of the tests."""
    record = config.rootpath / ".cache" / f"{name}.json"
    record.parent.mkdir(exist_ok=True)
    record.write_text(json.dumps(content), encoding="utf-8")
