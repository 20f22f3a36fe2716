"""Says to a reader why a snippet does not run in the browser."""

from __future__ import annotations

import re

from sphinx.locale import _

#: What the reasons of the record come to.
THREADS = re.compile(r"can't start new thread|'async' extra")
MODULE = re.compile(r"No module named '([\w.]+)'")


def reason(why: str) -> str:
    """Say why a snippet does not run in the browser, with code between backquotes."""
    if THREADS.search(why):
        return _("Does not run in the browser, which has no threads.")
    if found := MODULE.search(why):
        return _("Does not run in the browser, which has no `%(module)s`.") % {"module": found[1]}
    return _("Does not run in the browser: `%(why)s`") % {"why": why.replace("`", "'")}
