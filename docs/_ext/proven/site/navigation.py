"""Keeps the navigation of every page in step with the titles of all.

It has no markup. Sphinx writes a page again when its source changes; a new title is in the navigation of the others
too, so then all are written.
"""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import ExtensionMetadata

from proven.base.memory import memory


def pages_to_write(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return every page if a title differs from the build before."""
    titles = {page: title.astext() for page, title in env.titles.items()}
    return sorted(env.found_docs) if memory(app).differs("titles", titles) else []


def setup(app: Sphinx) -> ExtensionMetadata:
    """Ask before each build writes its pages."""
    app.connect("env-updated", pages_to_write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
