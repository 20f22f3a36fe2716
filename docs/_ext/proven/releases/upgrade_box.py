"""``{upgrade-check}``: a box to paste code into, which names what is gone in it.

::

    ```{upgrade-check}
    ```

takes no content. ``_static/upgrade-check/`` makes the box and reads the code, in the browser; the file
``upgrade-check.js`` has what :mod:`proven.releases.upgrade_data` knows, and is loaded when the box is used.
"""

from __future__ import annotations

import json
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from proven.base import memory
from proven.base.html_node import register
from proven.releases.data import loaded, state
from proven.releases.timeline import History
from proven.releases.upgrade_data import data

FILE = "upgrade-check.js"
PAGE = "history/check"


class upgrade_check(nodes.General, nodes.Element):  # noqa: N801  docutils writes node names so
    """The place of the box."""


class UpgradeCheck(SphinxDirective):
    """The box."""

    def run(self) -> list[nodes.Node]:
        """Return its place."""
        return [
            upgrade_check(
                label=_("Your code"),
                line=_("Line {line}"),
                removed=_("Removed in {library} {version}."),
                package=_("No release of the package fits {library} {version} and newer."),
                position=_("The argument must be named since {library} {version}."),
                call=_("A property since {library} {version}: leave out the parentheses."),
                deprecated=_("Deprecated since {library} {version}."),
                write=_("Write {use}."),
                some=_("Gone: {gone}. Deprecated: {going}."),
                none=_("No name that is gone was found."),
                failed=_("The data of the releases cannot be loaded."),
            )
        ]


def visit_check(translator: Any, node: upgrade_check) -> None:
    """Write the place of the box, empty: only a script can fill it."""
    attributes = {
        f"data-{name}": text for name, text in node.attributes.items() if isinstance(text, str)
    }
    translator.body.append(
        translator.starttag(node, "div", "", CLASS="upgrade-check", **attributes)
    )


def depart_check(translator: Any, _node: upgrade_check) -> None:
    """Close it."""
    translator.body.append("</div>\n")


def script(history: History) -> str:
    """Return the file of the data."""
    text = json.dumps(data(history), ensure_ascii=False, separators=(",", ":"))
    return f"provenUpgrade.fill({text});\n"


def offered(app: Sphinx) -> bool:
    """Say whether the site has the page of the box."""
    return PAGE in app.env.all_docs


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write the file of the data."""
    if exception or not isinstance(app.builder, StandaloneHTMLBuilder) or not offered(app):
        return
    memory.write(app, FILE, state(app), lambda: script(loaded(app)))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive and its node, and write the data when the build is done."""
    app.add_directive("upgrade-check", UpgradeCheck)
    register(
        app,
        upgrade_check,
        visit_check,
        depart_check,
        content_elsewhere=False,
        scripts=("filled-box.js", "upgrade-check/page.js"),
        styles=("upgrade-check/box.css",),
    )
    app.connect("build-finished", write)
    app.connect("site-files", lambda app: {FILE} if offered(app) else set())
    return {"parallel_read_safe": True, "parallel_write_safe": True}
