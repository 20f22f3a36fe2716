"""What all tests share: the built site, and what a skip means in continuous integration."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import hypothesis
import pytest
from filelock import FileLock

from build import ROOT, build

# A busy machine is slow, not wrong.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


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
