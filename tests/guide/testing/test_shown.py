"""The tests that docs/guide/testing.md shows, run as they stand there."""

from __future__ import annotations

import pytest

from snippets.testing.test_around import (
    test_a_command,
    test_the_environment,
    test_the_log,
    test_the_time,
)
from snippets.testing.test_browser import test_logging_in
from snippets.testing.test_requests import test_a_file, test_a_form_and_a_redirect, test_json
from snippets.testing.test_session import (
    test_a_cookie,
    test_a_user_who_is_logged_in,
    test_what_a_view_stored,
)
from snippets.testing.test_smallest import test_the_first_page

__all__ = [
    "test_a_command",
    "test_a_cookie",
    "test_a_file",
    "test_a_form_and_a_redirect",
    "test_a_user_who_is_logged_in",
    "test_json",
    "test_logging_in",
    "test_the_environment",
    "test_the_first_page",
    "test_the_log",
    "test_the_time",
    "test_what_a_view_stored",
]

pytestmark = pytest.mark.usefixtures("chromium")
