"""Keeps the default settings of docutils' parsers, which MyST asks for with every translated text.

It has no markup. To answer, docutils sets up a parser of its command line, with all of its options: for each of some
5,000 texts of a Chinese build, to the same result. Here each text gets a copy of the first one.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from docutils.frontend import Values, get_default_settings
from myst_parser.mdit_to_docutils import base
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata


@cache
def _first(*components: Any) -> Values:
    return get_default_settings(*components)


def settings(*components: Any) -> Values:
    """Return the default settings of ``components``, such as a parser, to be changed at will."""
    return _first(*components).copy()


def setup(app: Sphinx) -> ExtensionMetadata:
    """Answer MyST."""
    vars(base)["get_default_settings"] = settings
    return {"parallel_read_safe": True, "parallel_write_safe": True}
