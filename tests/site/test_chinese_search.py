"""Chinese search: pages and queries are cut alike, so that a page with the words is found by them."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from collections.abc import Callable

import polib
import pytest
from playwright.sync_api import sync_playwright

import catalogs
from build import ROOT
from chinese_search import SPLITTER, ChineseSearch
from tests.site.tiny_site import TinySite

SEARCH = ChineseSearch({})


@pytest.fixture(scope="module")
def split_query() -> Callable[[list[str]], list[list[str]]]:
    """Return the browser's splitter, run by node where there is one, else by the browser."""

    def split(queries: list[str]) -> list[list[str]]:
        script = f"{SPLITTER}\nJSON.stringify({json.dumps(queries)}.map(splitQuery))"
        words: list[list[str]] = json.loads(evaluate(script))
        return words

    return split


def evaluate(script: str) -> str:
    if node := shutil.which("node"):
        # From standard input, because a command line has a limit.
        run = [node, "-e", "console.log(eval(require('fs').readFileSync(0, 'utf8')))"]
        return subprocess.run(
            run, input=script, capture_output=True, check=True, text=True, encoding="utf-8"
        ).stdout
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("neither node nor Chromium found; install with: apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        return str(chromium.new_page().evaluate("(script) => (0, eval)(script)", script))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("请求上下文", ["请求", "求上", "上下", "下文"]),
        ("会话", ["会话"]),
        ("页", ["页"]),
        ("Flask 请求", ["Flask", "请求"]),
        ("用url_for生成", ["用", "url_for", "生成"]),
        ("HTTP/1.1 404", ["HTTP", "1", "1", "404"]),
        ("以斜杠结尾，不带斜杠", ["以斜", "斜杠", "杠结", "结尾", "不带", "带斜", "斜杠"]),
        ("naïve café", ["naïve", "café"]),
        ("", []),
        ("，。", []),
    ],
)
def test_a_query_is_cut_into_pairs_and_words(
    split_query: Callable[[list[str]], list[list[str]]], text: str, words: list[str]
) -> None:
    assert split_query([text]) == [words]


def test_a_page_is_cut_into_the_same_pairs_and_single_characters() -> None:
    assert SEARCH.split("请求上下文") == [
        *("请求", "求上", "上下", "下文"),
        *("请", "求", "上", "下", "文"),
    ]
    assert SEARCH.split("用url_for生成") == ["用", "url_for", "生成", "生", "成"]


def test_page_and_query_are_cut_alike(
    split_query: Callable[[list[str]], list[list[str]]],
) -> None:
    texts = sorted(translations())
    assert len(texts) > 500
    for text, query in zip(texts, split_query(texts), strict=True):
        pairs = [
            word for word in SEARCH.split(text) if len(word) > 1 or not SEARCH.word_filter(word)
        ]
        cut = [word for word in query if len(word) > 1]
        assert cut == [word for word in pairs if len(word) > 1], text


def test_every_piece_of_chinese_finds_the_text_it_stands_in(
    split_query: Callable[[list[str]], list[list[str]]],
) -> None:
    texts = sorted(translations())
    pick = random.Random(7)
    pieces = []
    for _ in range(300):
        text = pick.choice(texts)
        start = pick.randrange(len(text))
        pieces.append((text, text[start : start + pick.randint(1, 8)]))
    for (text, piece), words in zip(pieces, split_query([p for _, p in pieces]), strict=True):
        index = {word for word in SEARCH.split(text) if SEARCH.word_filter(word)}
        # A Latin word at the edge of a piece may be cut in half; the Han around it may not be lost.
        wanted = [word for word in words if "\u3400" <= word[0] <= "\u9fff"]
        assert set(wanted) <= index, (text, piece)


def translations() -> set[str]:
    """Return every Chinese text of the site."""
    folder = catalogs.folder(ROOT, catalogs.TRANSLATED[0])
    return {e.msgstr for file in folder.rglob("*.po") for e in polib.pofile(str(file)) if e.msgstr}


def test_single_characters_and_short_words_stay_in_the_index() -> None:
    assert SEARCH.word_filter("页")
    assert SEARCH.word_filter("会话")
    assert SEARCH.word_filter("flask")
    assert not SEARCH.word_filter("404")


def test_latin_words_are_found_by_their_stem() -> None:
    assert SEARCH.stem("blueprints") == SEARCH.stem("blueprint")


def test_the_built_site_has_both_halves(tiny_site: TinySite) -> None:
    built = tiny_site.build("zh_CN")
    script = built.html.joinpath("_static", "language_data.js").read_text(encoding="utf-8")
    assert SPLITTER.strip() in script
    index = built.html.joinpath("searchindex.js").read_text(encoding="utf-8")
    found = json.loads(index.removeprefix("Search.setIndex(").removesuffix(")"))
    assert {"访客", "每位", "每", "flask"} <= set(found["terms"])
    assert {"编号", "编"} <= set(found["titleterms"])
