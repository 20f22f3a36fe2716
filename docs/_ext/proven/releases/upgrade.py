"""Finds in somebody's code the names that are gone or going, without importing it.

The code is read as a syntax tree. A name is known by its import, and an object by the class that made it or by the
proxy that was imported, such as ``request``; what neither says is not guessed. The names are looked up in the data
of docs/history.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

from proven.base.tables import row_id
from proven.releases.groups import GROUPS, group_entries
from proven.releases.libraries import LIBRARIES
from proven.releases.timeline import Entry, History

#: The classes of what the proxies of Flask lead to.
PROXIES = {
    "flask.request": ("flask.Request", "werkzeug.wrappers.Request"),
    "flask.session": ("flask.sessions.SecureCookieSession",),
    "flask.current_app": ("flask.Flask",),
}
#: Modules that went as a whole, and what to write.
MODULES = {
    "flask.ext": ("Flask", "1.0", "from flask_name import …"),
}
CONFIG = "flask.Config"
#: The libraries that read configuration keys.
KEY_PROJECTS = tuple(library.project for library in LIBRARIES if library.keys)


@dataclass(frozen=True, order=True)
class Finding:
    """A name in a file that is gone or going.

    Attributes:
        file: The file.
        line: The line, counted from 1.
        name: The name, as the data have it.
        library: The library that had it.
        deprecated: The release that deprecated it, ``""`` if none did.
        removed: The release that removed it, ``""`` if it is still there.
        use: What to write today, ``""`` if nothing takes its place.
    """

    file: Path
    line: int
    name: str
    library: str
    deprecated: str
    removed: str
    use: str


def read(path: Path, history: History) -> tuple[list[Finding], list[str]]:
    """Return what is gone or going in a file or in the files below a folder, and what cannot be read.

    Raises:
        FileNotFoundError: There is no such file.
    """
    if not path.exists():
        raise FileNotFoundError(path)
    files = [path] if path.is_file() else sorted(path.rglob("*.py"))
    found: list[Finding] = []
    unread: list[str] = []
    for file in files:
        if {"site-packages", ".venv", "venv", ".nox", "node_modules"} & set(file.parts):
            continue
        try:
            tree = ast.parse(file.read_text(encoding="utf-8"), str(file))
        except (SyntaxError, ValueError) as error:
            unread.append(f"{file}: {error}")
            continue
        reader = Reader(file, history)
        reader.visit(tree)
        found += reader.found
    return sorted(set(found)), unread


class Reader(ast.NodeVisitor):
    """Reads one file."""

    def __init__(self, file: Path, history: History) -> None:
        self.file = file
        self.history = history
        self.found: list[Finding] = []
        #: What a local name stands for: a dotted name.
        self.names: dict[str, str] = {}
        #: The classes of the object that a local name holds.
        self.objects: dict[str, tuple[str, ...]] = {}

    # --- what names stand for ---

    def visit_Import(self, node: ast.Import) -> None:
        """Note a module, and report one that is gone."""
        for alias in node.names:
            local = alias.asname or alias.name.partition(".")[0]
            self.names[local] = alias.name if alias.asname else local
            self.report_module(alias.name, node.lineno)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """Note what is imported, and report what is gone."""
        module = node.module or ""
        if node.level or self.report_module(module, node.lineno):
            return
        for alias in node.names:
            name = f"{module}.{alias.name}"
            if not self.report_module(name, alias.lineno):
                self.names[alias.asname or alias.name] = name
                self.report(name, alias.lineno)
            if name in PROXIES:
                self.objects[alias.asname or alias.name] = PROXIES[name]

    def visit_Assign(self, node: ast.Assign) -> None:
        """Note the class of what is made, and report keys of a settings file."""
        made = self.dotted(node.value.func) if isinstance(node.value, ast.Call) else None
        for target in node.targets:
            if isinstance(target, ast.Name):
                if made and (entry := self.history.get(made)) and entry.kind == "class":
                    self.objects[target.id] = (made,)
                self.report_key(target.id, node.lineno)
        self.generic_visit(node)

    def dotted(self, node: ast.AST) -> str | None:
        """Return the dotted name that an expression stands for, if its import says it."""
        if isinstance(node, ast.Name):
            return self.names.get(node.id)
        if isinstance(node, ast.Attribute) and (owner := self.dotted(node.value)):
            return f"{owner}.{node.attr}"
        return None

    def classes(self, node: ast.AST) -> tuple[str, ...]:
        """Return the classes that an object may have."""
        if isinstance(node, ast.Name):
            return self.objects.get(node.id, ())
        if isinstance(node, ast.Attribute):
            if node.attr == "config" and self.classes(node.value) == ("flask.Flask",):
                return (CONFIG,)
            return PROXIES.get(self.dotted(node) or "", ())
        return ()

    # --- what is used ---

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """Report an attribute that is gone."""
        if name := self.dotted(node):
            self.report(name, node.lineno)
        for owner in self.classes(node.value):
            if self.report(f"{owner}.{node.attr}", node.lineno):
                break
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """Report keyword arguments that are gone, and keys of ``config.update``."""
        called = [name] if (name := self.dotted(node.func)) else []
        if isinstance(node.func, ast.Attribute):
            owners = self.classes(node.func.value)
            called += [f"{owner}.{node.func.attr}" for owner in owners]
            if (
                node.func.attr in {"update", "from_mapping", "setdefault", "get"}
                and CONFIG in owners
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
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        """Report a configuration key that is gone."""
        key = node.slice
        if isinstance(key, ast.Constant) and isinstance(key.value, str) and key.value.isupper():
            self.report_key(key.value, key.lineno)
        self.generic_visit(node)

    # --- findings ---

    def report_module(self, name: str, line: int) -> bool:
        """Report a module that is gone."""
        for module, (library, removed, use) in MODULES.items():
            if name == module or name.startswith(f"{module}."):
                self.found.append(Finding(self.file, line, module, library, "", removed, use))
                return True
        return False

    def report_key(self, key: str, line: int) -> None:
        """Report a key that some library no longer reads."""
        if key.isupper():
            for project in KEY_PROJECTS:
                self.report(f"{project}:{key}", line)

    def report(self, name: str, line: int) -> bool:
        """Report a name if the data say that it is gone or going."""
        entry = self.history.get(name)
        if entry is None or not (entry.removed or entry.deprecated):
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


def shown_names(history: History) -> set[str]:
    """Return the names that have a row in a table."""
    return {entry.name for group in GROUPS for entry in group_entries(history, group)}


def page_of(name: str, shown: set[str]) -> str:
    """Return the page and the row that tell more of a name, ``""`` where no table has it."""
    if ":" in name:
        return f"history/configuration.html#{row_id(name)}"
    name = name.partition("(")[0]
    return f"history/api.html#{row_id(name)}" if name in shown else ""


def worst_first(found: list[Finding]) -> list[Finding]:
    """Return the findings by file, those that fail today first."""
    return sorted(found, key=lambda item: (item.file, not item.removed, item.line))


def sentence(item: Finding) -> str:
    """Say what became of a name, and what to write."""
    since = f"removed in {item.library} {item.removed}" if item.removed else "still there"
    if item.deprecated:
        since += f", deprecated since {item.deprecated}"
    use = f"; write {item.use}" if item.use else ""
    return f"{item.file}:{item.line}: {item.name}: {since}{use}"
