"""Languages: docs/guide/application-languages.md."""

from __future__ import annotations

import re

import polib
import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask import Flask, request
from wtforms.i18n import get_translations

from proven.claims.proofs import proves
from snippets.application import language_switch, languages, preferred
from tests.guide.application.common import ADA, PACKAGE, ROOT, TEXT, Visitor, parsed, said


@proves(
    "guide/application",
    "show every page in English or Chinese, as the user chooses or the browser prefers | "
    "Two languages",
)
@proves(
    "guide/application-languages",
    "The function preferred above goes through the list of the browser in order and "
    "compares the first part of each tag.",
)
@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("zh-CN,en;q=0.8", "zh"),
        ("en-US,zh;q=0.5", "en"),
        ("zh-Hans-CN", "zh"),
        ("zh_TW", "zh"),
        ("de,zh;q=0.5", "zh"),
        ("zh;q=0,de", "en"),
        ("de", "en"),
        ("*", "en"),
        ("", "en"),
        (";;,,q=", "en"),
    ],
)
def test_the_language_is_the_first_that_the_browser_likes(
    app: Flask, wanted: str, language: str
) -> None:
    answer = Visitor(app, wanted).get("/login")
    page = parsed(answer)
    assert answer.content_language.as_set() == {language}
    assert "Accept-Language" in answer.vary
    assert page.html is not None
    assert page.html["lang"] == {"zh": "zh-CN", "en": "en"}[language]
    assert page.select_one("h1").get_text() == {"zh": "登录", "en": "Log in"}[language]  # type: ignore[union-attr]


@proves(
    "guide/application-languages",
    "Each page has a link to itself in the other language.",
    "The choice is stored in a cookie of its own, so it needs no session.",
    "It takes precedence over the language that the browser prefers.",
)
def test_a_link_switches_the_language_and_the_choice_stays(app: Flask) -> None:
    visitor = Visitor(app)
    link = visitor.page("/login?next=/notes/").select_one(".language")
    assert link is not None
    assert (link.get_text(), link["lang"]) == ("简体中文", "zh")
    answer = visitor.get(str(link["href"]))
    assert (answer.status_code, answer.location) == (303, "/login?next=/notes/")
    assert f"Max-Age={365 * 24 * 60 * 60}" in answer.headers["Set-Cookie"]
    page = visitor.page(answer.location)
    assert page.html is not None
    assert page.html["lang"] == "zh-CN"
    assert [a.get_text() for a in page.select(".language")] == ["English"]
    assert "Cookie" in visitor.get("/login").vary
    # also where the page is an error
    lost = parsed(visitor.get("/nothing")).select_one(".language")
    assert lost is not None
    assert lost["href"] == "/language/en?next=/nothing"
    refused = parsed(visitor.client.post("/login", headers=visitor.headers)).select_one(".language")
    assert refused is not None
    assert refused["href"] == "/language/en?next=/"
    assert visitor.get("/language/de").status_code == 404
    assert set(preferred.NAMES) == set(app.extensions["catalogs"])
    assert app.view_functions["language_switch.choose"] is language_switch.choose
    visitor.client.set_cookie("language", "de")
    assert "Log in" in said(visitor.get("/login"))


@proves(
    "guide/application-languages",
    "A browser that asks for Traditional Chinese, with zh-TW, zh-HK or zh-Hant, gets "
    "Simplified Chinese.",
    "A line in Traditional characters says so, beside the link to English.",
)
@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        *[("zh-TW,zh;q=0.9,en;q=0.8", True), ("zh-Hant", True), ("zh-HK", True), ("zh_MO", True)],
        *[("zh-CN", False), ("zh-Hans-HK", False), ("zh", False), ("en,zh-TW", False)],
    ],
)
def test_who_wants_traditional_chinese_is_told_that_it_is_simplified(
    app: Flask, wanted: str, told: bool
) -> None:
    visitor = Visitor(app, wanted)
    word = visitor.page("/login").select_one("[lang=zh-Hant]")
    assert (word is not None) == told
    if word:
        assert word.get_text().startswith("這裡只有簡體中文")
        answer = visitor.get(str(word.a["href"]))  # type: ignore[index]
        assert answer.location == "/login"
        assert visitor.page("/login").select_one("[lang=zh-Hant]") is None


@proves(
    "guide/application-languages",
    "best_match() first looks for exact tags.",
    'If you offer ["en", "zh"], the header zh-CN,en;q=0.8 gets English, because only en '
    "matches exactly, and en-US,zh;q=0.5 gets Chinese.",
)
def test_best_match_would_prefer_an_exact_tag(app: Flask) -> None:
    for wanted, found in (("zh-CN,en;q=0.8", "en"), ("en-US,zh;q=0.5", "zh")):
        with app.test_request_context(headers={"Accept-Language": wanted}):
            assert request.accept_languages.best_match(["en", "zh"]) == found
            assert preferred.language() != found
            assert f"`{wanted}`" in TEXT


@proves(
    "guide/application-languages",
    "A text is marked for translation in one of three ways:",
    'a template | {{ _("Log in") }}, {% trans %} | at once',
    'a view | _("Saved.") | at once',
    'a form, a table of texts | marked("Password") | when it is shown, by the filter translate',
    "A test extracts every marked text with Babel and compares them with the catalog.",
    "Both must contain the same texts.",
)
def test_the_catalog_is_complete_and_has_nothing_else() -> None:
    keywords = {"_": None, "gettext": None, "marked": None, "ngettext": (1, 2)}
    methods = [("templates/**.html", "jinja2.ext:babel_extract"), ("**.py", "python")]
    options = {"templates/**.html": {"silent": "false", "newstyle_gettext": "true"}}
    found = extract_from_dir(PACKAGE, methods, options, keywords)
    texts = {text for _, _, text, _, _ in found}
    with PACKAGE.joinpath("translations/zh.po").open("rb") as file:
        catalog = read_po(file, abort_invalid=True)
    assert len(texts) > 50
    assert {entry.id for entry in catalog if entry.id} == texts
    for entry in catalog:
        if entry.id:
            assert entry.string, entry.id
            assert not entry.fuzzy
            assert list(entry.check()) == []
    assert not catalog.obsolete


@proves(
    "guide/application-accounts",
    "locales makes WTForms show its own errors, such as “This field is required.”, in the "
    "language of the page.",
    "If a form has errors, the view responds with 422 and shows the form again, in the "
    "language of the browser:",
)
def test_forms_errors_and_messages_are_translated_too(app: Flask) -> None:
    ada = Visitor(app, "zh-CN,zh;q=0.9")
    answer = said(ada.post("/register", mobile="1", password="short", again="other"))
    # our own, and those of WTForms
    for words in (
        "这不是手机号。",
        "两次输入的密码不一样。",
        "字段长度必须介于 8 到 200 个字符之间。",
    ):
        assert words in answer
    ada.register()
    assert "欢迎！写下第一条笔记吧。" in said(ada.get("/notes/"))
    ada.write("早")
    assert "1 条笔记" in said(ada.get("/notes/"))
    assert "这个地址上什么也没有。" in said(ada.get("/nothing"))
    one = Visitor(app)
    one.login()
    assert "1 note" in said(one.get("/notes/"))
    one.write("two")
    assert "2 notes" in said(one.get("/notes/"))


def test_outside_a_request_the_language_is_english(app: Flask) -> None:
    with app.app_context():
        assert (preferred.language(), languages.gettext("Log in")) == ("en", "Log in")


@proves(
    "guide/application-languages",
    "With new-style gettext, _(…) returns Markup, because Jinja trusts the catalog.",
    "If you pass a variable, it trusts the variable too and does not escape it.",
    "For a text in a variable use a filter, here {{ text|translate }}.",
    "For a value inside a text use {% trans %}, which escapes it.",
)
def test_a_function_of_new_style_gettext_escapes_nothing_and_the_filter_does(app: Flask) -> None:
    with app.test_request_context():
        render = app.jinja_env.from_string
        assert render("{{ _(text) }}").render(text="<b>") == "<b>"
        autoescaped = app.jinja_env.overlay(autoescape=True).from_string
        assert autoescaped("{{ _(text) }}").render(text="<b>") == "<b>"
        assert autoescaped("{{ text|translate }}").render(text="<b>") == "&lt;b&gt;"


def test_the_chinese_page_quotes_the_chinese_interface() -> None:
    page = polib.pofile(str(ROOT / "locale/zh_CN/LC_MESSAGES/guide/application-notes.po"))
    own = polib.pofile(str(PACKAGE / "translations/zh.po"))
    wtforms = get_translations(["zh"])
    longest = "Field cannot be longer than %(max)d character"
    texts = [entry.msgstr for entry in own] + [
        wtforms.gettext("This field is required."),
        wtforms.ngettext(f"{longest}.", f"{longest}s.", 100) % {"max": 100},
    ]
    rows = [entry for entry in page if entry.msgid.startswith("“")]
    assert len(rows) >= 10
    for row in rows:
        [quoted] = re.findall("“([^”]+)”", row.msgstr)
        assert any(quoted in text for text in texts), quoted


@proves(
    "guide/application-languages",
    "An entry consists of the text from the source code and its translation:",
)
def test_the_entry_on_the_page_is_in_the_catalog() -> None:
    [entry] = re.findall(r"^(msgid .*\nmsgstr .*)$", TEXT, re.MULTILINE)
    assert entry in PACKAGE.joinpath("translations/zh.po").read_text(encoding="utf-8")


@proves(
    "guide/application-accounts",
    "This needs WTF_I18N_ENABLED = False, because Flask-WTF otherwise looks for an "
    "extension that is not installed here.",
)
def test_with_the_default_of_flask_wtf_its_messages_stay_english(app: Flask) -> None:
    visitor = Visitor(app, "zh")
    assert "该字段是必填字段。" in said(visitor.post("/login", mobile=ADA))
    app.config["WTF_I18N_ENABLED"] = True
    assert "This field is required." in said(visitor.post("/login", mobile=ADA))
