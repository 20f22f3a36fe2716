"""The uppercase rule: docs/guide/configuration.md."""

from __future__ import annotations

import pytest
from flask import Flask

from proven.claims.proofs import proves


@proves(
    "guide/configuration",
    "A key is uppercase if str.isupper() returns True for it: it has at least one "
    "uppercase letter and no lowercase letter.",
    "Digits and underscores do not count.",
    "Chinese characters are neither upper nor lower case, so a key in Chinese needs an "
    "uppercase letter as well.",
)
@pytest.mark.parametrize(
    ("key", "loaded"),
    [
        ("PAGE_SIZE", True),
        ("SIZE_2", True),
        ("页数_MAX", True),
        ("Page_Size", False),
        ("page_size", False),
        ("页数", False),
        ("2", False),
    ],
)
def test_the_rule_is_str_isupper(app: Flask, key: str, loaded: bool) -> None:
    app.config.from_mapping({key: 1})
    assert key.isupper() is loaded
    assert (key in app.config) is loaded
