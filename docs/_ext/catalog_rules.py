"""What a translation must keep of its original, and how Chinese is written here.

Pure functions on a pair of texts; :mod:`catalog_gate` holds a build to them, ``nox -s translations`` prints them, the
tests run them over everything.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
CLOSING = "，。；：！？、）》”’…"
OPENING = "（《“‘"

# A role in either notation: {py:func}`x` in a page, :py:func:`x` in a docstring.
ROLE = re.compile(r"(?:\{(?P<myst>[\w:.+-]+)\}|:(?P<rst>[\w:.+-]+):)`(?P<text>[^`]+)`")
CODE = re.compile(r"(?P<ticks>`+)(?P<code>.+?)(?P=ticks)(?!`)")
RST_LINK = re.compile(r"`[^`<]+<(?P<url>[^>`]+)>`__?")
LINK = re.compile(r"\]\((?P<target>[^)\s]*)\)")
AUTOLINK = re.compile(r"<(?P<url>(?:https?|mailto):[^>]+)>")
FOOTNOTE = re.compile(r"\[\^[^\]]+\]")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\{[^}]+\}\}")

HALF_WIDTH = re.compile(
    rf"(?<=[{HAN}])\s*[,;:!?](?=\s|[{HAN}]|$)|(?<=[{HAN}])\.(?=\s|$)|[{HAN}][()]|[()][{HAN}]"
)
# What stands in for a name or a piece of code, which is spaced like a Latin word, and for a title that may be Chinese.
NAME = "\ue000"
TITLE = "\ue001"
TIGHT = re.compile(rf"[{HAN}][A-Za-z0-9{NAME}]|[A-Za-z0-9%{NAME}][{HAN}]")
LOOSE = re.compile(rf"[{CLOSING}{OPENING}] +\S|\S +[{CLOSING}]|[{HAN}] +[{HAN}]|[{OPENING}] ")
# CommonMark does not close `**` between full-width punctuation and a Han character.
EMPHASIS = re.compile(rf"[{CLOSING}]\*+(?=[{HAN}\w])|(?<=[{HAN}\w])\*+(?=[{OPENING}])")
BANNED = {
    "您": "write 你",
    "进行": "name the action itself",
    "被(?!动)": "turn the sentence round: no passive carried over from English",
}
POLITE = re.compile(r"(^|[。；：，！？])请(?!求)")


def structure(text: str) -> Counter[tuple[str, str]]:
    """Return what a translation must keep of ``text``: roles, links, footnotes, placeholders, code.

    The label of a role or link may be translated, its target may not.
    """
    found: Counter[tuple[str, str]] = Counter()

    def take(kind: str, pattern: re.Pattern[str], group: int | str, rest: str) -> str:
        for match in pattern.finditer(rest):
            found[kind, match[group]] += 1
        return pattern.sub(" ", rest)

    for match in ROLE.finditer(text):
        target = re.search(r"<([^>]+)>$", match["text"])
        name = (match["myst"] or match["rst"]).removeprefix("py:")
        found["role", f"{name} {target[1] if target else match['text']}"] += 1
    rest = ROLE.sub(" ", text)
    rest = take("link", RST_LINK, "url", rest)
    rest = take("code", CODE, "code", rest)
    rest = take("link", LINK, "target", rest)
    rest = take("link", AUTOLINK, "url", rest)
    rest = take("footnote", FOOTNOTE, 0, rest)
    take("placeholder", PLACEHOLDER, 0, rest)
    return found


def prose(text: str) -> str:
    """Return ``text`` as it is read: labels of roles and links, a stand-in for each name and piece of code."""
    for pattern in (RST_LINK, CODE):
        text = pattern.sub(NAME, ROLE.sub(_label, text))
    return AUTOLINK.sub(" ", LINK.sub("]", text))


def _label(role: re.Match[str]) -> str:
    """Return what a role shows: its label, a name of code, or a title that only the build knows."""
    label = re.fullmatch(r"(.+?)\s*<[^>]+>", role["text"])
    if label:
        return label[1]
    return TITLE if (role["myst"] or role["rst"]) in {"doc", "ref", "since", "term"} else NAME


def faults(msgid: str, msgstr: str) -> Iterator[str]:
    """Yield what is wrong with one translation, each as a clause with its remedy."""
    yield from structure_faults(structure(msgid), structure(msgstr))
    if "\n" in msgstr:
        yield "the translation has a line break: keep a paragraph on one line"
    text = prose(msgstr)
    if needs_han(msgid) and not re.search(rf"[{HAN}]", text):
        yield "the translation has no Chinese in it: translate it"
    yield from style_faults(msgstr)


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


def needs_han(msgid: str) -> bool:
    """Say whether ``msgid`` is language, not only names, code and figures."""
    words = re.findall(r"[A-Za-z]{2,}", PLACEHOLDER.sub(" ", prose(msgid)))
    return any(word.islower() for word in words)


def style_faults(msgstr: str) -> Iterator[str]:
    """Yield what breaks the rules of writing Chinese (see docs/about/translating.md)."""
    text = prose(msgstr)
    for pattern, message in (
        (HALF_WIDTH, "half-width punctuation beside Han characters: use ，。；：！？（）"),
        (EMPHASIS, "emphasis that closes beside full-width punctuation does not render: move it"),
        (POLITE, "an imperative begins with 请: leave it out"),
    ):
        if match := pattern.search(text):
            yield f"{message} (at {_around(text, match)!r})"
    if match := TIGHT.search(text):
        yield f"no space between Han and Latin text (at {_around(text, match)!r}): put one"
    if match := LOOSE.search(text):
        yield f"a space where Chinese has none (at {_around(text, match)!r}): take it out"
    for word, remedy in BANNED.items():
        if match := re.search(word, text):
            yield f"{match[0]!r} in the translation: {remedy}"


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


def _around(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - 4) : match.end() + 4]
