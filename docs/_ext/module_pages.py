"""A page for each module of ``snippets/`` that a page shows: the complete file, its tests, and where it is shown.

It has no markup: :mod:`snippet` notes which modules the pages show and links to ``code/``, where each module has the
address of its file. A page is written when something on it changes; what was written before is kept in
``module-pages.json``, beside the pages that Sphinx keeps between two builds.
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from docutils import nodes
from markupsafe import Markup, escape
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

import code_comments
from html_node import register
from proven_with import line_of
from snippet_modules import PACKAGE, definitions, file_of, imports, runnable, test_files, tests_of

FOLDER = "code"
TEMPLATE = "module.html"


class Use(NamedTuple):
    """A place where a page shows a module.

    Attributes:
        module: The dotted name of the module.
        section: The id of the section around it.
        title: The title of that section, in the language of the page.
        translations: The comments of the module in that language, by those of the source.
    """

    module: str
    section: str
    title: str
    translations: dict[str, str]


class module_link(nodes.Inline, nodes.TextElement):  # noqa: N801  docutils writes node names so
    """A link to the page of ``module``, at ``place``."""


def visit_html(visitor: HTML5Translator, node: module_link) -> None:
    """Open the link."""
    builder = visitor.builder
    root = Path(builder.env.srcdir).parent
    uri = builder.get_relative_uri(builder.current_docname, page_of(root, node["module"]))
    place = f"#{node['place']}" if node["place"] else ""
    visitor.body.append(visitor.starttag(node, "a", "", CLASS="module-link", href=uri + place))


def depart_html(visitor: HTML5Translator, node: module_link) -> None:
    """Close the link."""
    visitor.body.append("</a>")


def page_of(root: Path, module: str) -> str:
    """Return the name of the page of ``module``, such as ``code/routing/methods``."""
    file = file_of(root, module)
    path = file.relative_to(root).with_suffix("") if file else Path(*module.split("."))
    return Path(FOLDER, *path.parts[1:]).as_posix()


class Memory:
    """What the build before wrote.

    Attributes:
        state: The state of everything that the pages are made of.
        pages: The digest of each page.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        kept = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
        self.state: str = kept.get("state", "")
        self.pages: dict[str, str] = kept.get("pages", {})

    def keep(self, state: str, pages: dict[str, str]) -> None:
        """Write down for the next build what this one wrote."""
        self.file.write_text(json.dumps({"state": state, "pages": pages}), encoding="utf-8")


def digest(value: object) -> str:
    """Return a short text that differs where ``value`` does."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def stamps(files: Iterable[Path]) -> str:
    """Return a text that changes when one of the files does."""
    return digest([(str(file), file.stat().st_mtime_ns) for file in files])


def modules_shown(env: BuildEnvironment) -> dict[str, list[tuple[str, Use]]]:
    """Return each module that is shown with its uses: the page and what :mod:`snippet` noted there."""
    shown: dict[str, list[tuple[str, Use]]] = {}
    for docname in sorted(env.found_docs):
        for use in env.metadata[docname].get("modules", ()):
            shown.setdefault(use.module, []).append((docname, use))
    return shown


def pages(env: BuildEnvironment) -> set[str]:
    """Return the names of all of these pages."""
    return {page_of(Path(env.srcdir).parent, module) for module in modules_shown(env)}


def content(
    app: Sphinx, module: str, file: Path, shown: dict[str, list[tuple[str, Use]]]
) -> dict[str, Any]:
    """Return what the page of ``module`` says, as plain data."""
    root, uses = Path(app.srcdir).parent, shown[module]
    source = file.read_text(encoding="utf-8")
    translations: dict[str, str] = {}
    for _docname, use in uses:
        translations |= use.translations
    summary = (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0]
    return {
        "path": file.relative_to(root).as_posix(),
        # Of a docstring of several lines there is no translation.
        "summary": translations.get(summary, "" if translations else summary),
        "command": f"$ flask --app {module} run" if runnable(file) else "",
        "code": code_comments.replace(source, translations),
        "tests": tests_of(root, module),
        "shown": list(dict.fromkeys((docname, use.section, use.title) for docname, use in uses)),
        "proven_with": line_of(root, [module], app.config.proven_with),
        # A module that no page shows has no page.
        "imports": [(name, name in shown) for name in imports(root, module)],
    }


def highlighted(builder: StandaloneHTMLBuilder, code: str, language: str, also: str = "") -> Markup:
    """Return the HTML of a block of code; a definition in Python has its name as its id."""
    html = builder.highlighter.highlight_block(code, language)
    if language == "python":
        lines = html.split("\n")
        for name, line in definitions(code).items():
            # The first line begins with the tags of the block.
            before, tag, after = lines[line - 1].rpartition("<span></span>")
            lines[line - 1] = f'{before}{tag}<span id="{escape(name)}"></span>{after}'
        html = "\n".join(lines)
    # Pygments escapes what is code.
    return Markup(f'<div class="{also}highlight-{language} notranslate">{html}</div>')  # noqa: S704


def look(builder: StandaloneHTMLBuilder) -> str:
    """Return a text that changes with what all of these pages have in common: settings, navigation, what makes them."""
    config = builder.config
    made_by = [Path(__file__), Path(builder.confdir, config.templates_path[0], TEMPLATE)]
    titles = {name: title.astext() for name, title in builder.env.titles.items()}
    return digest(
        [
            builder.build_info.config_hash,
            config.interface_texts,
            titles,
            [file.read_text(encoding="utf-8") for file in made_by],
        ]
    )


def make(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the pages that differ from what was written before, and remove those of modules no longer shown."""
    builder = app.builder
    if not isinstance(builder, StandaloneHTMLBuilder):
        return
    root = Path(app.srcdir).parent
    memory = Memory(Path(app.doctreedir, "module-pages.json"))
    shown, common, written = modules_shown(app.env), look(builder), dict[str, str]()
    files = stamps(
        [*sorted(root.joinpath(PACKAGE).rglob("*.py")), *(file for file, _ in test_files(root))]
    )
    state = digest([common, app.config.proven_with, shown, files])
    there = all(builder.get_output_path(page).is_file() for page in memory.pages)
    if memory.state == state and there:
        return

    @cache
    def navigation(depth: int, **options: Any) -> str:
        # None of these pages is in the navigation, so it is the same on all that are as deep as each other.
        return builder._get_local_toctree("x/" * depth, **options)

    for module in sorted(shown):
        file = file_of(root, module)
        if file is None:
            continue
        page = page_of(root, module)
        says = content(app, module, file, shown)
        written[page] = digest([common, says])
        if memory.pages.get(page) == written[page] and builder.get_output_path(page).is_file():
            continue
        toctree = partial(navigation, page.count("/"))
        yield page, {**context(builder, root, says), "toctree": toctree}, TEMPLATE
    for page in memory.pages.keys() - written.keys():
        builder.get_output_path(page).unlink(missing_ok=True)
    memory.keep(state, written)


def context(builder: StandaloneHTMLBuilder, root: Path, says: dict[str, Any]) -> dict[str, Any]:
    """Return what the template needs."""
    titles = builder.env.titles
    command = says["command"]
    return {
        **says,
        "title": says["path"],
        "description": " · ".join(filter(None, [says["path"], says["summary"]])),
        "code": highlighted(builder, says["code"], "python"),
        "command": command and highlighted(builder, command, "console", "snippet-run "),
        "shown": [
            (docname, section, " › ".join(dict.fromkeys([titles[docname].astext(), title])))
            for docname, section, title in says["shown"]
        ],
        "imports": [
            (page_of(root, name) if has_page else "", file.relative_to(root).as_posix())
            for name, has_page in says["imports"]
            if (file := file_of(root, name))
        ],
    }


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the link and the pages."""
    register(app, module_link, visit_html, depart_html, content_elsewhere=False)
    app.connect("html-collect-pages", make)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
