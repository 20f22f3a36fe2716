"""Which sentences the tests quote (:mod:`proven.claims.proofs`), read from their syntax trees.

No test is imported, so that a build and a command line ask in milliseconds.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterable, Iterator, MutableMapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from proven.snippets.files import parse
from proven.snippets.uses import test_files, text_of

MODULE = "proven.claims.proofs"
NAME = "proves"
Tested = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
# Marks of pytest under which a test proves nothing, or does not run with the others. A skip for want of a server is a
# failure where ``CI`` is set.
VOID = ("xfail", "skip", "fuzz")


class Quote(NamedTuple):
    """A sentence that a test quotes.

    Attributes:
        page: The page that should say it.
        text: The sentence, its white space as single spaces.
        file: The test file, from the root of the project.
        line: The line of the quote.
        test: The test as pytest names it within the file: ``test_x`` or ``TestX::test_y``.
    """

    page: str
    text: str
    file: str
    line: int
    test: str


class QuoteFault(NamedTuple):
    """A decorator that cannot be read: where it stands and what is to be done."""

    place: str
    message: str


def quotes(
    root: Path, kept: MutableMapping[str, Any] | None = None
) -> tuple[list[Quote], list[QuoteFault]]:
    """Return all quotes of all tests below ``root``, and what is wrong with some decorators.

    Args:
        root: The folder of the project.
        kept: What was read before, by file, for JSON to keep; what did not change is not read again.
    """
    kept = {} if kept is None else kept
    found: list[Quote] = []
    faults: list[QuoteFault] = []
    for file, shown in test_files(root):
        changed = file.stat().st_mtime_ns
        # An example of a project among the tests has pages of its own.
        is_example = Path(shown).parts.count("tests") > 1
        if is_example or NAME not in text_of(file, changed):
            continue
        state = hashlib.sha256(text_of(file, changed).encode()).hexdigest()
        if kept.get(shown, [""])[0] != state:
            kept[shown] = [state, _in_file(file, shown, changed)]
        for item in (
            Quote(*each) if len(each) > 2 else QuoteFault(*each) for each in kept[shown][1]
        ):
            if isinstance(item, Quote):
                found.append(item)
            else:
                faults.append(item)
    return found, faults


@cache
def _in_file(file: Path, shown: str, changed: int) -> list[Quote | QuoteFault]:
    tree = parse(file)
    names, marks = called(tree), set[str]()
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark":
            marks = _marks([node.value])
    # A look into each test takes time, and hardly a file has such a call.
    looks = "pytest.xfail(" in text_of(file, changed)
    found = list(_in_body(tree.body, shown, names, "", marks, looks))
    return [*found, *_out_of_reach(tree, shown, names)]


@cache
def called(tree: ast.Module) -> frozenset[str]:
    """Return the names under which a test file calls ``proves``."""
    return frozenset(_called(tree))


def is_proof(decorator: ast.expr, names: frozenset[str]) -> bool:
    """Say whether a decorator calls ``proves``, which has these names."""
    return isinstance(decorator, ast.Call) and ast.unparse(decorator.func) in names


def _called(tree: ast.Module) -> Iterator[str]:
    # An import in a function has no decorator after it.
    for node in _statements(tree.body):
        if isinstance(node, ast.ImportFrom) and node.module == MODULE:
            yield from (each.asname or each.name for each in node.names if each.name == NAME)
        elif isinstance(node, ast.ImportFrom) and node.module == MODULE.rpartition(".")[0]:
            last = MODULE.rpartition(".")[2]
            yield from (f"{each.asname or last}.{NAME}" for each in node.names if each.name == last)
        elif isinstance(node, ast.Import):
            yield from (
                f"{each.asname or MODULE}.{NAME}" for each in node.names if each.name == MODULE
            )


def _statements(body: list[ast.stmt], functions: bool = False) -> Iterator[ast.AST]:
    """Yield the statements of a file that run when it is imported, or those in its functions and classes too.

    Expressions are most of a tree, and no statement stands in one.
    """
    for node in body:
        yield node
        if functions or not isinstance(node, Tested):
            for field in ("body", "orelse", "handlers", "finalbody", "cases"):
                yield from _statements(getattr(node, field, []), functions)


def _marks(nodes: Iterable[ast.expr]) -> set[str]:
    """Return which of the void marks of pytest stand in some expressions."""
    text = " ".join(map(ast.unparse, nodes))
    return {mark for mark in VOID if re.search(rf"\bpytest\.mark\.{mark}\b", text)}


def _bodies(tree: ast.Module) -> Iterator[tuple[list[ast.stmt], str]]:
    """Yield what pytest collects from: the file, and its classes of tests, each with its name."""
    waiting: list[tuple[list[ast.stmt], str]] = [(tree.body, "")]
    for body, group in waiting:
        yield body, group
        classes = (node for node in body if isinstance(node, ast.ClassDef))
        waiting += [(c.body, f"{group}{c.name}::") for c in classes if c.name.startswith("Test")]


def _out_of_reach(tree: ast.Module, file: str, names: frozenset[str]) -> Iterator[QuoteFault]:
    """Yield the decorated functions that pytest does not collect, or that a later one of their name replaces."""
    fates: dict[int, str] = {}
    for body, group in _bodies(tree):
        tests = [node for node in body if isinstance(node, Tested)]
        last = {node.name: node for node in tests}
        for node in tests:
            replaced = f"another {group}{node.name} stands below, so this one never runs: rename it"
            fates[id(node)] = "" if last[node.name] is node else replaced
    for found in _statements(tree.body, functions=True):
        if isinstance(found, Tested) and any(is_proof(d, names) for d in found.decorator_list):
            lost = (
                f"pytest does not collect {found.name}: move it to the file or to a class Test..."
            )
            if fate := fates.get(id(found), lost):
                yield QuoteFault(f"{file}:{found.lineno}", fate)


def _in_body(
    body: list[ast.stmt],
    file: str,
    names: frozenset[str],
    group: str,
    above: set[str],
    looks: bool,
) -> Iterator[Quote | QuoteFault]:
    for node in body:
        if not isinstance(node, Tested):
            continue
        test, marks = f"{group}{node.name}", above | _marks(node.decorator_list)
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call) and is_proof(decorator, names):
                calls = looks and _calls_xfail(node)
                yield from _of_decorator(decorator, node, file, test, {"xfail"} if calls else marks)
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            yield from _in_body(node.body, file, names, f"{test}::", marks, looks)


def _calls_xfail(node: Tested) -> bool:
    return any(
        isinstance(each, ast.Call) and ast.unparse(each.func) == "pytest.xfail"
        for each in ast.walk(node)
    )


def _of_decorator(
    decorator: ast.Call, node: Tested, file: str, test: str, marks: set[str]
) -> Iterator[Quote | QuoteFault]:
    place = f"{file}:{decorator.lineno}"
    if not node.name.startswith("Test" if isinstance(node, ast.ClassDef) else "test"):
        yield QuoteFault(place, f"{test} is no test, so it proves nothing: move the decorator")
        return
    if marks:
        which = sorted(marks)[0]
        yield QuoteFault(place, f"{test} is marked {which}, so it proves nothing: mend the test")
        return
    texts = [
        argument.value
        for argument in decorator.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]
    if len(texts) < 2 or len(texts) != len(decorator.args) or decorator.keywords:
        yield QuoteFault(place, "proves takes a page and sentences, each a plain text: write them")
        return
    page = texts[0]
    for argument, text in zip(decorator.args[1:], texts[1:], strict=True):
        yield Quote(page, " ".join(text.split()), file, argument.lineno, test)
