"""A translation is read beside its original, and says no number, name or “not” otherwise."""

from __future__ import annotations

import polib
import pytest

from proven.base.project import ROOT
from proven.claims.proofs import proves
from proven.commands import translations
from proven.translation import catalogs, reading
from proven.translation.facts import exceptions
from proven.translation.languages import TRANSLATED, by_code
from tests.site.tiny_site import TinySite

CHINESE = by_code("zh_CN")
PAGE = "guide/greeting"
CATALOG = f"locale/zh_CN/LC_MESSAGES/{PAGE}.po"


def found(msgid: str, msgstr: str, comment: str = "") -> list[str]:
    entry = polib.POEntry(msgid=msgid, msgstr=msgstr, tcomment=comment)
    return list(reading.fact_faults(entry, CHINESE))


@pytest.mark.parametrize(
    ("msgid", "msgstr"),
    [
        ("The status is 404.", "状态码是 404。"),
        ("It is thirty days.", "期限是 30 天。"),
        ("At most 100,000 bytes.", "最多 10 万字节。"),
        ("It is not called.", "它不会被调用。"),
        ("The URL without the query string.", "去掉查询字符串的 URL。"),
        ("Every message is shown.", "无论什么消息都会显示。"),
        ("Only the first is used.", "只用第一个。"),
        ("It runs before the view.", "它在视图之前执行。"),
        ("It runs after the view.", "它在视图之后执行。"),
        ("It is kept in Redis.", "它保存在 Redis 里。"),
    ],
)
def test_a_translation_may_say_it_in_its_own_way(msgid: str, msgstr: str) -> None:
    assert found(msgid, msgstr) == []


@proves(
    "about/translating",
    "Numbers and names stay the same, and so do “not”, “only”, “before” and “after”.",
)
@pytest.mark.parametrize(
    ("msgid", "msgstr", "fault"),
    [
        ("The status is 404.", "状态码是 405。", "the translation changes 404 to 405"),
        ("The id has 31 characters.", "标识符有 13 个字符。", "changes 31 to 13"),
        ("The status is 404.", "没有这样的状态码。", "the translation drops 404"),
        ("It is read.", "它被读 3 次。", "the translation adds 3"),
        ("It is not called.", "它会被调用。", "'not', which nothing in the translation says"),
        ("It is called.", "它不会被调用。", "'不', which nothing in the original says"),
        ("Only the first is used.", "用第一个。", "'Only', which nothing in the translation says"),
        ("It runs before the view.", "它在视图以后执行。", "'before', which nothing"),
        ("It runs after the view.", "它在视图之前执行。", "'after', which nothing"),
        ("It is kept in Redis.", "它保存在 Memcached 里。", "adds the name Memcached"),
        ("It is sent as JSON.", "它按文本发送。", "drops the name JSON"),
    ],
)
def test_a_translation_that_says_something_else_is_named(
    msgid: str, msgstr: str, fault: str
) -> None:
    assert any(fault in each and "mend it" in each for each in found(msgid, msgstr))


def test_sentence_is_held_against_sentence() -> None:
    # The “not” of the first does not excuse the second.
    original = "It is not called. It is not kept."
    assert found(original, "它不会被调用。它不保留。") == []
    (fault,) = found(original, "它不会被调用。它会保留。")
    assert "It is not kept." in fault


@proves(
    "about/translating",
    "If a rule does not see how the translation says it, note the rule and the reason "
    "above the entry: # facts: not, 去掉 says it.",
)
def test_an_exception_needs_a_reason() -> None:
    pair = "It is not called.", "它会被调用。"
    assert exceptions("facts: not, 换了说法") == {"not"}
    assert found(*pair, "facts: not, 换了说法") == []
    assert len(found(*pair, "facts: not")) == 1
    assert len(found(*pair, "facts: only, 换了说法")) == 1


@proves(
    "about/translating", "The build stops for a pair without a mark, once a language has marks."
)
def test_a_language_without_marks_is_not_held_to_them(tiny_site: TinySite) -> None:
    assert not reading.held(tiny_site.root, CHINESE)
    # Nobody takes the marks away again.
    assert reading.held(ROOT, CHINESE)


def test_every_translation_was_read() -> None:
    for language in TRANSLATED:
        for name in catalogs.names(ROOT, language) if reading.held(ROOT, language) else ():
            for entry in catalogs.read(ROOT, language, name):
                faults = list(reading.reading_faults(ROOT, language, name, entry))
                assert faults == [], f"{name}:{entry.linenum}"


@proves(
    "about/adding-a-page",
    "When you have read each translation beside its original, the second notes that.",
)
@proves(
    "about/translating",
    "The command prints the pairs that nobody has read yet.",
    "A mark holds until the original or the translation changes.",
    "The build stops for a pair without a mark, once a language has marks.",
)
def test_a_pair_that_changes_is_unread_until_it_is_marked(tiny_site: TinySite) -> None:
    root = tiny_site.root
    lines = list(translations.read(root, []))
    assert lines[-1].endswith("newly marked as read")
    before = reading.path(root, CHINESE, PAGE).read_text("utf-8").splitlines()
    assert before == sorted(set(before))
    assert len(before) == len(catalogs.read(root, CHINESE, PAGE))
    tiny_site.edit(CATALOG, 'msgstr "问候两次"', 'msgstr "再问候"')
    (fault,) = (each for each in tiny_site.build("zh_CN").complaints if "unread" in each)
    line = tiny_site.line(CATALOG, 'msgid "Greet twice"')
    assert fault.startswith(f"{CATALOG}:{line}: ")
    assert "unread: 'Greet twice' / '再问候'" in fault
    assert f"nox -s translations -- read {PAGE}" in fault
    assert any("unread" in each for each in translations.check(root, [PAGE]))
    pair, said = translations.read(root, [PAGE])
    assert pair == "Greet twice\n再问候\n"
    assert said == "简体中文: 1 newly marked as read"
    after = reading.path(root, CHINESE, PAGE).read_text("utf-8").splitlines()
    assert len(set(before) ^ set(after)) == 2


def test_a_pair_that_breaks_a_rule_is_not_marked(tiny_site: TinySite) -> None:
    list(translations.read(tiny_site.root, []))
    tiny_site.edit(CATALOG, "再问候一次，不花什么。", "再问候 2 次，不花什么。")
    refused, _ = translations.read(tiny_site.root, [PAGE])
    assert refused.startswith(f"refused: {CATALOG}:")
    assert "the translation adds 2" in refused
    assert any("adds 2" in each for each in tiny_site.build("zh_CN").complaints)


def test_only_a_page_that_exists_is_marked(tiny_site: TinySite) -> None:
    with pytest.raises(SystemExit, match="there is no catalog 'guide/tea'"):
        list(translations.read(tiny_site.root, ["guide/tea"]))
