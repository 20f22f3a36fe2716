"""What passes between reading releases, comparing them, looking names up and showing them: typed records.

The file of a snapshot and the data files of ``docs/history`` are written and read here and nowhere else, and a key of
their JSON is the name of a field. A field that has its default is left out of the file.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from functools import cache
from typing import Any, NamedTuple, TypeVar, cast, get_args, get_origin, get_type_hints


class HistoryError(Exception):
    """A problem that is told to the user in one line."""


# --- what one release offers ------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Offered:
    """What one release offers under a name."""

    kind: str
    #: The parameters of a function, or of the ``__init__`` of a class.
    signature: str | None = None
    value: str | None = None
    bases: tuple[str, ...] = ()
    #: Whether the class answers for members by ``__getattr__``.
    dynamic: bool = False
    #: Whether its module imports it without offering it.
    imported: bool = False
    #: The shorter name of the same object.
    same: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReadKey:
    """What one release does with a configuration key."""

    #: Its default, or what ``config.get`` falls back on.
    default: str | None = None
    readers: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """What one release offers."""

    names: dict[str, Offered]
    keys: dict[str, ReadKey]
    #: Names, parameters as ``name(parameter)`` and keys as ``:KEY``.
    deprecated: tuple[str, ...]
    #: Its public modules, whether they were read or not.
    modules: tuple[str, ...]


# --- what the releases of a library say together ----------------------------------------------


class Dated(NamedTuple):
    """What holds from a release on: an event, or a text such as a default."""

    version: str
    text: str


@dataclass(frozen=True, kw_only=True)
class NameHistory:
    """What happened to a name, release by release."""

    kind: str
    events: tuple[Dated, ...]
    signatures: tuple[Dated, ...] = ()
    values: tuple[Dated, ...] = ()
    bases: tuple[str, ...] = ()
    #: The deprecations of single parameters.
    parameters: dict[str, tuple[Dated, ...]] = field(default_factory=dict)
    #: The release that made a property of a method, which nobody may call any more.
    property_since: str | None = None


@dataclass(frozen=True, kw_only=True)
class KeyHistory:
    """What happened to a configuration key, release by release."""

    events: tuple[Dated, ...]
    defaults: tuple[Dated, ...] = ()
    #: What reads it in the newest release that has it.
    readers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LibraryHistory:
    """A data file of ``docs/history``."""

    #: Its name for readers.
    library: str
    #: The package or module that is imported.
    package: str
    #: The releases that were read, oldest first.
    releases: tuple[str, ...]
    #: Other names of an object, and the name under which it is told.
    aliases: dict[str, str]
    keys: dict[str, KeyHistory]
    names: dict[str, NameHistory]


@dataclass(frozen=True)
class Note:
    """What ``replacements.toml`` says of a name by hand."""

    #: What to write today.
    use: str | None = None
    #: The type of a key's value.
    kind: str | None = None


# --- JSON -------------------------------------------------------------------------------------

Record = TypeVar("Record")


def dump(record: object) -> str:
    """Return a record, or what is made of records, in one line."""
    return json.dumps(record, ensure_ascii=False, default=_differing)


def dump_library(library: LibraryHistory) -> str:
    """Return a data file: one line an entry, so that a change is a changed line."""
    sections = []
    for section, content in _differing(library).items():
        text = dump(content)
        if isinstance(content, dict) and content:
            lines = ",\n".join(f"    {dump(name)}: {dump(item)}" for name, item in content.items())
            text = f"{{\n{lines}\n  }}"
        sections.append(f"  {dump(section)}: {text}")
    return "{\n" + ",\n".join(sections) + "\n}\n"


def load(kind: type[Record], text: str) -> Record:
    """Return the record of a kind that was dumped as ``text``.

    Raises:
        ValueError: The text is no JSON, or not of this form.
    """
    content = json.loads(text)
    try:
        made: Record = _maker(cast("Any", kind))(content)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"not as nox -s history writes it ({error!r})") from None
    return made


def _differing(record: Any) -> dict[str, Any]:
    """The fields of a record that differ from their defaults, in order."""
    return {
        part.name: value
        for part in fields(record)
        if (value := getattr(record, part.name))
        != (part.default if part.default_factory is MISSING else part.default_factory())
    }


@cache
def _maker(kind: Any) -> Callable[[Any], Any]:
    """What makes a record, a tuple or dictionary of them, or a text of what JSON has for it."""
    if kind is Dated:
        return lambda content: Dated(*content)
    if isinstance(kind, type) and is_dataclass(kind):
        makers = {name: _maker(hint) for name, hint in get_type_hints(kind).items()}
        return lambda content: kind(**{name: makers[name](item) for name, item in content.items()})
    if get_origin(kind) is tuple:
        make = _maker(get_args(kind)[0])
        return lambda content: tuple(make(item) for item in content)
    if get_origin(kind) is dict:
        make = _maker(get_args(kind)[1])
        return lambda content: {name: make(item) for name, item in content.items()}
    return lambda content: content
