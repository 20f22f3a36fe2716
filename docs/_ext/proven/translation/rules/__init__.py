"""What a translation into any language keeps of its original: structure, placeholders, line breaks, marks, terms.

Pure functions on a pair of texts; :mod:`proven.translation.gate` holds a build to them, ``nox -s translations``
prints them, the tests run them over everything. How one language is written stands in a module of its own here, which
``locale/languages.toml`` names; the words that a language does not use stand in that file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib import import_module

from markdown_it import MarkdownIt

from proven.translation.languages import NAMES, Language

# Everything between backticks, read from left to right, because `{name}` in code is no role. A role is written
# {py:func}`x` in a page and :py:func:`x` in a docstring.
TICKED = re.compile(
    r"(?:\{(?P<myst>[\w:.+-]+)\}|:(?P<rst>[\w:.+-]+):)`(?P<text>[^`]+)`"
    r"|`[^`<]+<(?P<url>[^>`]+)>`__?"
    r"|(?P<ticks>`+)(?P<code>.+?)(?P=ticks)(?!`)"
)
LINK = re.compile(r"\]\((?P<target>[^)\s]*)\)")
AUTOLINK = re.compile(r"<(?P<url>(?:https?|mailto):[^>]+)>")
FOOTNOTE = re.compile(r"\[\^[^\]]+\]")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\{[^}]+\}\}")

MARKDOWN = MarkdownIt("commonmark")

# What stands in for a name or a piece of code, which is spaced like a Latin word, and for a title that the build knows.
NAME = "\ue000"
TITLE = "\ue001"


def structure(text: str) -> Counter[tuple[str, str]]:
    """Return what a translation must keep of ``text``: roles, links, footnotes, placeholders, code.

    The label of a role or link may be translated, its target may not.
    """
    found: Counter[tuple[str, str]] = Counter()

    def take(kind: str, pattern: re.Pattern[str], group: int | str, rest: str) -> str:
        for match in pattern.finditer(rest):
            found[kind, match[group]] += 1
        return pattern.sub(" ", rest)

    for match in TICKED.finditer(text):
        if match["code"]:
            found["code", match["code"]] += 1
        elif match["url"]:
            found["link", match["url"]] += 1
        else:
            target = re.search(r"<([^>]+)>$", match["text"])
            name = (match["myst"] or match["rst"]).removeprefix("py:")
            found["role", f"{name} {target[1] if target else match['text']}"] += 1
    rest = take("link", LINK, "target", TICKED.sub(" ", text))
    rest = take("link", AUTOLINK, "url", rest)
    rest = take("footnote", FOOTNOTE, 0, rest)
    take("placeholder", PLACEHOLDER, 0, rest)
    return found


def prose(text: str) -> str:
    """Return ``text`` as it is read: labels of roles and links, a stand-in for each name and piece of code."""
    text = PLACEHOLDER.sub(NAME, TICKED.sub(_label, text))
    text = AUTOLINK.sub(NAME, FOOTNOTE.sub("", LINK.sub("", text)))
    return re.sub(r"[*\[\]]", "", text)


def _label(ticked: re.Match[str]) -> str:
    """Return what is shown: the label of a role, a name or code, or a title that only the build knows."""
    label = re.fullmatch(r"(.+?)\s*<[^>]+>", ticked["text"] or "")
    if label:
        return label[1]
    return TITLE if (ticked["myst"] or ticked["rst"]) in {"doc", "ref", "since", "term"} else NAME


def faults(msgid: str, msgstr: str, language: Language) -> Iterator[str]:
    """Yield what is wrong with one translation, each as a clause with its remedy."""
    yield from structure_faults(structure(msgid), structure(msgstr))
    for role in TICKED.finditer(msgstr):
        if role["rst"]:
            name = role["rst"] if ":" in role["rst"] else f"py:{role['rst']}"
            yield f"{role[0]!r} would show as it stands: write {{{name}}}`{role['text']}`"
    if "\n" in msgstr:
        yield "the translation has a line break: keep a paragraph on one line"
    if visible_marks(msgstr) > visible_marks(msgid):
        yield "a mark of emphasis or code would show: keep punctuation outside of its marks"
    if not has_words(msgid):
        return
    # A word can be the same in two languages, a sentence cannot.
    if msgstr == msgid and prose(msgid)[-1] in ".?!":
        yield "the translation is the original: translate it"
        return
    for word, remedy in language.banned.items():
        if match := re.search(word, prose(msgstr)):
            yield f"{match[0]!r} in the translation: {remedy}"
    if language.rules:
        yield from import_module(f"{__name__}.{language.rules}").faults(msgid, msgstr)


def visible_marks(text: str) -> int:
    """Count the asterisks and backticks that a reader would see, because they mark nothing."""
    if "*" not in text and "`" not in text:
        return 0
    tokens = MARKDOWN.parseInline(text)[0].children or []
    words = "".join(token.content for token in tokens if token.type == "text")
    return words.count("*") + words.count("`")


def structure_faults(
    before: Counter[tuple[str, str]], after: Counter[tuple[str, str]]
) -> Iterator[str]:
    """Yield what a translation drops, adds or changes of what it must keep."""
    dropped, added = before - after, after - before
    for kind in sorted({kind for kind, _ in [*dropped, *added]}):
        gone, new = ([value for k, value in sorted(c) if k == kind] for c in (dropped, added))
        if len(gone) == len(new) == 1:
            yield f"the translation changes the {kind} {gone[0]!r} to {new[0]!r}: put it back"
            continue
        yield from (f"the translation drops the {kind} {value!r}: put it back" for value in gone)
        yield from (f"the translation adds the {kind} {value!r}: take it out" for value in new)


def has_words(msgid: str) -> bool:
    """Say whether ``msgid`` is language, not only names, code and figures."""
    words = re.findall(r"[A-Za-z]{2,}", prose(msgid))
    return any(word.islower() or (word.istitle() and word not in NAMES) for word in words)


def term_faults(msgid: str, msgstr: str, glossary: Mapping[str, str]) -> Iterator[str]:
    """Yield the glossary's terms that the original uses and the translation renders otherwise."""
    source, target = prose(msgid).lower(), prose(msgstr)
    for term, rendering in sorted(glossary.items(), key=lambda item: -len(item[0])):
        pattern = rf"\b{re.escape(term)}(?:s|es)?\b"
        if re.search(pattern, source):
            if rendering not in target:
                yield f"the glossary renders {term!r} as {rendering!r}: use it, or note '# not-a-term: {term}'"
            # A longer term ("session interface") settles the shorter one in it ("session").
            source = re.sub(pattern, " ", source)
