"""Comments and docstrings are found and replaced; the code around them stays as it was tested."""

from __future__ import annotations

import ast
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments.lexers import PythonLexer
from pygments.token import Comment, String

from proven.base.project import ROOT
from proven.claims.proofs import proves
from proven.snippets.code_comments import WIDTH, originals, replace, texts
from proven.snippets.files import file_of, modules

CODE = '''"""Greet visitors."""

from flask import Flask  # noqa: F401

app = Flask(__name__)  # The application.


@app.get("/")
def greet() -> str:
    """Say hello."""
    # Everybody is welcome,
    # at any time.
    return "hello # not a comment"


class Visitor:
    """问候"""  # Counted.

    name: str = ""  # type: ignore[assignment]
'''


@proves(
    "about/translating",
    "Comments and one-line docstrings of the shown code are texts of the page too.",
)
def test_comments_and_docstrings_are_found_in_order() -> None:
    assert [text.text for text in texts(CODE)] == [
        "Greet visitors.",
        "The application.",
        "Say hello.",
        "Everybody is welcome, at any time.",
        "问候",
        "Counted.",
    ]


def test_a_docstring_of_several_lines_and_what_is_no_python_have_none() -> None:
    assert texts('"""One.\n\nTwo.\n"""\n') == ()
    assert texts("$ flask run  # not Python") == ()


def test_comments_apart_from_each_other_are_two_texts() -> None:
    apart = "# one\n\n# two\nx = 1  # three\n# four\n"
    assert [text.text for text in texts(apart)] == ["one", "two", "three", "four"]


@pytest.mark.parametrize(
    ("old", "new", "before", "after"),
    [
        ("Greet visitors.", "问候访客。", '"""Greet visitors."""', '"""问候访客。"""'),
        ("The application.", "应用。", "  # The application.", "  # 应用。"),
        (
            "Everybody is welcome, at any time.",
            "欢迎每一个人。",
            "    # Everybody is welcome,\n    # at any time.\n",
            "    # 欢迎每一个人。\n",
        ),
        ("问候", "招呼", '"""问候"""  # Counted.', '"""招呼"""  # Counted.'),
        ("Counted.", "数过。", '"""问候"""  # Counted.', '"""问候"""  # 数过。'),
    ],
)
def test_one_text_is_replaced_and_nothing_else(old: str, new: str, before: str, after: str) -> None:
    assert CODE.count(before) == 1
    assert replace(CODE, {old: new}) == CODE.replace(before, after)


def test_every_place_that_says_it_is_replaced() -> None:
    code = "x = 1  # one\ny = 2  # two\nz = 3  # one\n"
    assert replace(code, {"one": "一"}) == "x = 1  # 一\ny = 2  # two\nz = 3  # 一\n"
    assert replace(code, {"one": "一", "two": "二"}) == "x = 1  # 一\ny = 2  # 二\nz = 3  # 一\n"


def test_a_translation_that_says_what_another_comment_says_is_left_alone() -> None:
    assert replace("# one\n\n# two\n", {"one": "two", "two": "three"}) == "# two\n\n# three\n"


def test_a_long_comment_is_folded_within_the_width_and_not_before_punctuation() -> None:
    new = "先试固定文本，再试旁边带固定文本的变量，最后试单独的变量。" * 6
    folded = replace("    # old\nx = 1\n", {"old": new})
    *comments, code, _ = folded.split("\n")
    assert code == "x = 1"
    assert len(comments) == 4
    assert "".join(line.removeprefix("    # ") for line in comments) == new
    for line in comments:
        # Closing punctuation hangs over the edge.
        assert sum(2 if ord(c) > 0x2E80 else 1 for c in line.rstrip("，。")) <= WIDTH
        assert line.removeprefix("    # ")[0] not in "，。"


def test_latin_words_are_not_cut() -> None:
    new = "Werkzeug 逐段尝试 MapAdapter.match " * 8
    comments = replace("# old\n", {"old": new.strip()}).split("\n")[:-1]
    assert " ".join(line.removeprefix("# ") for line in comments).split() == new.split()


@proves("about/translating", "The code is never translated.")
@given(st.text(alphabet="的请求上下文abc ，。", min_size=1).map(str.strip).filter(bool))
def test_whatever_a_translation_says_the_code_stays_the_same(new: str) -> None:
    for snippet in (CODE, "# old\nx = 1  # old\n"):
        for text in texts(snippet):
            changed = replace(snippet, {text.text: new})
            assert code_of(changed) == code_of(snippet)


@pytest.mark.parametrize("name", modules(ROOT))
def test_the_code_of_every_snippet_survives_its_translation(name: str) -> None:
    file = file_of(ROOT, name)
    assert file is not None
    code = file.read_text(encoding="utf-8")
    changed = replace(code, {text.text: "译文" for text in texts(code)})
    assert code_of(changed) == code_of(code)
    assert {text.text for text in texts(changed)} <= {"译文"}


def restored(code: str, translations: dict[str, str]) -> str:
    """Return translated code in which each original stands again, as ``settings.js`` puts it there."""
    lines = replace(code, translations).split("\n")
    for first, height, text in reversed(json.loads(originals(code, translations) or "[]")):
        mark = text if text.startswith("#") else '"""'
        before, start = (lines[first].rpartition if mark == text else lines[first].partition)(
            "#" if mark == text else mark
        )[:2]
        after = "" if start == "#" else lines[first][len(before) :].split('"""', 2)[2]
        lines[first : first + height] = [f"{before}{text}{after}"]
    return "\n".join(lines)


@pytest.mark.parametrize("name", modules(ROOT))
def test_a_reader_can_have_the_originals_back(name: str) -> None:
    file = file_of(ROOT, name)
    assert file is not None
    code = file.read_text(encoding="utf-8")
    said = texts(code)
    for new in ("译文", "先试固定文本，再试旁边带固定文本的变量。" * 9):
        assert restored(code, {text.text: new for text in said}) == code
    # By these kinds the script finds them.
    kinds = {
        (line, kind)
        for at, kind, _ in PythonLexer().get_tokens_unprocessed(code)
        for line in [code.count("\n", 0, at)]
    }
    for text in said:
        kind = String.Doc if text.quote else Comment.Single
        assert {(line, kind) for line in range(text.first, text.last + 1)} <= kinds


def test_code_without_translations_has_no_originals() -> None:
    assert originals(CODE, {}) == ""
    assert originals("$ flask run  # not Python", {"not Python": "不是"}) == ""


def code_of(source: str) -> str:
    """Return the syntax tree without docstrings."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        match node:
            case (
                ast.Module(body=[ast.Expr(ast.Constant(str())), *_])
                | ast.ClassDef(body=[ast.Expr(ast.Constant(str())), *_])
                | ast.FunctionDef(body=[ast.Expr(ast.Constant(str())), *_])
                | ast.AsyncFunctionDef(body=[ast.Expr(ast.Constant(str())), *_])
            ):
                node.body[0] = ast.Pass()
    return ast.dump(tree)
