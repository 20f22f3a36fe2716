"""What the panel says, in the reader's language, by the names that ``browser/panel.mjs`` asks for.

``{…}`` is filled in by the panel.
"""

from __future__ import annotations

from sphinx.locale import _


def of_page() -> dict[str, str]:
    """Return what a page says before anything is loaded."""
    return {
        "file": _(
            "Run needs the page from a web server, and this one was opened from a file. "
            "`nox -s serve` serves it on your machine."
        ),
        "failed": _("Run could not be loaded: {error}"),
        "again": _("Press Run to try again."),
        "loading": _("Loading …"),
    }


def of_panel() -> dict[str, str]:
    """Return what the panel says."""
    return {
        "title": _("Run {module}"),
        "where": _("Python {python} in your browser, Flask {flask}, Werkzeug {werkzeug}"),
        "unlike": _(
            "Not a server: one request at a time, no threads, no network, an empty disk, your browser's clock."
        ),
        "close": _("Close"),
        "code": _("Code"),
        "run": _("Run"),
        "reset": _("Reset"),
        "download": _("Download"),
        "keys": _("Ctrl+Enter runs the code; Escape, then Tab, leaves the editor."),
        "console": _("Console"),
        "console_input": _("Python to run"),
        "console_keys": _(
            "Enter runs it, Shift+Enter begins a line, ↑ and ↓ bring back what you typed."
        ),
        "examples_above": _("The examples above it on this page ran first."),
        "examples_anew": _(
            "Python began anew: the examples of this page ran again, what you typed did not."
        ),
        "edited": _("edited"),
        "recorded_requests": _("Recorded requests"),
        "method": _("Method"),
        "path": _("Path"),
        "headers": _("Headers"),
        "body": _("Body"),
        "type": _("Content type"),
        "files": _("Files"),
        "file_field": _("Field of the files"),
        "follow": _("Follow redirects"),
        "send": _("Send"),
        "send_all": _("Send all"),
        "clear": _("Empty the cookie jar"),
        "live": _("Now, in your browser"),
        "recorded": _("Recorded by the build"),
        "same": _("The same as recorded."),
        "differs": _("Not as recorded: {parts}."),
        "status": _("status"),
        "body_part": _("body"),
        "nothing_recorded": _("This request was not recorded."),
        "cookies": _("Cookies"),
        "session": _("holds {value}"),
        "preview": _("Preview"),
        "log": _("Log"),
        "traceback": _("Traceback"),
        "line": _("{file}, line {line}"),
        "progress": _("Loading Python: {done} of {total} MB"),
        "starting": _("Starting Python …"),
        "running": _("Running …"),
        "cancel": _("Cancel"),
        "cancelled": _("Cancelled. Your code is as you left it; press Run to go on."),
        "took": _("{milliseconds} ms"),
        "too_long": _("Stopped after {seconds} seconds."),
        "longer": _("Run it again with {seconds} seconds"),
        "broken": _("The application raises an error while it is loaded:"),
        "empty": _("no body"),
        "no_wasm": _(
            "Your browser does not run WebAssembly: it is switched off, or a policy of this site forbids it. "
            "Allow it for this site, or run the snippet on your machine."
        ),
        "no_memory": _(
            "Your browser has no memory left for Python. Close other tabs, then press Run again."
        ),
        "no_network": _("The connection broke while Python was loaded. Press Run to try again."),
        "failed": _("Something went wrong: {error}"),
    }
