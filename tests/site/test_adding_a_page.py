"""What docs/about/adding-a-page.md says is enough to add a page, and a page without its parts is found."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

from proven.base.project import DOCS
from proven.claims.proofs import proves
from tests.site.tiny_site import TinySite
from tests.subjects import FURTHER, SUBJECTS

PAGE = (DOCS / "about" / "adding-a-page.md").read_text(encoding="utf-8")
TEA = Path(__file__).with_name("tea")
PARTS = ["How it works inside", "Then and now", "See also"]
GUIDE = sorted([*DOCS.glob("start/*.md"), *DOCS.glob("guide/*.md")])
#: The pages on the finished application are about no library, so they have no inside, and no smallest thing.
APPLICATION = {"application", *SUBJECTS.get("application", ())}
#: A snippet with what was recorded of it, an example that runs, a table that the build makes, or what the reader runs.
BEGINNING = r"\{literalinclude\}.*\{(exchange|shell|code-block\} console$)|\{(doctest|life|notes-keys|run)\}"


def run(site: TinySite, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=site.root,
        env=site.environment,
        capture_output=True,
        text=True,
        check=False,
    )


@proves("about/adding-a-page", "A test of this site follows these steps with these very files.")
def test_the_page_shows_every_file_of_the_example() -> None:
    shown = set(re.findall(r"\{literalinclude\} \.\./\.\./tests/site/tea/(\S+)", PAGE))
    files = {path.relative_to(TEA).as_posix() for path in TEA.rglob("*") if path.is_file()}
    assert shown == {file for file in files if "__pycache__" not in file}


@proves(
    "about/house",
    "a page | its tests, its snippets with their __init__.py, the page, a line in docs/index.md, "
    "its list in docs/_claims/, its translations, a line in CHANGELOG.md, a question in each language "
    "in tests/findable/: 10 files | its catalogs "
    "and the marks that they are read; docs/_published.txt: nox -s addresses; "
    "docs/history/data/runs/: nox -s releases -- --changed; "
    "docs/_run/: nox -s replay -- --changed",
)
@proves(
    "about/adding-a-page",
    "The example adds a page on tea, guide/tea.",
    "A test of this site follows these steps with these very files.",
    "Make a package for its snippets: snippets/tea/__init__.py has a docstring and nothing else.",
    "Write docs/guide/tea.md around them, and add guide/tea to the table of contents in "
    "docs/index.md.",
    "The third proves all that belongs to the page.",
    "Bind each sentence to its proof: nox -s claims -- list guide/tea names those that "
    "rest on nothing.",
    "The tests above quote what they prove, and the rest is listed in docs/_claims/guide/tea.toml:",
)
@proves("about/testing", "docs/_claims/guide/tea.toml lists the other sentences of the page.")
def test_whoever_follows_the_page_has_a_page(tiny_site: TinySite) -> None:
    commands = ["translations -- guide/tea", "translations -- read guide/tea", "page -- tea"]
    assert "".join(f"   $ nox -s {each}\n" for each in commands) in PAGE
    tiny_site.root.joinpath("tests").mkdir()
    data = shutil.ignore_patterns("*.md", "*.csv")
    shutil.copytree(DOCS / "history", tiny_site.root / "docs" / "history", ignore=data)
    # The page links to the documentation of Flask.
    shutil.copytree(DOCS / "_inventories", tiny_site.root / "docs" / "_inventories")
    # What the other pages of this site say is proved nowhere.
    configuration = (DOCS / "conf.py").read_text(encoding="utf-8") + "\nwhole_claims = False\n"
    (tiny_site.root / "docs/conf.py").write_text(configuration, encoding="utf-8")
    # Steps 1 to 5.
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(TEA, tiny_site.root, dirs_exist_ok=True, ignore=ignore)
    tiny_site.edit("docs/index.md", "guide/greeting\n", "guide/greeting\nguide/tea\n")
    # Step 6: the catalog is made, what it lacks is listed, and filled in.
    made = run(tiny_site, "proven.commands.translations", "update", "guide/tea")
    assert made.returncode == 0, made.stderr
    asked = run(tiny_site, "proven.commands.translations", "check", "guide/tea")
    assert "guide/tea.po" in asked.stdout
    catalog = polib.pofile(str(tiny_site.root / "locale/zh_CN/LC_MESSAGES/guide/tea.po"))
    for entry in catalog:
        # The same roles and code, with some Chinese around them.
        kept = "".join(re.findall(r"\{[\w:]+\}`[^`]+`|`[^`]+`", entry.msgid))
        entry.msgstr = f"茶{kept and ' '}{kept}。".replace(" 。", "。")
    catalog.save()
    proved = run(tiny_site, "proven.commands.part", "page", "tea")
    assert proved.returncode == 0, proved.stdout + proved.stderr
    assert "2 passed" in proved.stdout
    assert "claims: 1 pages, none has a fault" in proved.stdout
    for folder in ("en", "zh-cn"):
        html = tiny_site.root.joinpath("build/html", folder, "guide/tea.html").read_text("utf-8")
        assert "418" in html
        assert "code/tea/smallest.html" in html


@proves(
    "about/adding-a-page",
    "It has, in this order:",
    "It begins with front matter that holds its description, and each heading has a label "
    "of its own above it, so that a link survives when the heading is reworded.",
    "A test finds a page of the guide where one of these is missing.",
    "Where a subject has several pages, only the first of them has to have the parts 4 to 6, "
    "and the others may show the smallest thing in their first section.",
)
@pytest.mark.parametrize("file", GUIDE, ids=lambda file: file.stem)
def test_a_page_of_the_guide_has_its_parts_in_order(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    headings = re.findall(r"^## (.+)$", text, re.M)
    free = file.stem in APPLICATION | FURTHER
    wanted = [part for part in PARTS if not free or part in headings]
    assert [heading for heading in headings if heading in PARTS] == wanted
    assert headings[-1] == "See also"
    assert re.search(r"^# .+\n\n[\w`{*\[]", text, re.M), "the page begins with a sentence"
    if file.stem in APPLICATION:
        return  # it shows an application of many modules
    # The answer, then the smallest thing with what it does, before anything else.
    sections = text.split("\n## ")
    beginning = "\n".join(sections[: 2 if file.stem in FURTHER else 1])
    assert re.search(BEGINNING, beginning, re.M | re.S)
    if file.stem not in FURTHER:
        assert "{pitfall}" in text
        assert "{then-and-now}" in text
