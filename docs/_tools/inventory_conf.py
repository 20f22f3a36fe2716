"""The Sphinx configuration that `inventories.py --from-sdists` reads a library's own documentation with.

It takes over the library's `conf.py` and leaves out what an inventory does not need: other inventories, assets,
and the writing of pages.
"""

import os
import runpy
import sys
from collections.abc import Callable, Set
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.builders.dirhtml import DirectoryHTMLBuilder
from sphinx.builders.html import StandaloneHTMLBuilder

THEIRS = Path(os.environ["INVENTORY_CONF"])
# They ask other hosts, or write pages only.
UNNEEDED = {
    "sphinx.ext.intersphinx",
    "sphinx.ext.viewcode",
    "sphinx_copybutton",
    "sphinx_favicon",
    "sphinxcontrib.towncrier.ext",
}

sys.path.insert(0, str(THEIRS.parent))
# A configuration file may look for its neighbours from the folder it lies in.
os.chdir(THEIRS.parent)
theirs: dict[str, Any] = runpy.run_path(str(THEIRS), init_globals={"tags": globals().get("tags")})
their_setup: Callable[[Sphinx], object] | None = theirs.pop("setup", None)
globals().update({name: value for name, value in theirs.items() if not name.startswith("_")})

extensions = [name for name in theirs["extensions"] if name not in UNNEEDED]
templates_path: list[str] = []
html_static_path: list[str] = []
html_extra_path: list[str] = []
html_css_files: list[str] = []
# The newest release of an extension on the index will do, also where their repository's own is newer.
needs_extensions: dict[str, str] = {}
# Flask-Session describes a session in DynamoDB, which nothing here needs to be able to open.
autodoc_mock_imports = [*theirs.get("autodoc_mock_imports", []), "boto3", "mypy_boto3_dynamodb"]
# furo finishes pages that are never written; zzzeeksphinx cannot do without its own theme.
html_theme = theirs["html_theme"] if theirs["html_theme"] == "zzzeeksphinx" else "basic"
html_theme_options: dict[str, Any] = {}
html_logo = html_favicon = None


class _InventoryOnly(StandaloneHTMLBuilder):
    """Reads every page and writes only `objects.inv`."""

    def prepare_writing(self, docnames: Set[str]) -> None:
        pass

    def copy_assets(self) -> None:
        pass

    def write_documents(self, docnames: Set[str]) -> None:
        pass

    def finish(self) -> None:
        self.dump_inventory()


class Pages(_InventoryOnly):
    """Addresses as ``api.html``."""

    name = "html"


class Folders(_InventoryOnly, DirectoryHTMLBuilder):
    """Addresses as ``api/``."""

    name = "dirhtml"


def setup(app: Sphinx) -> None:
    """Set up what they set up, then take the place of the builders."""
    if their_setup is not None:
        their_setup(app)
    app.add_builder(Pages, override=True)
    app.add_builder(Folders, override=True)
