"""What all tests share."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest


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
