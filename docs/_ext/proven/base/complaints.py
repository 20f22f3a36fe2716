"""Answers a broken source with one line that says what to do, and again in every build until it is mended.

It has no markup. Sphinx's own warnings say what is wrong; here the commonest get a remedy, as ours have one. A page
that a build complained of is read again by the next one: Sphinx would take it from its cache and say nothing, so that
a second ``nox -s docs`` would pass.
"""

from __future__ import annotations

import difflib
import logging
import re

from docutils import nodes
from docutils.utils import get_source_line
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging as sphinx_logging
from sphinx.util.typing import ExtensionMetadata

from proven.base.memory import memory

logger = sphinx_logging.getLogger(__name__)

# What to do about a warning of Sphinx or MyST, by its kind.
REMEDIES = {
    "ref.doc": "name a page as its path below docs/ or beside this page, without .md",
    "ref.ref": "name a label; one stands before each heading as '(label)='",
    "ref.term": "write the term as the glossary does",
    "myst.xref_missing": "link to a page as '(../guide/page.md)', to a label as '(#label)'",
    "myst.role_unknown": "mend its name, or write plain `code`",
    "myst.directive_unknown": "mend its name",
    "myst.header": "use the level below the heading above",
    "myst.topmatter": "put the description between quotes if it has a colon in it",
    "toc.not_included": "add it to a toctree, such as one of docs/index.md",
    "toc.not_readable": "mend the path, or write the page",
    "image.not_readable": "mend the path",
    "misc.highlighting_failure": "mend the code, or name its language; 'text' takes everything",
}
# Begins what :func:`remark` says among the rest that Sphinx tells of its work.
NOTE = "note: "
OBJECT = "mend the name, or write plain `code` if the library's documentation does not have it"
DUPLICATE = "labels are global, so rename one of the two"


class Complaints(logging.Handler):
    """Hears each warning when it is given, to know its page, and completes it before Sphinx prints it."""

    def __init__(self, app: Sphinx) -> None:
        super().__init__(logging.WARNING)
        self.app = app
        self.pages: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the page."""
        if page := self.page(getattr(record, "location", None)):
            self.pages.add(page)

    def complete(self, record: logging.LogRecord) -> bool:
        """Add the remedy."""
        location = getattr(record, "location", None)
        kind = f"{getattr(record, 'type', '')}.{getattr(record, 'subtype', '')}"
        if kind == "toc.not_included":
            record.__dict__["location"] = (location, 1)
        # Sphinx spells it in one way when it reads a page and in another when it writes one.
        message = logging.LogRecord.getMessage(record).replace("non-existing", "nonexisting")
        if remedy := self.remedy(kind, message):
            message = f"{message.rstrip('.')}; {remedy}"
        record.msg, record.args = message, ()
        return True

    def page(self, location: object) -> str:
        """Return the page that a warning is about, ``""`` if it is about none."""
        env = getattr(self.app, "env", None)
        if env is None:
            return ""
        if env.current_document.docname:
            # While a page is read, whatever file is at fault.
            return str(env.current_document.docname)
        match location:
            case (str(page), *_):
                return page
            case nodes.Node():
                return env.path2doc(get_source_line(location)[0] or "") or ""
            case str():
                return location if location in env.found_docs else ""
        return ""

    def remedy(self, kind: str, message: str) -> str:
        """Return what to do about a warning, ``""`` if it says so itself."""
        if message.startswith("duplicate label "):
            return DUPLICATE
        if " reference target not found: " in message and kind.startswith("ref."):
            return OBJECT
        near = ""
        if kind in {"ref.doc", "ref.ref", "myst.xref_missing"}:
            quoted = re.findall(r"'([^']*)'", message)
            near = nearest(quoted[-1], kind, self.app.env) if quoted else ""
        return near or REMEDIES.get(kind, "")


def nearest(wanted: str, kind: str, env: BuildEnvironment) -> str:
    """Return a question about the page or label that a dead link misspells, ``""`` if none is near."""
    pages = {page.rpartition("/")[2]: f"the page {page!r}" for page in env.found_docs}
    labels = {label: f"the label {label!r}" for label in env.domains.standard_domain.anonlabels}
    known = {"ref.doc": pages, "ref.ref": labels}.get(kind, labels | pages)
    name = wanted.rpartition("/")[2].removesuffix(".md")
    found = difflib.get_close_matches(name, known, n=1, cutoff=0.75)
    return f"did you mean {known[found[0]]}?" if found else ""


def complain(message: str, place: str | tuple[str, int] | nodes.Node | None, kind: str) -> None:
    """Stop the build, whose warnings are errors.

    Args:
        message: What is wrong and what to do, in one line.
        place: ``file:line``, a page and its line, or a node of the page.
        kind: What the complaint is of, such as ``exchange``; it stands after the message as ``[proven.exchange]``.
    """
    logger.warning("%s", message, location=place, type="proven", subtype=kind)


def remark(text: str) -> None:
    """Let who builds know something in one line; it stops nothing."""
    logger.info("%s%s", NOTE, text)


def listen(app: Sphinx) -> None:
    """See every warning of the build."""
    complaints = Complaints(app)
    root = logging.getLogger(sphinx_logging.NAMESPACE)
    for handler in root.handlers:
        if isinstance(handler, sphinx_logging.WarningStreamHandler):
            # First, while the location is still more than a text.
            handler.filters.insert(0, complaints.complete)
    root.addHandler(complaints)
    app.connect("build-finished", lambda app, error: keep(app, complaints.pages))


def complained() -> set[str]:
    """Return the pages that this build has complained of until now."""
    handlers = logging.getLogger(sphinx_logging.NAMESPACE).handlers
    return set().union(*(h.pages for h in handlers if isinstance(h, Complaints)))


def keep(app: Sphinx, pages: set[str]) -> None:
    """Keep which pages the next build reads again."""
    memory(app).keep("complaints", sorted(pages))


def read_again(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Return the pages that the last build complained of and that are still there."""
    return sorted(env.found_docs.intersection(memory(app).recall("complaints", [])))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Listen from now on."""
    app.setup_extension("proven.base.memory")
    listen(app)
    app.connect("env-get-outdated", read_again)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
