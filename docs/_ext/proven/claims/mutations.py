"""Changes of facts, to see whether anything notices: in the words of a sentence, and in the code of a snippet.

Pure functions; :mod:`proven.commands.doubt` makes the changes and asks the tests.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

# A word of a statement, and what makes the statement another.
WORDS: tuple[tuple[str, str, str], ...] = (
    ("not", r"\b(is|are|was|does|do|has|have|can|must|may) not\b", r"\1"),
    ("not", r"\bcannot\b", "can"),
    ("not", r"\bnever\b", "always"),
    ("not", r"\bwithout\b", "with"),
    ("not", r"\b(is|are|has|must|can)\b(?! not)", r"\1 not"),
    ("only", r"\b(O|o)nly ", ""),
    ("all", r"\b(every|each|all)\b", "no"),
    ("order", r"\bbefore\b", "after"),
    ("order", r"\bafter\b", "before"),
    ("order", r"\bfirst\b", "last"),
    ("value", r"\bTrue\b", "False"),
    ("value", r"\bFalse\b", "True"),
)
# Of 3.11 the last part.
NUMBER = re.compile(r"(?<![\w.])(?P<before>(?:\d+\.)*)(?P<last>\d+)(?![\w.]*[A-Za-z_])")
Comparison = dict[type[ast.cmpop], str]
OPPOSITE: Comparison = {
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Lt: ">=",
    ast.GtE: "<",
    ast.Gt: "<=",
    ast.LtE: ">",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Is: "is not",
    ast.IsNot: "is",
}


class Mutant(NamedTuple):
    """A text with one fact changed.

    Attributes:
        kind: ``number``, ``not``, ``only`` and the like.
        line: The line of the change, from 1.
        what: What was changed into what.
        text: The whole text as it is then.
    """

    kind: str
    line: int
    what: str
    text: str


def of_sentence(text: str) -> Iterator[Mutant]:
    """Yield a sentence with one fact changed, once for each fact in it.

    >>> [mutant.text for mutant in of_sentence("It is not a 404.")]
    ['It is not a 405.', 'It is a 404.']
    """
    for match in NUMBER.finditer(text):
        yield _changed(text, match.span(), f"{match['before']}{int(match['last']) + 1}", "number")
    for kind, pattern, replacement in WORDS:
        for match in re.finditer(pattern, text):
            yield _changed(text, match.span(), match.expand(replacement), kind)


def of_code(source: str) -> Iterator[Mutant]:
    """Yield the source of a snippet with one fact changed: a number, a truth value, a condition.

    Args:
        source: Python that can be parsed.
    """
    lines = source.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line.encode()))
    data = source.encode()

    def span(node: ast.expr) -> tuple[int, int]:
        end = starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
        return starts[node.lineno - 1] + node.col_offset, end

    def mutant(node: ast.expr, kind: str, new: Callable[[str], str]) -> Mutant:
        begin, end = span(node)
        old = data[begin:end].decode()
        text = (data[:begin] + new(old).encode() + data[end:]).decode()
        return Mutant(kind, node.lineno, f"{' '.join(old.split())} -> {new(old)}", text)

    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Constant(value=bool(value)):
                yield mutant(node, "value", lambda _, value=value: str(not value))  # type: ignore[misc]
            case ast.Constant(value=int(number)):
                yield mutant(node, "number", lambda _, number=number: str(number + 1))  # type: ignore[misc]
            case ast.UnaryOp(op=ast.Not()):
                yield mutant(node, "not", lambda old: old.removeprefix("not").strip())
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in OPPOSITE:
                sides = [data[slice(*span(side))].decode() for side in (left, right)]
                said = f" {OPPOSITE[type(op)]} ".join(sides)
                yield mutant(node, "condition", lambda _, said=said: said)  # type: ignore[misc]


def _changed(text: str, span: tuple[int, int], new: str, kind: str) -> Mutant:
    begin, end = span
    return Mutant(kind, 1, f"{text[begin:end]} -> {new}", text[:begin] + new + text[end:])
