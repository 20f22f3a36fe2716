"""A page for each module of ``snippets/`` that a page shows: the complete file, its tests, and where it is shown.

It has no markup: :mod:`proven.snippets.include` notes which modules the pages show and links to ``code/``, where each
module has the address of its file. A page is written when something on it changes.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
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

from proven.base.html_node import register
from proven.base.memory import digest, memory
from proven.base.project import ROOT
from proven.snippets import code_comments
from proven.snippets.files import PACKAGE, definitions, file_of, runnable
from proven.snippets.imports import imports
from proven.snippets.proven_with import line_of
from proven.snippets.uses import test_files, tests_of

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
    uri = builder.get_relative_uri(builder.current_docname, page_of(ROOT, node["module"]))
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


def stamps(files: Iterable[Path]) -> str:
    """Return a text that changes when one of the files does."""
    return digest([(str(file), file.stat().st_mtime_ns) for file in files])


def modules_shown(env: BuildEnvironment) -> dict[str, list[tuple[str, Use]]]:
    """Return each module that is shown with its uses: the page and what :mod:`proven.snippets.include` noted there."""
    shown: dict[str, list[tuple[str, Use]]] = {}
    for docname in sorted(env.found_docs):
        for use in env.metadata[docname].get("modules", ()):
            shown.setdefault(use.module, []).append((docname, use))
    return shown


def made(app: Sphinx) -> set[str]:
    """Return the files of all of these pages."""
    return {f"{page_of(ROOT, module)}.html" for module in modules_shown(app.env)}


def content(
    app: Sphinx, module: str, file: Path, shown: dict[str, list[tuple[str, Use]]]
) -> dict[str, Any]:
    """Return what the page of ``module`` says, as plain data."""
    uses = shown[module]
    source = file.read_text(encoding="utf-8")
    translations: dict[str, str] = {}
    for _docname, use in uses:
        translations |= use.translations
    summary = (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0]
    return {
        "path": file.relative_to(ROOT).as_posix(),
        # Of a docstring of several lines there is no translation.
        "summary": translations.get(summary, "" if translations else summary),
        "command": f"$ flask --app {module} run" if runnable(file) else "",
        "code": code_comments.replace(source, translations),
        "originals": code_comments.originals(source, translations),
        "tests": tests_of(ROOT, module),
        "shown": list(dict.fromkeys((docname, use.section, use.title) for docname, use in uses)),
        "proven_with": line_of(ROOT, [module], app.config.proven_with),
        # A module that no page shows has no page.
        "imports": [(name, name in shown) for name in imports(ROOT, module)],
        # What rooms above know of it, as HTML.
        "more": "".join(app.emit("module-page", module)),
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


def look(builder: StandaloneHTMLBuilder, maker: str, template: str) -> str:
    """Return a text that changes with what all pages of a kind have in common.

    That is the settings, the navigation and what makes them.

    Args:
        builder: The builder of the pages.
        maker: The file of the module that makes them.
        template: The name of their template.
    """
    config = builder.config
    made_by = [Path(maker), Path(builder.confdir, config.templates_path[0], template)]
    titles = {name: title.astext() for name, title in builder.env.titles.items()}
    return digest(
        [
            builder.build_info.config_hash,
            config.interface_texts,
            config.languages,
            titles,
            [file.read_text(encoding="utf-8") for file in made_by],
        ]
    )


def make(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the pages that differ from what was written before."""
    builder = app.builder
    if not isinstance(builder, StandaloneHTMLBuilder):
        return
    before: dict[str, str] = memory(app).recall("module_pages", {})
    shown, common, written = (
        modules_shown(app.env),
        look(builder, __file__, TEMPLATE),
        dict[str, str](),
    )
    files = stamps(
        [*sorted(ROOT.joinpath(PACKAGE).rglob("*.py")), *(file for file, _ in test_files(ROOT))]
    )
    state = digest([common, app.config.proven_with, shown, files])
    changed = memory(app).differs("module_pages_state", state)
    if before and not changed and all(stands(builder, page) for page in before):
        return

    toctree = navigation(builder)
    for module in sorted(shown):
        file = file_of(ROOT, module)
        if file is None:
            continue
        page = page_of(ROOT, module)
        says = content(app, module, file, shown)
        written[page] = digest([common, says])
        if before.get(page) == written[page] and stands(builder, page):
            continue
        yield page, {**context(builder, ROOT, says), "toctree": toctree(page)}, TEMPLATE
    memory(app).keep("module_pages", written)


def navigation(builder: StandaloneHTMLBuilder) -> Callable[[str], Callable[..., str]]:
    """Return what returns the navigation of a page that is not in it: the same for all as deep as each other."""

    @cache
    def of_depth(depth: int, **options: Any) -> str:
        return builder._get_local_toctree("x/" * depth, **options)

    return lambda page: partial(of_depth, page.count("/"))


def stands(builder: StandaloneHTMLBuilder, page: str) -> bool:
    """Say whether the file of a page is there."""
    return builder.get_output_path(page).is_file()


def context(builder: StandaloneHTMLBuilder, root: Path, says: dict[str, Any]) -> dict[str, Any]:
    """Return what the template needs."""
    titles = builder.env.titles
    command = says["command"]
    return {
        **says,
        "title": says["path"],
        "description": " · ".join(filter(None, [says["path"], says["summary"]])),
        "code": highlighted(builder, says["code"], "python"),
        "more": Markup(says["more"]),  # noqa: S704  it is HTML already
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
    app.setup_extension("proven.base.memory")
    app.setup_extension("proven.base.site_files")
    app.add_event("module-page")
    app.connect("site-files", made)
    app.connect("html-collect-pages", make)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
