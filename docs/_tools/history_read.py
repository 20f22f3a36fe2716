"""Reads one release of a library statically: names, signatures, values, configuration keys, deprecations.

Griffe gives names and signatures; the syntax tree gives `default_config`, every place where a
configuration key is read, and every `DeprecationWarning` that is sure to reach who uses the name.
"""

from __future__ import annotations

import ast
import logging
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import griffe

from history_fetch import HistoryError

logging.getLogger("griffe").setLevel(logging.CRITICAL)

#: Names imported from these packages into a library's front module are part of what it offers.
FRIENDS = ("blinker", "click", "itsdangerous", "jinja2", "markupsafe", "werkzeug")

#: Classes whose methods a class may inherit without a line of source that says so.
BUILTINS = ("dict", "list", "set", "str", "tuple")
#: The standard library, but for what has no members to use.
STANDARD = sys.stdlib_module_names - {"abc", "enum", "typing"}

_KEY = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*\Z")
#: `@util.deprecated("1.4", ...)` and its like, as SQLAlchemy writes them above functions and classes.
_DEPRECATES = re.compile(r"(\w+\.)?(deprecated(_20)?(_cls)?|moved_20|became_legacy_20)\(")
_DEPRECATES_PARAMETERS = re.compile(r"(\w+\.)?deprecated_params\(")
_DEPRECATED_KEY = re.compile(
    r"['\"`]([A-Z][A-Z0-9_]{3,})['\"`] (?:config |configuration |key |option )*is deprecated"
)


@dataclass(frozen=True)
class Library:
    """What is read of a library."""

    #: Its name on the index, and the name of its data file.
    project: str
    #: Its name for readers.
    title: str
    #: The package or module that is imported.
    package: str
    #: The oldest release that is read.
    first: str
    #: The modules whose public names are recorded; a module may be absent in some releases.
    modules: tuple[str, ...]
    #: Whether it reads configuration keys of an application.
    keys: bool = False
    #: Keys that it reads but that are another library's.
    not_keys: tuple[str, ...] = ()
    #: Read the newest and the first of each minor, and others only between two that differ.
    sparse: bool = False
    #: Parts of the package that are never looked at.
    skip: tuple[str, ...] = ()
    #: Whether people import from the package itself; of what is also elsewhere that is the main name.
    front: bool = True
    #: Modules that offer what they import; else every module that is a package's front.
    reexports: tuple[str, ...] = ()
    #: Modules whose classes are recorded without their members.
    shallow: tuple[str, ...] = ()
    #: Classes whose `__getattr__` does not provide what they had before.
    not_dynamic: tuple[str, ...] = ()
    #: If given, the only classes whose members and signatures are recorded.
    deep: tuple[str, ...] = ()
    #: Releases that are passed over, each because of a fault of its own.
    faulty: tuple[str, ...] = ()


@dataclass
class Snapshot:
    """What one release offers."""

    names: dict[str, dict[str, Any]] = field(default_factory=dict)
    keys: dict[str, dict[str, Any]] = field(default_factory=dict)
    deprecated: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return what the cache keeps."""
        return {"names": self.names, "keys": self.keys, "deprecated": self.deprecated}


def read(library: Library, source: Path, label: str) -> Snapshot:
    """The snapshot of the release of ``library`` whose files lie in ``source``."""
    root = _search_path(library.package, source, label)
    _cut(library, root)
    trees = _parse(library, root, label)
    _close_gaps(root / library.package)
    loader = griffe.GriffeLoader(search_paths=[root], allow_inspection=False, store_source=False)
    try:
        loader.load(library.package, try_relative_path=False)
    except (griffe.GriffeError, ImportError, SyntaxError) as error:
        raise HistoryError(f"{label}: {library.package} cannot be read ({error})") from None
    loader.resolve_aliases(external=False)
    return _Reader(library, loader.modules_collection, trees, label).run()


def _search_path(package: str, source: Path, label: str) -> Path:
    for folder in (source, source / "src", source / "lib"):
        if (folder / package / "__init__.py").is_file() or (folder / f"{package}.py").is_file():
            return folder
    raise HistoryError(f"{label}: no package {package!r} in its files")


def _cut(library: Library, root: Path) -> None:
    """Delete from the unpacked source what is never looked at."""
    for name in library.skip:
        path = root / name.replace(".", "/")
        shutil.rmtree(path, ignore_errors=True)
        path.with_suffix(".py").unlink(missing_ok=True)


def _close_gaps(package: Path) -> None:
    """Griffe does not enter a folder of modules that has no ``__init__.py`` (``flask.sansio``)."""
    for path in list(package.rglob("*.py")):
        if path.parent != package and not (path.parent / "__init__.py").exists():
            (path.parent / "__init__.py").touch()


def _parse(library: Library, root: Path, label: str) -> dict[str, ast.Module]:
    """The syntax tree of each module, by dotted name."""
    start = root / library.package
    paths = sorted(start.rglob("*.py")) if start.is_dir() else [root / f"{library.package}.py"]
    trees = {}
    for path in paths:
        parts = path.relative_to(root).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        try:
            trees[name] = ast.parse(path.read_bytes())
        except (SyntaxError, ValueError) as error:
            where = f"{path.relative_to(root)}:{getattr(error, 'lineno', None) or 1}"
            raise HistoryError(f"{label}: {where} does not parse ({error.args[0]})") from None
    return trees


# --- names ----------------------------------------------------------------------------------


class _Reader:
    def __init__(
        self,
        library: Library,
        modules: griffe.ModulesCollection,
        trees: dict[str, ast.Module],
        label: str,
    ) -> None:
        self.library = library
        self.modules = modules
        self.trees = trees
        self.label = label
        self.snapshot = Snapshot()
        #: Where a recorded name is defined -> the names under which it is recorded.
        self.recorded: dict[str, set[str]] = {}
        #: The lines of each module that type checkers alone see.
        self.guarded: dict[str, set[int]] = {}

    def run(self) -> Snapshot:
        for name in self.library.modules:
            module = self._find(name)
            if module is not None and module.is_module:
                self._module(module)
        marks = Marks(self.trees, self.library.package)
        self._lazy(marks)
        self._same_object()
        for entry in self.snapshot.names.values():
            if "bases" in entry:
                entry["bases"] = sorted({self._base_name(base) for base in entry["bases"]})
        for path in marks.modules:
            for name, entry in self.snapshot.names.items():
                if name.rpartition(".")[0] == path and not entry.get("imported"):
                    self.snapshot.deprecated.append(name)
        for path in sorted(marks.deprecated):
            for name in sorted(self._public(path)):
                self.snapshot.deprecated.append(name)
        if self.library.keys:
            self.snapshot.keys = read_keys(self.trees)
            for entry in self.snapshot.keys.values():
                places = {
                    place for path in entry.get("readers", ()) for place in self._callers(path)
                }
                if places:
                    entry["readers"] = sorted({self._reader_name(place) for place in places})
            for key in self.library.not_keys:
                self.snapshot.keys.pop(key, None)
            for key in sorted(marks.deprecated_keys & self.snapshot.keys.keys()):
                self.snapshot.deprecated.append(f":{key}")
        self.snapshot.deprecated = sorted(set(self.snapshot.deprecated))
        return self.snapshot

    def _same_object(self) -> None:
        """Say of ``flask.helpers.url_for`` that it is what ``flask.url_for`` is."""
        if not self.library.front:
            return
        front = self.library.package
        for names in self.recorded.values():
            for name in names:
                short = f"{front}.{name.rpartition('.')[2]}"
                if name.count(".") > 1 and short in names and name in self.snapshot.names:
                    self.snapshot.names[name]["same"] = short

    def _find(self, path: str) -> griffe.Object | None:
        try:
            found = self.modules[path]
        except (KeyError, griffe.GriffeError):
            return None
        return _final(found)

    def _public(self, path: str) -> set[str]:
        """The recorded names of what is defined at ``path``, which may end in ``(parameter)``."""
        parameter = path[path.index("(") :] if "(" in path else ""
        plain = path.removesuffix(parameter)
        return {name + parameter for name in self.recorded.get(plain, ())}

    def _base_name(self, path: str) -> str:
        """The public name of a base class."""
        names = [
            name
            for name in self.recorded.get(path, ())
            if "same" not in self.snapshot.names.get(name, {}) and name in self.snapshot.names
        ]
        return min(names, key=lambda name: (name.count("."), name)) if names else path

    def _callers(self, path: str) -> set[str]:
        """The function at ``path``, or if it is private the functions of its module that call it."""
        module, _, name = path.rpartition(".")
        if not name.startswith("_") or name.startswith("__") or module not in self.trees:
            return {path}
        callers = {
            caller
            for node, caller in _functions(self.trees[module], module)
            for call in _calls(node.body)
            if isinstance(call.func, ast.Name) and call.func.id == name and caller != path
        }
        return callers or {path}

    def _reader_name(self, path: str) -> str:
        """The public name of the place ``path``; of several the shortest."""
        names = self.recorded.get(path, set())
        if path in names:
            return path
        return min(names, key=lambda name: (name.count("."), name)) if names else path

    def _record(self, name: str, defined: str, entry: dict[str, Any]) -> None:
        self.snapshot.names[name] = entry
        self.recorded.setdefault(defined, set()).add(name)

    def _module(self, module: griffe.Object) -> None:
        bound = _bound(self.trees.get(module.path))
        front = module.is_init_module or module.path == self.library.package
        if self.library.reexports:
            front = front and module.path in self.library.reexports
        exports = {str(name) for name in (module.exports or ())}
        for name, member in sorted(module.members.items()):
            if name.startswith("_") and name not in {
                "_app_ctx_stack",
                "_request_ctx_stack",
                "__version__",
            }:
                continue
            if self._for_type_checkers(member):
                continue
            public = f"{module.path}.{name}"
            target = _final(member)
            if name in bound and not member.is_alias and member.is_module:
                # griffe keeps the submodule, Python what the module imports or makes under its name.
                found = self._bound(public, bound[name])
                if found is not None:
                    self._object(public, found, imported=found.path != public and not front)
                    continue
            if isinstance(member, griffe.Alias):
                # griffe names a submodule and an import of the same name alike: the import wins.
                own = target is not None and target.path.partition(".")[0] == self.library.package
                origin = self._origin(member)
                if "._compat." in member.target_path and name != "json_available":
                    continue
                if origin == self.library.package and not own:
                    # It leads to something of its own that cannot be read, such as `a, b = pair`.
                    self._record(
                        public,
                        public,
                        {"kind": "attribute"} | ({} if front else {"imported": True}),
                    )
                    continue
                if not own and not (front and (name in exports or origin in FRIENDS)):
                    # It counts where the module had a thing of its own by that name, and nowhere else.
                    self._record(public, public, {"kind": "alias", "imported": True})
                    continue
                if target is not None and target.is_module:
                    if front and target.path in self.library.modules:
                        self._record(public, target.path, {"kind": "module"})
                    continue
                if target is None:
                    # Defined in another package.
                    self._record(public, member.target_path, {"kind": "alias"})
                    continue
                self._object(public, target, imported=not front)
            elif target is not None and target.is_module:
                if target.path in self.library.modules:
                    self._record(public, target.path, {"kind": "module"})
            elif target is not None and not _for_types(target):
                self._object(public, target)

    def _bound(self, public: str, statement: ast.stmt) -> griffe.Object | None:
        """What ``statement`` binds to ``public``, the name of a submodule; None if that module."""
        owner, _, name = public.rpartition(".")
        if isinstance(statement, ast.ImportFrom):
            (source,) = (item.name for item in statement.names if name in {item.asname, item.name})
            packages = owner.split(".")[: len(owner.split(".")) - statement.level + 1]
            start = packages if statement.level else []
            found = self._find(".".join([*start, *filter(None, [statement.module]), source]))
            return None if found is None or found.is_module else found
        parent = self._find(owner)
        if isinstance(statement, ast.Assign):
            return griffe.Attribute(name, value=ast.unparse(statement.value), parent=parent)
        made = griffe.Class if isinstance(statement, ast.ClassDef) else griffe.Function
        return made(name, parent=parent)

    def _for_type_checkers(self, member: griffe.Object | griffe.Alias) -> bool:
        """Whether a member stands below ``if TYPE_CHECKING:``."""
        module = member.parent.module.path if member.parent is not None else ""
        if module not in self.guarded:
            self.guarded[module] = _lines_for_type_checkers(self.trees.get(module))
        line = member.alias_lineno if isinstance(member, griffe.Alias) else member.lineno
        return line in self.guarded[module]

    def _origin(self, alias: griffe.Alias) -> str:
        """The package that an import leads to in the end."""
        path = alias.target_path
        for _step in range(10):
            try:
                found = self.modules[path]
            except (KeyError, griffe.GriffeError):
                break
            if not isinstance(found, griffe.Alias):
                break
            path = found.target_path
        return path.partition(".")[0]

    def _object(self, public: str, target: griffe.Object, imported: bool = False) -> None:
        entry: dict[str, Any]
        if target.is_class:
            entry = {"kind": "class"}
            members, outside = self._members(target)
            init = members.get("__init__")
            if init is not None and init.is_function:
                entry["signature"] = signature(init, bound=True)
            parents = {base.path for base in self._lineage(target, set())} - {target.path}
            if outside or parents:
                entry["bases"] = sorted(outside | parents)
            if "__getattr__" in members and public not in self.library.not_dynamic:
                entry["dynamic"] = True
        elif target.is_function:
            entry = {"kind": "function", "signature": signature(target)}
        else:
            entry = {"kind": "attribute"} | _value(target)
        if self.library.deep and public not in self.library.deep:
            entry.pop("signature", None)
        if imported:
            entry |= {"imported": True}
        self._record(public, target.path, entry)
        if not target.is_class:
            return
        for name in ("__init__", "__new__"):
            if name in members:
                self.recorded.setdefault(members[name].path, set()).add(public)
        if imported or public.rpartition(".")[0] in self.library.shallow:
            return
        if self.library.deep and public not in self.library.deep:
            return
        for name, member in sorted(members.items()):
            if name.startswith("_"):
                continue
            found = _final(member)
            if found is not None:
                self._member(f"{public}.{name}", found)

    def _member(self, public: str, member: griffe.Object) -> None:
        entry: dict[str, Any]
        if member.is_function and any(
            str(decorator.value).partition("(")[0].endswith("property")
            for decorator in member.decorators  # type: ignore[attr-defined]
        ):
            # `@cached_property`, of the standard library or a library's own.
            entry = {"kind": "property"}
        elif member.is_function:
            entry = {"kind": "method", "signature": signature(member, bound=not _static(member))}
        elif member.is_class:
            entry = {"kind": "class"}
        elif "property" in member.labels:
            entry = {"kind": "property"}
        else:
            entry = {"kind": "attribute"} | _value(member)
            for getter in _property_getter(member):
                self.recorded.setdefault(f"{member.parent.path}.{getter}", set()).add(public)  # type: ignore[union-attr]
        self._record(public, member.path, entry)

    def _members(self, cls: griffe.Object) -> tuple[dict[str, Any], set[str]]:
        """The members of ``cls`` and of its bases in the package; its bases outside of it."""
        members: dict[str, Any] = {}
        outside: set[str] = set()
        for base in self._lineage(cls, outside):
            for name, member in base.members.items():
                if not self._for_type_checkers(member):
                    members.setdefault(name, member)
        return members, outside

    def _lineage(self, cls: griffe.Object, outside: set[str]) -> Iterator[griffe.Object]:
        """``cls`` and its bases, in the order of Python's rule (depth first is near enough here)."""
        seen: set[str] = set()
        waiting = [cls]
        while waiting:
            current = waiting.pop(0)
            if current.path in seen:
                continue
            seen.add(current.path)
            yield current
            found = []
            for base in getattr(current, "bases", ()):
                path = (
                    base.canonical_path
                    if isinstance(base, griffe.Expr)
                    else _resolved(current, str(base))
                )
                target = self._find(path)
                if target is None:
                    origin = path.partition(".")[0]
                    if path in BUILTINS or origin in FRIENDS or origin in STANDARD:
                        outside.add(path)
                elif target.is_class:
                    found.append(target)
            waiting[:0] = found

    def _lazy(self, marks: Marks) -> None:
        """Names that a module provides only when they are asked for."""
        for module, names in marks.lazy.items():
            if module not in self.library.modules:
                continue
            for name in names:
                public = f"{module}.{name}"
                if public not in self.snapshot.names:
                    self._record(public, public, {"kind": "attribute"})
                self.recorded.setdefault(f"{module}.__getattr__[{name}]", set()).add(public)
        tree = self.trees[self.library.package]
        for target, names in _literal_dict(tree, "all_by_module").items():
            for name in names:
                if not name.startswith("_"):
                    self._on_demand(f"{self.library.package}.{name}", f"{target}.{name}", "")
        for module in sorted(self.trees.keys() & set(self.library.modules)):
            for target, names in _deprecated_imports(self.trees[module]).items():
                for name in names:
                    if target != "." and not name.startswith("_"):
                        public = f"{module}.{name}"
                        self._on_demand(public, f"{module}{target}.{name}", public)

    def _on_demand(self, public: str, target: str, deprecated: str) -> None:
        """Record a name that its module imports when it is first asked for."""
        found = self._find(target)
        kind = "alias"
        if found is not None and (found.is_function or found.is_class):
            kind = "function" if found.is_function else "class"
        self._record(public, public, {"kind": kind})
        if deprecated:
            self.snapshot.deprecated.append(deprecated)


def _for_types(target: griffe.Object) -> bool:
    """A type variable or the alias of a type: no name to use at run time."""
    value = str(getattr(target, "value", None) or "")
    return target.is_attribute and bool(
        re.match(r"(t|te|typing|typing_extensions)\.|TypeVar\(", value)
    )


def _final(item: griffe.Object | griffe.Alias) -> griffe.Object | None:
    if not item.is_alias:
        return item  # type: ignore[return-value]
    try:
        return item.final_target  # type: ignore[union-attr]
    except griffe.GriffeError:
        return None


def _resolved(scope: griffe.Object, name: str) -> str:
    try:
        return scope.resolve(name)
    except griffe.GriffeError:
        return name


def _static(function: griffe.Object) -> bool:
    return "staticmethod" in function.labels


def _property_getter(attribute: griffe.Object) -> list[str]:
    """The function behind ``x = property(_get_x, ...)``."""
    match = re.match(r"property\(\s*(\w+)", str(getattr(attribute, "value", "") or ""))
    return [match[1]] if match else []


def _value(attribute: griffe.Object) -> dict[str, str]:
    """The value of an attribute, where it says something: a literal or a configuration key."""
    value = getattr(attribute, "value", None)
    labels = attribute.labels
    if value is None or ("instance-attribute" in labels and "class-attribute" not in labels):
        return {}
    text = _normal(str(value))
    if re.match(r"ConfigAttribute\(['\"](\w+)['\"]", text):
        return {"value": text}
    try:
        ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return {}
    if len(text) > 60 or attribute.name.startswith("__"):
        return {}
    return {"value": text}


def _normal(expression: str) -> str:
    try:
        return ast.unparse(ast.parse(expression, mode="eval"))
    except SyntaxError:
        return expression


def signature(function: griffe.Object, *, bound: bool = False) -> str:
    """The parameters of a function with their defaults, without annotations; unbound of its first one."""
    parts: list[str] = []
    last: griffe.ParameterKind | None = None
    parameters = list(function.parameters)  # type: ignore[attr-defined]
    if bound:
        parameters = parameters[1:]
    positional_only = griffe.ParameterKind.positional_only
    keyword_only = griffe.ParameterKind.keyword_only
    starred = False
    for parameter in parameters:
        if last is positional_only and parameter.kind is not positional_only:
            parts.append("/")
        last = parameter.kind
        if parameter.kind is griffe.ParameterKind.var_positional:
            parts.append(f"*{parameter.name.lstrip('*')}")
            starred = True
        elif parameter.kind is griffe.ParameterKind.var_keyword:
            parts.append(f"**{parameter.name.lstrip('*')}")
        else:
            if parameter.kind is keyword_only and not starred:
                parts.append("*")
                starred = True
            default = "" if parameter.default is None else f"={_normal(str(parameter.default))}"
            parts.append(parameter.name + default)
    if last is positional_only:
        parts.append("/")
    return f"({', '.join(parts)})"


# --- deprecations ----------------------------------------------------------------------------


class Marks:
    """What the syntax trees say about deprecations and about names provided on demand."""

    def __init__(self, trees: dict[str, ast.Module], package: str) -> None:
        self.deprecated: set[str] = set()
        self.deprecated_keys: set[str] = set()
        #: Modules that warn when they are imported.
        self.modules: set[str] = set()
        self.lazy: dict[str, list[str]] = {}
        for module, tree in trees.items():
            for node, path in _functions(tree, module):
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

    def _getattr(self, module: str, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        argument = node.args.args[0].arg
        for test, body in _branches(node.body):
            names = list(_compared(test, argument))
            self.lazy.setdefault(module, []).extend(names)
            if any(_is_deprecation(call) for call in _calls(body)):
                self.deprecated.update(f"{module}.__getattr__[{name}]" for name in names)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, path: str) -> None:
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
        for node, path in _functions(tree, module):
            for call in _calls(node.body):
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
                    called = {ast.unparse(call.func) for call in _calls(statement.body)}
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


def _functions(
    tree: ast.AST, path: str
) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, str]]:
    """The functions of a module with their dotted names; those inside functions are left out."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node, f"{path}.{node.name}"
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{path}.{node.name}")
        elif isinstance(node, ast.If | ast.Try | ast.With | ast.ExceptHandler):
            yield from _functions(node, path)


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
        elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        else:
            for call in _calls([statement]):
                if _is_deprecation(call):
                    yield call, tests


def _calls(body: Iterable[ast.stmt]) -> Iterator[ast.Call]:
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Call):
                yield node


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


# --- configuration keys ----------------------------------------------------------------------


def read_keys(trees: dict[str, ast.Module]) -> dict[str, dict[str, Any]]:
    """The configuration keys that the modules set a default for or read."""
    keys: dict[str, dict[str, Any]] = {}
    for module, tree in sorted(trees.items()):
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                if any(
                    isinstance(target, ast.Name) and target.id == "default_config"
                    for target in targets
                ):
                    for key, default in _dictionary(node.value):
                        keys.setdefault(key, {})["default"] = default
        for path, key, fallback in _key_reads(tree, module):
            entry = keys.setdefault(key, {})
            entry.setdefault("readers", set()).add(path)
            if fallback is not None and "default" not in entry:
                entry["fallback"] = fallback
    for entry in keys.values():
        holder, _, constant = str(entry.get("fallback", "")).partition(".")
        if constant:
            # `config.get("SESSION_TYPE", Defaults.SESSION_TYPE)`
            entry["fallback"] = _constants(trees, holder).get(constant, entry["fallback"])
        if "default" in entry:
            entry.pop("fallback", None)
        if "readers" in entry:
            entry["readers"] = sorted(entry["readers"])
    return dict(sorted(keys.items()))


def _constants(trees: dict[str, ast.Module], holder: str) -> dict[str, str]:
    """The constants of a class, as written."""
    found: dict[str, str] = {}
    for tree in trees.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and node.name == holder:
                for statement in node.body:
                    if isinstance(statement, ast.Assign) and isinstance(
                        statement.targets[0], ast.Name
                    ):
                        found[statement.targets[0].id] = ast.unparse(statement.value)
    return found


def _dictionary(value: ast.expr | None) -> Iterator[tuple[str, str]]:
    if isinstance(value, ast.Call) and value.args:
        value = value.args[0]
    if isinstance(value, ast.Dict):
        for key, default in zip(value.keys, value.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, ast.unparse(default)


def _key_reads(tree: ast.AST, path: str) -> Iterator[tuple[str, str, str | None]]:
    """Where a key is read: the dotted name of the place, the key, and the default given there."""
    for node in ast.iter_child_nodes(tree):
        inner = path
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            inner = f"{path}.{node.name}"
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            # `testing = ConfigAttribute("TESTING")`
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
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


def _literal_dict(tree: ast.Module, name: str) -> dict[str, list[str]]:
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == name for target in statement.targets
        ):
            try:
                return dict(ast.literal_eval(statement.value))
            except ValueError:
                return {}
    return {}


def _bound(tree: ast.Module | None) -> dict[str, ast.stmt]:
    """What a module binds last to each of its names, as far as it says so at its own level."""
    bound: dict[str, ast.stmt] = {}
    for statement in tree.body if tree else ():
        if isinstance(statement, ast.ImportFrom):
            bound |= {alias.asname or alias.name: statement for alias in statement.names}
        elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            bound[statement.name] = statement
        elif isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    bound[target.id] = statement
    return bound


def _lines_for_type_checkers(tree: ast.Module | None) -> set[int]:
    """The lines below ``if TYPE_CHECKING:``, without those below its ``else``."""
    lines: set[int] = set()
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.If) and re.fullmatch(
            r"([\w.]+\.)?TYPE_CHECKING", ast.unparse(node.test)
        ):
            # From the condition on: a decorator stands above the line of its function.
            lines.update(range(node.lineno, (node.body[-1].end_lineno or 0) + 1))
    return lines


def _deprecated_imports(tree: ast.Module) -> dict[str, list[str]]:
    """``_DeprecatedImportModule(__name__, {".utils": ["escape"]}, "1.0")``, as Werkzeug wrote it."""
    found: dict[str, list[str]] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or len(node.args) < 2:
            continue
        names = node.args[1]
        if "DeprecatedImportModule" in ast.unparse(node.func) and isinstance(names, ast.Dict):
            found |= ast.literal_eval(names)
    return found
