"""The commands behind nox: what they do, print and answer to a mistake."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from lxml import etree, html

from proven.base.memory import kept
from proven.claims.proofs import proves
from proven.commands import build, doctests, translations
from proven.site.root_pages import root_pages
from proven.translation import catalogs
from proven.translation.languages import LANGUAGES, SOURCE, by_code
from tests.site.tiny_site import INTERFACE, TinySite

VISITORS = "docs/guide/visitors.md"
VISITORS_PO = "locale/zh_CN/LC_MESSAGES/guide/visitors.po"
NUMBER = 'msgid "A visitor has a number."\nmsgstr "每位访客有一个编号。"\n'


# build.py: nox -s docs


@pytest.fixture
def building(
    tiny_site: TinySite, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[TinySite, Path]]:
    """Let the command line of build.py build the tiny site; return it and where it is built to."""
    output = tiny_site.root / "out"
    monkeypatch.setattr(build, "ROOT", tiny_site.root)
    # However slow the machine is, it does not say how far it is.
    monkeypatch.setattr(build, "QUIET", float("inf"))
    monkeypatch.setattr("sys.argv", ["build.py", "--output", str(output)])
    monkeypatch.delenv("PROVEN_BASE_URL", raising=False)
    return tiny_site, output


def test_a_build_says_where_the_site_lies_and_how_complete_it_is(
    building: tuple[TinySite, Path], capfd: pytest.CaptureFixture[str]
) -> None:
    site, output = building
    texts = 16 + len(polib.pofile(str(site.root / INTERFACE)))
    assert build.main() == 0
    first, built, *languages = capfd.readouterr().out.splitlines()
    assert first == f"building {', '.join(language.name for language in LANGUAGES)} ..."
    assert built.startswith("built in ")
    assert built.endswith(f" s: {output / 'html' / 'index.html'}")
    assert languages[:2] == [
        "  English: the source",
        f"  简体中文: 100 % ({texts} of {texts} texts)",
    ]
    folders = {language.folder for language in LANGUAGES}
    assert {path.name for path in output.joinpath("html").iterdir()} == {
        "index.html",
        "404.html",
        *folders,
    }
    assert not output.joinpath("html.next").exists()


def test_a_failed_build_says_why_with_short_paths_and_fails(
    building: tuple[TinySite, Path], capfd: pytest.CaptureFixture[str]
) -> None:
    site, output = building
    site.edit(VISITORS, "A visitor has a number.", "A visitor has a {ref}`number`.")
    assert build.main() == 1
    lines = capfd.readouterr().out.splitlines()
    names = ", ".join(language.name for language in LANGUAGES)
    # Which build is the first to say its own is chance.
    assert [lines[0], *sorted(lines[1:3], reverse=True), *lines[3:]] == [
        f"building {names} ...",
        "docs/guide/visitors.md:7: WARNING: undefined label: 'number'; name a label; one stands before "
        "each heading as '(label)=' [ref.ref]",
        "docs/guide/visitors.md:7: WARNING: not translated: 'A visitor has a {ref}`number`.'; run 'nox "
        "-s translations' and fill it in locale/zh_CN/LC_MESSAGES/guide/visitors.po [proven.catalog]",
        f"{names}: the build failed; the lines above say where and why",
        f"there is no site in {output}/html yet",
    ]


def test_a_fault_in_one_language_fails_the_build_of_all(
    building: tuple[TinySite, Path], capfd: pytest.CaptureFixture[str]
) -> None:
    site, _ = building
    site.edit(VISITORS_PO, "每位访客有一个编号。", "")
    assert build.main() == 1
    output = capfd.readouterr().out
    assert "\n简体中文: the build failed" in output


def test_progress_counts_what_pages_say_and_not_what_catalogs_have(tmp_path: Path) -> None:
    folder = tmp_path / "locale/zh_CN/LC_MESSAGES"
    folder.mkdir(parents=True)
    entry = 'msgid "{0}"\nmsgstr "{1}"\n\n'
    header = entry.format("", "Content-Type: text/plain; charset=utf-8\\n")
    texts = [entry.format("a", "一"), entry.format("b", "二"), entry.format("c", "")]
    texts += [f"#, fuzzy\n{entry.format('d', '四')}"]
    folder.joinpath("sphinx.po").write_text(header + "".join(texts), encoding="utf-8")
    memory = kept(tmp_path)
    memory.keep("translated", {"index": [1, 5], "gone": [0, 0]})
    memory.save()
    chinese = by_code("zh_CN")
    assert catalogs.progress(tmp_path, tmp_path, chinese) == "33 % (3 of 9 texts)"
    assert catalogs.progress(tmp_path, tmp_path, SOURCE) == "the source"
    folder.joinpath("sphinx.po").unlink()
    assert catalogs.progress(tmp_path, tmp_path, chinese) == "20 % (1 of 5 texts)"


BROKEN = {
    "a missing quote": (
        lambda text: text.replace('msgstr "访客"', 'msgstr "访客'),
        f"{VISITORS_PO}:13: this is no line of a catalog: a text stands between two quotes, a "
        "comment after #",
    ),
    "a quote within": (
        lambda text: text.replace('msgstr "访客"', 'msgstr "访"客"'),
        f"{VISITORS_PO}:13: this is no line of a catalog: a text stands between two quotes, a "
        "comment after #",
    ),
    "a translation of nothing": (
        lambda text: text.replace('msgid "Visitors"\n', ""),
        f"{VISITORS_PO}:12: a msgid and a msgstr belong together: put back what is missing",
    ),
    "a conflict": (
        lambda text: text.replace(
            'msgstr "访客"', '<<<<<<< HEAD\nmsgstr "访客"\n=======\nmsgstr "来客"\n>>>>>>> main'
        ),
        f"{VISITORS_PO}:13: a conflict of two versions: keep one of them, and take out the marks",
    ),
    "other bytes": (
        lambda text: text.encode("gbk"),
        f"{VISITORS_PO}:10: this is not UTF-8: save the file as UTF-8",
    ),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_catalog_that_cannot_be_read_is_one_line_of_every_command(
    building: tuple[TinySite, Path],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    fault: str,
) -> None:
    site, output = building
    spoil, complaint = BROKEN[fault]
    spoilt = spoil(site.read(VISITORS_PO))
    spoilt = spoilt if isinstance(spoilt, bytes) else spoilt.encode()
    site.root.joinpath(VISITORS_PO).write_bytes(spoilt)
    assert build.main() == 1
    assert capfd.readouterr().out.splitlines()[1:] == [
        complaint,
        "the build failed; the lines above say where and why",
        f"there is no site in {output}/html yet",
    ]
    monkeypatch.setattr(translations, "ROOT", site.root)
    for command in ("update", "check"):
        with pytest.raises(SystemExit) as caught:
            run_catalogs(monkeypatch, command)
        assert str(caught.value) == complaint
    assert site.root.joinpath(VISITORS_PO).read_bytes() == spoilt


@pytest.mark.parametrize(
    ("base", "alternates"),
    [
        ("", {}),
        (
            "https://flask.example/",
            {
                **{each.tag: f"https://flask.example/{each.folder}/" for each in LANGUAGES},
                "x-default": "https://flask.example/",
            },
        ),
    ],
)
def test_the_root_page_leads_to_every_language_without_javascript_too(
    tiny_site: TinySite, monkeypatch: pytest.MonkeyPatch, base: str, alternates: dict[str, str]
) -> None:
    monkeypatch.delenv("READTHEDOCS_CANONICAL_URL", raising=False)
    monkeypatch.setenv("PROVEN_BASE_URL", base)
    page = html.fromstring(root_pages(tiny_site.root)["index.html"])
    links = {link.get("href"): (link.get("hreflang"), link.text) for link in page.xpath("//p/a")}
    assert links == {f"{each.folder}/index.html": (each.tag, each.name) for each in LANGUAGES}
    assert {x.get("hreflang"): x.get("href") for x in page.xpath("//link[@hreflang]")} == alternates
    for tag in ('"en": "en"', '"zh": "zh-cn"', '"zh-cn": "zh-cn"'):
        assert tag in page.xpath("string(//script)")
    assert page.xpath("string(//title)") == "Proven Flask · 实证 Flask"


def test_only_a_site_with_an_address_tells_crawlers_where_its_sitemaps_are(
    tiny_site: TinySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("READTHEDOCS_CANONICAL_URL", raising=False)
    monkeypatch.delenv("PROVEN_BASE_URL", raising=False)
    assert root_pages(tiny_site.root).keys() == {"index.html", "404.html"}
    monkeypatch.setenv("PROVEN_BASE_URL", "https://flask.example/docs")
    pages = root_pages(tiny_site.root)
    base = "https://flask.example/docs/"
    assert pages["robots.txt"] == f"User-agent: *\nAllow: /\n\nSitemap: {base}sitemap.xml\n"
    listed = etree.fromstring(pages["sitemap.xml"].encode()).xpath("//*[local-name()='loc']/text()")
    assert listed == [f"{base}{each.folder}/sitemap.xml" for each in LANGUAGES]
    assert 'href="/docs/en/index.html"' in pages["404.html"]


# translations.py: nox -s translations


@pytest.fixture
def translating(tiny_site: TinySite, monkeypatch: pytest.MonkeyPatch) -> TinySite:
    """Let the command line of translations.py work on the tiny site."""
    monkeypatch.setattr(translations, "ROOT", tiny_site.root)
    return tiny_site


def run_catalogs(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["translations.py", *arguments])
    return translations.main()


def test_catalogs_in_step_are_left_as_they_are(
    translating: TinySite, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    pages = ["guide/greeting", "guide/visitors", "index"]
    files = [f"locale/zh_CN/LC_MESSAGES/{page}.po" for page in pages]
    before = [translating.read(file) for file in files]
    written = [translating.root.joinpath(file).stat().st_mtime_ns for file in files]
    assert run_catalogs(monkeypatch, "update") == 0
    assert [translating.read(file) for file in files] == before
    # A catalog that is written anew makes the next build read its page again.
    assert [translating.root.joinpath(file).stat().st_mtime_ns for file in files] == written
    assert run_catalogs(monkeypatch, "check", *pages) == 0
    assert capfd.readouterr().out.splitlines()[-1] == "nothing is missing"


@proves(
    "about/adding-a-page",
    "Translate it: the first command makes the catalog and lists what is to be translated.",
)
@proves(
    "about/translating",
    "An entry marked fuzzy had another original, which stands above it after #|: read the "
    "translation, mend it, remove the mark.",
)
def test_new_changed_and_removed_texts_are_brought_in_step(
    translating: TinySite, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    site = translating
    site.edit(VISITORS_PO, NUMBER, f"# Seen by a reviewer.\n{NUMBER}")
    site.edit(
        VISITORS, "A visitor has a number.", "A visitor has one number.\n\nNobody is turned away."
    )
    site.edit(VISITORS, "Write `/visitors/1`, not `/visitors/0`.", "Count from one.")
    other = "locale/zh_CN/LC_MESSAGES/guide/greeting.po"
    site.edit("docs/guide/greeting.md", "costs nothing", "is free")
    before = site.read(other)

    assert run_catalogs(monkeypatch, "update", "guide/visitors") == 0
    assert site.read(other) == before, "only the catalog that was asked for"
    catalog = {entry.msgid: entry for entry in polib.pofile(str(site.root / VISITORS_PO))}
    changed = catalog["A visitor has one number."]
    assert (changed.msgstr, changed.fuzzy) == ("每位访客有一个编号。", True)
    assert changed.tcomment == "Seen by a reviewer."
    assert catalog["Nobody is turned away."].msgstr == ""
    assert catalog["Visitors"].msgstr == "访客"
    assert "Write `/visitors/1`, not `/visitors/0`." not in catalog
    assert "#~" not in site.read(VISITORS_PO)

    capfd.readouterr()
    assert run_catalogs(monkeypatch, "check", "guide/visitors") == 1
    assert capfd.readouterr().out.splitlines() == [
        f"{VISITORS_PO}:15: fuzzy: read the translation of 'A visitor has a number.', mend it, "
        "remove the flag ('A visitor has one number.')",
        f"{VISITORS_PO}:21: not translated: fill in its msgstr ('Nobody is turned away.')",
        f"{VISITORS_PO}:27: not translated: fill in its msgstr ('Count from one.')",
    ]


def test_a_page_that_is_gone_takes_its_catalog_along_and_a_new_one_gets_one(
    translating: TinySite, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    page = translating.root / VISITORS
    page.rename(page.with_name("guests.md"))
    assert run_catalogs(monkeypatch, "update") == 0
    assert f"{VISITORS_PO}: its page is gone; removed" in capfd.readouterr().out.splitlines()
    folder = translating.root / "locale/zh_CN/LC_MESSAGES/guide"
    assert sorted(path.name for path in folder.iterdir()) == ["greeting.po", "guests.po"]
    text = folder.joinpath("guests.po").read_text(encoding="utf-8")
    assert "POT-Creation-Date" not in text
    assert "Project-Id-Version" not in text


def test_the_usual_to_do_is_no_failure(
    translating: TinySite, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    translating.edit(VISITORS, "A visitor has a number.", "Nobody is turned away.")
    # As an editor completes it.
    assert run_catalogs(monkeypatch, "update", "docs/guide/visitors.md") == 0
    assert capfd.readouterr().out.splitlines() == [
        ".cache/translations/zh_CN.po: 1 kept that no page needs now",
        f"{VISITORS_PO}: 1 new or changed, 1 gone",
        f"{VISITORS_PO}:15: not translated: fill in its msgstr ('Nobody is turned away.')",
        "简体中文: 1 to do",
    ]


@pytest.mark.parametrize(
    "argument",
    [
        *("guide/routing", "docs/guide/routing.md", "./docs/guide/routing.md", "guide/routing.md"),
        *("locale/zh_CN/LC_MESSAGES/guide/routing.po", "docs\\guide\\routing.md"),
    ],
)
def test_a_page_has_many_names(argument: str) -> None:
    assert translations.page(argument) == "guide/routing"


@proves(
    "about/translating",
    "While a page has a fault, for example a snippet that is not found, its catalog loses nothing.",
)
def test_a_fault_in_a_page_costs_no_translation(
    translating: TinySite, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    page, catalog = "docs/guide/greeting.md", "locale/zh_CN/LC_MESSAGES/guide/greeting.po"
    before = translating.read(catalog)
    translating.edit(page, "greeting/hello.py", "greeting/helo.py")
    translating.edit(page, "# Greet twice", "# Greet again")
    assert run_catalogs(monkeypatch, "update", "guide/greeting") == 0
    output = capfd.readouterr()
    assert "there is no file 'snippets/greeting/helo.py'" in output.err
    assert (
        f"{catalog}: the page has a fault, so what it does not say is kept; see above" in output.out
    )
    assert 'msgstr "欢迎每一个人。"' in translating.read(catalog)
    # Mended, it is as it was.
    translating.edit(page, "greeting/helo.py", "greeting/hello.py")
    translating.edit(page, "# Greet again", "# Greet twice")
    assert run_catalogs(monkeypatch, "update") == 0
    assert translating.read(catalog) == before


@proves(
    "about/translating",
    "A translation whose text is gone moves to .cache/translations/.",
    "When the text comes back, on the same page or on another, so does its translation.",
)
def test_a_translation_comes_back_with_its_text_on_whatever_page(
    translating: TinySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = translating.read(VISITORS_PO)
    translating.edit(VISITORS, "A visitor has a number.", "Nobody.")
    assert run_catalogs(monkeypatch, "update") == 0
    assert "每位访客有一个编号。" not in translating.read(VISITORS_PO)
    translating.edit(VISITORS, "Nobody.", "A visitor has a number.")
    assert run_catalogs(monkeypatch, "update") == 0
    assert translating.read(VISITORS_PO) == before
    page = translating.root / VISITORS
    page.rename(page.with_name("guests.md"))
    assert run_catalogs(monkeypatch, "update") == 0
    assert translating.read("locale/zh_CN/LC_MESSAGES/guide/guests.po") == before


def test_an_unknown_page_is_no_page_without_faults(
    translating: TinySite, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run_catalogs(monkeypatch, "check", "guide/visitor") == 1
    assert "guide/visitor.po: there is no such catalog" in capfd.readouterr().out


def test_a_page_that_is_not_there_is_refused_with_those_that_are(
    translating: TinySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SystemExit) as caught:
        run_catalogs(monkeypatch, "update", "guide/visitor")
    assert str(caught.value) == (
        "there is no page 'guide/visitor': there is guide/greeting, guide/visitors, index, sphinx"
    )


def test_a_page_that_cannot_be_read_leaves_the_catalogs_alone(
    translating: TinySite, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    translating.edit("docs/conf.py", '"proven",', '"prooven",')
    before = translating.read(VISITORS_PO)
    with pytest.raises(SystemExit) as caught:
        run_catalogs(monkeypatch, "update")
    assert str(caught.value) == "the texts could not be extracted; the lines above say why"
    assert "prooven" in capfd.readouterr().err
    assert translating.read(VISITORS_PO) == before


# doctests.py: the second look of nox -s tests


@proves(
    "about/adding-a-page",
    "Runs what stands behind >>> and compares the answer, in the source and on the page "
    "of every language.",
)
@proves(
    "about/testing",
    "It runs twice: from its source, which gives file and line when it fails, and from "
    "the page of each language, so that a translation cannot break it.",
)
def test_doctests_run_in_every_language_and_a_wrong_one_fails(
    tiny_site: TinySite, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctests, "ROOT", tiny_site.root)
    block = "\n```{doctest}\n>>> 1 + 1\n2\n```\n"
    tiny_site.write(VISITORS, tiny_site.read(VISITORS) + block)
    assert doctests.main() == 0
    output = capfd.readouterr().out
    for language in LANGUAGES:
        assert f"doctests, {language.name}: " in output
    tiny_site.edit(VISITORS, ">>> 1 + 1\n2\n", ">>> 1 + 1\n3\n")
    assert doctests.main() == 1
    output = capfd.readouterr()
    assert "Expected:\n    3\nGot:\n    2" in output.out + output.err
