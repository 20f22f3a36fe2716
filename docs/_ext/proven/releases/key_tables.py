"""The tables of configuration keys, which take no content.

::

    ```{configuration-keys}
    ```
    ```{key-facts} TESTING
    ```
    ```{notes-keys}
    ```
    ```{configuration-history} flask
    ```

``configuration-keys`` shows what the installed Flask has and ``key-facts`` the same of one key, ``notes-keys`` what
became of the keys that the notes list, ``configuration-history`` every key of every release of a library.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import flask
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from proven.base.complaints import complain
from proven.base.evidence import evidence
from proven.base.tables import cell, code, inline, paragraph, row
from proven.releases import timeline
from proven.releases.clauses import (
    clauses,
    default_clauses,
    removed_clause,
    replacement_clause,
    sentence,
)
from proven.releases.data import history
from proven.releases.history_table import (
    by_release,
    entry_row,
    filled,
    history_table,
    key_reference,
    object_reference,
)
from proven.releases.libraries import LIBRARIES
from proven.releases.timeline import Entry, History, UnknownNameError

#: The release that the notes were written for.
NOTES_RELEASE = "0.12"
#: The libraries whose keys history/configuration shows.
KEY_PROJECTS = tuple(library.project for library in LIBRARIES if library.keys)


def default_text(value: Any) -> str:
    """Return a default as one would write it."""
    if isinstance(value, timedelta) and value == timedelta(days=value.days):
        return f"timedelta(days={value.days})"
    return repr(value)


def key_type(found: History, key: str, default: Any) -> str:
    """Return the type of a key's value; that of a key whose default is None is written by hand."""
    note = found.notes.get(f"flask:{key}")
    return (note and note.kind) or type(default).__name__


class ConfigurationKeys(SphinxDirective):
    """The keys of the installed Flask: default, type, since when."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        found = history(self.env)
        rows = [
            row(
                cell(key_reference(key)),
                cell(code(default_text(default))),
                cell(code(key_type(found, key, default))),
                filled(sentence(clauses(found, entry))),
            )
            for key, default in sorted(flask.Flask.default_config.items())
            if (entry := self.look_up(found, key))
        ]
        head = [_("Key"), _("Default"), _("Type"), _("Since")]
        return [history_table("keys", head, rows)]

    def look_up(self, found: History, key: str) -> Entry | None:
        """Return the history of a key that the installed Flask has."""
        try:
            return found.find(f"flask:{key}")
        except UnknownNameError as error:
            complain(
                f"{self.name}: {error}; the installed Flask is newer than the data, "
                "run nox -s history",
                self.get_location(),
                "history",
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
            complain(
                f"key-facts: the installed Flask has no key {key!r}; nearest: {near}",
                self.get_location(),
                "history",
            )
            return []
        entry = self.look_up(found, key)
        if entry is None:
            return []
        default = flask.Flask.default_config[key]
        readers: list[nodes.Node] = []
        for reader in entry.readers:
            readers += [nodes.Text(_(", "))] if readers else []
            readers.append(object_reference(_public(reader)))
        fields = evidence(nodes.field_list(classes=["key-facts"]))
        for title, content in (
            (_("Type"), [code(key_type(found, key, default))]),
            (_("Default"), [code(default_text(default))]),
            (_("Read by"), readers),
            (_("Since"), inline(sentence(clauses(found, entry)))),
        ):
            name = nodes.field_name("", title, translatable=False)
            fields += nodes.field("", name, nodes.field_body("", paragraph(*content)))
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
        keys = [
            entry for entry in history(self.env).keys("flask") if entry.present_at(NOTES_RELEASE)
        ]
        head = [_("Key"), _("Old default"), _("Today"), _("What happened")]
        return [history_table("notes-keys", head, map(self.key_row, keys))]

    def key_row(self, entry: Entry) -> nodes.row:
        """Return the row of a key."""
        defaults = default_clauses(entry, NOTES_RELEASE)
        told = [*defaults, removed_clause(entry), replacement_clause(entry)]
        if entry.current:
            verdict = _("default changed") if defaults else _("stands")
        else:
            verdict = _("replaced") if entry.replacement else _("gone")
        return row(
            cell(_link(entry)),
            cell(code(entry.default_at(NOTES_RELEASE) or "")),
            filled(verdict),
            filled(sentence(clause for clause in told if clause)),
        )


def _link(entry: Entry) -> nodes.Node:
    """A key, linked to its explanation if Flask still has it."""
    here = entry.name.startswith("flask:") and entry.current
    return key_reference(entry.key) if here else code(entry.key)


class ConfigurationHistory(SphinxDirective):
    """Every configuration key of every release of a library."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        project = self.arguments[0]
        if project not in KEY_PROJECTS:
            raise self.error(
                f"configuration-history: no library {project!r}; there are {', '.join(KEY_PROJECTS)}"
            )
        rows = [
            entry_row(_link(entry), entry, by_release(entry.defaults))
            for entry in history(self.env).keys(project)
        ]
        head = [_("Key"), _("Came"), _("Deprecated"), _("Went"), _("Default"), _("Use instead")]
        return [history_table("configuration", head, rows)]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives."""
    app.setup_extension("proven.releases.history_table")
    app.add_directive("configuration-keys", ConfigurationKeys)
    app.add_directive("key-facts", KeyFacts)
    app.add_directive("notes-keys", NotesKeys)
    app.add_directive("configuration-history", ConfigurationHistory)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
