"""The commands behind nox: what they do, print and answer to a mistake."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from lxml import html

import build
import catalogs
import doctests
from languages import LANGUAGES, SOURCE
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
    monkeypatch.setattr("sys.argv", ["build.py", "--output", str(output)])
    monkeypatch.delenv("PROVEN_BASE_URL", raising=False)
    return tiny_site, output


def test_a_build_says_where_the_site_lies_and_how_complete_it_is(
    building: tuple[TinySite, Path], capfd: pytest.CaptureFixture[str]
) -> None:
    site, output = building
    # Not of the tiny site, and perhaps being worked on.
    site.root.joinpath(INTERFACE).unlink()
    assert build.main() == 0
    first, built, *languages = capfd.readouterr().out.splitlines()
    assert first == "building English, 简体中文 ..."
    assert built.startswith("built in ")
    assert built.endswith(f" s: {output / 'html' / 'index.html'}")
    assert languages == [
        "  English: the source",
        "  简体中文: 100 % (16 of 16 texts)",
    ]
    assert sorted(path.name for path in output.joinpath("html").iterdir()) == [
        *("en", "index.html", "zh-cn"),
    ]


def test_a_failed_build_says_why_with_short_paths_and_fails(
    building: tuple[TinySite, Path], capfd: pytest.CaptureFixture[str]
) -> None:
    site, _ = building
    site.edit(VISITORS, "A visitor has a number.", "A visitor has a {ref}`number`.")
    assert build.main() == 1
    lines = capfd.readouterr().out.splitlines()
    assert [line.partition(": WARNING: ")[0] for line in lines if "WARNING" in line] == [
        *("docs/guide/visitors.md:7", "docs/guide/visitors.md:7", "docs/guide/visitors.md:7"),
    ]
    assert "English: the build failed; the lines above say where and why" in lines
    assert "简体中文: the build failed; the lines above say where and why" in lines
    assert not [line for line in lines if line.startswith("built in")]


def test_a_fault_in_one_language_fails_the_build_of_both(
    building: tuple[TinySite, Path], capfd: pytest.CaptureFixture[str]
) -> None:
    site, _ = building
    site.edit(VISITORS_PO, "每位访客有一个编号。", "")
    assert build.main() == 1
    output = capfd.readouterr().out
    assert "简体中文: the build failed" in output
    assert "English: the build failed" not in output


def test_completeness_counts_what_is_neither_missing_nor_fuzzy(tmp_path: Path) -> None:
    folder = tmp_path / "locale/zh_CN/LC_MESSAGES/guide"
    folder.mkdir(parents=True)
    entry = 'msgid "{0}"\nmsgstr "{1}"\n\n'
    header = entry.format("", "Content-Type: text/plain; charset=utf-8\\n")
    texts = [entry.format("a", "一"), entry.format("b", "二"), entry.format("c", "")]
    texts += [f"#, fuzzy\n{entry.format('d', '四')}", '#~ msgid "e"\n#~ msgstr "五"\n']
    folder.joinpath("page.po").write_text(header + "".join(texts), encoding="utf-8")
    (chinese,) = [language for language in LANGUAGES if language.code == "zh_CN"]
    assert build.completeness(tmp_path, chinese) == "50 % (2 of 4 texts)"
    assert build.completeness(tmp_path, SOURCE) == "the source"


@pytest.mark.parametrize(
    ("base", "alternates"),
    [
        ("", {}),
        (
            "https://flask.example/",
            {
                "en": "https://flask.example/en/",
                "zh-CN": "https://flask.example/zh-cn/",
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
    build.write_root(tiny_site.root, tiny_site.root / "out")
    page = html.parse(str(tiny_site.root / "out" / "html" / "index.html")).getroot()
    links = {link.get("href"): (link.get("hreflang"), link.text) for link in page.xpath("//p/a")}
    assert links == {
        "en/index.html": ("en", "English"),
        "zh-cn/index.html": ("zh-CN", "简体中文"),
    }
    assert {x.get("hreflang"): x.get("href") for x in page.xpath("//link[@hreflang]")} == alternates
    assert '{"en": "en", "zh": "zh-cn"}' in page.xpath("string(//script)")


# catalogs.py: nox -s translations


@pytest.fixture
def translating(tiny_site: TinySite, monkeypatch: pytest.MonkeyPatch) -> TinySite:
    """Let the command line of catalogs.py work on the tiny site."""
    monkeypatch.setattr(catalogs, "ROOT", tiny_site.root)
    return tiny_site


def run_catalogs(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["catalogs.py", *arguments])
    return catalogs.main()


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
        f"{VISITORS_PO}:15: fuzzy: read the translation, mend it, remove the flag "
        "('A visitor has one number.')",
        f"{VISITORS_PO}:20: not translated: fill in its msgstr ('Nobody is turned away.')",
        f"{VISITORS_PO}:26: not translated: fill in its msgstr ('Count from one.')",
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
    translating.edit("docs/conf.py", '"callouts",', '"call_outs",')
    before = translating.read(VISITORS_PO)
    with pytest.raises(SystemExit) as caught:
        run_catalogs(monkeypatch, "update")
    assert str(caught.value) == "the texts could not be extracted; the lines above say why"
    assert "call_outs" in capfd.readouterr().err
    assert translating.read(VISITORS_PO) == before


# doctests.py: the second look of nox -s tests


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
