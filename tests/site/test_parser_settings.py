"""The settings that every text of a page is read with: kept, and nobody's to spoil."""

from __future__ import annotations

from pathlib import Path

import pytest
from docutils.frontend import get_default_settings
from docutils.parsers.rst import Parser
from myst_parser.mdit_to_docutils import base
from sphinx.application import Sphinx

import parser_settings


def test_they_are_those_of_docutils_and_each_text_has_its_own() -> None:
    one, other = parser_settings.settings(Parser), parser_settings.settings(Parser)
    different = {
        name
        for name, value in get_default_settings(Parser).__dict__.items()
        if one.__dict__[name] != value and name != "record_dependencies"
    }
    assert different == set()
    one.tab_width = 3
    assert other.tab_width == get_default_settings(Parser).tab_width == 8


def test_a_build_asks_for_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(base, "get_default_settings", get_default_settings)
    (tmp_path / "conf.py").write_text('extensions = ["parser_settings"]', "utf-8")
    out = tmp_path / "out"
    Sphinx(tmp_path, tmp_path, out, out, "html", status=None)
    assert base.get_default_settings is parser_settings.settings
    assert base.make_document().settings.tab_width == 8
