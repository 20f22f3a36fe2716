"""Which releases and files are read, what is written, and what is said when it cannot go on."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from proven.base.project import DOCS, ROOT
from proven.claims.proofs import proves
from proven.commands import history as command
from proven.releases.fetch import Index
from proven.releases.libraries import LIBRARIES
from proven.releases.records import HistoryError
from tests.site.releases.tea import TEA, Tea, events


@proves(
    "about/house",
    "nox -s history lists the releases of a library that releases/libraries.py names.",
)
@proves(
    "history/index",
    "For each library it starts with the oldest release in the table below, and reads "
    "every final release since then, except for these:",
    "Releases that were withdrawn from the package index (“yanked”) are left out.",
)
def test_only_final_releases_that_were_not_withdrawn_are_read(tea: Tea) -> None:
    for version in ("0.9", "1.0", "1.1", "1.2.dev1", "1.2rc1", "1.2", "1.10"):
        tea.index.add_wheel(version, {"tea/__init__.py": ""})
    tea.index.yanked.add("tea-1.1-py3-none-any.whl")
    assert list(tea.run()["releases"]) == ["1.0", "1.2", "1.10"]


def test_a_faulty_release_is_passed_over(tea: Tea) -> None:
    data = tea.read("", "pot = 1", "", faulty=("1.1",))
    assert list(data["releases"]) == ["1.0", "1.2"]
    assert data["names"] == {}


@proves("about/house", "releases/fetch.py fetches them.")
def test_a_wheel_is_preferred_and_an_sdist_will_do(tea: Tea) -> None:
    tea.index.add_sdist("1.0", {"src/tea/__init__.py": "sdist = 1", "setup.py": "raise SystemExit"})
    tea.index.add_sdist("1.1", {"tea/__init__.py": "sdist = 1"})
    tea.index.add_wheel("1.1", {"tea/__init__.py": "wheel = 1"})
    data = tea.run()
    assert events(data, "tea.sdist") == [["1.0", "added"], ["1.1", "removed"]]
    assert events(data, "tea.wheel") == [["1.1", "added"]]
    assert not any(path.endswith("tea-1.1.tar.gz") for path in tea.index.requests)


def test_a_library_of_one_module_is_read(tea: Tea) -> None:
    tea.index.add_sdist("1.0", {"tea.py": "def brew(): ..."})
    assert list(tea.run()["names"]) == ["tea.brew"]


@proves(
    "about/house", "releases/reader/ reads the public names of each release without importing it."
)
@proves(
    "history/index",
    "The command nox -s history downloads releases from the package index, unpacks the "
    "archives, and reads the source code without importing or running it.",
)
def test_nothing_is_imported_or_run(tea: Tea) -> None:
    trap = f"open({str(tea.folder / 'ran')!r}, 'w').close()"
    tea.index.add_sdist("1.0", {"tea/__init__.py": trap, "setup.py": trap, "tea/pots.py": trap})
    tea.run()
    assert not (tea.folder / "ran").exists()
    assert "tea" not in sys.modules


def test_a_file_outside_its_archive_is_not_written(tea: Tea) -> None:
    tea.index.add_wheel("1.0", {"tea/__init__.py": "", "../../../escaped.py": "x = 1"})
    tea.run()
    assert not list(tea.folder.rglob("escaped.py"))


@proves(
    "history/index",
    "The command reads the first and the last release of each minor version, and others "
    "between them only where a name has changed.",
)
def test_of_a_large_library_only_releases_that_can_differ_are_read(tea: Tea) -> None:
    for patch in range(9):
        tea.index.add_wheel(f"1.0.{patch}", {"tea/__init__.py": "pot = 1" if patch >= 6 else ""})
    for patch in range(9):
        tea.index.add_wheel(f"1.1.{patch}", {"tea/__init__.py": "pot = 1"})
    data = tea.run(first="1.0.0", sparse=True)
    assert events(data, "tea.pot") == [["1.0.6", "added"]]
    assert [version for version in data["releases"] if version.startswith("1.1")] == [
        "1.1.0",
        "1.1.8",
    ]


def test_a_change_that_is_not_told_is_no_reason_to_read_a_release(tea: Tea) -> None:
    old = "from typing import Any\nclass Vessel: ...\nclass Pot: ..."
    new = "class Vessel: ...\nclass Pot(Vessel): ..."
    for patch in range(9):
        tea.index.add_wheel(f"1.0.{patch}", {"tea/__init__.py": new if patch >= 6 else old})
    data = tea.run(first="1.0.0", sparse=True)
    assert data["releases"] == ["1.0.0", "1.0.8"]
    assert data["names"]["tea.Pot"]["bases"] == ["tea.Vessel"]


# --- the command ------------------------------------------------------------------------------


def test_a_second_run_writes_the_same_and_downloads_nothing(tea: Tea) -> None:
    first = tea.read("pot = 1", "def brew(a, b=1): ...")
    text = (tea.folder / "data" / "tea.json").read_bytes()
    before = len(tea.index.requests)
    assert tea.run() == first
    assert (tea.folder / "data" / "tea.json").read_bytes() == text
    assert tea.index.requests[before:] == ["/simple/tea/"]


def test_a_run_from_nothing_writes_the_same(tea: Tea) -> None:
    tea.read("pot = 1", "def brew(a, b=1): ...", folder="one")
    tea.run("two")
    one, two = (tea.folder / name / "data" / "tea.json" for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


def test_the_data_has_one_line_an_entry_in_order(tea: Tea) -> None:
    tea.read("pot = 1\ncup = 2")
    lines = (tea.folder / "data" / "tea.json").read_text("utf-8").splitlines()
    assert [line for line in lines if '"kind"' in line] == [
        '    "tea.cup": {"kind": "attribute", "events": [["1.0", "added"]], "values": [["1.0", "2"]]},',
        '    "tea.pot": {"kind": "attribute", "events": [["1.0", "added"]], "values": [["1.0", "1"]]}',
    ]


def test_progress_is_shown(tea: Tea, capsys: pytest.CaptureFixture[str]) -> None:
    tea.read("pot = 1")
    assert capsys.readouterr().err.splitlines() == [
        "history: Tea: listing its releases",
        "history: tea 1.0: tea-1.0-py3-none-any.whl",
        "history: Tea: 1 releases read",
    ]


@pytest.fixture
def kept(tea: Tea) -> Iterator[Path]:
    """Data that a failing run must leave as it is."""
    tea.read("pot = 1")
    data = tea.folder / "data" / "tea.json"
    text = data.read_bytes()
    yield data
    assert data.read_bytes() == text
    assert [path.name for path in data.parent.iterdir()] == ["tea.json"]


def failure(tea: Tea, **options: Any) -> str:
    with pytest.raises(HistoryError) as caught:
        tea.run(**options)
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.mark.usefixtures("kept")
def test_an_index_that_does_not_answer(tea: Tea) -> None:
    tea.index.url = "http://127.0.0.1:9/simple/"
    assert failure(tea) == (
        "tea: the index cannot be reached (no connection); check the network or PIP_INDEX_URL"
    )


@pytest.mark.usefixtures("kept")
def test_a_project_that_the_index_does_not_know(tea: Tea) -> None:
    tea.index.files.clear()
    assert failure(tea) == "tea: the index does not know this project"


@pytest.mark.usefixtures("kept")
def test_a_first_release_that_is_missing(tea: Tea) -> None:
    assert failure(tea, first="0.5") == (
        "tea 0.5: the index has no file of this release, the first one to read"
    )


@pytest.mark.usefixtures("kept")
def test_a_release_whose_file_is_missing(tea: Tea) -> None:
    name = tea.index.add_wheel("1.1", {"tea/__init__.py": ""})
    tea.index.lost.add(name)
    assert failure(tea) == (
        "tea 1.1: tea-1.1-py3-none-any.whl cannot be downloaded (it answers 404)"
    )


@pytest.mark.usefixtures("kept")
def test_a_file_that_is_not_the_announced_one(tea: Tea) -> None:
    name = tea.index.add_wheel("1.1", {"tea/__init__.py": ""})
    tea.index.falsified.add(name)
    assert failure(tea) == (
        "tea 1.1: tea-1.1-py3-none-any.whl is not the file that the index announces"
    )


@pytest.mark.usefixtures("kept")
def test_an_archive_that_cannot_be_opened(tea: Tea) -> None:
    name = tea.index.add_wheel("1.1", {})
    tea.index.files[name] = b"no archive"
    assert failure(tea).startswith("tea 1.1: tea-1.1-py3-none-any.whl cannot be unpacked (")
    # The next run fetches it again.
    assert not (tea.folder / "cache" / "files" / name).exists()


@pytest.mark.usefixtures("kept")
def test_a_file_that_does_not_parse(tea: Tea) -> None:
    tea.index.add_wheel("1.1", {"tea/__init__.py": "", "tea/pots.py": "pot = 1\nprint 'tea'\n"})
    assert failure(tea) == (
        "tea 1.1: tea/pots.py:2 does not parse (Missing parentheses in call to 'print'. "
        "Did you mean print(...)?)"
    )


@pytest.mark.usefixtures("kept")
def test_an_archive_without_the_package(tea: Tea) -> None:
    tea.index.add_wheel("1.1", {"coffee/__init__.py": ""})
    assert failure(tea) == "tea 1.1: no package 'tea' in its files"


def test_a_part_that_is_skipped_need_not_parse(tea: Tea) -> None:
    data = tea.releases(
        {"tea/__init__.py": "pot = 1", "tea/old/x.py": "print 'tea'"}, skip=("tea.old",)
    )
    assert list(data["names"]) == ["tea.pot"]


def test_what_is_fetched_is_kept_as_it_is(tea: Tea) -> None:
    files = {"tea/__init__.py": "", "tea/old/x.py": "pot = 1", "tea/sansio/y.py": ""}
    tea.index.add_wheel("1.0", files)
    tea.run(skip=("tea.old",))
    source = tea.folder / "cache" / "source" / "tea-1.0"
    kept = {path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file()}
    assert kept == set(files)
    data = tea.run(modules=("tea", "tea.old.x"))
    assert list(data["names"]) == ["tea.old.x.pot"]


@pytest.mark.usefixtures("kept")
def test_a_public_module_that_nobody_named(tea: Tea) -> None:
    tea.index.add_wheel("1.1", {"tea/__init__.py": "", "tea/bags.py": "bag = 1"})
    assert failure(tea) == (
        "tea 1.1: neither read nor passed over: tea.bags; name them in proven/releases/libraries.py"
    )


@pytest.mark.parametrize(
    ("module", "source"),
    [
        *(("tea/pots.py", "pot = 1"), ("tea/cups/small.py", "cup = 1")),
        *(("tea/_bags.py", "bag = 1"), ("tea/bags/__init__.py", "from . import _pair as _")),
        *(("tea/old/x.py", "pot = 1"), ("tests/test_tea.py", "pot = 1")),
    ],
)
def test_a_module_that_is_named_or_not_public_or_empty(tea: Tea, module: str, source: str) -> None:
    data = tea.releases({"tea/__init__.py": "leaf = 1", module: source}, skip=("tea.old",))
    assert "tea.leaf" in data["names"]


def test_no_library_is_replaced_when_the_last_one_fails(tea: Tea) -> None:
    tea.index.add_wheel("1.0", {"tea/__init__.py": ""})
    tea.index.add_wheel("1.0", {"coffee/__init__.py": "("}, project="coffee")
    coffee = replace(TEA, project="coffee", package="coffee", modules=("coffee",))
    with pytest.raises(HistoryError):
        command.run([TEA, coffee], Index(tea.folder / "cache", tea.index.url), tea.folder / "data")
    assert not (tea.folder / "data").exists()


def test_the_command_needs_what_its_group_of_dependencies_brings_and_no_more() -> None:
    absent = ("docutils", "flask", "jinja2", "polib", "sphinx")
    script = (
        f"import sys; sys.modules.update(dict.fromkeys({absent})); import proven.commands.history"
    )
    environment = os.environ | {"PYTHONPATH": str(DOCS / "_ext")}
    subprocess.run([sys.executable, "-c", script], env=environment, check=True)


def test_the_command_fails_with_one_line(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": str(DOCS / "_ext"),
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple/",
    }
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "proven.commands.history",
            "--data",
            tmp_path / "data",
            "--cache",
            tmp_path / "cache",
            "flask",
        ],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "history: flask: the index cannot be reached (no connection); check the network or "
        "PIP_INDEX_URL; the data is unchanged"
    )
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data").exists()


def test_the_command_asks_the_index_that_pip_is_told(
    tea: Tea, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", tea.index.url)
    assert Index(tea.folder).endpoint == tea.index.url


def test_the_command_names_the_libraries_it_knows(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(["coffee"])
    assert "unknown library 'coffee'; there are flask, werkzeug, jinja2" in capsys.readouterr().err


@proves(
    "history/index",
    "For SQLAlchemy, the data contains the names in sqlalchemy, sqlalchemy.engine, "
    "sqlalchemy.exc, sqlalchemy.ext.asyncio, sqlalchemy.ext.declarative, sqlalchemy.orm "
    "and sqlalchemy.orm.exc.",
    "It contains methods and parameters only of the classes that applications use most: "
    "Query, Session, Engine and a few more.",
)
def test_the_page_says_what_of_sqlalchemy_is_read() -> None:
    (library,) = (item for item in LIBRARIES if item.project == "sqlalchemy")
    page = ROOT.joinpath("docs", "history", "index.md").read_text("utf-8")
    paragraph = page[page.index("For SQLAlchemy, the data") :].partition("\n\n")[0]
    assert re.findall(r"`(sqlalchemy[\w.]*)`", paragraph) == list(library.modules)
    classes = re.findall(r"`~(sqlalchemy[\w.]*)`", paragraph)
    assert classes
    assert set(classes) < set(library.deep)
