"""What happened to a name, as clauses in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from sphinx.locale import _

from proven.releases import timeline
from proven.releases.timeline import Entry, History, changes, short


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
    for change in changes(entry.defaults):
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
        for change in changes(entry.values)
    ]


def signature_clause(entry: Entry) -> str | None:
    """Say in which releases the parameters changed."""
    versions = [short(change.version) for change in changes(entry.signatures)]
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
    said = [added_clause(entry)]
    if entry.kind in {"key", "parameter"}:
        said += default_clauses(entry)
    elif entry.kind == "attribute":
        said += value_clauses(entry, entry.name.rpartition(".")[2])
    else:
        # What an exception answers with is the change that its users see.
        code = found.get(f"{entry.name}.code") if entry.kind == "class" else None
        said += value_clauses(code, "code") if code is not None else []
        said.append(signature_clause(entry))
    said += [removed_clause(entry), replacement_clause(entry)]
    return [clause for clause in said if clause is not None]


def sentence(parts: Iterable[str]) -> str:
    """Join clauses."""
    return _("; ").join(parts)
