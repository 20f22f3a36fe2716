"""What is recorded of Run in Firefox is what there is to test."""

from __future__ import annotations

import json

from proven.claims.proofs import proves
from tests.firefox.__main__ import LEFT_OUT, RECORD, SUITE, suite


@proves(
    "about/testing",
    "The tests of the panel run in Chromium.",
    "nox -s firefox runs them in Firefox too, and records which passed: a test of the panel that is not in the "
    "record makes another test fail.",
)
def test_every_test_of_run_has_passed_in_firefox() -> None:
    record = json.loads(RECORD.read_text(encoding="utf-8"))
    wanted = sorted(suite())
    assert wanted
    assert wanted == record["passed"], "run nox -s firefox"


def test_what_is_left_out_is_there_and_has_a_reason() -> None:
    for name, reason in LEFT_OUT.items():
        assert name.partition("::")[0] in SUITE
        assert reason
