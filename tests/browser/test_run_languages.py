"""The replay in every language: their pages offer the same snippets, requests and examples, and some are sent there."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from proven.claims.proofs import proves
from proven.translation.languages import SOURCE, TRANSLATED
from tests.browser.panel import PATIENCE, running

pytestmark = pytest.mark.usefixtures("made")


def data(site: Path, folder: str) -> dict[str, dict[str, Any]]:
    """Return what the panels of all pages of a language ask for."""
    place = site / folder / "_run"
    return {
        path.relative_to(place).as_posix(): json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(place.rglob("*.json"))
    }


def code(path: str, content: Any) -> Any:
    """Return a file without its comments and docstrings, which are translated."""
    if not path.endswith(".py"):
        return content
    tree = ast.parse(content)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                del node.body[0]
    return ast.dump(tree)


def offered(module: dict[str, Any]) -> Any:
    """Return what a panel sends to a snippet, and the status that was recorded; a token differs between two builds."""
    sent = [
        [(step["request"], step["answer"]["status"]) for step in block]
        for block in module["blocks"]
    ]
    return sent, module["files"], module["bundles"], module["varies"]


@proves("about/testing", "The pages of all languages offer the same requests and examples.")
@pytest.mark.parametrize("language", TRANSLATED, ids=lambda language: language.folder)
def test_the_pages_of_a_translation_offer_the_same(site: Path, language: Any) -> None:
    source, translated = data(site, SOURCE.folder), data(site, language.folder)
    assert source.keys() == translated.keys()
    for page, its in source.items():
        other = translated[page]
        assert its["modules"].keys() == other["modules"].keys(), page
        for module, one in its["modules"].items():
            assert offered(one) == offered(other["modules"][module]), f"{page}: {module}"
        assert its.get("examples") == other.get("examples"), page
        assert its["files"].keys() == other["files"].keys(), page
        for path, content in its["files"].items():
            assert code(path, content) == code(path, other["files"][path]), f"{page}: {path}"


@pytest.mark.parametrize(
    ("page", "module"),
    [
        ("guide/routing", "snippets.routing.smallest"),
        ("guide/flashing", "snippets.flashing.categories"),
        ("guide/sessions", "snippets.signed_sessions.smallest"),
        ("guide/database", "snippets.database.smallest"),
        ("guide/application", "snippets.application.recorded"),
    ],
)
@pytest.mark.parametrize("language", TRANSLATED, ids=lambda language: language.folder)
def test_what_a_translated_page_records_is_answered_in_its_panel(
    chromium: Browser, address: str, site: Path, language: Any, page: str, module: str
) -> None:
    its = data(site, language.folder)[f"{page}.json"]
    count = sum(len(block) for block in its["modules"][module]["blocks"])
    assert count
    with running(chromium, address, page, module, language.folder) as started:
        started.panel.get_by_role("button", name=its["texts"]["send_all"]).click()
        items = started.panel.locator(".run-all li")
        expect(items).to_have_count(count, timeout=PATIENCE)
        assert all(its["texts"]["same"] in text for text in items.all_inner_texts())
