"""Both languages are complete and in step, and the Chinese is written as the rules say."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import polib
import pytest

import catalogs
from build import ROOT
from catalog_rules import faults, term_faults
from tests.site.tiny_site import TinySite

LANGUAGE = catalogs.TRANSLATED[0]
CATALOGS = sorted(catalogs.folder(ROOT, LANGUAGE).rglob("*.po"))
TERMS = {"session interface": "会话接口", "session": "会话", "hook": "钩子", "metaclass": "元类"}


# The catalogs.


def test_nothing_is_missing_fuzzy_or_obsolete_and_every_rule_is_kept() -> None:
    found = list(catalogs.check(ROOT, []))
    assert not found, "\n".join(found)


def test_each_text_stands_in_its_catalog_once() -> None:
    for file in CATALOGS:
        texts = Counter(entry.msgid for entry in polib.pofile(str(file)))
        assert [text for text, count in texts.items() if count > 1] == [], file


def test_the_interface_catalog_holds_what_extensions_and_templates_say(
    tiny_site: TinySite, tmp_path: Path
) -> None:
    # The tiny site has the real extensions, templates and theme; its pages do not matter here.
    catalogs.extract(tiny_site.root, tmp_path / "texts")
    texts = {entry.msgid for entry in polib.pofile(str(tmp_path / "texts" / "sphinx.pot"))}
    assert {"Pitfall", "Send it with curl"} <= texts, "from docs/_ext"
    assert {"Language", "Next"} <= texts, "from docs/_templates"
    assert {"Skip to content", "On this page"} <= texts, "from the theme"
    catalog = polib.pofile(str(catalogs.folder(ROOT, LANGUAGE) / "sphinx.po"))
    assert {entry.msgid for entry in catalog} == texts, "run 'nox -s translations'"


def test_the_glossary_page_is_where_the_terms_come_from() -> None:
    terms = catalogs.glossary(ROOT, LANGUAGE)
    assert len(terms) >= 20
    assert terms["session interface"] == "会话接口"
    assert terms["blueprint"] == "蓝图"


# The rules: a good text passes, a bad one is named with what to do.

GOOD = [
    (
        "308, not 301: the browser repeats the request with the same method and body.",
        "状态码是 308 而不是 301：浏览器会用原来的方法和请求体重发一次。",
    ),
    (
        "Set `app.url_map.strict_slashes = False` before the first route.",
        "在注册第一个路由之前设置 `app.url_map.strict_slashes = False`。",
    ),
    (
        "Build links with {py:func}`flask.url_for` and the two cannot drift apart.",
        "链接一律用 {py:func}`flask.url_for` 生成，两边就不会再错开。",
    ),
    ("See {ref}`trailing slashes <trailing-slashes>`.", "见{ref}`结尾的斜杠 <trailing-slashes>`。"),
    ("See {doc}`converters`.", "见 {doc}`converters`。"),
    ("See [Flask](https://flask.example) (in English).", "见 [Flask](https://flask.example)（英文）。"),
    ("**Note**: the *request* is gone.", "**注意**：*请求*已经没有了。"),
    ("Werkzeug has it: {since}`werkzeug.routing.Rule`.", "Werkzeug 有：{since}`werkzeug.routing.Rule`。"),
    ("The passive state, a work in progress, a request.", "被动的状态，正在进行中的工作，请求。"),
    ("%(library)s %(version)s removed it.", "%(library)s %(version)s 移除了它。"),
    ("One footnote[^one].", "一个脚注[^one]。"),
    ("`GET`, `HEAD`", "`GET`、`HEAD`"),
    (r"Write `\d{4}`, then `{name}`.", r"先写 `\d{4}`，再写 `{name}`。"),
    ("Flask 3.1", "Flask 3.1"),
    ("ValidationError", "ValidationError"),
    ("Documented by :py:class:`flask.Flask`.", "文档见 {py:class}`flask.Flask`。"),
    ("A page with ``code`` in it.", "含有 ``code`` 的页面。"),
    ("It turns into 涔﹀簵.", "它变成了“涔﹀簵”。"),
]  # fmt: skip


@pytest.mark.parametrize(("msgid", "msgstr"), GOOD, ids=[msgid for msgid, _ in GOOD])
def test_good_chinese_passes(msgid: str, msgstr: str) -> None:
    assert list(faults(msgid, msgstr)) == []


BAD = [
    # What a translation keeps.
    ("See {ref}`slashes <trailing>`.", "见结尾的斜杠。", "drops the role 'ref trailing': put it back"),
    ("See slashes.", "见 {ref}`trailing`。", "adds the role 'ref trailing': take it out"),
    ("Use {py:func}`flask.flash`.", "用 {py:func}`flask.flush`。", "changes the role 'func flask.flash' to 'func"),
    ("Read [the page](../index.md).", "读这一页。", "drops the link '../index.md': put it back"),
    ("Read <https://a.example>.", "读 <https://b.example>。", "changes the link 'https://a.example' to"),
    ("It answers `404`.", "它返回 404。", "drops the code '404': put it back"),
    ("`GET` and `POST` answer.", "`GET` 会回答。", "drops the code 'POST': put it back"),
    ("See below[^one].", "见下文。", "drops the footnote '[^one]': put it back"),
    ("Ran on %(versions)s.", "运行过。", "drops the placeholder '%(versions)s': put it back"),
    ("One line.", "一行\n又一行。", "has a line break: keep a paragraph on one line"),
    # Whether it is one, and renders.
    ("The rule ends.", "The rule ends.", "has no Chinese in it: translate it"),
    ("Converters", "Converters", "has no Chinese in it: translate it"),
    ("**Note**: read on.", "**注意：**读下去。", "a mark of emphasis or code would show"),
    ("The **rule** ends.", "这条**“规则”**到此为止。", "a mark of emphasis or code would show"),
    # How it is written.
    ("It ends in a slash.", "以斜杠结尾", "the sentence has no full stop: end it with 。"),
    ("It ends, it stays.", "它结束, 它留下。", "half-width punctuation in Chinese: use ，"),
    ("It ends.", "它结束了.", "half-width punctuation in Chinese: use ，"),
    ("It says: no.", "它说:不。", "half-width punctuation in Chinese: use ，"),
    ("Use `a`, `b`, no more.", "用 `a`, `b`，不要更多。", "half-width punctuation in Chinese: use ，"),
    ("A framework (Flask).", "一个框架 (Flask)。", "half-width punctuation in Chinese: use ，"),
    ("The so-called context.", '所谓的"上下文"。', "half-width punctuation in Chinese: use ，"),
    ("And so on...", "如此等等...", "half-width punctuation in Chinese: use ，"),
    ("It ends. It stays.", "它结束了。，它留下。", "two marks of punctuation in a row: keep one"),
    ("Flask answers.", "由Flask回答。", "no space between Han and Latin text: put one"),
    ("It answers 404.", "返回404。", "no space between Han and Latin text: put one"),
    ("Use `GET`.", "用`GET`。", "no space between Han and Latin text: put one"),
    ("See [Flask](#flask).", "见[Flask](#flask)。", "no space between Han and Latin text: put one"),
    ("A **Flask** page.", "一个**Flask**页面。", "no space between Han and Latin text: put one"),
    ("See {doc}`Flask <f>`.", "见{doc}`Flask <f>`。", "no space between Han and Latin text: put one"),
    ("Use {py:func}`f`.", "用{py:func}`f`。", "no space between Han and Latin text: put one"),
    ("Use Flask, always.", "用 Flask ，一直用。", "a space where Chinese has none: take it out"),
    ("Two words.", "两个 词。", "a space where Chinese has none: take it out"),
    ("See {ref}`slashes <s>`.", "见 {ref}`斜杠 <s>`。", "a space where Chinese has none: take it out"),
    ("Use this.", "请使用这个。", "an imperative begins with 请: leave it out"),
    ("Then use this.", "然后，请使用这个。", "an imperative begins with 请: leave it out"),
    ("You can.", "您可以。", "'您' in the translation: write 你"),
    ("Make a request.", "进行一次请求。", "'进行' in the translation: name the action itself"),
    ("It is called.", "它被调用。", "'被' in the translation: turn the sentence round"),
    ("The value of its key.", "应用的配置的键的值。", "a chain of 的: split the sentence"),
    ("A long sentence.", f"{'很' * 61}长。", "a sentence of 62 characters: split it, 60 are enough"),
    ("The request is here.", "請求在这里。", "'請' is not a simplified character"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("msgid", "msgstr", "complaint"), BAD, ids=[f"{bad[0]} {bad[2]}" for bad in BAD]
)
def test_bad_chinese_is_named_with_its_remedy(msgid: str, msgstr: str, complaint: str) -> None:
    (found,) = faults(msgid, msgstr)
    assert complaint in found


def test_a_complaint_shows_the_place() -> None:
    assert list(faults("Use `a` then, `b`.", "先用 `a`，再由Flask用 `b`。")) == [
        "no space between Han and Latin text: put one (at ' `…`，再由Flask')"
    ]


def test_a_term_has_one_rendering() -> None:
    assert list(term_faults("Flask calls each hook.", "Flask 调用每个钩子。", TERMS)) == []
    assert list(term_faults("Flask calls each hook.", "Flask 调用每个挂钩。", TERMS)) == [
        "the glossary renders 'hook' as '钩子': use it, or note '# not-a-term: hook'"
    ]


@pytest.mark.parametrize("text", ["Two hooks.", "Two Metaclasses.", "{ref}`Hooks <hooks>` run."])
def test_a_term_is_known_in_the_plural_in_capitals_and_in_a_label(text: str) -> None:
    assert len(list(term_faults(text, "没有术语。", TERMS))) == 1


@pytest.mark.parametrize("text", ["Read `hook`.", "Use {py:func}`hook`.", "It was unhooked."])
def test_code_and_other_words_are_no_terms(text: str) -> None:
    assert list(term_faults(text, "没有术语。", TERMS)) == []


def test_a_longer_term_settles_the_shorter_one_in_it() -> None:
    terms = {"session": "会话", "session interface": "接口"}
    assert list(term_faults("A session interface.", "一个接口。", terms)) == []


# The entries: what `nox -s translations` prints of each state.


@pytest.mark.parametrize(
    ("entry", "complaints"),
    [
        (polib.POEntry(msgid="A hook.", msgstr="钩子。"), []),
        (
            polib.POEntry(msgid="A hook.", msgstr=""),
            ["not translated: fill in its msgstr"],
        ),
        (
            polib.POEntry(msgid="A hook.", msgstr="钩子。", flags=["fuzzy"]),
            ["fuzzy: read the translation, mend it, remove the flag"],
        ),
        (
            polib.POEntry(msgid="A hook.", msgstr="钩子。", obsolete=True),
            ["obsolete: no page says this any more; run 'nox -s translations'"],
        ),
        (
            polib.POEntry(msgid="A hook.", msgstr="挂钩。"),
            ["the glossary renders 'hook' as '钩子': use it, or note '# not-a-term: hook'"],
        ),
        (polib.POEntry(msgid="A hook.", msgstr="挂钩。", tcomment="not-a-term: hook"), []),
        (
            polib.POEntry(msgid="A hook.", msgstr="您的钩子。"),
            ["'您' in the translation: write 你"],
        ),
    ],
    ids=["good", "missing", "fuzzy", "obsolete", "term", "not a term", "rule"],
)
def test_each_state_of_an_entry_has_its_answer(entry: polib.POEntry, complaints: list[str]) -> None:
    assert list(catalogs.entry_faults(entry, TERMS)) == complaints
