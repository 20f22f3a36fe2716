"""Then and now, from the releases: one role for the text and tables for the reference.

The role says in a clause what happened to a name, in the reader's language::

    Old posts read it with {since}`flask.Config.from_json`.

It takes public names (``flask.Flask.before_first_request``), parameters (``flask.Flask.run(load_dotenv)``) and
configuration keys (``flask:JSON_AS_ASCII``). A name that no release has stops the build.

The other directives make tables and take no content::

    ```{configuration-keys}
    ```
    ```{key-facts} TESTING
    ```
    ```{notes-keys}
    ```
    ```{history-filter} configuration
    ```
    ```{configuration-history} flask
    ```
    ```{api-history} routing
    ```
    ```{history-releases}
    ```

``configuration-keys`` shows what the installed Flask has and ``key-facts`` the same of one key, ``notes-keys`` what
became of the keys that the notes list. ``configuration-history`` and ``api-history`` show every key of a library
and every name of a group of `GROUPS`; ``history-filter`` puts a filter and the downloads above them.
``history-releases`` says what was read.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import flask
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.util.nodes import make_refnode
from sphinx.util.typing import ExtensionMetadata

import timeline
from html_node import register
from timeline import Entry, History, UnknownNameError, short

logger = logging.getLogger(__name__)

#: The release that the notes were written for.
NOTES_RELEASE = "0.12"


def loaded(app: Sphinx) -> History:
    """Return the data, read once a build."""
    found: History | None = getattr(app, "proven_history", None)
    if found is None:
        try:
            found = History()
        except (OSError, ValueError) as error:
            # A file is missing, or is no JSON or TOML: Sphinx ends there with the message.
            message = f"the data of docs/history cannot be read ({error}); restore it from git"
            raise ExtensionError(message, modname="since") from None
        app.proven_history = found  # type: ignore[attr-defined]
    return found


def history(env: BuildEnvironment) -> History:
    """Return the data, and note that the page depends on it."""
    found = loaded(env.app)
    for path in found.files:
        env.note_dependency(str(path))
    return found


# --- texts -----------------------------------------------------------------------------------


def _release(entry: Entry, version: str) -> dict[str, str]:
    return {"library": entry.library, "version": short(version)}


def added_clause(entry: Entry) -> str | None:
    """Say when a name came."""
    if entry.added is not None:
        return _("added in %(library)s %(version)s") % _release(entry, entry.added)
    if entry.current:
        return _("part of %(library)s since %(version)s or earlier") % _release(entry, entry.oldest)
    return None


def removed_clause(entry: Entry) -> str | None:
    """Say when a name went, or that it is going."""
    if entry.removed is not None:
        values = _release(entry, entry.removed)
        if entry.deprecated is None:
            return _("removed in %(library)s %(version)s") % values
        if entry.deprecated == entry.oldest:
            return _("removed in %(library)s %(version)s, deprecated long before") % values
        values["deprecated"] = short(entry.deprecated)
        return _("removed in %(library)s %(version)s, deprecated since %(deprecated)s") % values
    if entry.deprecated is not None:
        return _("deprecated since %(library)s %(version)s") % _release(entry, entry.deprecated)
    return None


def default_clauses(entry: Entry, after: str = "0") -> list[str]:
    """Say which defaults a key or a parameter got after a release."""
    clauses = []
    for change in entry.default_changes:
        if timeline.order(change.version) <= timeline.order(after):
            continue
        if change.version == entry.deprecated and change.after == "None":
            # The new None is how Flask finds out whether somebody sets the deprecated key.
            continue
        clauses.append(
            _("default `%(after)s` since %(library)s %(version)s, before that `%(before)s`")
            % (_release(entry, change.version) | {"before": change.before, "after": change.after})
        )
    return clauses


def value_clauses(entry: Entry, label: str) -> list[str]:
    """Say which values an attribute had."""
    return [
        _("`%(name)s` is `%(after)s` since %(library)s %(version)s, before that `%(before)s`")
        % (
            _release(entry, change.version)
            | {"name": label, "before": change.before, "after": change.after}
        )
        for change in entry.value_changes
    ]


def signature_clause(entry: Entry) -> str | None:
    """Say in which releases the parameters changed."""
    versions = [short(change.version) for change in entry.signature_changes]
    if not versions or not entry.current:
        return None
    return _("parameters changed in %(library)s %(versions)s") % {
        "library": entry.library,
        "versions": _(", ").join(versions),
    }


def replacement_clause(entry: Entry) -> str | None:
    """Say what to use today."""
    if entry.replacement is None:
        return None
    return _("use `%(replacement)s`") % {"replacement": entry.replacement}


def clauses(found: History, entry: Entry) -> list[str]:
    """Return all that there is to say about a name, in order."""
    said: list[str | None] = [added_clause(entry)]
    if entry.kind in {"key", "parameter"}:
        said += default_clauses(entry)
    elif entry.kind == "class":
        # What an exception answers with is the change that its users see.
        code = found.get(f"{entry.name}.code")
        if code is not None:
            said += value_clauses(code, "code")
        said.append(signature_clause(entry))
    elif entry.kind == "attribute":
        said += value_clauses(entry, entry.name.rpartition(".")[2])
    else:
        said.append(signature_clause(entry))
    said += [removed_clause(entry), replacement_clause(entry)]
    return [clause for clause in said if clause is not None]


def inline(text: str) -> list[nodes.Node]:
    """Return ``text`` as nodes: what stands between backticks is code."""
    found: list[nodes.Node] = []
    for index, piece in enumerate(text.split("`")):
        if piece:
            found.append(nodes.literal(piece, piece) if index % 2 else nodes.Text(piece))
    return found


def sentence(parts: Iterable[str]) -> str:
    """Join clauses."""
    return _("; ").join(parts)


# --- the role --------------------------------------------------------------------------------


class Since(SphinxRole):
    """``{since}`flask.Config.from_file```."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the clause."""
        found = history(self.env)
        try:
            entry = found.find(self.text.strip())
        except UnknownNameError as error:
            logger.warning(
                "since: %s; the names are those of docs/history/data",
                error,
                location=self.get_location(),
                type="history",
                subtype="name",
            )
            return [nodes.literal(self.text, self.text)], []
        result = nodes.inline("", "", *inline(sentence(clauses(found, entry))), classes=["since"])
        return [result], []


# --- tables ----------------------------------------------------------------------------------


#: The owners of the names that history/api shows, by group.
GROUPS = {
    "module": ["flask"],
    "application": ["flask.Flask"],
    "blueprint": ["flask.Blueprint"],
    "config": ["flask.Config", "flask.config"],
    "request": ["flask.Request"],
    "response": ["flask.Response"],
    "contexts": ["flask.ctx", "flask.ctx.AppContext", "flask.ctx.RequestContext", "flask.globals"],
    "sessions": [
        "flask.sessions",
        "flask.sessions.SessionInterface",
        "flask.sessions.SecureCookieSessionInterface",
        "flask.sessions.SessionMixin",
        "flask.sessions.SecureCookieSession",
        "flask.sessions.NullSession",
    ],
    "signals": [
        "flask.appcontext_popped",
        "flask.appcontext_pushed",
        "flask.appcontext_tearing_down",
        "flask.before_render_template",
        "flask.got_request_exception",
        "flask.message_flashed",
        "flask.request_finished",
        "flask.request_started",
        "flask.request_tearing_down",
        "flask.signals_available",
        "flask.template_rendered",
        "flask.signals",
    ],
    "json": [
        "flask.json",
        "flask.json.provider",
        "flask.json.provider.JSONProvider",
        "flask.json.provider.DefaultJSONProvider",
        "flask.json.tag",
        "flask.json.tag.TaggedJSONSerializer",
    ],
    "views": ["flask.views", "flask.views.View", "flask.views.MethodView"],
    "helpers": ["flask.helpers", "flask.templating", "flask.logging", "flask.wrappers"],
    "testing": [
        "flask.testing",
        "flask.testing.FlaskClient",
        "flask.testing.FlaskCliRunner",
        "flask.cli",
    ],
    "routing": [
        "werkzeug.routing",
        "werkzeug.routing.Map",
        "werkzeug.routing.Rule",
        "werkzeug.routing.MapAdapter",
        "werkzeug.routing.BaseConverter",
        "werkzeug.routing.RequestRedirect",
        "werkzeug.routing.BuildError",
    ],
    "wrappers": ["werkzeug.wrappers", "werkzeug.wrappers.Request", "werkzeug.wrappers.Response"],
}
#: The libraries whose keys history/configuration shows.
KEY_PROJECTS = ("flask", "flask-session", "flask-sqlalchemy")


class HistoryFilter(nodes.General, nodes.Element):
    """Where the script puts the filter, and the links to the downloads."""


def visit_filter(translator: Any, node: HistoryFilter) -> None:
    """Write the place of the filter; nothing in it needs a script but the filter."""
    links = " · ".join(
        f'<a class="reference internal" href="{node["stem"]}.{kind}" download>{kind.upper()}</a>'
        for kind in ("csv", "json")
    )
    attributes = {f"data-{name}": node[name] for name in ("label", "example", "count")}
    translator.body.append(translator.starttag(node, "div", CLASS="history-filter", **attributes))
    translator.body.append(f"<p>{translator.encode(node['downloads'])} {links}</p>")


def depart_filter(translator: Any, _node: HistoryFilter) -> None:
    """Close it."""
    translator.body.append("</div>\n")


def _cell(*content: nodes.Node) -> nodes.entry:
    # Generated text is translated here, not in the catalog of the page.
    paragraph = nodes.paragraph("", "", *content, translatable=False)
    return nodes.entry("", paragraph, classes=[] if content else ["empty"])


def _text(text: str | None) -> nodes.entry:
    return _cell(*inline(text)) if text else _cell()


def _code(text: str) -> nodes.entry:
    return _cell(nodes.literal(text, text))


def _table(head: Sequence[str], rows: Iterable[nodes.row], name: str) -> nodes.table:
    table = nodes.table(classes=["history", f"history-{name}", "colwidths-auto"])
    group = nodes.tgroup(cols=len(head))
    table += group
    for _column in head:
        group += nodes.colspec(colwidth=1)
    top = nodes.thead()
    group += top
    row = nodes.row()
    top += row
    for title in head:
        row += _text(title)
    body = nodes.tbody()
    group += body
    for item in rows:
        body += item
        # Where a row is shown as a card, each cell says what it is.
        for title, cell in zip(head[1:], list(item.children)[1:], strict=True):
            if cell.astext():
                next(cell.findall(nodes.paragraph)).insert(0, _label(title))
    return table


def _label(title: str) -> nodes.inline:
    return nodes.inline("", title, classes=["cell-label"])


def _row(*cells: nodes.entry, gone: bool = False) -> nodes.row:
    return nodes.row("", *cells, classes=["gone"] if gone else [])


def key_label(key: str) -> str:
    """Return the label of the section of reference/configuration that explains ``key``."""
    return "key-" + key.lower().replace("_", "-")


def key_reference(key: str) -> nodes.Node:
    """Return ``key`` as code, linked to its explanation where there is one."""
    return addnodes.pending_xref(
        "",
        nodes.literal(key, key),
        refdomain="",
        reftype="configuration-key",
        reftarget=key_label(key),
        refexplicit=True,
    )


def object_reference(name: str) -> nodes.Node:
    """Return ``name`` as code, linked into its library's documentation where that has it."""
    return addnodes.pending_xref(
        "",
        nodes.literal(name, name),
        refdomain="py",
        reftype="obj",
        reftarget=name,
        refexplicit=True,
        proven_optional=True,
    )


def resolve(
    app: Sphinx, env: BuildEnvironment, node: addnodes.pending_xref, content: nodes.TextElement
) -> nodes.Node | None:
    """Resolve the links of the tables; those that lead nowhere become their text."""
    if node.get("reftype") != "configuration-key":
        return content if node.get("proven_optional") else None
    page, identifier = env.domains.standard_domain.anonlabels.get(node["reftarget"], ("", ""))
    if not page or app.builder is None:
        return content
    return make_refnode(app.builder, node["refdoc"], page, identifier, content)


def default_text(value: Any) -> str:
    """Return a default as one would write it."""
    if isinstance(value, timedelta):
        return (
            f"timedelta(days={value.days})" if value == timedelta(days=value.days) else repr(value)
        )
    return repr(value)


def key_type(found: History, key: str, default: Any) -> str:
    """Return the type of a key's value; that of a key whose default is None is written by hand."""
    written = found.notes.get(f"flask:{key}", {}).get("kind")
    return str(written or type(default).__name__)


class ConfigurationKeys(SphinxDirective):
    """The keys of the installed Flask: default, type, since when."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        found = history(self.env)
        rows = []
        for key, default in sorted(flask.Flask.default_config.items()):
            entry = self.look_up(found, key)
            if entry is None:
                continue
            rows.append(
                _row(
                    _cell(key_reference(key)),
                    _code(default_text(default)),
                    _code(key_type(found, key, default)),
                    _text(sentence(clauses(found, entry))),
                )
            )
        head = [_("Key"), _("Default"), _("Type"), _("Since")]
        return [_table(head, rows, "keys")]

    def look_up(self, found: History, key: str) -> Entry | None:
        """Return the history of a key that the installed Flask has."""
        try:
            return found.find(f"flask:{key}")
        except UnknownNameError as error:
            logger.warning(
                "%s: %s; the installed Flask is newer than the data, run nox -s history",
                self.name,
                error,
                location=self.get_location(),
            )
        return None


class KeyFacts(ConfigurationKeys):
    """One key in a line: default, type, what reads it, since when."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return a field list."""
        found = history(self.env)
        key = self.arguments[0]
        if key not in flask.Flask.default_config:
            near = ", ".join(timeline.nearest(key, flask.Flask.default_config))
            logger.warning(
                "key-facts: the installed Flask has no key %r; nearest: %s",
                key,
                near,
                location=self.get_location(),
            )
            return []
        entry = self.look_up(found, key)
        if entry is None:
            return []
        default = flask.Flask.default_config[key]
        fields = nodes.field_list(classes=["key-facts"])
        literal = default_text(default)
        readers: list[nodes.Node] = []
        for reader in entry.readers:
            if readers:
                readers.append(nodes.Text(_(", ")))
            readers.append(object_reference(_public(reader)))
        kind = key_type(found, key, default)
        for title, content in (
            (_("Type"), [nodes.literal(kind, kind)]),
            (_("Default"), [nodes.literal(literal, literal)]),
            (_("Read by"), readers),
            (_("Since"), inline(sentence(clauses(found, entry)))),
        ):
            fields += nodes.field(
                "",
                nodes.field_name("", title, translatable=False),
                nodes.field_body("", nodes.paragraph("", "", *content, translatable=False)),
            )
        return [fields]


def _public(reader: str) -> str:
    """``flask.Request.max_content_length`` for the name with its module in it."""
    for module in ("flask.wrappers.", "flask.blueprints.", "flask.helpers."):
        name = reader.removeprefix(module)
        if name != reader and hasattr(flask, name.partition(".")[0]):
            return f"flask.{name}"
    return reader


class NotesKeys(SphinxDirective):
    """What became of each key that the notes list."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        found = history(self.env)
        rows = []
        for entry in found.keys("flask"):
            if not entry.present_at(NOTES_RELEASE):
                continue
            key = entry.name.partition(":")[2]
            defaults = default_clauses(entry, NOTES_RELEASE)
            told = [*defaults, removed_clause(entry), replacement_clause(entry)]
            if entry.removed is not None:
                verdict = _("replaced") if entry.replacement else _("gone")
            else:
                verdict = _("default changed") if defaults else _("stands")
            rows.append(
                _row(
                    _cell(key_reference(key) if entry.current else nodes.literal(key, key)),
                    _code(entry.default_at(NOTES_RELEASE) or ""),
                    _text(verdict),
                    _text(sentence(clause for clause in told if clause)),
                )
            )
        head = [_("Key"), _("Default in the notes"), _("Today"), _("What happened")]
        return [_table(head, rows, "notes-keys")]


def _release_cells(entry: Entry) -> list[nodes.entry]:
    """When it came, was deprecated and went: figures, the same in each language."""
    oldest = f"≤ {short(entry.oldest)}"
    came = short(entry.added) if entry.added else oldest
    deprecated = oldest if entry.deprecated == entry.oldest else short(entry.deprecated or "")
    cells = [_text(text) for text in (came, deprecated, short(entry.removed or ""))]
    for cell in cells:
        cell["classes"].append("release")
    return cells


def _by_release(items: Iterable[tuple[str, str]]) -> str:
    """``0.10 `True`, 1.0 `False``` for the values that a name had."""
    return _(", ").join(f"{short(version)} `{text}`" for version, text in items)


class ConfigurationHistory(SphinxDirective):
    """Every configuration key of every release of a library."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        found = history(self.env)
        project = self.arguments[0]
        if project not in KEY_PROJECTS:
            raise self.error(
                f"configuration-history: no library {project!r}; there are {', '.join(KEY_PROJECTS)}"
            )
        rows = []
        for entry in found.keys(project):
            key = entry.name.partition(":")[2]
            link = (
                key_reference(key)
                if project == "flask" and entry.current
                else nodes.literal(key, key)
            )
            rows.append(
                _row(
                    _cell(link),
                    *_release_cells(entry),
                    _text(_by_release(entry.defaults)),
                    _replacement_cell(entry),
                    gone=not entry.current,
                )
            )
        head = [_("Key"), _("Came"), _("Deprecated"), _("Went"), _("Default"), _("Use instead")]
        return [_table(head, rows, "configuration")]


def _replacement_cell(entry: Entry) -> nodes.entry:
    text = entry.replacement
    return _code(text) if text else _cell()


class ApiHistory(SphinxDirective):
    """Every name of a group, by release."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        found = history(self.env)
        group = self.arguments[0]
        if group not in GROUPS:
            near = ", ".join(timeline.nearest(group, GROUPS)) or ", ".join(GROUPS)
            raise self.error(f"api-history: no group {group!r}; nearest: {near}")
        rows = [
            _row(
                _cell(object_reference(entry.name) if entry.current else _literal(entry.name)),
                *_release_cells(entry),
                _text(_("; ").join(api_changes(entry))),
                _replacement_cell(entry),
                gone=not entry.current,
            )
            for entry in group_entries(found, group)
        ]
        head = [_("Name"), _("Came"), _("Deprecated"), _("Went"), _("Changed"), _("Use instead")]
        return [_table(head, rows, "api")]


def _literal(text: str) -> nodes.literal:
    return nodes.literal(text, text)


def group_entries(found: History, group: str) -> list[Entry]:
    """Return the names of a group, each once."""
    entries: dict[str, Entry] = {}
    for owner in GROUPS[group]:
        for entry in found.beneath(owner):
            if not _told_elsewhere(entry, group):
                entries.setdefault(entry.name, entry)
    return list(entries.values())


def _told_elsewhere(entry: Entry, group: str) -> bool:
    """Whether another table has the name: each has one row on the page."""
    if entry.kind == "module" and entry.current:
        # It is told by what is in it.
        return True
    if group == "module":
        return entry.name in GROUPS["signals"]
    return entry.kind == "class" and entry.name.count(".") == 1


def api_changes(entry: Entry) -> list[str]:
    """Return what changed of parameters or values: ``1.0 `+load_dotenv```."""
    changes = []
    for change in entry.signature_changes:
        differences = timeline.difference(change.before, change.after)
        if differences:
            changes.append(f"{short(change.version)} `{' '.join(differences)}`")
    changes += [
        f"{short(change.version)} `{change.before}` → `{change.after}`"
        for change in entry.value_changes
    ]
    return changes


class HistoryReleases(SphinxDirective):
    """The libraries that were read, and their releases."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        found = history(self.env)
        rows = []
        for content in sorted(found.data.values(), key=lambda content: content["library"].lower()):
            releases = list(content["releases"])
            figures = [len(releases), len(content["names"]), len(content["keys"])]
            rows.append(
                _row(
                    _text(content["library"]),
                    _text(releases[0]),
                    _text(releases[-1]),
                    *(_text(str(figure)) if figure else _cell() for figure in figures),
                )
            )
        head = [_("Library"), _("From"), _("To"), _("Releases read"), _("Names"), _("Keys")]
        return [_table(head, rows, "releases")]


class Filter(SphinxDirective):
    """The filter and the downloads of a page."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the place of the filter."""
        stem = self.arguments[0]
        if stem not in DOWNLOADS:
            raise self.error(f"history-filter: no data {stem!r}; there are {', '.join(DOWNLOADS)}")
        example = {"configuration": "JSON", "api": "before_first"}[stem]
        return [
            HistoryFilter(
                "",
                stem=stem,
                label=_("Filter the tables"),
                example=example,
                count=_("{shown} of {all} rows"),
                downloads=_("Download the data:"),
            )
        ]


def key_rows(found: History) -> list[dict[str, Any]]:
    """Return every key of every release, for the downloads."""
    return [
        {
            "library": entry.library,
            "key": entry.name.partition(":")[2],
            "added": entry.added,
            "deprecated": entry.deprecated,
            "removed": entry.removed,
            "defaults": dict(entry.defaults),
            "replacement": entry.replacement,
        }
        for project in KEY_PROJECTS
        for entry in found.keys(project)
    ]


def name_rows(found: History) -> list[dict[str, Any]]:
    """Return every name of every group, for the downloads."""
    entries = {entry.name: entry for group in GROUPS for entry in group_entries(found, group)}
    return [
        {
            "library": entry.library,
            "name": entry.name,
            "kind": entry.kind,
            "added": entry.added,
            "deprecated": entry.deprecated,
            "removed": entry.removed,
            "signatures": dict(entry.signatures),
            "values": dict(entry.values),
            "replacement": entry.replacement,
        }
        for entry in entries.values()
    ]


#: The data that can be downloaded, by the page of docs/history that offers it.
DOWNLOADS: dict[str, Callable[[History], list[dict[str, Any]]]] = {
    "configuration": key_rows,
    "api": name_rows,
}


def as_csv(rows: Sequence[dict[str, Any]]) -> str:
    """Return rows as CSV; what changes by release becomes ``0.10=True; 1.0=False``."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow(
            {
                name: "; ".join(f"{version}={text}" for version, text in value.items())
                if isinstance(value, dict)
                else value
                for name, value in row.items()
            }
        )
    return stream.getvalue()


def write_downloads(app: Sphinx, error: Exception | None) -> None:
    """Put the downloads beside the pages that offer them."""
    if error is not None or app.builder.name != "html":
        return
    for stem, make in DOWNLOADS.items():
        if f"history/{stem}" not in app.env.found_docs:
            continue
        rows = make(loaded(app))
        folder = Path(app.outdir) / "history"
        folder.mkdir(exist_ok=True)
        (folder / f"{stem}.csv").write_text(as_csv(rows), "utf-8")
        text = json.dumps(rows, ensure_ascii=False, indent=1)
        (folder / f"{stem}.json").write_text(text + "\n", "utf-8")


def add_files(
    app: Sphinx,
    _page: str,
    _template: str,
    _context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Give the style to the pages that can need it."""
    if doctree is not None:
        app.add_css_file("history.css")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the role and the directives."""
    app.add_role("since", Since())
    app.add_directive("configuration-keys", ConfigurationKeys)
    app.add_directive("key-facts", KeyFacts)
    app.add_directive("notes-keys", NotesKeys)
    app.add_directive("history-filter", Filter)
    app.add_directive("configuration-history", ConfigurationHistory)
    app.add_directive("api-history", ApiHistory)
    app.add_directive("history-releases", HistoryReleases)
    register(
        app,
        HistoryFilter,
        visit_filter,
        depart_filter,
        content_elsewhere=False,
        scripts=("remembered-input.js", "history-filter.js"),
    )
    app.connect("missing-reference", resolve, priority=900)
    app.connect("html-page-context", add_files)
    app.connect("build-finished", write_downloads)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
