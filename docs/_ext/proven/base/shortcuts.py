"""Shortcuts through the libraries that build the site: the same pages, sooner.

It has no markup. Garbage is searched for less often, and pages are kept without the rest of the site. What
:mod:`proven.base.patches` puts in the place of functions of the libraries holds only for releases that it was tested
with; with others the build goes without and says so.
"""

from __future__ import annotations

import gc
from importlib.metadata import version
from typing import Any

from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util.typing import ExtensionMetadata

from proven.base.complaints import remark

# Objects made between two searches for garbage. A build keeps nearly all it makes, trees of pages above all, so that
# the searches of Python's own rhythm took a third of its time and found next to nothing.
GARBAGE = (100_000, 50, 1000)

# The releases that the pages were compared with, without their last number.
TESTED = {
    "sphinx": {"9.0"},
    "docutils": {"0.22"},
    "myst-parser": {"5.2"},
}


class Adopt(SphinxTransform):
    """Let translated nodes belong to the page they stand in.

    Sphinx leaves them with the document of their text, and by it with the environment of the whole site: each page
    that it kept between two builds had four megabytes of it.
    """

    # After Locale (20).
    default_priority = 21

    def apply(self, **kwargs: Any) -> None:
        """Tell each node its document."""
        for node in self.document.findall():
            node.document = self.document


def untested() -> list[str]:
    """Return the libraries whose installed release the shortcuts were not tested with."""
    return [
        f"{name} {version(name)}"
        for name, tested in TESTED.items()
        if ".".join(version(name).split(".")[:2]) not in tested
    ]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Take the shortcuts if they are known to come to the same pages; what needs no insides always holds."""
    gc.set_threshold(*GARBAGE)
    app.add_transform(Adopt)
    if other := untested():
        remark(
            f"{', '.join(other)}: not tested with the shortcuts, so the build takes none; it is slower"
        )
    else:
        # Not before: another release may have no such functions.
        from proven.base import patches

        patches.take()
    return {"parallel_read_safe": True, "parallel_write_safe": True}
