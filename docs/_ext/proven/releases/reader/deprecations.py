"""What a library deprecates: every warning that is sure to reach who uses a name, and what is said beside it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from proven.releases.reader.trees import Function, Trees, calls, functions

#: `@util.deprecated("1.4", ...)` and its like, as SQLAlchemy writes them above functions and classes.
_DEPRECATES = re.compile(r"(\w+\.)?(deprecated(_20)?(_cls)?|moved_20|became_legacy_20)\(")
_DEPRECATES_PARAMETERS = re.compile(r"(\w+\.)?deprecated_params\(")
_DEPRECATED_KEY = re.compile(
    r"['\"`]([A-Z][A-Z0-9_]{3,})['\"`] (?:config |configuration |key |option )*is deprecated"
)


class Marks:
    """What the syntax trees say about deprecations and about names provided on demand."""

    def __init__(self, trees: Trees) -> None:
        self.deprecated: set[str] = set()
        self.deprecated_keys: set[str] = set()
        #: Modules that warn when they are imported.
        self.modules: set[str] = set()
        self.lazy: dict[str, list[str]] = {}
        for module, tree in trees.items():
            for node, path in functions(tree, module):
                if path == f"{module}.__getattr__":
                    self._getattr(module, node)
                else:
                    self._function(node, path)
        for module, tree in trees.items():
            if any(not tests for _, tests in _warnings(tree.body, ())):
                self.modules.add(module)
            self._flagged(module, tree)
            self._classes(module, tree)
            self._passed_on(module, tree)
            self._passed_up(module, tree)

    def _getattr(self, module: str, node: Function) -> None:
        argument = node.args.args[0].arg
        for test, body in _branches(node.body):
            names = list(_compared(test, argument))
            self.lazy.setdefault(module, []).extend(names)
            if any(_is_deprecation(call) for call in calls(body)):
                self.deprecated.update(f"{module}.__getattr__[{name}]" for name in names)

    def _function(self, node: Function, path: str) -> None:
        arguments = [
            argument.arg
            for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        ]
        for decorator in node.decorator_list:
            # A setter that warns says nothing about reading.
            if isinstance(decorator, ast.Attribute) and decorator.attr in {"setter", "deleter"}:
                return
            if _DEPRECATES.match(ast.unparse(decorator)):
                self.deprecated.add(path)
            if isinstance(decorator, ast.Call) and _DEPRECATES_PARAMETERS.match(
                ast.unparse(decorator)
            ):
                named = {keyword.arg for keyword in decorator.keywords}
                self.deprecated.update(f"{path}({name})" for name in arguments if name in named)
        for call, tests in _warnings(node.body, ()):
            self.deprecated_keys.update(_DEPRECATED_KEY.findall(_text(call)))
            if not tests:
                self.deprecated.add(path)
            elif len(tests) == 1:
                for argument in arguments:
                    if _asks_for(tests[0], argument) and re.search(rf"\b{argument}\b", _text(call)):
                        self.deprecated.add(f"{path}({argument})")

    def _passed_on(self, module: str, tree: ast.Module) -> None:
        """A private helper warns about a parameter that public functions hand through."""
        if not any(path.startswith(f"{module}._") and "(" in path for path in self.deprecated):
            return
        for node, path in functions(tree, module):
            for call in calls(node.body):
                if not isinstance(call.func, ast.Name) or not call.func.id.startswith("_"):
                    continue
                for keyword in call.keywords:
                    same = isinstance(keyword.value, ast.Name) and keyword.value.id == keyword.arg
                    if same and f"{module}.{call.func.id}({keyword.arg})" in self.deprecated:
                        self.deprecated.add(f"{path}({keyword.arg})")

    def _passed_up(self, module: str, tree: ast.Module) -> None:
        """A class is deprecated whose `__init__` calls that of a deprecated base in the module."""
        for node in tree.body:
            if not isinstance(node, ast.ClassDef):
                continue
            bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
            if not any(f"{module}.{base}.__init__" in self.deprecated for base in bases):
                continue
            for statement in node.body:
                if isinstance(statement, ast.FunctionDef) and statement.name == "__init__":
                    called = {ast.unparse(call.func) for call in calls(statement.body)}
                    if called & {"super().__init__", *(f"{base}.__init__" for base in bases)}:
                        self.deprecated.add(f"{module}.{node.name}.__init__")

    def _classes(self, module: str, tree: ast.Module) -> None:
        """``@util.deprecated_cls("1.4", ...)`` above a class."""
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and any(
                _DEPRECATES.match(ast.unparse(decorator)) for decorator in node.decorator_list
            ):
                self.deprecated.add(f"{module}.{node.name}")

    def _flagged(self, module: str, tree: ast.Module) -> None:
        """``x = _DeprecatedBool(...)`` at the level of a module, as Flask wrote it for a while."""
        for statement in tree.body:
            if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Call):
                continue
            if "Deprecated" in ast.unparse(statement.value.func):
                for target in statement.targets:
                    if isinstance(target, ast.Name):
                        self.deprecated.add(f"{module}.{target.id}")


def _branches(body: Iterable[ast.stmt]) -> Iterator[tuple[ast.expr, list[ast.stmt]]]:
    for statement in body:
        if isinstance(statement, ast.If):
            yield statement.test, statement.body
            yield from _branches(statement.orelse)


def _compared(test: ast.expr, argument: str) -> Iterator[str]:
    """The strings that ``argument`` is compared with in ``test``."""
    for node in ast.walk(test):
        if not isinstance(node, ast.Compare) or not isinstance(node.left, ast.Name):
            continue
        if node.left.id != argument:
            continue
        for operator, other in zip(node.ops, node.comparators, strict=True):
            if isinstance(operator, ast.Eq | ast.In):
                for item in ast.walk(other):
                    if isinstance(item, ast.Constant) and isinstance(item.value, str):
                        yield item.value


def _warnings(
    body: Iterable[ast.stmt], tests: tuple[ast.expr, ...]
) -> Iterator[tuple[ast.Call, tuple[ast.expr, ...]]]:
    """The deprecation warnings in ``body``, each with the conditions that it depends on."""
    for statement in body:
        if isinstance(statement, ast.If):
            yield from _warnings(statement.body, (*tests, statement.test))
            yield from _warnings(statement.orelse, (*tests, statement.test))
        elif isinstance(statement, ast.For | ast.While | ast.AsyncFor):
            yield from _warnings(statement.body, (*tests, ast.Constant(None)))
        elif isinstance(statement, ast.With | ast.AsyncWith):
            yield from _warnings(statement.body, tests)
        elif isinstance(statement, ast.Try):
            yield from _warnings(statement.body, tests)
            for handler in statement.handlers:
                yield from _warnings(handler.body, (*tests, ast.Constant(None)))
            yield from _warnings(statement.orelse, (*tests, ast.Constant(None)))
            yield from _warnings(statement.finalbody, tests)
        elif isinstance(statement, Function | ast.ClassDef):
            continue
        else:
            for call in calls([statement]):
                if _is_deprecation(call):
                    yield call, tests


def _is_deprecation(call: ast.Call) -> bool:
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if name == "warn_deprecated":
        return True
    if name != "warn":
        return False
    return any(
        re.search(r"\w*DeprecationWarning\b|SADeprecationWarning|RemovedIn", ast.unparse(argument))
        for argument in (*call.args[:2], *(keyword.value for keyword in call.keywords))
    )


def _text(call: ast.Call) -> str:
    return " ".join(
        node.value
        for node in ast.walk(call)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _asks_for(test: ast.expr, argument: str) -> bool:
    """Whether ``test`` is true when somebody gave ``argument``: ``x``, ``x is not None`` and the like."""
    text = ast.unparse(test)
    return text == argument or text.startswith((f"{argument} is not ", f"'{argument}' in "))
