"""The sites for older releases beside the newest: what is archived, what is refused, what their pages say."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from proven.base.project import ROOT
from proven.commands import archive, publish, unchanged
from proven.site import versions
from proven.site.versions import Versions, alone, archived, faults, older, series

BASE = "https://flask.example/docs/"
PAGE = (
    "<title>Tea</title>\n"
    '<link rel="canonical" href="https://before.example/en/tea.html">\n'
    '<link rel="alternate" hreflang="zh-CN" href="https://before.example/zh-cn/tea.html">\n'
    '<meta property="og:url" content="https://before.example/en/tea.html">\n'
    '<meta property="og:image" content="https://before.example/en/_cards/tea-1.png">\n'
    '<script type="application/ld+json">{"url":\n"https://before.example/en/tea.html"}</script>\n'
    "<!--versions--><!--/versions-->\n<!--archived--><!--/archived-->\n<p>Tea</p>\n"
)
LEADS_ON = f'{versions.LEADS_ON}<link rel="canonical" href="b.html">'


def write(folder: Path, *names: str, text: str = PAGE) -> None:
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a built site for Flask 3.2, and archived ones for 3.1 and 2.9."""
    monkeypatch.setattr(versions, "version", lambda name: "3.2.1")
    for name in ("docs/_templates", "locale"):
        tmp_path.joinpath(name).parent.mkdir(exist_ok=True)
        tmp_path.joinpath(name).symlink_to(ROOT / name)
    html, old = tmp_path / "build" / "html", tmp_path / "archive"
    for site in (html, old / "3.1", old / "2.9"):
        write(site, "index.html", "en/index.html", "en/guide/tea.html", "zh-cn/index.html")
    write(html, "en/new.html", "zh-cn/new.html", "en/a.html", "en/b.html", "sitemap.xml")
    write(old / "3.1", "zh-cn/guide/tea.html", "en/a.html", "en/gone.html", "en/search.html")
    write(old / "3.1", "en/before.html", text=LEADS_ON)
    write(tmp_path, "docs/_moved.txt", text="a b\na#x b#x\nb#y en#y\n")
    finish(tmp_path)
    return tmp_path


def finish(root: Path) -> None:
    """Note that the built site is what its sources make."""
    output = root / "build"
    record = unchanged.Record(
        unchanged.whole(unchanged.sources(root), []), unchanged.site(output / "html"), [], []
    )
    unchanged.write(output / "built.json", record)


@pytest.fixture
def sites(root: Path) -> Versions:
    html = root / "build" / "html"
    return Versions(root, {name: html / name for name in ("en", "zh-cn")}, BASE)


# What is archived.


def run(monkeypatch: pytest.MonkeyPatch, root: Path, *arguments: str) -> int:
    monkeypatch.setattr(archive, "ROOT", root)
    output = str(root / "build")
    monkeypatch.setattr("sys.argv", ["archive", *arguments, "--output", output])
    return archive.main()


def contents(folder: Path) -> dict[str, str]:
    names = [name for name in publish.files(folder) if not name.startswith(".git")]
    return {name: folder.joinpath(name).read_text("utf-8") for name in names}


def test_the_built_site_is_archived_alone(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    html = root / "build" / "html"
    # As a build leaves it: with the archived sites beside it, and links to them.
    write(html, "3.1/en/index.html", "robots.txt", "en/sitemap.xml", "_run/manifest.json")
    write(html, "en/index.html", text=PAGE.replace("<!--/versions-->", "3.1<!--/versions-->"))
    finish(root)
    assert run(monkeypatch, root, "3.2") == 0
    kept = contents(root / "archive" / "3.2")
    names = {*contents(html)} - {"3.1/en/index.html", "robots.txt", "sitemap.xml", "en/sitemap.xml"}
    assert kept.keys() == names
    assert kept["en/index.html"] == PAGE
    assert sorted(os.listdir(root / "archive")) == ["2.9", "3.1", "3.2"]


@pytest.mark.parametrize("name", ["", "latest", "../x", "3", "3.2.1", "3.2/..", " 3.2", "٣.٢"])
def test_a_name_that_is_no_release_is_refused(
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
) -> None:
    before = {*publish.files(root)}
    assert run(monkeypatch, root, name) == 1
    said = capsys.readouterr().out
    assert said == f"{name!r} is no release series of Flask: write one such as 3.1\n"
    assert {*publish.files(root)} - before <= {"build/.lock"}


def touch_source(root: Path) -> None:
    write(root, "docs/tea.md")


def touch_site(root: Path) -> None:
    write(root, "build/html/en/more.html")


def lose_record(root: Path) -> None:
    root.joinpath("build", "built.json").unlink()


def lose_site(root: Path) -> None:
    root.joinpath("build", "html").rename(root / "elsewhere")


STALE = "build/html is not what the sources and settings make: run 'nox -s docs' first"
MISSING = "there is no whole site in build/html: run 'nox -s docs' first"


@pytest.mark.parametrize(
    ("fate", "name", "said"),
    [
        (touch_source, "3.2", STALE),
        (touch_site, "3.2", STALE),
        (lose_record, "3.2", MISSING),
        (lose_site, "3.2", MISSING),
        (finish, "3.1", "build/html was proven with Flask 3.2, not 3.1"),
        (finish, "3.20", "build/html was proven with Flask 3.2, not 3.20"),
    ],
)
def test_what_is_no_whole_site_for_that_release_is_refused(
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    fate: Callable[[Path], None],
    name: str,
    said: str,
) -> None:
    fate(root)
    before = contents(root / "archive")
    assert run(monkeypatch, root, name) == 1
    assert capsys.readouterr().out == f"{said}\n".replace("build/html", f"{root}/build/html")
    assert contents(root / "archive") == before


def test_an_archived_site_is_replaced_only_where_one_says_so(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(root / "archive", "3.2/index.html", "3.2/old.html")
    before = contents(root / "archive")
    assert run(monkeypatch, root, "3.2") == 1
    assert (
        capsys.readouterr().out
        == "archive/3.2 is there already: '3.2 --replace' archives it anew\n"
    )
    assert contents(root / "archive") == before
    # What interrupted copies left.
    write(root / "archive", ".3.2.next/old.html", "3.2.before/old.html")
    assert run(monkeypatch, root, "3.2", "--replace") == 0
    assert "old.html" not in contents(root / "archive" / "3.2")
    assert sorted(os.listdir(root / "archive")) == ["2.9", "3.1", "3.2"]


def test_the_commands_of_the_readme_keep_the_archive_on_a_branch(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, (name, value) in enumerate(
        [("user.name", "Ada"), ("user.email", "ada@flask.example"), ("core.autocrlf", "false")]
    ):
        monkeypatch.setenv(f"GIT_CONFIG_KEY_{number}", name)
        monkeypatch.setenv(f"GIT_CONFIG_VALUE_{number}", value)
    monkeypatch.setenv("GIT_CONFIG_COUNT", "3")
    subprocess.run(["git", "init", "-q", "--bare", root / "origin"], check=True)
    readme = ROOT.joinpath("README.md").read_text("utf-8")
    lines = re.findall(r"^\$ (git (?:init|-C archive) .*)", readme, re.MULTILINE)
    assert len(lines) == 4
    before = contents(root / "archive")
    for line in lines:
        words = shlex.split(line)
        command = [str(root / "origin") if "://" in word else word for word in words]
        subprocess.run(command, cwd=root, check=True, capture_output=True)
    # What the workflow does.
    root.joinpath("archive").rename(root / "elsewhere")
    fetch = ["git", "clone", "-q", "--branch", "archive", root / "origin", root / "archive"]
    subprocess.run(fetch, check=True)
    assert list(older(root)) == ["3.1", "2.9"]
    assert list(faults(root)) == []
    assert contents(root / "archive") == before


def test_an_interrupted_copy_leaves_the_archive_as_it_was(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(archive, "swap", stop)
    with pytest.raises(KeyboardInterrupt):
        run(monkeypatch, root, "3.2")
    assert [folder.name for folder in archived(root)] == ["2.9", "3.1"]
    assert list(faults(root)) == []


# What is published.


def test_older_sites_are_beside_the_newest_in_the_order_of_the_releases(root: Path) -> None:
    write(root / "archive", *(f"{name}/index.html" for name in ("2.10", "3.2", "3.3", ".git")))
    assert list(older(root)) == ["3.1", "2.10", "2.9"]
    assert series() == "3.2"
    assert older(root / "docs") == {}


def test_a_folder_that_is_no_archived_site_is_named(root: Path) -> None:
    write(root / "archive", "latest/index.html", "1.0/en/index.html", ".git/index", "notes.txt")
    assert list(faults(root)) == [
        "archive/1.0: this is no whole site: archive it anew, or remove it",
        "archive/latest: this is no release series of Flask: name it after one, such as 3.1",
    ]


@pytest.mark.parametrize(
    ("page", "targets"),
    [
        (
            "en/guide/tea.html",
            {"3.1": "../../3.1/en/guide/tea.html", "2.9": "../../2.9/en/guide/tea.html"},
        ),
        (
            "3.1/en/guide/tea.html",
            {"3.2": "../../../en/guide/tea.html", "2.9": "../../../2.9/en/guide/tea.html"},
        ),
        (
            "3.1/zh-cn/guide/tea.html",
            {"3.2": "../../../zh-cn/index.html", "2.9": "../../../2.9/zh-cn/index.html"},
        ),
        ("zh-cn/new.html", {"3.1": "../3.1/zh-cn/index.html", "2.9": "../2.9/zh-cn/index.html"}),
        # A language that the older sites do not have.
        ("ja/tea.html", {"3.1": "../3.1/index.html", "2.9": "../2.9/index.html"}),
    ],
)
def test_a_page_leads_to_itself_or_to_the_front_page(
    sites: Versions, page: str, targets: dict[str, str]
) -> None:
    html = sites.page(page, PAGE)
    name = page.rpartition("/")[2]
    for version, target in targets.items():
        said = f'href="{target}">Flask {version}</a>'
        assert (f'class="version-link" {said}' in html) is target.endswith(name)
        assert f'href="{target}"' in html
        published = (sites.root / "build/html" / page).parent.joinpath(target).resolve()
        kept = Path(str(published).replace(f"build/html/{version}", f"archive/{version}"))
        assert kept.is_file()
    assert ("archived-notice" in html) is page.startswith("3.1/")
    assert alone(html).endswith(PAGE[PAGE.index("<!--") :])
    assert sites.page(page, html) == html


def test_a_front_page_instead_of_the_page_says_so(sites: Versions) -> None:
    html = sites.page("zh-cn/new.html", PAGE)
    assert '<a href="../3.1/zh-cn/index.html">Flask 3.1（没有这一页）</a>' in html
    html = sites.page("3.1/en/gone.html", PAGE)
    assert (
        '<a href="../../en/index.html">'
        "The newest, for Flask 3.2, has no such page: go to its front page</a>"
    ) in html


@pytest.mark.parametrize(
    ("place", "canonical"),
    [
        ("en/guide/tea.html", "en/guide/tea.html"),
        ("en/index.html", "en/"),
        ("en/a.html", "en/b.html"),
        ("en/gone.html", "3.1/en/gone.html"),
    ],
)
def test_the_newest_page_is_canonical_where_there_is_one(
    sites: Versions, place: str, canonical: str
) -> None:
    html = sites.page(f"3.1/{place}", PAGE)
    assert html.count('rel="canonical"') == 1
    assert f'<link rel="canonical" href="{BASE}{canonical}">' in html
    assert f'<meta property="og:url" content="{BASE}{canonical}">' in html
    assert f'<meta property="og:image" content="{BASE}3.1/en/_cards/tea-1.png">' in html
    assert "hreflang" not in html
    assert "ld+json" not in html
    assert PAGE.partition("<!--")[0] in sites.page("en/guide/tea.html", PAGE)


def test_what_leads_on_and_what_no_search_engine_lists_stays_as_it_is(sites: Versions) -> None:
    assert sites.page("3.1/en/before.html", LEADS_ON) == LEADS_ON
    plain = "<title>Tea</title>"
    for place in ("3.1/index.html", "3.1/en/search.html"):
        assert sites.page(place, plain) == plain


def test_without_an_address_a_page_keeps_its_canonical_one(root: Path) -> None:
    html = Versions(root, {"en": root / "build/html/en"}, "").page("3.1/en/a.html", PAGE)
    assert 'href="https://before.example/en/tea.html"' in html
    assert "hreflang" not in html


def test_an_interrupted_publication_leaves_the_sites_before(
    root: Path, sites: Versions, monkeypatch: pytest.MonkeyPatch
) -> None:
    html = root / "build" / "html"
    sources = {**{name: html / name for name in ("en", "zh-cn")}, **sites.archives}
    write(root / "archive" / "2.9", "en/_static/tea.css")

    def put() -> dict[str, str]:
        publish.publish(sources, {}, root / "published", sites.page)
        return contents(root / "published")

    before = put()
    assert put() == before
    assert {name.partition("/")[0] for name in before} == {"en", "zh-cn", "3.1", "2.9"}
    write(root / "archive" / "3.1", "en/guide/tea.html", text=f"{PAGE}More")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    for step in ("swap", "_write", "_place"):
        with monkeypatch.context() as broken:
            broken.setattr(publish, step, stop)
            with pytest.raises(KeyboardInterrupt):
                put()
        assert contents(root / "published") == before
    assert put()["3.1/en/guide/tea.html"].endswith("More")


def test_a_page_that_did_not_change_is_the_same_file(root: Path, sites: Versions) -> None:
    html = root / "build" / "html"
    sources = {"en": html / "en", "zh-cn": html / "zh-cn", **sites.archives}
    places = [root / "published" / name for name in ("en/b.html", "3.1/en/guide/tea.html")]
    publish.publish(sources, {}, root / "published", sites.page)
    first = [place.stat().st_mtime_ns for place in places]
    publish.publish(sources, {}, root / "published", sites.page)
    assert [place.stat().st_mtime_ns for place in places] == first
    # The last archived site is taken away: the pages say nothing of it any more.
    publish.publish({"en": html / "en"}, {}, root / "published")
    assert contents(root / "published") == {
        f"en/{name}": text for name, text in contents(html / "en").items()
    }
