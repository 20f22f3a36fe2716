"""Finds in somebody's code the names that are gone or going, without importing it.

The code is read as a syntax tree. A name is known by its import, also from another file of the same folder, and an
object by the class that made it, by the class that it inherits from, by an attribute of which it is known what it
holds, or by the proxy that was imported, such as ``request``; what none of them says is not guessed. The names are
looked up in the data of docs/history, and packages whose last release does not fit today's libraries in its pairs.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from proven.base.tables import row_id
from proven.releases import upgrade_facts as facts
from proven.releases.groups import places
from proven.releases.timeline import Entry, History


@dataclass(frozen=True, order=True)
class Finding:
    """A line of a file that fails today, or will.

    Attributes:
        file: The file.
        line: The line, counted from 1.
        name: The name, as the data have it.
        library: The library that had it; of a package that does not fit, the library that it does not fit.
        deprecated: The release that deprecated it, ``""`` if none did.
        removed: The release from which on the line fails, ``""`` if it still works.
        use: What to write today, ``""`` if nothing takes its place.
        how: Why it fails: ``""`` as the name is gone, ``package`` as its package does not fit, ``position`` as the
            parameter must be named, ``call`` as the method became a property.
    """

    file: Path
    line: int
    name: str
    library: str
    deprecated: str
    removed: str
    use: str
    how: str = ""


@dataclass(frozen=True)
class Known:
    """What a file gives its local names.

    Attributes:
        names: What a name stands for: a dotted name.
        objects: The classes of the object that a name holds.
        bases: The classes that a class of the file inherits from.
    """

    names: dict[str, str] = field(default_factory=dict)
    objects: dict[str, tuple[str, ...]] = field(default_factory=dict)
    bases: dict[str, tuple[str, ...]] = field(default_factory=dict)


#: How often the files of a folder are read: a name comes from one through another.
ROUNDS = 3


def read(path: Path, history: History) -> tuple[list[Finding], list[str]]:
    """Return what is gone or going in a file or in the files below a folder, and what cannot be read.

    Raises:
        FileNotFoundError: There is no such file.
    """
    if not path.exists():
        raise FileNotFoundError(path)
    root = path if path.is_dir() else path.parent
    trees: dict[Path, ast.Module] = {}
    unread: list[str] = []
    for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
        if {"site-packages", ".venv", "venv", ".nox", "node_modules"} & set(file.parts):
            continue
        try:
            trees[file] = ast.parse(file.read_text(encoding="utf-8"), str(file))
        except (SyntaxError, ValueError) as error:
            unread.append(f"{file}: {error}")
    others: dict[str, Known] = {}
    found: list[Finding] = []
    for _round in range(ROUNDS):
        readers = [Reader(file, history, module_of(file, root), others) for file in trees]
        for reader in readers:
            reader.visit(trees[reader.file])
        found = [finding for reader in readers for finding in reader.found]
        # Code imports from the folder that is read, or from the one that it lies in.
        others = {
            name: reader.known
            for reader in readers
            for name in (reader.module, f"{root.name}.{reader.module}".strip("."))
        }
    return sorted(set(found)), unread


def module_of(file: Path, root: Path) -> str:
    """Return the name of a module below a folder; ``""`` for the ``__init__.py`` of the folder itself."""
    parts = file.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


class Reader(ast.NodeVisitor):
    """Reads one file."""

    def __init__(
        self,
        file: Path,
        history: History,
        module: str = "",
        others: Mapping[str, Known] | None = None,
    ) -> None:
        self.file = file
        self.history = history
        self.module = module
        self.others = others or {}
        self.found: list[Finding] = []
        self.known = Known()
        self.packages = facts.unfit()

    # --- what names stand for ---

    def visit_Import(self, node: ast.Import) -> None:
        """Note a module, and report one that is gone."""
        for alias in node.names:
            local = alias.asname or alias.name.partition(".")[0]
            self.known.names[local] = alias.name if alias.asname else local
            self.report_module(alias.name, node.lineno)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """Note what is imported, and report what is gone."""
        module = self.imported_from(node)
        gone = not node.level and self.report_module(module, node.lineno)
        for alias in node.names:
            local, name = alias.asname or alias.name, f"{module}.{alias.name}"
            if not node.level:
                self.report_package(facts.extension(name), alias.lineno)
            if name in self.others or module in self.others:
                self.take(local, module, alias.name)
                continue
            if node.level:
                continue
            if not gone and self.report_module(name, alias.lineno):
                self.known.names[local] = facts.extension(name)
                continue
            name = facts.extension(name)
            self.known.names[local] = name
            if not self.package(name):
                # A name may be at home elsewhere, and the module from which it was imported gone.
                for gone_name, line in ((name, alias.lineno), (module, node.lineno)):
                    if self.report(gone_name, line):
                        break
            if name in facts.PROXIES:
                self.known.objects[local] = facts.PROXIES[name]

    def imported_from(self, node: ast.ImportFrom) -> str:
        """Return the module that is imported from; of a relative import as the files of the folder are called."""
        if not node.level:
            return node.module or ""
        package = self.module.split(".") if self.module else []
        if self.file.name != "__init__.py":
            package = package[:-1]
        package = package[: len(package) - node.level + 1]
        return ".".join((*package, *filter(None, [node.module])))

    def take(self, local: str, module: str, name: str) -> None:
        """Note what another file of the folder says of a name."""
        if f"{module}.{name}".strip(".") in self.others:
            self.known.names[local] = f"{module}.{name}".strip(".")
        other = self.others.get(module, Known())
        if name in other.names:
            self.known.names[local] = other.names[name]
        if name in other.objects:
            self.known.objects[local] = other.objects[name]
        if name in other.bases:
            self.known.bases[local] = other.bases[name]

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Note what a class inherits from."""
        bases: list[str] = []
        for base in node.bases:
            name = self.dotted(base)
            bases += [name] if name and self.is_class(name) else self.classes(base)
        if bases:
            self.known.bases[node.name] = tuple(bases)
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        """Note the class of what is made, and report keys of a settings file."""
        made = self.made(node.value)
        for target in node.targets:
            if isinstance(target, ast.Name):
                if made:
                    self.known.objects[target.id] = made
                self.report_key(target.id, node.lineno)
        self.generic_visit(node)

    def made(self, node: ast.expr) -> tuple[str, ...]:
        """Return the classes of what a call makes; none for what is not made of a class that is known."""
        if not isinstance(node, ast.Call):
            return ()
        name = self.dotted(node.func)
        if name and self.is_class(name):
            return (name,)
        if isinstance(node.func, ast.Name):
            return self.known.bases.get(node.func.id, ())
        return ()

    def is_class(self, name: str) -> bool:
        """Say whether a dotted name is that of a class, or is in a package that nobody reads any more."""
        entry = self.history.get(name)
        return (entry is not None and entry.kind == "class") or bool(self.package(name))

    def dotted(self, node: ast.AST) -> str | None:
        """Return the dotted name that an expression stands for, if its import says it."""
        if isinstance(node, ast.Name):
            return self.known.names.get(node.id)
        if isinstance(node, ast.Attribute) and (owner := self.dotted(node.value)):
            if owner in self.others:
                return self.others[owner].names.get(node.attr)
            return f"{owner}.{node.attr}"
        return None

    def classes(self, node: ast.AST) -> tuple[str, ...]:
        """Return the classes that an object may have, or that a class of the file inherits from."""
        if isinstance(node, ast.Name):
            return self.known.objects.get(node.id, ()) or self.known.bases.get(node.id, ())
        if isinstance(node, ast.Attribute):
            if (owner := self.dotted(node.value)) in self.others:
                other = self.others[owner or ""]
                return other.objects.get(node.attr, ()) or other.bases.get(node.attr, ())
            held = (facts.HOLDS.get(f"{owner}.{node.attr}") for owner in self.classes(node.value))
            return tuple(filter(None, held)) or facts.PROXIES.get(self.dotted(node) or "", ())
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owners = self.classes(node.func.value)
            return tuple(each for each in owners if node.func.attr in facts.FLUENT.get(each, ()))
        return ()

    # --- what is used ---

    def visit_Name(self, node: ast.Name) -> None:
        """Report what comes from a package that does not fit."""
        self.report_package(self.known.names.get(node.id, ""), node.lineno)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """Report an attribute that is gone."""
        if name := self.dotted(node):
            self.report(name, node.lineno)
        if (owner := self.dotted(node.value)) and facts.is_object(self.history.get(owner)):
            self.report(owner, node.lineno)
        line = node.end_lineno or node.lineno
        for owner in self.classes(node.value):
            places = (owner, *facts.LOOKS_IN.get(owner, ()))
            if f"{owner}.{node.attr}" in facts.ANSWERS or self.report_package(owner, line):
                break
            if any(self.report(f"{each}.{node.attr}", line) for each in places):
                break
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """Report arguments that fail, properties that are called, and keys of ``config.update``."""
        called = [name] if (name := self.dotted(node.func)) else []
        if isinstance(node.func, ast.Attribute):
            owners = self.classes(node.func.value)
            called += [f"{owner}.{node.func.attr}" for owner in owners]
            if (
                node.func.attr in {"update", "from_mapping", "setdefault", "get"}
                and facts.CONFIG in owners
            ):
                for constant in ast.walk(node):
                    if isinstance(constant, ast.Constant) and isinstance(constant.value, str):
                        self.report_key(constant.value, constant.lineno)
                for keyword in node.keywords:
                    self.report_key(keyword.arg or "", keyword.lineno)
        for keyword in node.keywords:
            for name in called:
                if keyword.arg and self.report(f"{name}({keyword.arg})", keyword.lineno):
                    break
        if not any(isinstance(argument, ast.Starred) for argument in node.args):
            for entry in filter(None, map(self.history.get, called)):
                self.report_call(entry, len(node.args), node.func.end_lineno or node.lineno)
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        """Report a configuration key that is gone."""
        key = node.slice
        if isinstance(key, ast.Constant) and isinstance(key.value, str) and key.value.isupper():
            self.report_key(key.value, key.lineno)
        self.generic_visit(node)

    # --- findings ---

    def report_module(self, name: str, line: int) -> bool:
        """Report a module that is gone, or a package that does not fit."""
        if f"{name}.".startswith(f"{facts.EXT}."):
            use = "from flask_name import …"
            self.found.append(Finding(self.file, line, facts.EXT, "Flask", "", "1.0", use))
            self.report_package(facts.extension(name), line)
            return True
        return self.report_package(name, line)

    def package(self, name: str) -> str:
        """Return the package that does not fit in which a name is, ``""`` if there is none."""
        package = name.partition(".")[0]
        return package if package in self.packages else ""

    def report_package(self, name: str, line: int) -> bool:
        """Report a name of a package that does not fit."""
        if not (package := self.package(name)):
            return False
        library, first, use, _page = self.packages[package]
        self.found.append(Finding(self.file, line, package, library, "", first, use, "package"))
        return True

    def report_key(self, key: str, line: int) -> None:
        """Report a key that some library no longer reads."""
        if key.isupper():
            for project in facts.KEY_PROJECTS:
                self.report(f"{project}:{key}", line)

    def report_call(self, entry: Entry, given: int, line: int) -> None:
        """Report a property that is called, and more arguments than may stand without their names."""
        if entry.property_since:
            name, since = f"{entry.name}()", entry.property_since
            use = entry.name.rpartition(".")[2]
            self.found.append(Finding(self.file, line, name, entry.library, "", since, use, "call"))
        elif (found := facts.must_be_named(entry)) and given > found[0]:
            _free, parameter, since = found
            name = f"{entry.name}({parameter})"
            use = f"{parameter}=…"
            self.found.append(
                Finding(self.file, line, name, entry.library, "", since, use, "position")
            )

    def report(self, name: str, line: int) -> bool:
        """Report a name if the data say that it is gone or going."""
        entry = self.history.get(name)
        if entry is None or not (entry.removed or entry.deprecated):
            return False
        if facts.taken_over(self.history, entry):
            return False
        self.found.append(finding(self.file, line, entry))
        return True


def finding(file: Path, line: int, entry: Entry) -> Finding:
    """Return what to say of a name."""
    return Finding(
        file,
        line,
        entry.name,
        entry.library,
        entry.deprecated or "",
        entry.removed or "",
        entry.replacement or "",
    )


def page_of(name: str, history: History) -> str:
    """Return the page and the row that tell more of a name, ``""`` where no table has it."""
    if name in facts.unfit():
        return facts.unfit()[name][3]
    if ":" in name:
        return f"history/configuration.html#{row_id(name)}"
    return places(history).get(name.partition("(")[0], "")


def worst_first(found: list[Finding]) -> list[Finding]:
    """Return the findings by file, those that fail today first."""
    return sorted(found, key=lambda item: (item.file, not item.removed, item.line))


def sentence(item: Finding) -> str:
    """Say what became of a name, and what to write."""
    fails = {
        "": "removed in",
        "package": "no release fits",
        "position": "must be named since",
        "call": "a property since",
    }
    since = f"{fails[item.how]} {item.library} {item.removed}" if item.removed else "still there"
    if item.deprecated:
        since += f", deprecated since {item.deprecated}"
    use = f"; write {item.use}" if item.use else ""
    return f"{item.file}:{item.line}: {item.name}: {since}{use}"
