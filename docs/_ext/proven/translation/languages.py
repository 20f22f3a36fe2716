"""The languages of the site, as ``locale/languages.toml`` lists them: the one list that everything else asks."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from proven.base.project import ROOT

CHOICES = {
    "direction": {"ltr", "rtl"},
    "search": {"words", "han"},
    "state": {"source", "complete", "in progress"},
    "rules": {file.stem for file in Path(__file__).with_name("rules").glob("[!_]*.py")},
}


@dataclass(frozen=True)
class Language:
    """One language of the site; the data file says what each of its fields is."""

    code: str
    folder: str
    tag: str
    name: str
    direction: str
    search: str
    state: str
    rules: str = ""
    banned: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def complete(self) -> bool:
        """Whether the build stops for a text that is not translated into it."""
        return self.state == "complete"


def read(file: Path) -> tuple[tuple[Language, ...], frozenset[str]]:
    """Return the languages of a data file, the source first, and the names that need no translation.

    Raises:
        SystemExit: if the file is not there or says what it must not; the message is one line.
    """
    shown = f"{file.parent.name}/{file.name}"
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        languages = [_language(entry) for entry in data["language"]]
        if [language.state for language in languages].count("source") != 1:
            raise ValueError("one language, and one only, has state = 'source'")
    except OSError as error:
        raise SystemExit(f"{shown}: {error.strerror}; put it back") from None
    except (ValueError, KeyError, TypeError) as error:
        raise SystemExit(f"{shown}: {error}; mend it") from None
    languages.sort(key=lambda language: language.state != "source")
    return tuple(languages), frozenset(data.get("names", ()))


def _language(entry: dict[str, Any]) -> Language:
    """Return the language of one entry.

    Raises:
        ValueError: if a field is missing, unknown or none of its choices.
    """
    known = [f.name for f in fields(Language)]
    optional = {"rules", "banned"}
    name = entry.get("code", "without a code")
    for missing in (key for key in known if key not in entry and key not in optional):
        raise ValueError(f"the language {name} has no {missing!r}")
    for key, value in entry.items():
        if key not in known:
            raise ValueError(
                f"the language {name} has {key!r}, which is none of {', '.join(known)}"
            )
        if key in CHOICES and value not in CHOICES[key]:
            choices = ", ".join(map(repr, sorted(CHOICES[key])))
            raise ValueError(f"the language {name} has {key} = {value!r}: write one of {choices}")
    return Language(**entry)


LANGUAGES, NAMES = read(ROOT / "locale" / "languages.toml")
SOURCE, *TRANSLATED = LANGUAGES


def by_code(code: str) -> Language:
    """Return the language that Sphinx calls ``code``.

    Raises:
        ValueError: if the site is not written in that language.
    """
    for language in LANGUAGES:
        if language.code == code:
            return language
    known = ", ".join(language.code for language in LANGUAGES)
    raise ValueError(f"the site has no language {code!r}: build one of {known}")


def base_url(environ: Mapping[str, str]) -> str:
    """Return the address under which the language folders are published, or ``""``.

    ``PROVEN_BASE_URL`` names it; Read the Docs names its own. Without one, links between the
    languages stay relative, which is right for a downloaded copy.
    """
    url = environ.get("PROVEN_BASE_URL") or environ.get("READTHEDOCS_CANONICAL_URL") or ""
    return f"{url.rstrip('/')}/" if url else ""
