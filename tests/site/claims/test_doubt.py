"""A changed fact is noticed: what is changed, how the tests are asked, and the recorded result."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from proven.base.project import ROOT
from proven.claims import lists
from proven.claims.mutations import of_code, of_sentence
from proven.claims.proofs import proves
from proven.claims.quotes import Quote
from proven.claims.sentences import Sentence
from proven.commands.doubt import (
    RECORD,
    Doubt,
    copied,
    equal,
    made_of,
    recorded,
    spread,
    unnoticed_sentences,
)
from tests.site.claims.doubted import ask


@pytest.mark.parametrize(
    ("sentence", "changed"),
    [
        ("It responds with 404.", {"It responds with 405."}),
        ("It is not read.", {"It is read."}),
        ("It cannot be read.", {"It can be read."}),
        ("It is read.", {"It is not read."}),
        ("Only the first wins.", {"the first wins.", "Only the last wins."}),
        ("It runs before every view.", {"It runs after every view.", "It runs before no view."}),
        ("The default is False.", {"The default is not False.", "The default is True."}),
        ("Use 3.11, utf8 and a1.", {"Use 3.12, utf8 and a1."}),
        ("Use the key.", set()),
    ],
)
def test_the_facts_of_a_sentence(sentence: str, changed: set[str]) -> None:
    assert {mutant.text for mutant in of_sentence(sentence)} == changed


@proves(
    "about/testing",
    "It changes a number, a truth value or a condition in a snippet, one change at a "
    "time, and runs the exchanges with this snippet and the tests that use it.",
)
def test_the_facts_of_a_snippet() -> None:
    source = 'x = 1\nif not x == 2 and True:  # 水 3\n    y = "4"\n'
    found = {(mutant.line, mutant.what): mutant.text.splitlines() for mutant in of_code(source)}
    assert found == {
        (1, "1 -> 2"): ["x = 2", *source.splitlines()[1:]],
        (2, "not x == 2 -> x == 2"): ["x = 1", "if x == 2 and True:  # 水 3", '    y = "4"'],
        (2, "x == 2 -> x != 2"): ["x = 1", "if not x != 2 and True:  # 水 3", '    y = "4"'],
        (2, "True -> False"): ["x = 1", "if not x == 2 and False:  # 水 3", '    y = "4"'],
        (2, "2 -> 3"): ["x = 1", "if not x == 3 and True:  # 水 3", '    y = "4"'],
    }


def test_a_changed_sentence_is_noticed_if_something_holds_it(tmp_path: Path) -> None:
    first, second, third = (
        Sentence(text, "docs/guide/tea.md", line, "paragraph", "tea", False, text, 0)
        for line, text in enumerate(["It is 100.", "It is not cold.", "It is hot."], 7)
    )
    lists.write(tmp_path, "guide/tea", {"advice": [second.text]})
    quoted = [Quote("guide/tea", first.text, "tests/test_tea.py", 3, "test_tea")]
    count, survivors = unnoticed_sentences(tmp_path, {"guide/tea": [first, second, third]}, quoted)
    assert count == 4
    # What rests on nothing can be changed at will.
    assert survivors == ["docs/guide/tea.md:9: is -> is not"]


def test_changes_are_spread_evenly() -> None:
    found = [Doubt(str(n), next(of_code("1")), []) for n in range(10)]
    assert [doubt.file for doubt in spread(found, 3)] == ["0", "3", "6"]
    assert spread(found, 20) == found


@proves("about/testing", "It prints the changes that neither notices.")
def test_the_tests_of_a_snippet_are_asked_in_a_copy(tmp_path: Path) -> None:
    project, copy = tmp_path / "project", tmp_path / "copy"
    files = {
        "snippets/tea.py": "DEGREES = 100\nUNUSED = 3\n",
        "tests/test_tea.py": "from snippets import tea\n\n\ndef test_it():\n    assert tea.DEGREES == 100\n",
        "tests/test_left_out.py": "import pytest\n\n\ndef test_it():\n    assert not 1\n",
        "ignored.txt": "",
        ".gitignore": "ignored.txt\n",
    }
    for name, text in files.items():
        project.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
        project.joinpath(name).write_text(text, "utf-8")
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    copied(project, copy)
    assert not copy.joinpath("ignored.txt").exists()
    results = ask(copy, "snippets/tea.py", ["tests/test_tea.py::test_it"])
    assert results == {"100 -> 101": "noticed", "3 -> 4": "survived"}
    assert ask(copy, "snippets/tea.py", ["tests/test_left_out.py::test_it"]) == {
        "100 -> 101": "no proof",
        "3 -> 4": "no proof",
    }
    assert copy.joinpath("snippets/tea.py").read_text("utf-8") == files["snippets/tea.py"]


def test_what_a_test_leaves_running_is_ended(tmp_path: Path) -> None:
    files = {
        "snippets/tea.py": "DEGREES = 100\n",
        "tests/test_tea.py": "from pathlib import Path\nimport subprocess\n\n\ndef test_it():\n"
        "    left = subprocess.Popen(['sleep', '60'], start_new_session=True)\n"
        "    Path('left.txt').write_text(str(left.pid))\n",
    }
    for name, text in files.items():
        tmp_path.joinpath(name).parent.mkdir()
        tmp_path.joinpath(name).write_text(text, "utf-8")
    assert ask(tmp_path, "snippets/tea.py", ["tests/test_tea.py"]) == {"100 -> 101": "survived"}
    assert not Path("/proc", tmp_path.joinpath("left.txt").read_text("utf-8")).exists()


def test_a_file_of_tests_rests_on_what_its_snippets_and_its_fixtures_import(tmp_path: Path) -> None:
    for name, text in {
        "snippets/tea.py": "",
        "snippets/pot.py": "from snippets import tea\n",
        "snippets/cup.py": "",
        "snippets/jug.py": "",
        "snippets/bowl.py": "",
        "tests/conftest.py": "from snippets import cup\n",
        "tests/helper.py": "from tests.deeper import pour\n",
        "tests/deeper.py": "from snippets import jug\n",
        "tests/test_pot.py": "from snippets import pot\nfrom tests import helper\n",
    }.items():
        tmp_path.joinpath(name).parent.mkdir(exist_ok=True)
        tmp_path.joinpath(name).write_text(text, "utf-8")
    found = {file.stem for file in made_of(tmp_path, tmp_path / "tests/test_pot.py")}
    assert found == {"tea", "pot", "cup", "jug"}


def test_what_survived_is_none_or_makes_no_difference() -> None:
    kept = ROOT / RECORD
    result = json.loads(kept.read_text("utf-8"))
    assert result["sentences"]["changed"] > 50
    assert result["sentences"]["survived"] == []
    assert result["snippets"]["changed"] > 5
    reasons = equal(ROOT)
    assert [each for each in result["snippets"]["survived"] if each not in reasons] == []
    assert all(len(reason) > 10 for reason in reasons.values())


def test_a_result_is_recorded_whole() -> None:
    results = {"noticed": ["a", "b"], "survived": ["c"], "no proof": ["d"]}
    result = json.loads(recorded(7, [], results))
    assert result["sentences"] == {"changed": 7, "survived": []}
    assert result["snippets"] == {"changed": 4, **results}
