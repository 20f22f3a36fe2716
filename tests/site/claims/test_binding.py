"""Sentences, quotes and lists are held together, and each fault names its place, the sentence and the remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from proven.claims import lists
from proven.claims.binding import Fault, faults, weigh
from proven.claims.lists import ListError
from proven.claims.proofs import proves
from proven.claims.quotes import quotes
from proven.claims.sentences import Sentence
from proven.commands.claims import RefusedError, bind, meant, put
from proven.snippets import uses

PAGE = "guide/tea"
TEST = "tests/guide/test_tea.py"
HEAD = "from proven.claims.proofs import proves\n\n\n"


def sentence(text: str, line: int = 7, *, shown: bool = False) -> Sentence:
    return Sentence(text, "docs/guide/tea.md", line, "paragraph", "tea", shown, text, 0)


BOILS = sentence("Water boils at 100 degrees.", 7)
COLD = sentence("Nobody drinks it cold.", 8)
SHOWN = sentence("The response is a 418.", 9, shown=True)
PAGES = {PAGE: [BOILS, COLD, SHOWN]}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a project with a test file without a quote."""
    uses.test_files.cache_clear()
    write(
        tmp_path,
        "def test_boils():\n    pass\n\n\nclass TestCold:\n    def test_cold(self):\n        pass\n",
    )
    return tmp_path


def write(root: Path, text: str) -> None:
    file = root / TEST
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def all_bound(root: Path) -> None:
    write(root, f'{HEAD}@proves("{PAGE}", "{BOILS.text}")\ndef test_boils():\n    pass\n')
    lists.write(root, PAGE, {"shown": [SHOWN.text], "advice": [COLD.text]})


def test_the_decorator_returns_its_test() -> None:
    def test() -> None: ...

    class Tests: ...

    assert proves(PAGE, "A sentence.")(test) is test
    assert proves(PAGE, "A sentence.")(Tests) is Tests


def test_the_decorator_wants_a_sentence() -> None:
    with pytest.raises(TypeError, match="the name of a page and the sentences"):
        proves(PAGE)

    def test() -> None: ...

    with pytest.raises(TypeError):
        proves(test)  # type: ignore[arg-type]


def test_a_bound_page_has_no_fault(root: Path) -> None:
    all_bound(root)
    assert faults(root, PAGES) == []
    bound = weigh(root, PAGE, PAGES[PAGE], quotes(root)[0])
    assert [bound.state(each.text) for each in PAGES[PAGE]] == ["proved", "advice", "shown"]
    figures = {"sentences": 3, "proved": 1, "shown": 1, "advice": 1, "unbound": 0}
    assert bound.figures() == figures


@pytest.mark.parametrize(
    "source",
    [
        f'@proves("{PAGE}",\n    "{BOILS.text[:9]}"\n    "{BOILS.text[9:]}")\ndef test_it():\n    pass\n',
        f'@proves("{PAGE}", "{BOILS.text}")\n@pytest.mark.parametrize("n", [1])\ndef test_it(n):\n    pass\n',
        f'@proves("{PAGE}", "{BOILS.text}")\nclass TestIt:\n    pass\n',
        f'class TestIt:\n    @proves("{PAGE}", "{BOILS.text}")\n    def test_it(self):\n        pass\n',
        f'@proves("{PAGE}", "{BOILS.text}")\nasync def test_it():\n    pass\n',
        f'@proves("{PAGE}", "{COLD.text}")\n@proves("{PAGE}", "{BOILS.text}")\ndef test_it():\n    pass\n',
    ],
    ids=["pieces", "parametrised", "class", "method", "coroutine", "two decorators"],
)
def test_every_kind_of_test_can_quote(root: Path, source: str) -> None:
    write(root, HEAD + source)
    found, wrong = quotes(root)
    assert wrong == []
    assert BOILS.text in [quote.text for quote in found]
    assert {quote.test.partition("::")[0] for quote in found} <= {"test_it", "TestIt"}


@pytest.mark.parametrize(
    ("head", "call"),
    [
        ("from proven.claims.proofs import proves as p", "p"),
        ("from proven.claims import proofs", "proofs.proves"),
        ("import proven.claims.proofs", "proven.claims.proofs.proves"),
    ],
)
def test_the_decorator_is_known_by_its_import(root: Path, head: str, call: str) -> None:
    write(root, f'{head}\n\n\n@{call}("{PAGE}", "{BOILS.text}")\ndef test_it():\n    pass\n')
    assert [quote.text for quote in quotes(root)[0]] == [BOILS.text]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (f'@proves("{PAGE}", BOILS)\ndef test_it():\n    pass\n', "plain text"),
        (f'@proves("{PAGE}", f"{{x}}")\ndef test_it():\n    pass\n', "plain text"),
        (f'@proves("{PAGE}")\ndef test_it():\n    pass\n', "plain text"),
        (f'@proves("{PAGE}", "x")\ndef helper():\n    pass\n', "is no test"),
        (f'@proves("{PAGE}", "x")\n@pytest.mark.xfail\ndef test_it():\n    pass\n', "marked xfail"),
        (
            f'@proves("{PAGE}", "x")\n@pytest.mark.skip("y")\ndef test_it():\n    pass\n',
            "marked skip",
        ),
        (f'@proves("{PAGE}", "x")\n@pytest.mark.fuzz\ndef test_it():\n    pass\n', "marked fuzz"),
        (f'@proves("{PAGE}", "x")\ndef test_it():\n    pytest.xfail()\n', "marked xfail"),
        (
            f'@proves("{PAGE}", "x")\ndef test_it():\n    pass\n\n\npytestmark = [pytest.mark.skip]\n',
            "marked skip",
        ),
        (f'@proves("{PAGE}", "x")\nclass test_it:\n    pass\n', "is no test"),
    ],
)
def test_a_decorator_that_proves_nothing_is_a_fault(root: Path, source: str, message: str) -> None:
    write(root, HEAD + source)
    found, wrong = quotes(root)
    assert found == []
    assert [fault.place for fault in wrong] == [f"{TEST}:4"]
    assert message in wrong[0].message


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            "class Group:\n    {0}\n    def test_it(self):\n        pass\n",
            "does not collect test_it",
        ),
        ("def helper():\n    {0}\n    def test_it():\n        pass\n", "does not collect test_it"),
        ("if True:\n    {0}\n    def test_it():\n        pass\n", "does not collect test_it"),
        ("{0}\ndef test_it():\n    pass\n\n\ndef test_it():\n    pass\n", "another test_it"),
        (
            "@pytest.mark.skip\nclass TestIt:\n    {0}\n    def test_it(self):\n        pass\n",
            "marked skip",
        ),
    ],
    ids=["class", "nested", "condition", "replaced", "skipped class"],
)
def test_a_test_that_never_runs_is_a_fault(root: Path, source: str, message: str) -> None:
    write(root, HEAD + source.format(f'@proves("{PAGE}", "{BOILS.text}")'))
    (fault,) = quotes(root)[1]
    assert message in fault.message
    assert fault.place.startswith(f"{TEST}:")


@proves(
    "about/testing",
    "The build stops for a sentence that is none of these, and for a quote that no page "
    "says any more: whoever changes a statement looks at its proof.",
    "a sentence that rests on nothing, and a quote or a listed sentence that no page says any more",
)
def test_a_quote_that_the_page_no_longer_says_is_a_fault(root: Path) -> None:
    all_bound(root)
    changed = sentence("Water boils at 101 degrees.", 7)
    (quoted, unbound) = faults(root, {PAGE: [changed, COLD, SHOWN]})
    assert quoted.place == f"{TEST}:4"
    assert "does not say 'Water boils at 100 degrees.'" in quoted.message
    assert "'Water boils at 101 degrees.' (docs/guide/tea.md:7)" in quoted.message
    assert unbound.place == "docs/guide/tea.md:7"
    assert "nothing proves 'Water boils at 101 degrees.'" in unbound.message


def test_quotes_are_held_where_not_everything_is_bound(root: Path) -> None:
    all_bound(root)
    changed = sentence("Water boils at 101 degrees.", 7)
    (quoted,) = faults(root, {PAGE: [changed, COLD, SHOWN]}, whole=False)
    assert quoted.place == f"{TEST}:4"


def test_a_quote_stands_once(root: Path) -> None:
    all_bound(root)
    (fault,) = faults(root, {PAGE: [*PAGES[PAGE], BOILS._replace(line=30)]})
    assert "2 times (docs/guide/tea.md:7, docs/guide/tea.md:30)" in fault.message


@proves(
    "about/testing",
    "The build stops for a sentence that is none of these, and for a quote that no page "
    "says any more: whoever changes a statement looks at its proof.",
    "a sentence that rests on nothing, and a quote or a listed sentence that no page says any more",
)
@proves("index", "This is a reference to Flask in which every statement is tested.")
def test_a_sentence_that_rests_on_nothing_is_a_fault(root: Path) -> None:
    all_bound(root)
    new = sentence("Milk goes in first.", 12)
    (fault,) = faults(root, {PAGE: [*PAGES[PAGE], new]})
    assert fault == Fault(
        "docs/guide/tea.md:12",
        "nothing proves 'Milk goes in first.': quote it in its test, or, if it cannot be false, list it as advice "
        "in docs/_claims/guide/tea.toml (nox -s claims -- list guide/tea)",
    )


@proves(
    "about/testing",
    "a sentence that rests on nothing, and a quote or a listed sentence that no page says any more",
)
def test_a_listed_sentence_that_is_gone_is_a_fault(root: Path) -> None:
    all_bound(root)
    inverted = sentence("Somebody drinks it cold.", 8)
    gone, _unbound = faults(root, {PAGE: [BOILS, inverted, SHOWN]})
    assert gone.place == "docs/_claims/guide/tea.toml:8"
    assert "does not say 'Nobody drinks it cold.'" in gone.message
    assert "'Somebody drinks it cold.' (docs/guide/tea.md:8)" in gone.message


def test_a_sentence_is_not_proved_and_listed(root: Path) -> None:
    all_bound(root)
    lists.write(root, PAGE, {"shown": [SHOWN.text], "advice": [COLD.text, BOILS.text]})
    (fault,) = faults(root, PAGES)
    assert fault.place == "docs/_claims/guide/tea.toml:9"
    assert f"{TEST}:4 proves 'Water boils at 100 degrees.'" in fault.message


def test_a_sentence_is_listed_once(root: Path) -> None:
    all_bound(root)
    lists.write(root, PAGE, {"shown": [SHOWN.text], "advice": [COLD.text, SHOWN.text]})
    (fault,) = faults(root, PAGES)
    assert "is listed twice" in fault.message


@proves(
    "about/testing",
    "A sentence may be listed as shown only if something that ran stands directly in its "
    "own section: a recorded exchange, shell session or life of a request, a doctest, a snippet, "
    "a table that the build makes.",
)
def test_shown_wants_something_that_ran_beside_it(root: Path) -> None:
    all_bound(root)
    lists.write(root, PAGE, {"shown": [SHOWN.text, COLD.text]})
    (fault,) = faults(root, PAGES)
    assert "nothing in the section shows 'Nobody drinks it cold.'" in fault.message


@pytest.mark.parametrize("text", ["advice = 3\n", "advice = [", "pages = []\n"])
def test_a_broken_list_is_a_fault(root: Path, text: str) -> None:
    all_bound(root)
    root.joinpath("docs/_claims/guide/tea.toml").write_text(text, encoding="utf-8")
    assert "docs/_claims/guide/tea.toml:1" in [fault.place for fault in faults(root, PAGES)]
    with pytest.raises(ListError):
        lists.listed(root, PAGE)


def test_a_page_that_does_not_exist_is_a_fault(root: Path) -> None:
    all_bound(root)
    lists.write(root, "guide/milk", {"advice": ["Milk."]})
    found = faults(root, {"guide/teas": []})
    places = {fault.place for fault in found}
    milk, tea = "docs/_claims/guide/milk.toml:1", "docs/_claims/guide/tea.toml:1"
    assert places == {f"{TEST}:4", milk, tea}
    assert any("did you mean 'guide/teas'?" in fault.message for fault in found)


def test_the_tests_of_an_example_project_quote_other_pages(root: Path) -> None:
    example = root / "tests/site/example/tests/test_it.py"
    example.parent.mkdir(parents=True)
    example.write_text(f'{HEAD}@proves("{PAGE}", "Milk.")\ndef test_it():\n    pass\n', "utf-8")
    assert quotes(root) == ([], [])


def test_a_page_with_another_fault_is_left_aside(root: Path) -> None:
    assert faults(root, PAGES, skip=[PAGE]) == []
    assert len(faults(root, PAGES)) == 3


@proves(
    "about/testing", "bind reads a test and the beginnings of sentences, and writes the decorator."
)
def test_a_beginning_means_one_sentence(root: Path) -> None:
    bound = weigh(root, PAGE, [*PAGES[PAGE], sentence("Water is wet.")], [])
    assert meant(bound, "Water  boils") == BOILS
    with pytest.raises(RefusedError, match="2 sentences begin 'Water'"):
        meant(bound, "Water")
    with pytest.raises(
        RefusedError, match=r"no sentence begins 'Water boils at 100 degree F'; .*tea.md:7"
    ):
        meant(bound, "Water boils at 100 degree F")


@proves("about/testing", "file reads beginnings of sentences and puts them into the list.")
def test_sentences_are_put_into_a_list_in_the_order_of_the_page(root: Path) -> None:
    bound = weigh(root, PAGE, PAGES[PAGE], [])
    refused = list(put(root, bound, "advice", ["The response", "Water", "Milk", ""]))
    assert [item.text for item in lists.listed(root, PAGE)] == [BOILS.text, SHOWN.text]
    assert len(refused) == 1
    bound = weigh(root, PAGE, PAGES[PAGE], [])
    (refusal,) = put(root, bound, "shown", ["Nobody"])
    assert "nothing that runs stands beside" in refusal


@proves(
    "about/testing", "bind reads a test and the beginnings of sentences, and writes the decorator."
)
def test_bind_decorates_a_test(root: Path) -> None:
    bound = weigh(root, PAGE, PAGES[PAGE], [])
    lines = [
        f"{TEST}::test_boils ||| Water ||| The response",
        f"{TEST}::TestCold::test_cold ||| Nobody",
        f"{TEST}::test_nothing ||| Nobody",
        "tests/none.py::test_boils ||| Nobody",
        f"{TEST}::test_boils",
    ]
    refused = list(bind(root, bound, lines))
    assert len(refused) == 3
    assert "there is no test 'test_nothing'; there is test_boils, TestCold" in refused[0]
    found, wrong = quotes(root)
    assert wrong == []
    assert {(quote.test, quote.text) for quote in found} == {
        ("test_boils", BOILS.text),
        ("test_boils", SHOWN.text),
        ("TestCold::test_cold", COLD.text),
    }
    # Once more, it extends the decorator that stands there.
    bound = weigh(root, PAGE, PAGES[PAGE], [])
    assert list(bind(root, bound, [f"{TEST}::test_boils ||| Nobody"])) == []
    text = root.joinpath(TEST).read_text("utf-8")
    assert text.count("@proves") == 2
    assert text.count("import proves") == 1


def test_bind_keeps_lines_short(root: Path) -> None:
    long = sentence("Water 水 " * 30 + '“ends” with "quotes".', 7)
    bound = weigh(root, PAGE, [long], [])
    assert list(bind(root, bound, [f"{TEST}::test_boils ||| Water"])) == []
    assert [quote.text for quote in quotes(root)[0]] == [long.text]
    assert max(map(len, root.joinpath(TEST).read_text("utf-8").splitlines())) <= 100
