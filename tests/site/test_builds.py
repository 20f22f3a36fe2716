"""A build leaves a whole site or the one before, and says which in one line.

Each test builds a copy of the tiny site: what is stopped, or meets another machine, with the command of
``nox -s docs``; everything else with the function that it calls, so that the languages are built in forks.
"""

from __future__ import annotations

import contextlib
import functools
import io
import os
import pty
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock, Timeout

from proven.claims.proofs import proves
from proven.commands import build, publish
from proven.site.cards import FOLDER
from tests import needs
from tests.site.tiny_site import TinySite

VISITORS = "docs/guide/visitors.md"
GREETING = "docs/guide/greeting.md"
HELLO = "snippets/greeting/hello.py"
INDEX = "docs/index.md"
VISITORS_PO = "locale/zh_CN/LC_MESSAGES/guide/visitors.po"
INDEX_PO = "locale/zh_CN/LC_MESSAGES/index.po"
PATIENCE = 600
BUILT, NOTHING = "building English, 简体中文 ...", "nothing changed since it was built: "


class Builds:
    """The tiny site and the command that builds it."""

    def __init__(self, site: TinySite) -> None:
        self.site = site
        self.output = site.root / "build"
        self.html = self.output / "html"

    def start(self, output: int = subprocess.PIPE, **options: object) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "proven.commands.build"]
        self.forget()
        return subprocess.Popen(
            [*command, "--output", str(self.output)],
            cwd=self.site.root,
            env=self.site.environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            **options,  # type: ignore[call-overload]
        )

    def command(self, **options: object) -> tuple[int, list[str]]:
        """Build with the command; return how it ended and the lines after the first."""
        with self.start(**options) as process:
            said = process.communicate(timeout=PATIENCE)[0]
        return process.returncode, self.heard(said)

    def run(self) -> tuple[int, list[str]]:
        """Build; return what the command would have returned, and the lines after the first."""
        self.forget()
        done, said = self.build()
        return int(not done), self.heard(said)

    def build(self) -> tuple[bool, str]:
        """Build if there is something to build; return whether all went well, and what was said."""
        with contextlib.redirect_stdout(io.StringIO()) as said:
            done = build.build(self.site.root, self.output)
        return done, said.getvalue()

    def forget(self) -> None:
        """Forget the build before: else, after no change, there would be nothing to do."""
        with contextlib.suppress(OSError):
            self.output.joinpath("built.json").unlink()

    def heard(self, said: str) -> list[str]:
        assert "Traceback" not in said
        lines = said.replace(f"{self.site.root}/", "").splitlines()
        assert lines[0] == BUILT
        return [line for line in lines[1:] if not re.search(r"\d+ of \d+ pages", line)]

    def stop(self, number: int, when: Callable[[], object]) -> tuple[int, str]:
        """Begin a build and send it a signal when something is so."""
        # Where the tests run in the background of a shell, they ignore Ctrl-C, and so would what they start.
        heard = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
        process = self.start(start_new_session=True, preexec_fn=heard)
        try:
            wait(lambda: when() or process.poll() is not None)
        finally:
            process.send_signal(number)
        said = process.communicate(timeout=PATIENCE)[0].replace(f"{self.site.root}/", "")
        return process.returncode, said

    def contents(self) -> dict[str, bytes]:
        """Return every file of the site."""
        files = [file for file in self.html.rglob("*") if file.is_file()]
        return {file.relative_to(self.html).as_posix(): file.read_bytes() for file in files}


def wait(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Builds, Path]:
    """Return a site that was built once, and a copy of it, from which it is put back."""
    builds = Builds(TinySite(tmp_path_factory.mktemp("built")))
    code, lines = builds.run()
    assert code == 0, lines
    saved = tmp_path_factory.mktemp("saved") / "site"
    shutil.copytree(builds.site.root, saved)
    return builds, saved


@pytest.fixture
def builds(built: tuple[Builds, Path]) -> Iterator[Builds]:
    """The built site in its place, as each test finds it."""
    builds, saved = built
    yield builds
    shutil.rmtree(builds.site.root)
    shutil.copytree(saved, builds.site.root)


FAILED = [
    "English, 简体中文: the build failed; the lines above say where and why",
    "build/html is as it was",
]


# What stands in build/html


def test_a_site_has_every_page_of_every_language(builds: Builds) -> None:
    pages = ["index", "search", "guide/greeting", "guide/visitors", "code/greeting/hello"]
    names = [*(f"{page}.html" for page in pages), "search-index.js", "objects.inv"]
    wanted = {f"{folder}/{name}" for folder in ("en", "zh-cn") for name in names} | {"index.html"}
    assert wanted <= builds.contents().keys()


@proves(
    "about/house",
    "commands/build.py puts the pages of all languages into build/html/ in one step, if "
    "every one of them is whole.",
)
@proves("about/testing", "A build that fails, or that you stop, leaves the site as it was.")
def test_a_build_that_fails_leaves_the_site_before(builds: Builds) -> None:
    before = builds.contents()
    builds.site.edit(VISITORS, "A visitor has a number.", "A visitor has a {ref}`number`.")
    code, lines = builds.command()
    assert code == 1
    assert lines[-2:] == FAILED
    assert builds.contents() == before
    builds.site.edit(VISITORS, "A visitor has a {ref}`number`.", "A visitor has a number.")
    assert builds.command()[0] == 0
    assert builds.contents() == before


def test_a_page_that_is_taken_out_goes_and_what_is_new_comes(builds: Builds) -> None:
    site = builds.site
    site.edit(INDEX, "guide/visitors\n", "guide/guests\n")
    for path in (VISITORS, VISITORS_PO):
        file = site.root / path
        file.rename(file.with_name(f"guests{file.suffix}"))
    code, lines = builds.run()
    assert code == 0, lines
    names = builds.contents().keys()
    assert {"en/guide/guests.html", "zh-cn/guide/guests.html"} <= names
    assert not [name for name in names if "guide/visitors" in name]
    assert "guide/visitors" not in builds.html.joinpath("en", "search-index.js").read_text("utf-8")


def test_a_build_leaves_nothing_where_the_process_looks_for_modules(builds: Builds) -> None:
    before = sys.path[:]
    assert builds.run()[0] == 0
    assert sys.path == before


@proves(
    "about/testing",
    "The site is built beside the one in build/html/ and takes its place in one step, "
    "when all that belongs to it stands on the disk: every page of every language and the "
    "search index.",
)
def test_what_does_not_stand_on_the_disk_is_missed_whatever_the_build_says(builds: Builds) -> None:
    site, before = builds.site, builds.contents()
    lose = "os.remove(os.path.join(app.outdir, 'guide', 'greeting.html'))"
    hook = f"def setup(app):\n    app.connect('build-finished', lambda app, error: {lose})\n"
    configuration = site.read("docs/conf.py")
    site.write("docs/conf.py", f"{configuration}\n{hook}")
    code, lines = builds.run()
    assert code == 1
    # The languages are built side by side.
    assert sorted(lines[:2]) == [
        "English: 1 files are missing: guide/greeting.html, ...",
        "简体中文: 1 files are missing: guide/greeting.html, ...",
    ]
    assert lines[2:] == FAILED
    assert builds.contents() == before
    site.write("docs/conf.py", configuration)
    assert builds.run()[0] == 0
    assert builds.contents() == before


@proves(
    "about/testing",
    "The clock stands still while it records, so that two builds of the same source are the same.",
)
def test_a_warm_build_is_a_cold_one_byte_for_byte(builds: Builds, tmp_path: Path) -> None:
    site = builds.site
    glossary = "\n```{glossary}\nVisitor\n  Someone who reads.\n\nGuest\n  A visitor.\n```\n"
    for page in (GREETING, VISITORS):
        site.write(page, f"{site.read(page)}\n```{{index}} single: {page[11:15]}\n```\n")
    po = site.read(VISITORS_PO)
    site.write(VISITORS, site.read(VISITORS) + glossary)
    terms = {
        "Visitor": "访客",
        "Someone who reads.": "读者。",
        "Guest": "来客",
        "A visitor.": "访客。",
    }
    entries = "".join(f'\nmsgid "{old}"\nmsgstr "{new}"\n' for old, new in terms.items())
    site.write(VISITORS_PO, po + entries)
    assert builds.run()[0] == 0
    # One page after the other, so that each index is made of an older one; a word goes, another comes.
    site.edit(GREETING, "A second greeting costs nothing.", "A third greeting costs nothing.")
    site.edit(
        "locale/zh_CN/LC_MESSAGES/guide/greeting.po",
        "A second greeting costs nothing.",
        "A third greeting costs nothing.",
    )
    assert builds.run()[0] == 0
    site.edit(INDEX, "what a page of the real site has", "what a true page has")
    site.edit(INDEX_PO, "what a page of the real site has", "what a true page has")
    assert builds.run()[0] == 0
    warm = builds.contents()
    assert '"term-Visitor"' in builds.html.joinpath("en", "search-index.js").read_text("utf-8")
    shutil.rmtree(builds.output)
    assert builds.run()[0] == 0
    cold = builds.contents()
    assert sorted(warm) == sorted(cold)
    assert [name for name in cold if warm[name] != cold[name]] == []


def test_what_makes_the_pages_makes_them_all_anew_when_it_changes(builds: Builds) -> None:
    builds.site.edit("docs/_ext/proven/snippets/include.py", '"Complete file"', '"The whole file"')
    builds.run()
    assert "The whole file" in builds.html.joinpath("en/guide/greeting.html").read_text("utf-8")


def again(builds: Builds, **settings: str) -> tuple[list[str], dict[str, bytes]]:
    """Build once more; return what was said and the site."""
    with pytest.MonkeyPatch.context() as machine:
        for name, value in settings.items():
            machine.setenv(name, value)
        done, said = builds.build()
    assert done, said
    lines = [re.sub(r"in [\d.]+ s", "in N s", line) for line in said.splitlines()]
    return lines, builds.contents()


@proves(
    "about/house",
    "Where nothing that a build depends on has changed, and the site stands as it was put there, "
    "there is nothing to do.",
)
def test_nothing_is_built_where_nothing_changed(builds: Builds) -> None:
    before = builds.contents()
    lines, after = again(builds)
    assert lines[0] == f"{NOTHING}{builds.html / 'index.html'}"
    assert lines[1] == "  English: the source"
    assert re.fullmatch(r"  简体中文: 100 % \((\d+) of \1 texts\)", lines[2])
    assert after == before
    # What a file says counts, not when it was written.
    os.utime(builds.site.root / VISITORS)
    assert again(builds)[0] == lines


@pytest.mark.parametrize(
    "file",
    [
        VISITORS,
        HELLO,
        VISITORS_PO,
        "tests/test_new.py",
        "locale/languages.toml",
        "LICENSE",
        "docs/new.txt",
    ],
)
def test_what_a_build_depends_on_starts_one_when_it_changes(builds: Builds, file: str) -> None:
    builds.site.root.joinpath(file).parent.mkdir(exist_ok=True)
    with builds.site.root.joinpath(file).open("a", encoding="utf-8") as changed:
        changed.write("\n")
    assert again(builds)[0][0] == BUILT
    assert again(builds)[0][0].startswith(NOTHING)


def test_a_setting_starts_a_build_when_it_changes(builds: Builds) -> None:
    address = "https://docs.example.com/"
    lines, site = again(builds, PROVEN_BASE_URL=address)
    assert lines[0] == BUILT
    assert address.encode() in site["en/index.html"]
    assert again(builds, PROVEN_BASE_URL=address)[0][0].startswith(NOTHING)
    assert address.encode() not in again(builds)[1]["en/index.html"]


def test_a_chinese_font_that_comes_later_starts_a_build(builds: Builds, tmp_path: Path) -> None:
    needs.face()
    without = tmp_path / "fonts.conf"
    without.write_text("<fontconfig></fontconfig>", encoding="utf-8")
    settings = {"PROVEN_BASE_URL": "https://docs.example.com/"}
    for machine in ({"FONTCONFIG_FILE": str(without)}, {}):
        lines, site = again(builds, **settings, **machine)
        assert lines[0] == BUILT
        assert any("install one with" in line for line in lines) == bool(machine)
        assert any(FOLDER in name for name in site) != bool(machine)


@pytest.mark.parametrize("fate", ["gone", "other", "more"])
def test_a_site_that_was_touched_is_built_anew(builds: Builds, fate: str) -> None:
    before = builds.contents()
    page = builds.html / "en" / "index.html"
    if fate == "more":
        page.with_name("forgotten.html").write_text("more", encoding="utf-8")
    page.unlink()
    if fate == "other":
        page.write_text("other", encoding="utf-8")
    lines, after = again(builds)
    assert (lines[0], after) == (BUILT, before)


# Builds that are stopped


def edit(builds: Builds) -> None:
    """Change a page and a snippet."""
    builds.site.edit(VISITORS, "(visitors)=", "(visitors)=\n(guests)=")
    builds.site.edit(HELLO, '    return "hello"', '    import time; time.sleep(1); return "hello"')


def stopped_while_it_writes(builds: Builds, number: int) -> tuple[int, str]:
    """Begin a build and send it a signal when it has kept what it read and is about to write a page."""
    kept = builds.output / "doctrees" / "en" / "environment.pickle"
    page = builds.output / "pages" / "en" / "guide" / "visitors.html"
    before = kept.stat().st_mtime_ns

    def has_read() -> bool:
        # It is replaced, so for a moment there may be none.
        with contextlib.suppress(FileNotFoundError):
            return kept.stat().st_mtime_ns != before
        return False

    # Who opens a pipe that nobody reads, waits.
    page.unlink()
    os.mkfifo(page)
    try:
        return builds.stop(number, has_read)
    finally:
        page.unlink()


def test_an_interrupted_build_says_so_and_the_next_is_right(builds: Builds) -> None:
    before = builds.contents()
    edit(builds)
    code, said = stopped_while_it_writes(builds, signal.SIGINT)
    assert code == 130
    assert said.splitlines()[-1] == "interrupted; build/html is as it was"
    assert "Traceback" not in said
    assert builds.contents() == before
    assert builds.run()[0] == 0
    for folder in ("en", "zh-cn"):
        page = builds.html.joinpath(folder, "guide", "visitors.html").read_text("utf-8")
        assert 'id="guests"' in page
        assert "time.sleep" in builds.html.joinpath(folder, "code/greeting/hello.html").read_text(
            "utf-8"
        ).replace("</span>", "").replace('<span class="n">', "").replace('<span class="o">', "")


@proves("about/testing", "A build that fails, or that you stop, leaves the site as it was.")
def test_a_killed_build_leaves_the_site_before_and_the_next_is_right(builds: Builds) -> None:
    before = builds.contents()
    edit(builds)
    code, _ = stopped_while_it_writes(builds, signal.SIGKILL)
    assert code == -signal.SIGKILL
    assert builds.contents() == before
    assert builds.run()[0] == 0
    warm = builds.contents()
    shutil.rmtree(builds.output)
    assert builds.run()[0] == 0
    assert builds.contents() == warm


def test_a_cold_build_that_is_killed_while_it_writes_leaves_no_half_of_an_index(
    builds: Builds,
) -> None:
    before = builds.contents()
    shutil.rmtree(builds.output)
    code, _ = builds.stop(signal.SIGKILL, lambda: list(builds.output.glob("pages/en/guide/*.html")))
    assert code == -signal.SIGKILL
    assert not builds.html.exists()
    for _ in range(2):
        assert builds.run()[0] == 0
        assert builds.contents() == before


def test_of_two_builds_at_once_the_second_waits(builds: Builds) -> None:
    lock = FileLock(builds.output / ".lock")
    with lock, builds.start() as second:
        assert second.stdout
        line = second.stdout.readline()
        assert line == f"another build is at work in {builds.output}; waiting for its end\n"
        lock.release()
        said = second.communicate(timeout=PATIENCE)[0].splitlines()
    assert second.returncode == 0
    assert [line for line in said if line.startswith("built in")]


def test_a_build_that_is_at_work_is_one_to_wait_for(builds: Builds) -> None:
    edit(builds)
    with builds.start() as first:
        assert first.stdout
        assert first.stdout.readline().startswith("building ")
        with pytest.raises(Timeout):
            FileLock(builds.output / ".lock").acquire(timeout=0)
        first.communicate(timeout=PATIENCE)
    assert first.returncode == 0


def test_a_full_disk_is_one_line_and_the_site_before(builds: Builds) -> None:
    before = builds.contents()
    builds.site.edit(VISITORS, "(visitors)=", "(visitors)=\n(guests)=")
    room = 20_000

    def limit() -> None:
        # A file that grows past it is answered like a full disk, with an OSError.
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    code, lines = builds.command(preexec_fn=limit)
    assert code == 1
    assert [line for line in lines if line.startswith("cannot write build/pages/")]
    assert lines[-1] == FAILED[-1]
    assert len(lines) <= 4
    assert builds.contents() == before
    assert builds.run()[0] == 0


def test_a_folder_that_cannot_be_written_to_is_one_line(builds: Builds, tmp_path: Path) -> None:
    tmp_path.joinpath("file").write_text("no folder")
    builds.output = tmp_path / "file" / "build"
    try:
        with builds.start() as process:
            said = process.communicate(timeout=PATIENCE)[0]
    finally:
        builds.output = builds.site.root / "build"
    assert process.returncode == 1
    assert said.splitlines() == [
        f"cannot write {tmp_path}/file/build: Not a directory; make room for it or build elsewhere",
        f"there is no site in {tmp_path}/file/build/html yet",
    ]


@proves(
    "about/house",
    "commands/build.py puts the pages of all languages into build/html/ in one step, if "
    "every one of them is whole.",
)
@proves(
    "about/testing",
    "The site is built beside the one in build/html/ and takes its place in one step, "
    "when all that belongs to it stands on the disk: every page of every language and the "
    "search index.",
)
def test_folders_are_exchanged_in_one_step_where_the_system_can_and_in_three_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        folder.mkdir()
        folder.joinpath(folder.name).touch()
    assert publish._exchange(one, other) is (sys.platform == "linux")
    monkeypatch.setattr(publish, "_exchange", lambda one, other: False)
    for _ in range(2):
        publish.swap(one, other)
    assert sorted(tmp_path.iterdir()) == [one, other]
    assert (one / "other").exists() is (other / "one").exists() is (sys.platform == "linux")
    # Stopped between the second and the third step.
    other.rename(tmp_path / "other.before")
    publish.restore(other)
    assert other.is_dir()
    publish.restore(other)
    assert sorted(tmp_path.iterdir()) == [one, other]


# Sources that Sphinx answers with a traceback


def test_a_page_in_another_encoding_is_named_with_its_line(builds: Builds) -> None:
    file = builds.site.root / VISITORS
    file.write_bytes(file.read_bytes() + "\n访客\n".encode("gbk"))
    code, lines = builds.run()
    line = file.read_bytes().count(b"\n")
    assert (code, lines) == (
        1,
        [
            f"{VISITORS}:{line}: the byte 0xb7 is not UTF-8; save the file as UTF-8",
            "the build failed; the lines above say where and why",
            FAILED[-1],
        ],
    )


def test_wrong_toml_is_named_with_its_line(builds: Builds) -> None:
    builds.site.write("docs/history/replacements.toml", "# Names\n\n[names]\nuse 3\n")
    code, lines = builds.run()
    assert (code, lines[0]) == (
        1,
        "docs/history/replacements.toml:4: this is not TOML: Expected '=' after a key in a key/value "
        "pair; mend it",
    )
    assert len(lines) == 3


def test_wrong_configuration_is_named_with_its_line(builds: Builds) -> None:
    builds.site.write("docs/conf.py", builds.site.read("docs/conf.py") + "\nlimit = int('ten')\n")
    code, lines = builds.run()
    number = builds.site.line("docs/conf.py", "int('ten')")
    assert (code, lines[0]) == (
        1,
        f"docs/conf.py:{number}: ValueError: invalid literal for int() with base 10: 'ten'; mend it",
    )
    assert len(lines) == 3


@pytest.mark.parametrize(
    ("content", "what"), [(None, "missing"), (b"# Sphinx", "damaged"), (..., "damaged")]
)
def test_an_inventory_that_is_not_whole_is_named_with_the_remedy(
    builds: Builds, content: object, what: str
) -> None:
    head = "# Sphinx inventory version 2\n# Project: x\n# Version: 1\n# compressed using zlib.\n"
    whole = head.encode() + zlib.compress(os.urandom(500))
    folder = builds.site.root / "docs" / "_inventories"
    folder.mkdir()
    if content is not None:
        folder.joinpath("shop.inv").write_bytes(whole[:-9] if content is ... else bytes(content))
    mapping = "{'shop': ('https://shop.example/', str(DOCS / '_inventories' / 'shop.inv'))}"
    builds.site.edit("docs/conf.py", "intersphinx_mapping = {}", f"intersphinx_mapping = {mapping}")
    code, lines = builds.run()
    assert (code, lines[0]) == (
        1,
        f"docs/_inventories/shop.inv: the inventory is {what}; run 'nox -s inventories -- shop'",
    )
    assert len(lines) == 3


def test_a_page_that_is_gone_is_said_once_for_each_place_that_names_it(builds: Builds) -> None:
    for path in (VISITORS, VISITORS_PO):
        builds.site.root.joinpath(path).unlink()
    code, lines = builds.run()
    # Each language reports as it goes, so one may be ahead of the other.
    assert (code, sorted(lines[:2], reverse=True) + lines[2:]) == (
        1,
        [
            f"{INDEX}:8: WARNING: toctree contains reference to nonexisting document "
            "'guide/visitors'; mend the path, or write the page [toc.not_readable]",
            f"{GREETING}:7: WARNING: undefined label: 'visitors'; name a label; one stands before each "
            "heading as '(label)=' [ref.ref]",
            *FAILED,
        ],
    )


def test_a_locale_that_the_system_does_not_know_changes_nothing(
    builds: Builds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "tlh_QO.UTF-8")
    before = builds.contents()
    code, lines = builds.command()
    assert code == 0
    assert lines[0].startswith("built in")
    assert builds.contents() == before


def test_a_fault_of_the_machinery_is_one_line_and_its_traceback_is_kept(builds: Builds) -> None:
    hook = "def setup(app):\n    app.connect('env-updated', lambda *_: [][1])\n"
    site = builds.site
    site.write("docs/conf.py", f"{site.read('docs/conf.py')}\n{hook}")
    number = site.line("docs/conf.py", "[][1]")
    code, lines = builds.run()
    assert (code, lines) == (
        1,
        [
            f"docs/conf.py:{number}: IndexError: list index out of range; the traceback is kept in "
            "build/doctrees",
            *FAILED,
        ],
    )
    assert "Traceback" in builds.output.joinpath("doctrees", "en.log").read_text("utf-8")


def test_on_a_terminal_one_line_says_how_far_it_is(builds: Builds) -> None:
    shutil.rmtree(builds.output / "doctrees")
    terminal, inside = pty.openpty()
    process = builds.start(output=inside)
    os.close(inside)
    said = b""
    # The end of what a terminal has to say is an error.
    with contextlib.suppress(OSError):
        while part := os.read(terminal, 1000):
            said += part
    os.close(terminal)
    assert process.wait(timeout=PATIENCE) == 0
    rewritten = re.findall(r"\r\x1b\[2K([^\r\n]*)", said.decode())
    for phase in ("read", "written"):
        assert any(f"English: 3 of 3 pages {phase}" in line for line in rewritten), rewritten
    assert any(line.startswith("built in") for line in rewritten)
