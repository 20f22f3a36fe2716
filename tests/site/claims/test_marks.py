"""A reader sees what each sentence rests on: marks, figures and the pages of the tests, in both languages."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from proven.base.splitting import split
from proven.claims import lists
from proven.claims.marks import hashed, solid, weakest
from proven.claims.proofs import proves
from tests.site.tiny_site import TinySite

GREETING = "guide/greeting"
TEST = "tests/guide/test_greeting.py"
FIRST = "The view answers GET with a greeting."
SECOND = "See visitors who come back and the front page."
CATALOG = "locale/zh_CN/LC_MESSAGES/guide/greeting.po"
SOURCE = f'''\
"""A greeting."""

import pytest
from proven.claims.proofs import proves

WORDS = "Hello"


@pytest.mark.parametrize("n", [1])
@proves("{GREETING}", "{FIRST}", "It is free.")
def test_greets(n):
    assert WORDS


def test_of_nothing():
    assert True


class TestMore:
    @proves("{GREETING}", "{FIRST}")
    def test_again(self):
        assert helper()


def helper():
    return True
'''


class Page:
    """What a build says of one page."""

    def __init__(self, folder: Path, name: str) -> None:
        self.html = folder.joinpath(f"{name}.html").read_text("utf-8")
        text = folder.joinpath("_proofs", f"{name}.js").read_text("utf-8")
        self.data: dict[str, Any] = json.loads(
            text.removeprefix("window.provenProofs(").removesuffix(");\n")
        )

    def marks(self, text: str) -> list[list[int]]:
        """Return the marks of a text that a reader sees."""
        found: list[list[int]] = self.data["texts"][hashed(solid(text))]
        return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """Build the tiny site with a page that is bound in part."""
    site = TinySite(tmp_path_factory.mktemp("tiny"))
    site.edit(f"docs/{GREETING}.md", "costs nothing.", "costs nothing. It is free.")
    site.edit(CATALOG, 'msgid "A second greeting costs nothing."', f'msgid "{TWO}"')
    site.write(TEST, SOURCE)
    lists.write(site.root, GREETING, {"advice": [SECOND]})
    site.edit("docs/index.md", "has.\n", "has.\n\n```{proof-figures}\n```\n")
    for code in ("en", "zh_CN"):
        assert site.build(code).complaints == []
    return site


TWO = "A second greeting costs nothing. It is free."


def page(site: TinySite, folder: str, name: str = GREETING) -> Page:
    return Page(site.root / "build" / "pages" / folder, name)


@proves(
    "about/testing",
    "It marks each sentence with a line: a solid one for a proved sentence, a dotted one "
    "for a sentence that is shown, a dashed one for advice.",
)
def test_each_sentence_has_its_mark(made: TinySite) -> None:
    english = page(made, "en")
    first, second = english.marks(f"{FIRST} {SECOND}")
    assert first == [len(solid(FIRST)), 1, 0, 1]
    assert second == [len(solid(FIRST + SECOND)), 3]
    nothing, free = english.marks(TWO)
    assert nothing[1:] == [0]
    assert free[1:] == [1, 0]
    address = "code/tests/guide/test_greeting.html"
    assert english.data["tests"] == [f"{address}#test_greets", f"{address}#TestMore.test_again"]


@proves("about/testing", "A translated sentence has the state of its original.")
def test_a_translated_sentence_rests_on_what_its_original_rests_on(made: TinySite) -> None:
    chinese = page(made, "zh-cn")
    first, second = chinese.marks("视图用一句问候回答 GET。另见再次来访的访客和首页。")
    assert first[0] == len("视图用一句问候回答GET。")
    assert first[1:] == [1, 0, 1]
    assert second[1:] == [3]


@proves(
    "about/testing",
    "If a translated paragraph has more or fewer sentences than its original, the whole "
    "paragraph is marked, with the weakest state of its sentences.",
)
def test_a_translation_of_another_number_of_sentences_has_the_weakest_state(
    made: TinySite,
) -> None:
    # One of the two is not bound, so nothing is said of the whole.
    assert hashed("再问候一次，不花什么。") not in page(made, "zh-cn").data["texts"]
    assert weakest(["proved", "advice", "shown"]) == "shown"
    assert weakest(["advice", "proved"]) == "proved"
    assert weakest(["proved", ""]) == ""


def test_a_page_states_its_figures(made: TinySite) -> None:
    english = page(made, "en").html
    (line,) = re.findall('<div class="proofs".*', english)
    assert re.sub("<.*?>", "", line).endswith("4 sentences: 2 proved · 1 advice · 1 not bound yet")
    chinese = page(made, "zh-cn").html
    assert "4 句话：" in chinese
    assert "1 句尚未绑定" in chinese


@proves("about/testing", "These are the figures of this build:")
def test_the_site_states_its_figures(made: TinySite) -> None:
    for folder, whole, title in (
        ("en", "The whole site", "Greeting"),
        ("zh-cn", "整个网站", "打招呼"),
    ):
        html = page(made, folder, "index").html
        rows = [
            [re.sub("<.*?>", "", cell).strip() for cell in re.findall("<td.*?</td>", row, re.S)]
            for row in re.findall("<tr.*?</tr>", html, re.S)
        ]
        found = {row[0]: row[1:] for row in rows if row}
        assert found[title] == ["4", "2", "0", "1", "1"]
        columns = [[int(n) for n in column] for column in zip(*found.values(), strict=True)]
        assert [column[0] for column in columns] == [sum(column[1:]) for column in columns]
        assert whole in found
        assert f'href="{GREETING}.html"' in html


@proves(
    "about/testing",
    "A proved sentence leads to its test, on a page that has the tests of a file and "
    "above each test the sentences that it proves.",
)
@pytest.mark.parametrize("folder", ["en", "zh-cn"])
def test_the_page_of_a_test_shows_it_below_what_it_proves(made: TinySite, folder: str) -> None:
    file = made.root / "build" / "pages" / folder / "code/tests/guide/test_greeting.html"
    html = file.read_text("utf-8")
    start, end = html.index('<section id="test_greets">'), html.index('<section id="TestMore.')
    part = html[start:end]
    says = FIRST if folder == "en" else "视图用一句问候回答 GET。"
    # What is code on the page is code here.
    says = says.replace("GET", "<code>GET</code>")
    assert part.index(says) < part.index("test_greets</span>")
    # Where the sentence stands, and its other proof.
    assert "../../../guide/greeting.html#greet-twice" in part
    assert 'href="#TestMore.test_again"' in part
    assert "parametrize" in part
    assert "proves" not in re.sub("<.*?>", "", part.partition('<div class="highlight')[2])
    rest = re.sub(
        "<.*?>", "", html.partition('id="what-the-tests-use"')[2].partition("</section>")[0]
    )
    assert "WORDS = " in rest
    assert "def helper" in rest
    assert "test_of_nothing" not in html


def test_a_change_of_a_test_alone_reaches_the_page(made: TinySite) -> None:
    made.edit(TEST, ', "It is free."', "")
    assert made.build("en").complaints == []
    (line,) = re.findall('<div class="proofs".*', page(made, "en").html)
    assert "1 proved" in line
    assert hashed(solid(TWO)) not in page(made, "en").data["texts"]
    index = re.sub(r"<.*?>|\s", " ", page(made, "en", "index").html)
    assert re.search(r"Greeting +4 +1 +0 +1 +2", index)


def test_chinese_is_split_at_its_own_marks() -> None:
    text = "把 `x` 设为 3.1。（不要这样。）好吗？他说：“好。行。”完了"
    assert [piece.text for piece in split(text)] == [
        "把 `x` 设为 3.1。",
        "（不要这样。）",
        "好吗？",
        "他说：“好。行。”",
        "完了",
    ]
