"""The configuration keys of a library: the defaults that it sets, and every place that reads one."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator

from proven.releases.reader.trees import Function, Trees
from proven.releases.records import ReadKey

_KEY = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*\Z")


def read_keys(trees: Trees) -> dict[str, ReadKey]:
    """The configuration keys that the modules set a default for or read."""
    defaults: dict[str, str] = {}
    fallbacks: dict[str, str] = {}
    readers: dict[str, set[str]] = defaultdict(set)
    for module, tree in sorted(trees.items()):
        defaults |= _default_config(tree)
        for path, key, fallback in _key_reads(tree, module):
            readers[key].add(path)
            if fallback is not None:
                fallbacks[key] = fallback
    return {
        key: ReadKey(
            default=defaults[key] if key in defaults else _constant(trees, fallbacks.get(key)),
            readers=tuple(sorted(readers[key])),
        )
        for key in sorted(defaults.keys() | readers.keys())
    }


def _default_config(tree: ast.Module) -> dict[str, str]:
    """The keys and defaults of a dictionary that is called ``default_config``."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and any(
            isinstance(target, ast.Name) and target.id == "default_config"
            for target in _targets(node)
        ):
            value = node.value
            if isinstance(value, ast.Call) and value.args:
                value = value.args[0]
            if isinstance(value, ast.Dict):
                for key, default in zip(value.keys, value.values, strict=True):
                    if isinstance(key, ast.Constant) and isinstance(key.value, str):
                        found[key.value] = ast.unparse(default)
    return found


def _targets(node: ast.Assign | ast.AnnAssign) -> list[ast.expr]:
    return node.targets if isinstance(node, ast.Assign) else [node.target]


def _constant(trees: Trees, text: str | None) -> str | None:
    """``'redis'`` for ``Defaults.SESSION_TYPE``: what a constant of a class stands for, else the text itself."""
    holder, _, constant = (text or "").partition(".")
    for tree in trees.values() if constant else ():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and node.name == holder:
                for statement in node.body:
                    if isinstance(statement, ast.Assign) and any(
                        isinstance(target, ast.Name) and target.id == constant
                        for target in statement.targets
                    ):
                        return ast.unparse(statement.value)
    return text


def _key_reads(tree: ast.AST, path: str) -> Iterator[tuple[str, str, str | None]]:
    """Where a key is read: the dotted name of the place, the key, and the default given there."""
    for node in ast.iter_child_nodes(tree):
        inner = path
        if isinstance(node, Function | ast.ClassDef):
            inner = f"{path}.{node.name}"
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            # `testing = ConfigAttribute("TESTING")`
            target = _targets(node)[0]
            if isinstance(target, ast.Name) and "ConfigAttribute" in ast.dump(node):
                inner = f"{path}.{target.id}"
        yield from _key_read(node, inner)
        yield from _key_reads(node, inner)


def _key_read(node: ast.AST, path: str) -> Iterator[tuple[str, str, str | None]]:
    if (
        isinstance(node, ast.Subscript)
        and _is_config(node.value)
        and isinstance(node.ctx, ast.Load)
    ):
        key = _key(node.slice)
        if key:
            yield path, key, None
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        key = _key(node.left)
        if key and isinstance(node.ops[0], ast.In | ast.NotIn) and _is_config(node.comparators[0]):
            yield path, key, None
    elif isinstance(node, ast.Call) and node.args:
        key = _key(node.args[0])
        if not key:
            return
        function = node.func.value if isinstance(node.func, ast.Subscript) else node.func
        if isinstance(function, ast.Name) and function.id == "ConfigAttribute":
            yield path, key, None
        elif (
            isinstance(node.func, ast.Attribute)
            and _is_config(node.func.value)
            and node.func.attr in {"get", "setdefault", "pop"}
        ):
            yield path, key, ast.unparse(node.args[1]) if len(node.args) > 1 else "None"


def _key(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and _KEY.match(node.value):
        return node.value
    return None


def _is_config(node: ast.expr) -> bool:
    return (isinstance(node, ast.Attribute) and node.attr == "config") or (
        isinstance(node, ast.Name) and node.id == "config"
    )
