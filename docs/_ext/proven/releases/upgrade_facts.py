"""What the check of somebody's code knows beside the names of the releases: what objects hold, what does not fit."""

from __future__ import annotations

from functools import cache

from proven.releases.libraries import LIBRARIES
from proven.releases.pairs import place, read_found, title
from proven.releases.timeline import Entry, History, parameters

#: The classes of what proxies lead to.
PROXIES = {
    "flask_login.current_user": ("flask_login.UserMixin",),
    "flask.request": ("flask.Request", "werkzeug.wrappers.Request"),
    "flask.session": ("flask.sessions.SecureCookieSession",),
    "flask.current_app": ("flask.Flask",),
}
#: What an attribute of an object holds, by the classes.
HOLDS = {
    "flask.Flask.config": "flask.Config",
    "flask.Flask.jinja_env": "jinja2.Environment",
    "flask_sqlalchemy.SQLAlchemy.Model": "flask_sqlalchemy.model.Model",
    "flask_sqlalchemy.SQLAlchemy.engine": "sqlalchemy.engine.Engine",
    "flask_sqlalchemy.SQLAlchemy.session": "sqlalchemy.orm.scoped_session",
    "flask_sqlalchemy.model.Model.query": "flask_sqlalchemy.query.Query",
}
#: Methods that return an object of the same class.
FLUENT = {
    "flask_sqlalchemy.query.Query": (
        *("distinct", "filter", "filter_by", "group_by", "having", "join", "limit", "offset"),
        *("options", "order_by", "outerjoin", "select_from", "slice", "with_entities"),
    ),
}
#: Modules in which an object looks for what it has not itself.
LOOKS_IN = {"flask_sqlalchemy.SQLAlchemy": ("sqlalchemy", "sqlalchemy.orm")}
#: What such an object answers by itself, by a `__getattr__` of its own.
ANSWERS = ("flask_sqlalchemy.SQLAlchemy.event", "flask_sqlalchemy.SQLAlchemy.relation")
#: The module that led to extensions: ``flask.ext.login`` was ``flask_login``.
EXT = "flask.ext"
CONFIG = "flask.Config"
#: The libraries that read configuration keys.
KEY_PROJECTS = tuple(library.project for library in LIBRARIES if library.keys)


def is_object(entry: Entry | None) -> bool:
    """Say whether a name is one object and went: what takes its place hardly has its attributes."""
    return entry is not None and entry.kind == "attribute" and entry.removed is not None


def taken_over(history: History, entry: Entry) -> bool:
    """Say whether a parameter went with what has it, and what takes its place has it too."""
    plain, bracket, parameter = entry.name.partition("(")
    owner = history.get(plain) if bracket else None
    if owner is None or owner.replacement is None or owner.removed != entry.removed:
        return False
    same = history.get(f"{owner.replacement}({parameter}")
    return same is not None and not same.removed


def extension(name: str) -> str:
    """Return the name today of what was in ``flask.ext``.

    >>> extension("flask.ext.wtf.Form"), extension("flask.ext"), extension("flask.Flask")
    ('flask_wtf.Form', 'flask.ext', 'flask.Flask')
    """
    return f"flask_{name.removeprefix(EXT + '.')}" if name.startswith(f"{EXT}.") else name


@cache
def unfit() -> dict[str, tuple[str, str, str, str]]:
    """Return the packages none of whose releases fits today's libraries.

    Each with the library that it does not fit, the first such release of that, what to use, and its place on
    history/pairs.
    """
    return {
        pair.old.replace("-", "_"): (
            title(pair.new),
            pair.first,
            (pair.instead or "").replace("`", ""),
            f"history/pairs.html#{place(pair)}",
        )
        for pair in read_found()
        if pair.mended is None
    }


def must_be_named(entry: Entry) -> tuple[int, str, str] | None:
    """Return how many arguments may stand without their names, the first that may not, and since which release.

    Only where the signature says so: a ``*`` stands before the parameters that must be named.
    """
    if entry.removed or not entry.signatures:
        return None
    since, signature = entry.signatures[-1]
    before, star, behind = f", {signature[1:-1]}".partition(", *, ")
    if not star:
        return None
    return len(parameters(f"({before[2:]})")), next(iter(parameters(f"({behind})"))), since
