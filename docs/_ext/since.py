"""Then and now, from the releases: one role for the text and tables for the reference.

The role says in a clause what happened to a name, in the reader's language::

    Old posts read it with {since}`flask.Config.from_json`.

It takes public names (``flask.Flask.before_first_request``), parameters (``flask.Flask.run(load_dotenv)``) and
configuration keys (``flask:JSON_AS_ASCII``). A name that no release has stops the build.

Four directives make tables; none of them takes content::

    ```{configuration-keys}
    ```
    ```{notes-keys}
    ```
    ```{configuration-history} flask
    ```
    ```{api-history} flask.Flask flask.Blueprint
    ```

``configuration-keys`` shows what the installed Flask has, ``notes-keys`` what became of the keys of Flask 0.12
that the notes list, the other two every key or name of every release that was read.
One more, ``{key-facts} TESTING``, says the same of one key in a line, for the page that explains each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import flask
import timeline
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.util.nodes import make_refnode
from sphinx.util.typing import ExtensionMetadata
from timeline import Entry, History, UnknownNameError, short

logger = logging.getLogger(__name__)

#: The release that the notes were written for.
NOTES_RELEASE = "0.12"


def history(env: BuildEnvironment) -> History:
    """Return the data, read once a build, and note that the page depends on it."""
    found: History | None = getattr(env.app, "proven_history", None)
    if found is None:
        found = History()
        env.app.proven_history = found  # type: ignore[attr-defined]
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


class HistoryBox(nodes.General, nodes.Element):
    """A table with a filter and downloads around it."""


def _cell(*content: nodes.Node) -> nodes.entry:
    # Generated text is translated here, not in the catalog of the page.
    return nodes.entry("", nodes.paragraph("", "", *content, translatable=False))


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
    return table


def _row(*cells: nodes.entry, identifier: str = "") -> nodes.row:
    row = nodes.row("", *cells)
    if identifier:
        row["ids"].append(identifier)
    return row


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


def key_rows(found: History, project: str) -> list[dict[str, Any]]:
    """Return every key of every release of a library, for tables and downloads."""
    return [
        {
            "key": entry.name.partition(":")[2],
            "library": entry.library,
            "added": entry.added,
            "deprecated": entry.deprecated,
            "removed": entry.removed,
            "defaults": [{"since": version, "default": text} for version, text in entry.defaults],
            "use": entry.replacement,
        }
        for entry in found.keys(project)
    ]


def name_rows(found: History, owners: Iterable[str]) -> list[dict[str, Any]]:
    """Return the names that lie beneath ``owners``, for tables and downloads."""
    rows = []
    for owner in owners:
        for entry in found.beneath(owner):
            rows.append(
                {
                    "name": entry.name,
                    "library": entry.library,
                    "kind": entry.kind,
                    "added": entry.added,
                    "deprecated": entry.deprecated,
                    "removed": entry.removed,
                    "signatures": [
                        {"since": version, "signature": text} for version, text in entry.signatures
                    ],
                    "values": [{"since": version, "value": text} for version, text in entry.values],
                    "use": entry.replacement,
                }
            )
    return rows


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the role and the directives."""
    app.add_role("since", Since())
    app.add_directive("configuration-keys", ConfigurationKeys)
    app.add_directive("key-facts", KeyFacts)
    app.add_directive("notes-keys", NotesKeys)
    app.connect("missing-reference", resolve, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
