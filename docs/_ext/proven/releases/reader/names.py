"""The names that a release offers: what its modules hold, with the members of their classes."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace

import griffe

from proven.releases.libraries import Library
from proven.releases.reader.objects import final, for_types, property_getter, signature, value
from proven.releases.reader.trees import (
    Trees,
    bound,
    deprecated_imports,
    imported_by_table,
    lines_for_type_checkers,
)
from proven.releases.records import Offered

#: Names imported from these packages into a library's front module are part of what it offers.
FRIENDS = ("blinker", "click", "itsdangerous", "jinja2", "markupsafe", "werkzeug")
#: Packages that have the bases of a library's classes.
KIN = (*FRIENDS, "wtforms")
#: Classes whose methods a class may inherit without a line of source that says so.
BUILTINS = ("dict", "list", "set", "str", "tuple")
#: The standard library, but for what has no members to use.
STANDARD = sys.stdlib_module_names - {"abc", "enum", "typing"}
#: Names that are used though they begin with an underscore.
USED = ("_app_ctx_stack", "_request_ctx_stack", "__version__")


class Names:
    """What the modules of a library offer.

    Args:
        library: What is read of it.
        modules: What griffe found.
        trees: The syntax tree of each module.
        lazy: The names that a module provides when it is asked for them, by module.
    """

    def __init__(
        self,
        library: Library,
        modules: griffe.ModulesCollection,
        trees: Trees,
        lazy: dict[str, list[str]],
    ) -> None:
        self.library = library
        self.modules = modules
        self.trees = trees
        self.offered: dict[str, Offered] = {}
        #: Deprecated because the import on demand warns.
        self.deprecated: set[str] = set()
        #: Where a recorded name is defined -> the names under which it is recorded.
        self.recorded: dict[str, set[str]] = {}
        #: The lines of each module that type checkers alone see.
        self.guarded: dict[str, set[int]] = {}
        for name in library.modules:
            module = self._find(name)
            if module is not None and module.is_module:
                self._module(module)
        self._on_demand(lazy)
        if library.front:
            self._same_object()
        for name, entry in self.offered.items():
            if entry.bases:
                bases = {self._base_name(base) for base in entry.bases}
                self.offered[name] = replace(entry, bases=tuple(sorted(bases)))

    def public(self, path: str) -> set[str]:
        """Return the recorded names of what is defined at ``path``, which may end in ``(parameter)``."""
        plain, bracket, parameter = path.partition("(")
        return {name + bracket + parameter for name in self.recorded.get(plain, ())}

    def shortest(self, path: str) -> str:
        """Return the public name of the place ``path``; of several the shortest."""
        names = self.recorded.get(path, set())
        return path if path in names else _shortest(names) or path

    def _same_object(self) -> None:
        """Say of ``flask.helpers.url_for`` that it is what ``flask.url_for`` is."""
        front = self.library.package
        for names in self.recorded.values():
            for name in names:
                short = f"{front}.{name.rpartition('.')[2]}"
                if name.count(".") > 1 and short in names and name in self.offered:
                    self.offered[name] = replace(self.offered[name], same=short)

    def _find(self, path: str) -> griffe.Object | None:
        try:
            found = self.modules[path]
        except (KeyError, griffe.GriffeError):
            return None
        return final(found)

    def _base_name(self, path: str) -> str:
        """The public name of a base class."""
        names = [
            name
            for name in self.recorded.get(path, ())
            if name in self.offered and self.offered[name].same is None
        ]
        return _shortest(names) or path

    def _record(self, name: str, defined: str, entry: Offered) -> None:
        self.offered[name] = entry
        self.recorded.setdefault(defined, set()).add(name)

    def _module(self, module: griffe.Object) -> None:
        statements = bound(self.trees.get(module.path))
        front = module.is_init_module or module.path == self.library.package
        if self.library.reexports:
            front = front and module.path in self.library.reexports
        exports = {str(name) for name in (module.exports or ())}
        for name, member in sorted(module.members.items()):
            if (name.startswith("_") and name not in USED) or self._for_type_checkers(member):
                continue
            public = f"{module.path}.{name}"
            target = final(member)
            if name in statements and not member.is_alias and member.is_module:
                # griffe keeps the submodule, Python what the module imports or makes under its name.
                found = self._bound(public, statements[name])
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
                    self._record(public, public, Offered(kind="attribute", imported=not front))
                    continue
                if not own and not (front and (name in exports or origin in FRIENDS)):
                    # It counts where the module had a thing of its own by that name, and nowhere else.
                    self._record(public, public, Offered(kind="alias", imported=True))
                    continue
                if target is not None and target.is_module:
                    if front and target.path in self.library.modules:
                        self._record(public, target.path, Offered(kind="module"))
                    continue
                if target is None:
                    # Defined in another package.
                    self._record(public, member.target_path, Offered(kind="alias"))
                    continue
                self._object(public, target, imported=not front)
            elif target is not None and target.is_module:
                if target.path in self.library.modules:
                    self._record(public, target.path, Offered(kind="module"))
            elif target is not None and not for_types(target):
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
            self.guarded[module] = lines_for_type_checkers(self.trees.get(module))
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
        members: dict[str, griffe.Object | griffe.Alias] = {}
        bare = bool(self.library.deep) and public not in self.library.deep
        parameters = None
        if target.is_class:
            members, bases = self._members(target)
            init = final(members["__init__"]) if "__init__" in members else None
            if init is not None and init.is_function:
                parameters = signature(init, bound=True)
            dynamic = "__getattr__" in members and public not in self.library.not_dynamic
            entry = Offered(kind="class", bases=tuple(sorted(bases)), dynamic=dynamic)
        elif target.is_function:
            parameters = signature(target)
            entry = Offered(kind="function")
        else:
            entry = Offered(kind="attribute", value=value(target))
        entry = replace(entry, signature=None if bare else parameters, imported=imported)
        self._record(public, target.path, entry)
        if not target.is_class:
            return
        for name in ("__init__", "__new__"):
            if name in members:
                self.recorded.setdefault(members[name].path, set()).add(public)
        if imported or bare or public.rpartition(".")[0] in self.library.shallow:
            return
        for name, member in sorted(members.items()):
            if name.startswith("_"):
                continue
            found = final(member)
            if found is not None:
                self._member(f"{public}.{name}", found)

    def _member(self, public: str, member: griffe.Object) -> None:
        if "property" in member.labels or (
            member.is_function
            and any(
                str(decorator.value).partition("(")[0].endswith("property")
                for decorator in member.decorators  # type: ignore[attr-defined]
            )
        ):
            # Also `@cached_property`, of the standard library or a library's own.
            entry = Offered(kind="property")
        elif member.is_function:
            bare = "staticmethod" in member.labels
            entry = Offered(kind="method", signature=signature(member, bound=not bare))
        elif member.is_class:
            entry = Offered(kind="class")
        else:
            entry = Offered(kind="attribute", value=value(member))
            getter = property_getter(member)
            if getter is not None and member.parent is not None:
                self.recorded.setdefault(f"{member.parent.path}.{getter}", set()).add(public)
        self._record(public, member.path, entry)

    def _members(
        self, cls: griffe.Object
    ) -> tuple[dict[str, griffe.Object | griffe.Alias], set[str]]:
        """The members of ``cls`` and of its bases in the package; the paths of all its bases."""
        members: dict[str, griffe.Object | griffe.Alias] = {}
        bases: set[str] = set()
        for base in self._lineage(cls, bases):
            bases.add(base.path)
            for name, member in base.members.items():
                if not self._for_type_checkers(member):
                    members.setdefault(name, member)
        return members, bases - {cls.path}

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
                    if path in BUILTINS or origin in KIN or origin in STANDARD:
                        outside.add(path)
                elif target.is_class:
                    found.append(target)
            waiting[:0] = found

    def _on_demand(self, lazy: dict[str, list[str]]) -> None:
        """Record the names that a module provides only when they are asked for."""
        read = set(self.library.modules)
        for module in lazy.keys() & read:
            for name in lazy[module]:
                public = f"{module}.{name}"
                if public not in self.offered:
                    self._record(public, public, Offered(kind="attribute"))
                self.recorded.setdefault(f"{module}.__getattr__[{name}]", set()).add(public)
        package = self.library.package
        for target, names in imported_by_table(self.trees[package]).items():
            for name in names:
                if not name.startswith("_"):
                    self._imported_on_demand(f"{package}.{name}", f"{target}.{name}")
        for module in sorted(self.trees.keys() & read):
            for target, names in deprecated_imports(self.trees[module]).items():
                for name in names:
                    if target != "." and not name.startswith("_"):
                        self._imported_on_demand(f"{module}.{name}", f"{module}{target}.{name}")
                        self.deprecated.add(f"{module}.{name}")

    def _imported_on_demand(self, public: str, target: str) -> None:
        found = self._find(target)
        kind = "alias"
        if found is not None and (found.is_function or found.is_class):
            kind = "function" if found.is_function else "class"
        self._record(public, public, Offered(kind=kind))


def _shortest(names: Iterable[str]) -> str | None:
    return min(names, key=lambda name: (name.count("."), name), default=None)


def _resolved(scope: griffe.Object, name: str) -> str:
    try:
        return scope.resolve(name)
    except griffe.GriffeError:
        return name
