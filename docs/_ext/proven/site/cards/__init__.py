"""The picture that a link to a page is shown with in a chat or a feed, in the language of the page (Open Graph).

It has no markup; ``page.html`` writes the tags. Each page of the sources has a picture; the pages that extensions make
have that of the front page. An address of a picture has to be whole, so where that of the published site is not known,
there are neither tags nor pictures; likewise on a machine without a Chinese font, and one line says so.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import ExtensionMetadata

from proven.base.complaints import remark
from proven.base.fonts import NoFontError
from proven.base.memory import memory

if TYPE_CHECKING:
    from proven.site.cards.plan import Cards

FOLDER = "_cards"

_cards: WeakKeyDictionary[Sphinx, Cards] = WeakKeyDictionary()


def plan(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Say which pictures there are, and return the pages whose picture has another address than before."""
    if app.config.html_baseurl and app.builder.format == "html":
        # Here, as most builds draw nothing, and what draws takes its time to load.
        from proven.site.cards.plan import Cards

        try:
            _cards[app] = Cards(app)
        except NoFontError as error:
            remark(f"the pages have no pictures for link previews: {error}")
    before, files = memory(app).recall("cards", {}), _cards[app].files if app in _cards else {}
    memory(app).keep("cards", {**files})
    return sorted(page for page in env.found_docs if files.get(page) != before.get(page))


def add_to_context(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Give the template the picture of a page."""
    if app in _cards:
        context["card"] = _cards[app].tags(pagename)


def write(app: Sphinx, exception: Exception | None) -> None:
    """Draw the pictures of a build that came to its end; remove those of one before that had them."""
    if exception is None and app in _cards:
        _cards[app].draw(Path(app.outdir))
    elif exception is None:
        shutil.rmtree(app.outdir / FOLDER, ignore_errors=True)


def files(app: Sphinx) -> set[str]:
    """Return the files of the pictures."""
    return {*_cards[app].files.values()} if app in _cards else set()


def setup(app: Sphinx) -> ExtensionMetadata:
    """Plan when all pages are read, draw when they are written."""
    for name in ("base.memory", "base.site_files", "site.assistants"):
        app.setup_extension(f"proven.{name}")
    app.connect("env-updated", plan)
    app.connect("html-page-context", add_to_context)
    app.connect("build-finished", write)
    app.connect("site-files", files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
