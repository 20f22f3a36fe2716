"""Every language is in step with the source and complete if it says so, and the Chinese is written as the rules say."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import polib
import pytest

from proven.base.project import ROOT
from proven.claims.proofs import proves
from proven.commands import translations
from proven.translation import catalogs
from proven.translation.languages import TRANSLATED, by_code
from proven.translation.rules import faults, term_faults
from tests.site.tiny_site import TinySite

CHINESE = by_code("zh_CN")
TERMS = {"session interface": "会话接口", "session": "会话", "hook": "钩子", "metaclass": "元类"}


# The catalogs.


@proves(
    "about/translating",
    "Both change in the same commit, and a page is complete in both languages or the build stops.",
    "The label of a link may change: this one may.",
)
@proves("reference/glossary", "A test checks the translation of every page against this list.")
def test_nothing_is_missing_fuzzy_or_obsolete_and_every_rule_is_kept() -> None:
    found = list(translations.check(ROOT, []))
    assert not found, "\n".join(found)


def test_each_text_stands_in_its_catalog_once() -> None:
    for language in TRANSLATED:
        for name in catalogs.names(ROOT, language):
            texts = Counter(entry.msgid for entry in catalogs.read(ROOT, language, name))
            assert [text for text, count in texts.items() if count > 1] == [], name


@proves(
    "about/translating",
    "Begin with sphinx.po, which holds the texts of every page's buttons and labels.",
)
def test_the_interface_catalog_holds_what_extensions_and_templates_say(tiny_site: TinySite) -> None:
    # The tiny site has the real extensions, templates and theme; its pages do not matter here.
    texts = {*translations.extract(tiny_site.root)[0][catalogs.INTERFACE]}
    assert {"Pitfall", "Send it with curl"} <= texts, "from docs/_ext"
    assert {"Language", "Next"} <= texts, "from docs/_templates"
    assert {"Skip to content", "On this page"} <= texts, "from the theme"
    for language in TRANSLATED:
        catalog = catalogs.read(ROOT, language, catalogs.INTERFACE)
        assert {entry.msgid for entry in catalog} == texts, "run 'nox -s translations'"


def test_the_glossary_page_is_where_the_terms_come_from() -> None:
    terms = catalogs.glossary(ROOT, CHINESE)
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
    ("The old content is overwritten, the hook is skipped.", "已有的内容会被覆盖，钩子会被跳过。"),
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
    assert list(faults(msgid, msgstr, CHINESE)) == []


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
    ("From :func:`flask.flash`.", "来自 :func:`flask.flash`。", "as it stands: write {py:func}`flask.flash`"),
    ("The rule ends.", "The rule ends.", "the translation is the original: translate it"),
    ("The rule ends.", "It ends.", "has no Chinese in it: translate it"),
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
    ("It is used for tests.", "它被用于测试。", "'被用于' in the translation: leave 被 out"),
    ("It is called a hook.", "它被称为钩子。", "'被称为' in the translation: leave 被 out"),
    ("The value of its key.", "应用的配置的键的值。", "a chain of 的: split the sentence"),
    ("A long sentence.", f"{'很' * 61}长。", "a sentence of 62 characters: split it, 60 are enough"),
    ("The request is here.", "請求在这里。", "'請' is not a simplified character"),
]  # fmt: skip


@proves(
    "about/translating",
    "A paragraph stays on one line, because a line break between two Han characters shows "
    "as a space.",
    "你, never 您.",
    "An imperative without 请.",
    "A space between Han characters and Latin letters or digits, none beside full-width "
    "punctuation.",
    "No chain of 的, no 进行 before a verb.",
    "被 only where Chinese needs it: 已有的内容会被覆盖, but not 它被用于测试.",
    "Emphasis closes before the punctuation: **注意**： renders, **注意：** does not.",
    "A test checks punctuation, spaces, words and terms.",
)
@pytest.mark.parametrize(
    ("msgid", "msgstr", "complaint"), BAD, ids=[f"{bad[0]} {bad[2]}" for bad in BAD]
)
def test_bad_chinese_is_named_with_its_remedy(msgid: str, msgstr: str, complaint: str) -> None:
    (found,) = faults(msgid, msgstr, CHINESE)
    assert complaint in found


def test_a_complaint_shows_the_place() -> None:
    assert list(faults("Use `a` then, `b`.", "先用 `a`，再由Flask用 `b`。", CHINESE)) == [
        "no space between Han and Latin text: put one (at ' `…`，再由Flask')"
    ]


@proves(
    "about/translating",
    "The terms of the Glossary, each with one rendering.",
    "A test checks punctuation, spaces, words and terms.",
)
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


# The rules for every language, and for one that has no others.

JAPANESE = replace(CHINESE, code="ja", rules="", banned={"下さい": "write ください"})


@proves(
    "about/translating",
    "A language may ask for two more things: a module in "
    "docs/_ext/proven/translation/rules/ that checks how it is written, as zh_cn.py does, and, "
    "if no spaces stand between its words, a way to cut them for the search.",
)
@pytest.mark.parametrize(
    ("msgid", "msgstr", "complaints"),
    [
        ("Words have a space, always.", "言語の語 , 結尾の斜線 (請求)", []),
        ("Route", "Route", []),
        ("See {ref}`slashes <s>`.", "参照。", ["the translation drops the role 'ref s': put it back"]),
        ("**Note**: read on.", "**注意：**続き。", ["a mark of emphasis or code would show: keep "
                                              "punctuation outside of its marks"]),
        ("One line.", "一行\n二行", ["the translation has a line break: keep a paragraph on one line"]),
        ("The rule ends.", "The rule ends.", ["the translation is the original: translate it"]),
        ("Use it.", "使って下さい。", ["'下さい' in the translation: write ください"]),
    ],
)  # fmt: skip
def test_another_language_is_not_held_to_the_rules_of_chinese(
    msgid: str, msgstr: str, complaints: list[str]
) -> None:
    assert list(faults(msgid, msgstr, JAPANESE)) == complaints


# The entries: what the build and `nox -s translations` say of each state.


@pytest.mark.parametrize(
    ("entry", "state"),
    [
        (polib.POEntry(msgid="A hook.", msgstr="钩子。"), ""),
        (polib.POEntry(msgid="A hook.", msgstr=""), "not translated: fill in its msgstr"),
        (
            polib.POEntry(msgid="A hook.", msgstr="钩子。", flags=["fuzzy"]),
            "fuzzy: read the translation, mend it, remove the flag",
        ),
        (
            polib.POEntry(
                msgid="A hook.", msgstr="钩子。", flags=["fuzzy"], previous_msgid="Hook."
            ),
            "fuzzy: read the translation of 'Hook.', mend it, remove the flag",
        ),
        (
            polib.POEntry(msgid="A hook.", msgstr="钩子。", obsolete=True),
            "obsolete: no page says this any more; run 'nox -s translations'",
        ),
    ],
    ids=["good", "missing", "fuzzy", "fuzzy, with what it was", "obsolete"],
)
def test_each_state_of_an_entry_has_its_answer(entry: polib.POEntry, state: str) -> None:
    assert catalogs.state(entry) == state


@proves(
    "about/translating",
    "Inline code, roles, link targets, footnotes and placeholders stay as they are, each "
    "as often as in the original.",
    "Where an English word is not meant as a term, say so above the entry: # not-a-term: context.",
)
@pytest.mark.parametrize(
    ("entry", "complaints"),
    [
        (polib.POEntry(msgid="A hook.", msgstr="钩子。"), []),
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
    ids=["good", "term", "not a term", "rule"],
)
def test_a_translation_is_held_to_terms_and_rules(
    entry: polib.POEntry, complaints: list[str]
) -> None:
    assert list(catalogs.entry_faults(entry, CHINESE, TERMS)) == complaints
