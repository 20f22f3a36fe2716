"""In which table a name stands: in one of the groups of history/api, else in that of its module."""

from __future__ import annotations

from functools import cache

from proven.base.tables import row_id
from proven.releases.libraries import LIBRARIES, beneath
from proven.releases.timeline import Entry, History

#: The owners of the names of the groups: what an application has most to do with, whatever its module.
GROUPS: dict[str, tuple[str, ...]] = {
    "module": ("flask",),
    "application": ("flask.Flask",),
    "blueprint": ("flask.Blueprint",),
    "config": ("flask.Config", "flask.config"),
    "request": ("flask.Request",),
    "response": ("flask.Response",),
    "contexts": beneath("flask", "ctx", "ctx.AppContext", "ctx.RequestContext", "globals"),
    "sessions": (
        "flask.sessions",
        *beneath("flask.sessions", "SessionInterface", "SecureCookieSessionInterface"),
        *beneath("flask.sessions", "SessionMixin", "SecureCookieSession", "NullSession"),
    ),
    "signals": (
        *beneath("flask", "appcontext_popped", "appcontext_pushed", "appcontext_tearing_down"),
        *beneath("flask", "before_render_template", "got_request_exception", "message_flashed"),
        *beneath("flask", "request_finished", "request_started", "request_tearing_down"),
        *beneath("flask", "signals_available", "template_rendered", "signals"),
    ),
    "json": (
        *beneath("flask", "json", "json.provider"),
        *beneath("flask.json.provider", "JSONProvider", "DefaultJSONProvider"),
        *beneath("flask.json", "tag", "tag.TaggedJSONSerializer"),
    ),
    "views": beneath("flask", "views", "views.View", "views.MethodView"),
    "helpers": beneath("flask", "helpers", "templating", "logging", "wrappers"),
    "testing": beneath("flask", "testing", "testing.FlaskClient", "testing.FlaskCliRunner", "cli"),
    "routing": (
        "werkzeug.routing",
        *beneath("werkzeug.routing", "Map", "Rule", "MapAdapter", "BaseConverter"),
        *beneath("werkzeug.routing", "RequestRedirect", "BuildError"),
    ),
    "wrappers": beneath("werkzeug", "wrappers", "wrappers.Request", "wrappers.Response"),
}


def page_of_library(project: str) -> str:
    """Return the page whose tables have the names of a library.

    >>> page_of_library("flask"), page_of_library("werkzeug")
    ('history/api', 'history/werkzeug')
    """
    return "history/api" if project == "flask" else f"history/{project}"


def group_entries(found: History, group: str) -> list[Entry]:
    """Return the names of a group, each once."""
    entries: dict[str, Entry] = {}
    for owner in GROUPS[group]:
        for entry in found.beneath(owner):
            if not _told_elsewhere(group, entry.name, entry.kind, entry.current):
                entries.setdefault(entry.name, entry)
    return list(entries.values())


def _told_elsewhere(group: str, name: str, kind: str, current: bool) -> bool:
    """Whether another table has the name: each has one row on the page."""
    if kind == "module" and current:
        # It is told by what is in it.
        return True
    if group == "module":
        return name in GROUPS["signals"]
    return kind == "class" and name.count(".") == 1


@cache
def grouped(found: History) -> frozenset[str]:
    """Return the names that some group has."""
    return frozenset(entry.name for group in GROUPS for entry in group_entries(found, group))


def rest(found: History, project: str) -> dict[str, list[Entry]]:
    """Return the names of a library that no group has, by the module that they are in.

    So a name that a release brings is in a table without anybody saying in which.
    """
    (modules,) = (set(each.modules) for each in LIBRARIES if each.project == project)
    by_module: dict[str, list[Entry]] = {}
    for name, item in found.libraries[project].names.items():
        current = item.events[-1].text != "removed"
        if name in grouped(found) or (item.kind == "module" and current):
            continue
        module = name
        while module not in modules and "." in module:
            module = module.rpartition(".")[0]
        by_module.setdefault(module, []).append(found.find(name))
    return by_module


@cache
def places(found: History) -> dict[str, str]:
    """Return the address of the row of each name, from the root of a language."""
    api = page_of_library("flask")
    known = dict.fromkeys(grouped(found), api)
    for project in found.libraries:
        page = page_of_library(project)
        known |= {e.name: page for its in rest(found, project).values() for e in its}
    return {name: f"{page}.html#{row_id(name)}" for name, page in known.items()}
