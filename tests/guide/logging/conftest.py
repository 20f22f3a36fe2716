"""Lets the tests of docs/guide/logging.md begin with the logging of a new process."""

from __future__ import annotations

import logging
from collections.abc import Generator

import pytest


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Take pytest's own handlers from the root while a test runs, and put back all that the test changes."""
    root, known = logging.root, logging.root.manager.loggerDict
    before, level, names = root.handlers[:], root.level, dict(known)
    states = [
        (each, each.handlers[:], each.level, each.disabled, each.propagate)
        for each in known.values()
        if isinstance(each, logging.Logger)
    ]
    root.handlers[:] = []
    root.setLevel(logging.WARNING)
    for name in [name for name in known if name.startswith(("snippets", "shop", "app"))]:
        del known[name]
    try:
        return (yield)
    finally:
        for handler in set(root.handlers) - set(before):
            handler.close()
        root.handlers[:], root.level = before, level
        known.clear()
        known.update(names)
        for each, handlers, own, disabled, propagate in states:
            each.handlers[:], each.disabled, each.propagate = handlers, disabled, propagate
            each.setLevel(own)
