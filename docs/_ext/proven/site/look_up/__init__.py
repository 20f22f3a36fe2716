"""The data of the error look-up: one file a language, ``look-up.js``, that the page loads when somebody uses it.

It has no markup. ``_static/look-up/`` reads it: the entries of the lists of :mod:`proven.site.errors` with the wordings
that lead to each, what the releases know of each name, and the versions that do not fit each other.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from itertools import combinations
from typing import Any

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util.typing import ExtensionMetadata

from proven.base.memory import memory
from proven.base.memory import write as write_file
from proven.base.project import DOCS
from proven.releases.data import loaded, state
from proven.releases.pairs import Pair, place, read_found, title
from proven.site.errors import CODE, PASSAGES, Pitfall, all_pitfalls
from proven.site.look_up.names import known
from proven.site.look_up.texts import texts
from proven.site.search.index import made_anchor

FILE = "look-up.js"
STATUS = re.compile(r"[45]\d\d [A-Z][\w -]*")
PAGE = "reference/errors"
WORDINGS = DOCS / "reference" / "wordings.toml"


def plain(written: str) -> str:
    """Return a title as a reader sees it.

    >>> plain("`KeyError: 'user'` in a view")
    "KeyError: 'user' in a view"
    """
    return " ".join(written.replace("`", "").split())


def messages(entry: Pitfall) -> list[str]:
    """Return the messages that an entry is about; of one without any, its title in the languages there are."""
    codes = [" ".join(found["code"].split()) for found in CODE.finditer(entry.written)]
    if CODE.sub("", entry.written).strip(" ,") in {"", "and", "or"}:
        return codes
    shown = "".join(piece.text for piece in entry.title)
    return list(dict.fromkeys((plain(entry.written), shown)))


def said(entry: Pitfall, wordings: Mapping[str, Any]) -> list[dict[str, object]]:
    """Return the wordings that lead to an entry."""
    other = wordings.get(plain(entry.written), {})
    flags = {
        name: other[name] for name in ("named", "general", "with", "everyday") if name in other
    }
    own = [other["form"]] if "form" in other else messages(entry)
    # A status that is told with a message says little without it.
    bare = {"general": True} if len(own) > 1 else {}
    found: list[dict[str, object]] = [
        {"text": text, **flags, **(bare if STATUS.fullmatch(text) else {})} for text in own
    ]
    for wording in other.get("also", ()):
        flags = {
            name: wording[name] for name in ("within", "line", "with", "named") if name in wording
        }
        found.append({"text": wording["text"], **flags})
    return found


def fixed(text: str) -> frozenset[str]:
    """Return the words of a message that are no names of a reader.

    >>> sorted(fixed("UndefinedError: 'user' is undefined"))
    ['is', 'undefined', 'undefinederror']
    """
    return frozenset(re.findall(r"[a-z_]{2,}", re.sub(r"'[^']*'", " ", text.lower())))


def mistakable(texts: list[str]) -> list[bool]:
    """Say of each message whether another one has at least half of its words.

    >>> mistakable(["'user' is undefined", "'loop' is undefined", "database is locked"])
    [True, True, False]
    """
    found = [False] * len(texts)
    for (one, mine), (other, its) in combinations(enumerate(map(fixed, texts)), 2):
        # Half of all their words are in both.
        if 3 * len(mine & its) >= len(mine) + len(its):
            found[one] = found[other] = True
    return found


def entries(
    found: list[tuple[str, Pitfall]], wordings: Mapping[str, Any]
) -> Iterator[dict[str, object]]:
    """Yield the entries, each with where it leads."""
    wordings_of = [said(entry, wordings) for _page, entry in found]
    # What else an explanation speaks of decides between messages that are alike.
    alike = mistakable([str(own[0]["text"]) for own in wordings_of])
    for (page, entry), own, unclear in zip(found, wordings_of, alike, strict=True):
        codes = " ".join(piece.text for piece in entry.answer if piece.kind == "code" and unclear)
        about = sorted({name for name in re.findall(r"\w+", codes) if len(name) > 3})
        # The browser makes the anchor of the first wording, as most are made.
        made = entry.place == made_anchor("pitfall", str(own[0]["text"]))
        yield {
            "key": page if made else f"{page}#{entry.place}",
            # In one section there can be several messages.
            **({} if entry.place.startswith("pitfall-") else {"title": plain(entry.written)}),
            **({"about": " ".join(about)} if about else {}),
            "said": own,
        }


def script(
    found: list[tuple[str, Pitfall]],
    wordings: Mapping[str, Any],
    libraries: list[dict[str, Any]],
    pairs: list[Pair],
) -> str:
    """Return the file."""
    data = {
        "entries": list(entries(found, wordings)),
        "libraries": libraries,
        "pairs": [
            asdict(pair) | {"old": title(pair.old), "new": title(pair.new), "place": place(pair)}
            for pair in pairs
        ],
        "texts": texts(),
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"provenLookUp.fill({text});\n"


def offered(app: Sphinx) -> bool:
    """Say whether the site has the page of the look-up."""
    return PAGE in app.env.all_docs


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write the file of this language."""
    if exception or not isinstance(app.builder, StandaloneHTMLBuilder):
        return
    if not offered(app):
        return
    wordings = tomllib.loads(WORDINGS.read_text("utf-8"))
    found = [*all_pitfalls(app.env), *all_pitfalls(app.env, PASSAGES)]
    libraries = memory(app).made(
        "look_up_names", state(app), lambda: [asdict(library) for library in known(loaded(app))]
    )
    pairs = read_found()
    made_of = found, wordings, state(app), pairs, texts()
    write_file(app, FILE, made_of, lambda: script(found, wordings, libraries, pairs))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Write when the build is done."""
    app.connect("build-finished", write)
    app.connect("site-files", lambda app: {FILE} if offered(app) else set())
    return {"parallel_read_safe": True, "parallel_write_safe": True}
