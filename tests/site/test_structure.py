"""The repository keeps its shape: what is shown is proved, what is proved is shown, and all is in its place."""

from __future__ import annotations

import ast
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from proven.base.project import ROOT
from proven.claims.proofs import proves
from proven.snippets import uses
from proven.snippets.files import file_of, modules, name_of
from proven.snippets.imports import dependencies
from proven.translation import catalogs
from proven.translation.languages import TRANSLATED

DOCS = ROOT / "docs"
PAGES = sorted(
    path.relative_to(DOCS).with_suffix("").as_posix()
    for path in DOCS.rglob("*.md")
    if not any(part.startswith("_") for part in path.relative_to(DOCS).parts)
)
SNIPPETS = {name: file for name in modules(ROOT) if (file := file_of(ROOT, name)) is not None}
# Modules to copy and use: shown by autodoc, not as one idea on a page.
LIBRARIES = ("snippets.converters", "snippets.sessions")
IDEAS = {name: file for name, file in SNIPPETS.items() if not name.startswith(LIBRARIES)}

FENCE = re.compile(r"^ *(?P<ticks>`{3,}) *(?P<info>.*)$")
# What a block of code on a page may be written in; Python stands in snippets.
TYPED = {"console", "html", "http", "ini", "jinja", "json", "markdown", "sql", "text", "toml"}


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def none(found: Iterable[str], remedy: str = "mend these") -> None:
    """Fail with all that was found, a line each."""
    assert not (listed := sorted(found)), "\n".join([f"{remedy}:", *listed])


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def source(page: str) -> str:
    return DOCS.joinpath(f"{page}.md").read_text(encoding="utf-8")


def lines(page: str) -> Iterator[tuple[str, str, str]]:
    """Yield place, text and info string of each line of a page; inside a fence the info string is ``"inside"``."""
    closing = ""
    for number, line in enumerate(source(page).splitlines(), 1):
        fence = FENCE.match(line)
        place = f"docs/{page}.md:{number}"
        if closing:
            yield place, line, "inside"
            closing = "" if line.strip() == closing else closing
        elif fence:
            closing = fence["ticks"]
            yield place, line, fence["info"] or "none"
        else:
            yield place, line, ""


@cache
def snippets_on(page: str) -> frozenset[str]:
    """Return the snippets that a page includes, records or documents."""
    text = source(page)
    found = set(re.findall(r"^ *`{3,}\{exchange\} +(\S+)", text, re.MULTILINE))
    for path in re.findall(r"^ *`{3,}\{literalinclude\} +(\S+)", text, re.MULTILINE):
        name = name_of(ROOT, DOCS.joinpath(page).parent / path)
        found |= {name} if name else set()
    for name in re.findall(r"^ *\.\. auto(?:module|class|function):: +(snippets\S+)", text, re.M):
        while name and file_of(ROOT, name) is None:
            name = name.rpartition(".")[0]
        # A package documents what it gathers.
        found |= {other for file in dependencies(ROOT, name) if (other := name_of(ROOT, file))}
    return frozenset(found)


def test_there_is_something_to_check() -> None:
    assert {"index", "guide/routing", "guide/configuration", "guide/converters"} <= set(PAGES)
    assert len(IDEAS) >= 40
    assert "snippets.routing.trailing_slashes" in snippets_on("guide/url-matching")


# Snippets: proved, shown, and fit to be shown.


@proves("index", "A test imports each module that these pages show.")
def test_each_snippet_is_used_by_a_test() -> None:
    proved = {name for name in SNIPPETS if uses.tests_of(ROOT, name)}
    # The parts of a library are proved through its package.
    parts = {file for name in proved & set(LIBRARIES) for file in dependencies(ROOT, name)}
    unproved = [f for name, f in SNIPPETS.items() if name not in proved and f not in parts]
    none(map(shown, unproved), "no test imports these: prove them, or remove them")


def test_each_snippet_is_shown_by_a_page() -> None:
    on_pages = {name for page in PAGES for name in snippets_on(page)}
    unseen = [file for name, file in SNIPPETS.items() if name not in on_pages]
    none(map(shown, unseen), "no page shows these: include them, or remove them")


def test_each_file_beside_a_snippet_is_read() -> None:
    texts = {p: p.read_text(encoding="utf-8") for p in ROOT.joinpath("snippets").rglob("*.py")}
    pages = "".join(map(source, PAGES))
    unread = []
    for path in tracked():
        if path.is_relative_to(ROOT / "snippets") and path not in texts:
            near = "".join(text for file, text in texts.items() if path.is_relative_to(file.parent))
            if path.name not in near + pages:
                unread.append(shown(path))
    none(unread, "neither a snippet nor a page names these: remove them")


def test_a_snippet_uses_public_names_only() -> None:
    found = []
    for name, file in SNIPPETS.items():
        own = {private for part in dependencies(ROOT, name) for private in defined(tree(part))}
        found += [
            f"{shown(file)}:{line}: {private}"
            for line, private in borrowed(tree(file))
            if is_private(private) and private not in own
        ]
    none(found, "private names of somebody else: use what is documented")


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__")


def borrowed(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield each name that is imported, and each attribute, with its line."""
    for node in ast.walk(module):
        match node:
            case ast.Attribute(attr=name):
                yield node.lineno, name
            case ast.Import(names=names):
                yield from ((node.lineno, part) for n in names for part in n.name.split("."))
            case ast.ImportFrom(module=path, names=names):
                yield from ((node.lineno, part) for part in (path or "").split("."))
                yield from ((node.lineno, alias.name) for alias in names)


def defined(module: ast.Module) -> Iterator[str]:
    """Yield the names that a module itself makes, attributes of its own objects included."""
    for node in ast.walk(module):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.ClassDef(name=name) | ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name, ctx=ast.Store()):
                yield name


def test_a_snippet_neither_prints_nor_runs_a_server() -> None:
    found = []
    for file in SNIPPETS.values():
        for node in ast.walk(tree(file)):
            match node:
                case ast.Call(func=ast.Name(id="print")):
                    found.append(f"{shown(file)}:{node.lineno}: return it from a view")
                case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="run")):
                    if name.endswith("app"):
                        found.append(f"{shown(file)}:{node.lineno}: 'flask run' runs it")
    none(found)


@proves(
    "about/adding-a-page",
    "Make the tests pass with snippets in it: one idea a module, 10 to 60 lines, a "
    "docstring of one sentence, an app or a create_app.",
)
def test_a_snippet_says_what_it_is_in_one_sentence() -> None:
    found = []
    for name, file in SNIPPETS.items():
        docstring = ast.get_docstring(tree(file)) or ""
        first = docstring.partition("\n")[0]
        more = name in IDEAS and (docstring != first or re.search(r"[.!?] +[A-Z]", first))
        if more or not first.endswith("."):
            found.append(shown(file))
    none(found, "begin these with a docstring of one sentence; the page says the rest")


@proves(
    "about/adding-a-page",
    "Make the tests pass with snippets in it: one idea a module, 10 to 60 lines, a "
    "docstring of one sentence, an app or a create_app.",
)
def test_a_snippet_is_short_enough_to_be_read() -> None:
    sizes = {f: len(f.read_text(encoding="utf-8").splitlines()) for f in IDEAS.values()}
    odd = [f"{shown(file)}: {size}" for file, size in sizes.items() if not 10 <= size <= 60]
    none(odd, "one idea has 10 to 60 lines")


# Pages: proved, translated, reachable, and in markup that both languages survive.


@proves("about/adding-a-page", "A test raises the error and finds its text on the page.")
@proves(
    "about/testing",
    "Each page has a test module of its name, or a folder of them: tests/guide/routing/ "
    "proves docs/guide/routing.md.",
)
def test_each_page_has_its_tests() -> None:
    found = []
    for page in PAGES:
        folder, _, name = page.replace("-", "_").partition("/")
        module = ROOT / "tests" / folder / f"test_{name}.py"
        # Where there is much to prove, a folder of modules.
        several = list(module.parent.joinpath(name).glob("test_*.py"))
        # What is on the page for a browser, its tests are there too.
        there = [module, ROOT / "tests" / "browser" / module.name]
        proved = several or any(file.is_file() for file in there)
        if folder in {"start", "guide", "reference"} and not proved:
            found.append(f"docs/{page}.md: prove it in {shown(module)}")
    none(found)


def test_each_test_module_of_start_and_guide_has_its_page() -> None:
    # `project` is the folder of a reader.
    folders = {module.parent for module in ROOT.glob("tests/guide/*/test_*.py")}
    modules = {*ROOT.glob("tests/guide/test_*.py"), *ROOT.glob("tests/start/test_*.py"), *folders}
    names = [
        f"{module.parent.name}/{module.stem.removeprefix('test_').replace('_', '-')}"
        for module in modules
    ]
    none((name for name in names if name not in PAGES), "these prove no page")


@proves(
    "about/adding-a-page",
    "From 700 lines on they become a folder, tests/guide/tea/, with a module a section.",
)
def test_no_test_module_of_a_page_is_too_long_to_read() -> None:
    modules = [*ROOT.glob("tests/guide/**/*.py"), *ROOT.glob("tests/start/**/*.py")]
    sizes = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in modules}
    long = [f"{shown(file)}: {size}" for file, size in sizes.items() if size > 700]
    none(long, "make a folder of them, a module a section")


@proves(
    "about/translating",
    "The Chinese is in locale/zh_CN/LC_MESSAGES/, one catalog a page, with the same names "
    "as in docs/.",
)
def test_pages_and_catalogs_are_the_same() -> None:
    for language in TRANSLATED:
        names = {*catalogs.names(ROOT, language)}
        none(names ^ {*PAGES, "sphinx"}, "a page or a catalog alone: run 'nox -s translations'")


@proves(
    "about/adding-a-page",
    "Write docs/guide/tea.md around them, and add guide/tea to the table of contents in "
    "docs/index.md.",
)
def test_each_page_has_its_place_in_a_toctree() -> None:
    placed = []
    for page in PAGES:
        for block in re.findall(r"^```\{toctree\}\n(.*?)^```", source(page), re.M | re.S):
            entries = [line.strip() for line in block.splitlines()]
            folder = page.rpartition("/")[0]
            placed += [
                entry if "/" in entry or not folder else f"{folder}/{entry}"
                for entry in entries
                if entry and entry[0] != ":"
            ]
    none(set(PAGES) - {*placed, "index"}, "add these pages to a toctree")
    none(set(placed) - set(PAGES), "these pages of a toctree are not there")
    assert len(placed) == len(set(placed)), "a page has one place"


@proves(
    "about/testing",
    "proves it: every line of code that the site shows is in a module here, whole and runnable.",
)
def test_code_on_a_page_comes_from_a_snippet() -> None:
    found = []
    for page in PAGES:
        for place, _, info in lines(page):
            directive = re.match(r"\{(?P<name>[\w-]+)\} *(?P<argument>.*)", info)
            if not directive and info not in {"", "inside"}:
                found.append(f"{place}: write {{code-block}} with a language, or include a snippet")
            written = directive and directive["name"] in {"code-block", "code", "sourcecode"}
            if written and directive["argument"] not in TYPED:
                found.append(f"{place}: include a snippet")
    none(found)


def test_a_page_has_no_markup_that_a_translation_breaks() -> None:
    found = []
    for page in PAGES:
        before = ""
        for place, line, info in lines(page):
            if info.startswith("{contents}"):
                found.append(f"{place}: its ids differ between the languages: leave it out")
            if info == "" and re.search(r"(?<![!\\`])\[[^\]]+\]\[[^\]]*\]", line):
                found.append(f"{place}: such a link vanishes: write [text](#label)")
            if info == "" and (heading := re.match(r"#+ +(.*)", line)):
                if re.match(r"\d+[.)]", heading[1]):
                    found.append(f"{place}: a heading that begins like a list is not translated")
                if not re.fullmatch(r"\([\w-]+\)=", before) and page != "index":
                    found.append(f"{place}: put a label above the heading: '(label)='")
            if info == "inside" and re.match(r":(lines|(start|end)-(line|at|after|before)):", line):
                found.append(
                    f"{place}: it moves when the file changes: name an object, ':pyobject:'"
                )
            before = line
    none(found)


# The repository.


@cache
def tracked() -> list[Path]:
    """Return every file that git would commit, also where this is no clone but an archive."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    with tempfile.TemporaryDirectory() as folder:
        if not ROOT.joinpath(".git").exists():
            subprocess.run(["git", "init", "-q", folder], check=True)
            command[1:1] = [f"--git-dir={folder}/.git", f"--work-tree={ROOT}"]
        output = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    files = [ROOT / name for name in output.decode().split("\0") if name]
    return [file for file in files if file.is_file()]


def test_nothing_else_is_a_top_level_folder() -> None:
    folders = {path.relative_to(ROOT).parts[0] for path in tracked() if path.parent != ROOT}
    assert {name for name in folders if name[0] != "."} == {"docs", "snippets", "locale", "tests"}


@proves(
    "about/adding-a-page",
    "Each module of docs/_ext/proven/ that adds markup has one capability, and a "
    "docstring that shows it.",
)
def test_each_extension_is_in_use() -> None:
    unused = []
    for path in DOCS.glob("_ext/proven/*/*.py"):
        name = ".".join(path.relative_to(DOCS / "_ext").with_suffix("").parts)
        room = path.with_name("__init__.py").read_text(encoding="utf-8")
        is_extension = "\ndef setup(" in path.read_text(encoding="utf-8")
        if path.name != "__init__.py" and is_extension != (f'"{name}"' in room):
            unused.append(shown(path))
    none(unused, "list these in EXTENSIONS of their room, or take them out")


# In pieces, so that this file does not name what it looks for.
HOSTS = [
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("npmjs", "org"),
    ("npmmirror", "com"),
    ("golang", "org"),
    ("mirrors", "aliyun"),
    ("tuna", "tsinghua"),
]


def test_no_file_names_a_package_index_or_a_path_of_one_machine() -> None:
    hosts = "|".join(re.escape(".".join(parts)) for parts in HOSTS)
    pattern = re.compile(rf"{hosts}|(?<![\w.~/-])/(?:root|home/\w+|work|Users/\w+)/")
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            found += [f"{shown(path)}:{number}: {match}" for match in pattern.findall(line)]
    none(found)
