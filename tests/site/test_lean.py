"""Pages are light: code that looks like plain text has no element, and a word of inline code has one."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from lxml import html
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Operator, Token

from proven.base.project import ROOT
from proven.site.lean import PLAIN, UNUSED, Formatter

CODE = ROOT.joinpath("snippets/routing/trailing_slashes.py").read_text("utf-8")


def rules(site: Path, scheme: str) -> dict[str, str]:
    """Return what the style sheet of the site says of each class of a token, in a scheme."""
    sheet = site.joinpath("en/_static/pygments.css").read_text("utf-8")
    found = re.findall(
        rf"^{re.escape(scheme)}\.highlight(?: \.(\w+))? {{([^}}]*)}}", sheet, re.MULTILINE
    )
    return {name: look.split(";")[-1].strip() if not name else look.strip() for name, look in found}


@pytest.mark.parametrize("scheme", ["", 'body[data-theme="dark"] '])
def test_what_has_no_element_would_look_like_the_text_around_it(site: Path, scheme: str) -> None:
    looks = rules(site, scheme)
    text = looks[""]
    assert text.startswith("color: #")
    classes = {"n": looks["n"], "p": looks["p"], "nx": looks["nx"], "pm": looks["pm"]}
    assert set(classes.values()) == {text}
    assert (looks["o"] == text) is bool(scheme), "only the light style colours operators"


def test_code_is_the_same_without_these_elements() -> None:
    lexer = get_lexer_by_name("python")
    lean, full = written(Formatter(), lexer), written(HtmlFormatter[str](), lexer)
    assert text_of(lean) == text_of(full)
    assert lean.count("<span") < 0.6 * full.count("<span")
    assert 'class="kn">import' in lean
    kinds = {kind for kind, _ in lexer.get_tokens(CODE)}
    assert kinds & PLAIN >= {Operator, Token.Name}


def written(formatter: HtmlFormatter[str], lexer: Lexer) -> str:
    """Return code as a formatter writes it."""
    return highlight(CODE, lexer, formatter)


def text_of(page: str) -> str:
    """Return the text of some HTML."""
    return unescape(re.sub(r"<[^>]*>", "", page))


def test_a_word_of_inline_code_is_one_element_and_more_are_kept_whole_each(site: Path) -> None:
    tree = html.parse(str(site / "en/guide/contexts.html")).getroot()
    codes = tree.xpath("//article//code[contains(@class, 'literal')]")
    words = [code for code in codes if not re.search(r"\s", code.text_content())]
    several = [code for code in codes if re.search(r"\s", code.text_content())]
    assert len(words) > 100
    assert len(several) > 20
    for code in words:
        assert "pre" in code.classes
        assert len(code) == 0
    kept = [part for code in several for part in code]
    assert {part.get("class") for part in kept} == {"pre"}
    assert any("-" in part.text for part in kept)
    assert not any(re.fullmatch(r"[\w.,:;=()\[\]{]+", part.text, re.ASCII) for part in kept)
    for code in several:
        assert "pre" not in code.classes
        loose = [
            *(code.text or "").split(),
            *(word for part in code for word in (part.tail or "").split()),
        ]
        assert not any(re.search(r"[-/?]", word) for word in loose)


def test_scripts_that_nothing_uses_are_not_loaded(site: Path) -> None:
    tree = html.parse(str(site / "zh-cn/guide/routing.html")).getroot()
    scripts = {str(source).partition("?")[0] for source in tree.xpath("//script/@src")}
    assert "../_static/copybutton.js" in scripts
    assert not scripts & {f"../{name}" for name in UNUSED}


def test_style_sheets_are_sent_without_comments(site: Path) -> None:
    kept = ROOT.joinpath("docs/_static/proven.css").read_text("utf-8")
    sent = site.joinpath("en/_static/proven.css").read_text("utf-8")
    assert len(sent) < 0.9 * len(kept)
    assert "/*" not in sent
    rules = [
        re.sub(r" ?([{},;]) ?", r"\1", " ".join(re.sub(r"/\*.*?\*/", " ", it, flags=re.S).split()))
        for it in (kept, sent)
    ]
    assert rules[0] == rules[1]


def test_scripts_are_sent_without_comments_but_with_licences(site: Path) -> None:
    folder = ROOT / "docs/_static"
    for file in folder.rglob("*.js"):
        lines = file.read_text("utf-8").splitlines()
        sent = site.joinpath("en/_static", file.relative_to(folder)).read_text("utf-8").splitlines()
        assert sent == [line for line in lines if not line.strip().startswith("//")], file
    copying = site.joinpath("en/_static/copybutton.js").read_text("utf-8")
    assert "/**" not in copying
    assert "const clipboard = new ClipboardJS(" in copying
    for name in ("scripts/furo.js", "clipboard.min.js", "search/minisearch.js"):
        assert site.joinpath("en/_static", name).read_text("utf-8").startswith("/*!")


def test_only_pages_with_a_table_of_releases_load_its_style(site: Path) -> None:
    pages = {file: file.read_text("utf-8") for file in site.joinpath("en").rglob("*.html")}
    loading = {file for file, text in pages.items() if "_static/history.css" in text}
    named = {
        file
        for file, text in pages.items()
        if html.fromstring(text).xpath("//article//table[contains(@class, 'history')]")
    }
    assert named
    assert named <= loading
    assert site / "en/guide/request-life.html" not in loading
