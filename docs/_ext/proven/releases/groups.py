"""Which names stand in which table of history/api, and which stand in none."""

from __future__ import annotations

from proven.releases.libraries import beneath
from proven.releases.records import LibraryHistory
from proven.releases.timeline import Entry, History

#: The owners of the names that history/api shows, by group.
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

#: What no table shows, though `{since}` knows it: an owner with all beneath it, a package with its own names only.
LEFT_OUT = (
    *beneath("flask", "blueprints", "config.ConfigAttribute", "exthook", "module"),
    *beneath("flask", "helpers.locked_cached_property", "wrappers.JSONMixin"),
    *beneath(
        "flask.cli", "AppGroup", "CertParamType", "FlaskGroup", "ScriptInfo", "SeparatedPathType"
    ),
    *beneath(
        "flask.json.tag", "JSONTag", "PassDict", "PassList", "TagBytes", "TagDateTime", "TagDict"
    ),
    *beneath("flask.json.tag", "TagMarkup", "TagTuple", "TagUUID"),
    *beneath("flask.templating", "DispatchingJinjaLoader", "Environment"),
    "werkzeug",
    *beneath("werkzeug", "contrib", "datastructures", "debug", "exceptions", "formparser", "http"),
    *beneath("werkzeug", "local", "middleware", "security", "serving", "test", "testapp", "urls"),
    *beneath("werkzeug", "user_agent", "useragents", "utils", "wsgi"),
    *beneath(
        "werkzeug.routing", "AnyConverter", "EndpointPrefix", "FloatConverter", "IntegerConverter"
    ),
    *beneath("werkzeug.routing", "NoMatch", "PathConverter", "RequestAliasRedirect", "RequestPath"),
    *beneath("werkzeug.routing", "RuleFactory", "RuleTemplate", "RuleTemplateFactory", "Subdomain"),
    *beneath("werkzeug.routing", "StateMachineMatcher", "Submount", "UUIDConverter"),
    *beneath("werkzeug.routing", "UnicodeConverter", "WebsocketMismatch"),
    *beneath(
        "werkzeug.wrappers", "AcceptMixin", "AuthorizationMixin", "BaseRequest", "PlainRequest"
    ),
    *beneath(
        "werkzeug.wrappers", "CommonRequestDescriptorsMixin", "CommonResponseDescriptorsMixin"
    ),
    *beneath("werkzeug.wrappers", "ETagRequestMixin", "ETagResponseMixin", "ResponseStream"),
    *beneath("werkzeug.wrappers", "ResponseStreamMixin", "StreamOnlyMixin", "UserAgentMixin"),
    *beneath("werkzeug.wrappers", "WWWAuthenticateMixin"),
)


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


def unplaced(library: LibraryHistory) -> list[str]:
    """Return the names of a library that no table shows and that nobody left out; none if it has no table."""
    owners = {owner: group for group, owners in GROUPS.items() for owner in owners}
    if not any(f"{owner}.".startswith(f"{library.package}.") for owner in owners):
        return []
    found = []
    for name, item in library.names.items():
        current = item.events[-1].text != "removed"
        shown = any(
            owner in owners and not _told_elsewhere(owners[owner], name, item.kind, current)
            for owner in (name, name.rpartition(".")[0])
        )
        if not shown and not (item.kind == "module" and name in owners) and not _left_out(name):
            found.append(name)
    return found


def _left_out(name: str) -> bool:
    return name.rpartition(".")[0] in LEFT_OUT or any(
        f"{name}.".startswith(f"{owner}.") for owner in LEFT_OUT if "." in owner
    )
