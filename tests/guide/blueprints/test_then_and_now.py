"""Then and now: docs/guide/blueprints.md."""

from __future__ import annotations

import pytest
from flask import Blueprint

from proven.claims.proofs import proves


@proves(
    "guide/blueprints",
    "before_app_first_request. It is gone (…).",
    "blueprint.json_encoder. An encoder for one blueprint is gone too (…).",
)
@pytest.mark.parametrize(
    "name", ["before_app_first_request", "json_encoder", "warn_on_modifications"]
)
def test_what_old_posts_use_is_gone(name: str) -> None:
    assert not hasattr(Blueprint, name)


@proves("guide/blueprints", "flask.Module. What came before blueprints: ….")
def test_there_is_no_module_class() -> None:
    with pytest.raises(ImportError, match="cannot import name 'Module' from 'flask'"):
        from flask import Module  # noqa: F401
