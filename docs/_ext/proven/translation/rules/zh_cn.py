"""How simplified Chinese is written here (see docs/about/translating.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from proven.translation.facts import Words
from proven.translation.rules import NAME, TITLE, prose

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
CLOSING = "，。；：！？、）》”’…"
OPENING = "（《“‘"

HALF_WIDTH = re.compile(rf"[,;:!?.](?=\s|$|[{HAN}])|[()\"']|\.\.\.|--")
TIGHT = re.compile(rf"[{HAN}][A-Za-z0-9{NAME}]|[A-Za-z0-9%{NAME}][{HAN}]")
LOOSE = re.compile(rf"[{CLOSING}{OPENING}] +\S|\S +[{CLOSING}]|[{HAN}] +[{HAN}]|[{OPENING}] ")
DOUBLED = re.compile(r"[，。；：！？、]{2}")
POLITE = re.compile(r"(^|[。；：，！？])请(?!求)")
CHAIN = re.compile(rf"(的[^{CLOSING}{OPENING}\s]{{1,6}}){{3}}")
# Han characters in one sentence; what is longer has to be read twice.
LONG = 60

# Words in which 不, 无, 非, 未 or 别 says no “not”.
NO_NOT = (
    "不同|不仅|不过|不足|不少|差不多|无论|非常|不管|不断|未来|别的|分别|区别|特别|识别|级别|类别|个别|别名|别人|别处|"
    "不然|不但|不只|不论|是不是|能不能|有没有|要不要|会不会|除非|不等|不止|无非|不妨|辨别"
)
NOT_SAID = re.compile(
    r"\b(?:not|never|cannot|without|nothing|none|neither|nobody|no|nor|un(?!der|i|til)\w+|non\w*|\w+less|"
    r"in(?:valid|complete|correct|dependent|accessible|visible|active|secure|stead)\w*|im(?:possible|mutable)|"
    r"dis(?:able|card|connect|appear)\w*|fail\w*|miss\w*|lacks?|only|just|alone|mere\w*|otherwise|else|except\w*|"
    r"refus\w+|reject\w*|den(?:y|ies|ied)|forbid\w*|rather|differ\w*|wrong|bad\w*|broken|lost|lose\w*|gone|empty|"
    r"hidden|absent\w*|silen\w+|off|outside|ignor\w*|avoid\w*|prevent\w*|stop\w*|drop\w*|skip\w*|leav\w+|left|"
    r"pass\w* over|apart|away|beyond|past|too|few|fewer|less|hard\w*|rarely|yet|before|still|already|unless|whether|"
    r"whatever|either|even|however|free|anonymous|plain|bare|static|fix\w*|constant\w*|keep\w*|stays?|expire\w*|over|"
    r"short|dead|idle|other\w*|another|optional|up to|larger|older|more|any|same|but|out|own|exactly|as it is)\b|"
    r"n['’]t\b",
    re.IGNORECASE,
)
WORDS = (
    Words(
        "not",
        re.compile(
            r"\b(?:not|never|cannot|without|nothing|none|neither|nobody)\b|n['’]t\b", re.IGNORECASE
        ),
        re.compile(
            "[不没无非未别勿否缺除拒失空少停免禁防避零才只仅省丢漏难弃错外反裸闲独白去绕手治]|忽略|而是|匿名|取消|跳过|关|以前|成功"
        ),
    ),
    Words("not", re.compile(f"(?:(?!{NO_NOT})(?<!差)[不没无未])(?<!无论)"), NOT_SAID, back=True),
    Words("only", re.compile(r"\bonly\b", re.IGNORECASE), re.compile("[只仅唯才单光除限专就纯]")),
    # Chinese has 只 where English needs no word, so there is no rule the other way.
    Words(
        "before",
        re.compile(r"\bbefore\b(?!.*\bafter\b)", re.IGNORECASE),
        re.compile("[前先早才未原]|没有|还没|不[变会让]|到不了|一[行]|往下"),
    ),
    Words(
        "after",
        re.compile(r"(?<!before )\bafter(?:wards)?\b(?!.*\bbefore\b)", re.IGNORECASE),
        re.compile("[后再完过了满就到]|接着|[才跟]"),
    ),
    Words(
        "before",
        re.compile("之前|以前"),
        re.compile(
            r"\b(?:before|until|first|earlier|former\w*|previous\w*|used|old\w*|once|then|yet|still|ago|early|up to|"
            r"last|by)\b",
            re.IGNORECASE,
        ),
        back=True,
    ),
    Words(
        "after",
        re.compile("之后|以后|然后"),
        re.compile(
            r"\b(?:after\w*|then|when|since|later|next|from|once|follow\w*|behind|and|if|on|past|with|second|that|now|"
            r"until|again|long)\b|,",
            re.IGNORECASE,
        ),
        back=True,
    ),
)


def faults(msgid: str, msgstr: str) -> Iterator[str]:
    """Yield what is wrong with a translation of a text that has words, each as a clause with its remedy."""
    text = prose(msgstr)
    if not re.search(rf"[{HAN}]", text):
        yield "the translation has no Chinese in it: translate it"
        return
    if prose(msgid)[-1] in ".?!" and text[-1] not in "。？！：…）”.?!":
        yield "the sentence has no full stop: end it with 。"
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
    for sentence in re.split("[。！？；]", text):
        if (length := len(re.findall(f"[{HAN}]", sentence))) > LONG:
            yield f"a sentence of {length} characters: split it, {LONG} are enough ({sentence[:12]!r})"
    for character in re.findall(f"[{HAN}]", re.sub("“[^”]*”", "", text)):
        if not _is_simplified(character):
            yield f"{character!r} is not a simplified character: write the simplified one"


def _is_simplified(character: str) -> bool:
    """Say whether the everyday set of simplified characters has ``character``."""
    try:
        return bool(character.encode("gb2312"))
    except UnicodeEncodeError:
        return False


def _around(text: str, match: re.Match[str]) -> str:
    part = text[max(0, match.start() - 4) : match.end() + 4]
    return part.replace(NAME, "`…`").replace(TITLE, "…")
