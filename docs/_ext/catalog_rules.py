"""What a translation must keep of its original, and how Chinese is written here.

Pure functions on a pair of texts; :mod:`catalog_gate` holds a build to them, ``nox -s translations`` prints them, the
tests run them over everything.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from markdown_it import MarkdownIt

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
CLOSING = "，。；：！？、）》”’…"
OPENING = "（《“‘"

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

# Names that look like words; a text of names alone needs no translation.
NAMES = {
    *("Flask", "Werkzeug", "Jinja", "Click", "Blinker", "Pallets", "Python", "Sphinx", "Furo"),
    *("Redis", "Memcached", "Chromium", "English", "Proven"),
}
HALF_WIDTH = re.compile(rf"[,;:!?.](?=\s|$|[{HAN}])|[()\"']|\.\.\.|--")
# What stands in for a name or a piece of code, which is spaced like a Latin word, and for a title that may be Chinese.
NAME = "\ue000"
TITLE = "\ue001"
TIGHT = re.compile(rf"[{HAN}][A-Za-z0-9{NAME}]|[A-Za-z0-9%{NAME}][{HAN}]")
LOOSE = re.compile(rf"[{CLOSING}{OPENING}] +\S|\S +[{CLOSING}]|[{HAN}] +[{HAN}]|[{OPENING}] ")
DOUBLED = re.compile(r"[，。；：！？、]{2}")
POLITE = re.compile(r"(^|[。；：，！？])请(?!求)")
CHAIN = re.compile(rf"(的[^{CLOSING}{OPENING}\s]{{1,6}}){{3}}")
BANNED = {
    "您": "write 你",
    "进行(?!中)": "name the action itself",
    "被(?!动)": "turn the sentence round: no passive carried over from English",
}
# Han characters in one sentence; what is longer has to be read twice.
LONG = 60


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


def faults(msgid: str, msgstr: str) -> Iterator[str]:
    """Yield what is wrong with one translation, each as a clause with its remedy."""
    yield from structure_faults(structure(msgid), structure(msgstr))
    if "\n" in msgstr:
        yield "the translation has a line break: keep a paragraph on one line"
    if visible_marks(msgstr) > visible_marks(msgid):
        yield "a mark of emphasis or code would show: no full-width punctuation just inside its marks"
    if not needs_han(msgid):
        return
    if not re.search(rf"[{HAN}]", prose(msgstr)):
        yield "the translation has no Chinese in it: translate it"
        return
    if prose(msgid)[-1] in ".?!" and prose(msgstr)[-1] not in "。？！：…）”.?!":
        yield "the sentence has no full stop: end it with 。"
    yield from style_faults(msgstr)


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


def needs_han(msgid: str) -> bool:
    """Say whether ``msgid`` is language, not only names, code and figures."""
    words = re.findall(r"[A-Za-z]{2,}", prose(msgid))
    return any(word.islower() or (word.istitle() and word not in NAMES) for word in words)


def style_faults(msgstr: str) -> Iterator[str]:
    """Yield what breaks the rules of writing Chinese (see docs/about/translating.md)."""
    text = prose(msgstr)
    for pattern, message in (
        (HALF_WIDTH, "half-width punctuation in Chinese: use ，。；：！？（）“”……——"),
        (DOUBLED, "two marks of punctuation in a row: keep one"),
        (TIGHT, "no space between Han and Latin text: put one"),
        (LOOSE, "a space where Chinese has none: take it out"),
        (POLITE, "an imperative begins with 请: leave it out"),
        (CHAIN, "a chain of 的: split the sentence, or leave some out"),
    ):
        if match := pattern.search(text):
            yield f"{message} (at {_around(text, match)!r})"
    for word, remedy in BANNED.items():
        if match := re.search(word, text):
            yield f"{match[0]!r} in the translation: {remedy}"
    for sentence in re.split("[。！？；]", text):
        if (length := len(re.findall(f"[{HAN}]", sentence))) > LONG:
            yield f"a sentence of {length} characters: split it, {LONG} are enough ({sentence[:12]!r})"
    for character in re.findall(f"[{HAN}]", re.sub("“[^”]*”", "", text)):
        if not _is_simplified(character):
            yield f"{character!r} is not a simplified character: write the simplified one"


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


def _is_simplified(character: str) -> bool:
    """Say whether the everyday set of simplified characters has ``character``."""
    try:
        return bool(character.encode("gb2312"))
    except UnicodeEncodeError:
        return False


def _around(text: str, match: re.Match[str]) -> str:
    part = text[max(0, match.start() - 4) : match.end() + 4]
    return part.replace(NAME, "`…`").replace(TITLE, "…")
