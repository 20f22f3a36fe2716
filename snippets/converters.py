r"""URL converters to copy: patterns, lists, dates, short numbers, enums, signed values and model objects.

Register the five converters that need no configuration in one line, before the first rule that uses them:

>>> from flask import Flask
>>> from snippets.converters import CONVERTERS
>>> app = Flask("shop")
>>> app.url_map.converters.update(CONVERTERS)
>>> sorted(CONVERTERS)
['base', 'date', 'list', 're', 'signed']

:func:`enum_converter` and :func:`model_converter` return a class for one enum or one model. Register that class under
a name of your choice.

A URL that ``url_for`` builds with these converters matches its rule, and the view receives an equal value, also after
a browser has resolved the URL. For any other value ``url_for`` raises :exc:`ValueError`, for example for a wrong type,
a path with the segment ``..``, or an uppercase letter in a host name. If a rule cannot guarantee this, adding it
raises :exc:`ValueError`, for example if nothing separates two variables in one segment.

Their ``weight`` is 75, between the weights of numbers (50) and plain text (100), so ``<re("[a-z]+"):slug>`` is tried
before ``<name>``. There are two exceptions: a list matches nearly any text and has the weight 150, and a model
converter has the weight of the converter of its key.
"""

import enum
import hashlib
import inspect
import re
import string
import sys
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from ipaddress import IPv4Address
from typing import Any, TypeVar
from urllib.parse import unquote

from flask import current_app
from itsdangerous import BadSignature, Signer, TimestampSigner
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import BaseConverter, Map, Rule, ValidationError

__all__ = [
    "CONVERTERS",
    "BaseNConverter",
    "DateConverter",
    "ListConverter",
    "RegexConverter",
    "SignedConverter",
    "enum_converter",
    "model_converter",
]

T = TypeVar("T")

# --- regular expressions --------------------------------------------------------------------------
#
# A pattern is cut into tokens, and what a token means is never decided here: `re` itself is asked which characters
# a token accepts. The parser inside `re` would give a tree, but it is private and has changed its name before.

# One token: as much of the grammar as is needed to tell a group, an anchor or a repetition from the same character
# in a set or behind a backslash.
_PIECE = re.compile(
    r"""
      \\N\{[^}]*\}                  # a character by its name
    | \\x[0-9a-fA-F]{2} | \\u[0-9a-fA-F]{4} | \\U[0-9a-fA-F]{8}
    | \\0[0-7]{0,2} | \\[0-3][0-7]{2}
    | \\.                           # any other escape
    | \[\^?\]?(?:\\.|[^\]\\])*\]    # a set
    | \(\?\#[^)]*\)                 # a comment
    | \(\?P<\w+>                    # a named group
    | \(\?P=\w+\)                   # a reference to one
    | \(\?\(\w+\)                   # a choice that depends on one
    | \(\?[a-zA-Z]+\)               # flags for the whole expression
    | \(\?[a-zA-Z-]*:               # a group that does not capture
    | \(\?(?:[=!>]|<[=!])           # looking around, an atomic group
    | (?:[*+?]|\{(?:[0-9]+(?:,[0-9]*)?|,[0-9]*)\})[+?]?
    | .
    """,
    re.VERBOSE | re.DOTALL,
)
_REPETITION = re.compile(r"[*+?][+?]?|\{[0-9,]+\}[+?]?")
_STARTS, _ENDS = {"^", r"\A"}, {"$", r"\Z", r"\z"}
_NO_CHARACTER = _STARTS | _ENDS | {r"\b", r"\B", "|", ")"}


def _opens(piece: str) -> bool:
    return piece.startswith("(") and not piece.endswith(")")


def _embeddable(pattern: object) -> list[str]:
    """Return the tokens of the pattern as it can stand inside a rule, or say why there is no such thing."""
    if not isinstance(pattern, str) or not pattern:
        raise ValueError('the re converter needs a pattern in quotes, as in <re(r"[0-9]+"):name>')
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"the pattern {pattern!r} is not a regular expression: {error}") from error

    pieces = [piece for piece in _PIECE.findall(pattern) if not piece.startswith("(?#")]
    kept: list[str] = []
    depth = 0
    for position, piece in enumerate(pieces):
        following = pieces[position + 1] if position + 1 < len(pieces) else "|"
        if piece in _STARTS:
            # A converter always matches the whole value: an anchor at an edge says nothing new.
            if depth or (kept and kept[-1] != "|"):
                raise _anchored(pattern, piece)
        elif piece in _ENDS:
            if depth or following not in _ENDS | {"|"}:
                raise _anchored(pattern, piece)
        elif re.fullmatch(r"\\[1-9]|\(\?P=\w+\)|\(\?\(\w+\)", piece):
            raise ValueError(
                f"the pattern {pattern!r} refers back to a group with {piece!r}, and groups have other numbers "
                "inside a rule: write the repetition out, or check it in to_python"
            )
        elif re.fullmatch(r"\(\?[a-zA-Z]+\)", piece):
            raise ValueError(
                f"the pattern {pattern!r} sets a flag for the whole expression, and in a rule it is only a part "
                f"of one: write {piece[:-1]}:...) around what the flag is for"
            )
        elif re.fullmatch(r"\(\?[a-zA-Z]*x[a-zA-Z-]*:", piece):
            raise ValueError(
                f"the pattern {pattern!r} is written with spaces and comments (flag x): leave them and it out"
            )
        else:
            # Named groups of two converters could clash, and nobody reads what a group captures.
            kept.append("(?:" if piece == "(" or piece.startswith("(?P<") else piece)
        depth += _opens(piece)
        depth -= piece == ")"
    if not kept:
        raise ValueError(
            f"the pattern {pattern!r} matches empty text only: leave the variable out of the rule"
        )
    return kept


def _anchored(pattern: str, anchor: str) -> ValueError:
    return ValueError(
        f"the pattern {pattern!r} has {anchor!r} inside, where it depends on what the rule puts around the "
        r"pattern: leave it out, the whole value has to match anyway, or write \b for the end of a word"
    )


def _loosened(pieces: list[str]) -> list[str]:
    """Return the tokens without those that look at what stands around them, or that do not give back.

    Whether the rest matches depends on the text that it matches and on nothing beside it, and it matches whatever
    the tokens match.
    """
    kept: list[str] = []
    inside = 0
    for piece in pieces:
        if inside or re.fullmatch(r"\(\?<?[=!]", piece):
            inside += _opens(piece)
            inside -= piece == ")"
            if not inside:
                kept.append("(?:)")
        elif piece in {r"\b", r"\B"}:
            kept.append("(?:)")
        elif piece == "(?>":
            kept.append("(?:")
        else:
            kept.append(
                piece[:-1]
                if _REPETITION.fullmatch(piece) and piece[1:] and piece[-1] == "+"
                else piece
            )
    return kept


def _alphabet(regex: str) -> str:
    """Return a pattern that matches each character which text matched by ``regex`` may contain.

    It may match a few more: that ``(?!.*/).+`` cannot match a slash is not noticed, that ``(?:(?!/).)+`` cannot is.
    """
    pieces = [piece for piece in _PIECE.findall(regex) if not piece.startswith("(?#")]
    excluding: list[str] = []
    for position, piece in enumerate(pieces):
        ahead = pieces[position + 1 : position + 5]
        if (
            piece == "(?!"
            and len(ahead) > 2
            and ahead[1] == ")"
            and _is_character(ahead[0])
            and _is_character(ahead[2])
            and not any(map(_REPETITION.fullmatch, ahead[3:]))
        ):
            excluding.append(f"(?!{ahead[0]}){ahead[2]}")
            pieces[position + 3] = "(?:)"
    characters = [piece for piece in _loosened(pieces) if _is_character(piece)]
    union = "|".join(dict.fromkeys([*characters, *excluding])) or "(?!)"
    # Which flag holds for which character is not looked up: one that may match under some flag is counted.
    flags = ["s", "si", "sa", "sai"] if re.search(r"\(\?[a-zA-Z-]+:", regex) else ["s"]
    return "|".join([f"(?{flag}:{union})" for flag in flags])


def _is_character(piece: str) -> bool:
    """Say whether the token stands for one character, of one kind or of many."""
    return not (piece in _NO_CHARACTER or piece.startswith("(") or _REPETITION.fullmatch(piece))


def _is_separable(variables: list[str], between: list[str]) -> bool:
    """Say whether text with several variables in a row can be cut in one way only.

    Args:
        variables: The alphabet of each.
        between: The fixed text between each and the next, so one less.
    """
    fixed = ["|".join(map(re.escape, text)) or "(?!)" for text in between]
    for cut, text in enumerate(between, 1):
        left = "|".join([*variables[:cut], *fixed[: cut - 1]])
        right = "|".join([*variables[cut:], *fixed[cut:]])
        if text:
            # The first place of this text if nothing before it contains its beginning, the last one likewise.
            only = not (re.fullmatch(left, text[0]) and re.fullmatch(right, text[-1]))
        else:
            # Of the million characters of Unicode, none may belong to both sides.
            every = (
                array("I", range(sys.maxunicode + 1)).tobytes().decode("utf-32", "surrogatepass")
            )
            only = not re.search(f"(?={left})(?:{right})", every)
        if only:
            return _is_separable(variables[:cut], between[: cut - 1]) and _is_separable(
                variables[cut:], between[cut:]
            )
    return not between


# --- where a converter stands ---------------------------------------------------------------------

# A variable in a rule, with its name.
_VARIABLE = re.compile(r"(<(?:[a-zA-Z_]\w*(?:\(.*?\))?:)?([a-zA-Z_]\w*)>)", re.ASCII)


class _Probe(Rule):
    """A rule of one variable that shows its converter."""

    converter: BaseConverter

    def get_converter(self, *args: Any, **kwargs: Any) -> BaseConverter:
        self.converter = super().get_converter(*args, **kwargs)
        return self.converter


@dataclass(frozen=True)
class _Place:
    """Where in a rule a converter stands.

    Attributes:
        before: The fixed text before the variable in its segment.
        after: The fixed text behind it.
        is_last: Whether nothing follows, not even a slash; in a host, whether this is in the last label.
        in_domain: Whether it is the subdomain or the host.
        takes_slash: Whether a slash at the end of the URL makes no difference (``strict_slashes=False``).
    """

    before: str = ""
    after: str = ""
    is_last: bool = False
    in_domain: bool = False
    takes_slash: bool = False

    def check(self, text: str) -> None:
        """Refuse text that a browser would turn into another URL here, or into none."""
        whole = self.before + text + self.after
        if self.in_domain:
            if not re.fullmatch(r"(?:[a-z0-9_-]+\.)*[a-z0-9_-]+", text) or "xn--" in whole:
                raise ValueError(
                    f"{text!r} is no part of a host name in lower-case letters, digits, '-', '_' and '.'"
                )
            # Browsers read a name that ends in a number as an address, and 1.2 is short for 1.0.0.2.
            number = re.fullmatch(r"[0-9]+|0x[0-9a-f]*", whole.rpartition(".")[2])
            if self.is_last and number and not _is_address(whole):
                raise ValueError(f"{text!r} ends in a number and is no IPv4 address")
            return
        if {".", ".."} & set(whole.split("/")):
            raise ValueError(
                f"{text!r} has a segment '.' or '..', which browsers take for a folder"
            )
        if whole.startswith("/") or (not self.is_last and (not whole or whole.endswith("/"))):
            raise ValueError(f"{text!r} would leave a segment of the URL empty")


def _is_address(text: str) -> bool:
    try:
        return str(IPv4Address(text)) == text
    except ValueError:
        return False


def _place_of(converter: BaseConverter) -> _Place:
    """Return the place of a converter that is being made.

    Werkzeug does not tell a converter its place: what calls it is ``Rule.get_converter(variable_name, ...)``, so the
    rule and the name are taken from the arguments of that call. A converter that something else makes is treated
    as one that fills a segment in the middle of a path.

    Raises:
        ValueError: If it is not clear where this variable ends and another one in the same segment begins.
    """
    frame = inspect.currentframe()
    while frame and (
        frame.f_locals.get("converter") is converter or frame.f_locals.get("self") is converter
    ):
        frame = frame.f_back
    caller = frame.f_locals if frame else {}
    rule, name = caller.get("self"), caller.get("variable_name")
    if not isinstance(rule, Rule):
        return _Place()
    domain = (rule.host if rule.map.host_matching else rule.subdomain) or ""
    in_domain = name in _VARIABLE.split(domain)[2::3]
    path = re.sub("/{2,}", "/", rule.rule) if rule.merge_slashes else rule.rule
    pieces = _VARIABLE.split(domain if in_domain else path)
    fixed, variables, names = pieces[::3], pieces[1::3], pieces[2::3]
    if len(names) > 1:
        _check_separable(rule, fixed, variables)
    index = names.index(name)
    after, is_last = fixed[index + 1].partition("/")[0], index == len(names) - 1
    if in_domain:
        after = after.partition(":")[0]
        # The domain of the application follows a subdomain.
        is_last = is_last and rule.map.host_matching and "." not in after
    else:
        is_last = is_last and pieces[-1] == ""
    return _Place(
        before=fixed[index].rpartition("/")[2],
        after=after,
        is_last=is_last,
        in_domain=in_domain,
        takes_slash=is_last and not in_domain and not rule.strict_slashes,
    )


def _check_separable(rule: Rule, fixed: list[str], variables: list[str]) -> None:
    """Refuse a rule in which two variables of one segment, or of one that spans several, run into each other."""
    alphabets: list[str] = []
    between: list[str] = []
    spans = False
    for text, variable in zip(fixed, variables, strict=False):
        if "/" in text and not spans:
            alphabets, between = [], []
        probe = _Probe(f"/{variable}", endpoint="")
        Map([probe], converters=rule.map.converters)
        spans = spans or not probe.converter.part_isolating
        between += [text] if alphabets else []
        alphabets.append(_alphabet(probe.converter.regex))
        if not _is_separable(alphabets, between):
            raise ValueError(
                f"the rule {rule.rule!r} does not say where the variable before {variable} ends: put text between "
                "the two that one of them cannot contain"
            )


class _Converter(BaseConverter):
    """What the converters here share: they know their place, and refuse text that does not fit there."""

    def __init__(self, url_map: Map) -> None:
        # The base class would take any argument in the rule and ignore it.
        super().__init__(url_map)
        self._place: _Place | None = _place_of(self)
        self._exact = re.compile(self.regex)

    def to_url(self, value: Any) -> str:
        text = str(value)
        if self._place:
            self._place.check(text)
        return super().to_url(text)

    def _embed(self, exact: str, *, spans: bool, regex: str = "") -> None:
        """Set what Werkzeug reads.

        Args:
            exact: What a value matches.
            spans: Whether a value may contain a slash.
            regex: What stands in the rule, if that is not the same.
        """
        place = self._place or _Place()
        self._exact = re.compile(exact)
        self.regex = f"(?:{regex or exact})"
        if spans and not place.before:
            self.regex = f"(?!/){self.regex}"
        if spans and place.takes_slash:
            self.regex = rf"{self.regex}(?:/\Z)?"
        # Werkzeug looks for a slash in a `regex` of the class, not of the object. A host has no segments.
        self.part_isolating = place.in_domain or not spans

    def _without_slash(self, value: str) -> str:
        """Return the text without the slash that the URL may end with."""
        takes_slash = self._place and self._place.takes_slash
        return (
            value.removesuffix("/") if takes_slash and not self._exact.fullmatch(value) else value
        )

    def _refuse_domain(self, what: str) -> None:
        if self._place and self._place.in_domain:
            raise ValueError(
                f"{what} needs capital letters, and browsers write host names in lower case"
            )


def _wrapped(
    url_map: Map, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> BaseConverter:
    """Make the converter that another one wraps; where that one stands, it checks the text itself."""
    if name not in url_map.converters:
        raise LookupError(f"the converter {name!r} does not exist")
    return _inside(url_map.converters[name](url_map, *args, **kwargs))


def _inside(converter: BaseConverter) -> BaseConverter:
    if isinstance(converter, _Converter):
        converter._place = None
    return converter


def _text(converter: BaseConverter, value: Any) -> str:
    """Return what the wrapped converter will get back from the URL, or refuse a value that would not come back."""
    try:
        text = unquote(converter.to_url(value))
    except (TypeError, ArithmeticError) as error:
        raise ValueError(f"{value!r} would not match in a URL") from error
    try:
        if re.fullmatch(converter.regex, text) and converter.to_python(text) == value:
            return text
    except (ValidationError, HTTPException):
        pass
    # A plain ValueError reaches the caller; Werkzeug would hide a ValidationError behind a BuildError.
    raise ValueError(f"{value!r} would not match in a URL")


# --- the converters -------------------------------------------------------------------------------


class RegexConverter(_Converter):
    r"""Text that matches a regular expression as a whole.

    The converter matches a value if and only if :func:`re.fullmatch` matches it, whatever text stands beside the
    variable in the rule. A pattern that can match a slash, such as ``.+``, spans segments of the path. A pattern that
    cannot, such as ``[^/]+``, stays within its segment. A value that begins a segment does not begin with a slash.
    Groups, named or not, and alternatives work. Anchors at the edges (``^[0-9]+$``) are allowed, but have no effect.

    Lookaround (``(?!admin\b)``, ``(?<!-)``, ``\b``), possessive quantifiers and atomic groups apply only to the value.
    If fixed text stands beside the variable in its segment, they are checked after the rule is chosen: a value that
    only they reject returns 404, and no other rule is tried.

    Adding the rule raises an error if the pattern cannot work inside a rule: if it is missing, empty or invalid, or if
    it contains a backreference, a flag for the whole expression such as ``(?i)``, the flag ``x``, an anchor that is not
    at an edge, or a slash with which every value begins.

    >>> from werkzeug.routing import Map, Rule
    >>> from snippets.converters import RegexConverter
    >>> rule = Rule(r'/send/<re(r"\d{11}"):mobile>', endpoint="send")
    >>> urls = Map([rule], converters={"re": RegexConverter}).bind("example.com")
    >>> urls.match("/send/13800138000")
    ('send', {'mobile': '13800138000'})
    >>> urls.build("send", {"mobile": "10086"})
    Traceback (most recent call last):
        ...
    ValueError: '10086' does not match the pattern '\\d{11}'

    Args:
        url_map (werkzeug.routing.Map): The URL map; Werkzeug passes it.
        pattern: A regular expression in the syntax of :mod:`re`. In the rule it is written in quotes and may not
            contain the same kind of quote. Backslashes are kept, so write the rule as a raw string.

    Raises:
        ValueError: When the rule is added, if the pattern cannot work in a rule.
    """

    weight = 75

    def __init__(self, url_map: Map, pattern: str = "") -> None:
        super().__init__(url_map)
        pieces = _embeddable(pattern)
        exact, loosened = "".join(pieces), "".join(_loosened(pieces))
        place = self._place or _Place()
        if (
            exact[0] == "/"
            and not re.match("/[*?{]", exact)
            and "|" not in pieces
            and not place.before
        ):
            raise ValueError(
                f"the pattern {pattern!r} begins with a slash, and the rule has one before it: leave one out"
            )
        regex = ""
        if exact != loosened:
            # What looks around sees the value alone where the value is all there is. Elsewhere to_python decides.
            alone = rf"\A(?=(?:{exact})/?\Z)(?:{loosened})"
            regex = rf"{alone}|(?!\A)(?:{loosened})|(?:{loosened})(?!\Z)"
        spans = bool(re.fullmatch(_alphabet(exact), "/"))
        self._embed(exact, spans=spans, regex=regex)
        self._pattern = pattern

    def to_python(self, value: str) -> str:
        """Return the text unchanged.

        Raises:
            ValidationError: If only the text around it in the URL made the pattern match.
        """
        text = self._without_slash(value)
        if not self._exact.fullmatch(text):
            raise ValidationError
        return text

    def to_url(self, value: object) -> str:
        """Return the text, percent-encoded.

        Raises:
            ValueError: If the pattern does not match, the value is not text, or browsers would rewrite it in its
                place: the segments ``.`` and ``..``, a slash at the start, no text between two slashes, and in
                a host name everything but lower-case letters, digits, ``-``, ``_`` and ``.``.
        """
        text = str(value)
        if not self._exact.fullmatch(text):
            raise ValueError(f"{text!r} does not match the pattern {self._pattern!r}")
        if text != value:
            raise ValueError(f"{value!r} is not text and would come back as {text!r}")
        return super().to_url(text)


class _TextConverter(_Converter):
    """Any text that is not empty; inside a list even with slashes."""

    regex = "(?s:.+)"


class ListConverter(_Converter):
    """One or more values in one segment of the path: ``/compare/3,5,8`` is ``[3, 5, 8]``.

    Each item is text, or the value that another converter makes of the text. Inside an item, the separator is escaped
    as ``~2``, a slash as ``~1`` and a tilde as ``~0``, so an item may be any text. Percent-encoding does not work for
    this, because servers decode it before Flask matches the URL.

    >>> from werkzeug.routing import Map, Rule
    >>> from snippets.converters import ListConverter
    >>> rule = Rule("/compare/<list(int, max=99):ids>", endpoint="compare")
    >>> urls = Map([rule], converters={"list": ListConverter}).bind("example.com")
    >>> urls.match("/compare/3,5,8")
    ('compare', {'ids': [3, 5, 8]})
    >>> urls.build("compare", {"ids": [8]})
    '/compare/8'

    Args:
        url_map (werkzeug.routing.Map): The URL map; Werkzeug passes it.
        using: Name of the converter for the items. By default they are text.
        *args: Positional arguments of that converter.
        sep: The separator: one character that is not a letter, digit, slash or tilde.
        **kwargs: Keyword arguments of that converter.

    Raises:
        ValueError: When the rule is added, if ``sep`` is not such a character.
        LookupError: When the rule is added, if no converter is registered under the name ``using``.
    """

    weight = 150

    def __init__(
        self,
        url_map: Map,
        using: str | None = None,
        *args: Any,
        sep: str = ",",
        **kwargs: Any,
    ) -> None:
        super().__init__(url_map)
        if len(sep) != 1 or sep.isalnum() or sep in "/~":
            raise ValueError(
                f"the separator {sep!r} is not one character other than letters, digits, '/' and '~'"
            )
        self._sep = sep
        if using is None:
            self._item = _inside(_TextConverter(url_map, **kwargs))
        else:
            self._item = _wrapped(url_map, using, args, kwargs)
        self._escapes = {"~": "~0", "/": "~1", sep: "~2"}
        self._unescapes = {code: char for char, code in self._escapes.items()}
        self._unescapes["~3"] = "."

    def to_python(self, value: str) -> list[Any]:
        """Return the items, each converted.

        Raises:
            ValidationError: If an item is empty, or its converter rejects it.
        """
        return [self._item_to_python(text) for text in value.split(self._sep)]

    def to_url(self, value: Sequence[Any]) -> str:
        """Return the items, each converted and escaped, with separators between them.

        Raises:
            ValueError: If the value is not a list or tuple, if it or an item is empty, or if the view would not receive
                an equal item.
        """
        if isinstance(value, str):
            raise ValueError(f"{value!r} is one text, not a list of items")
        if not isinstance(value, list | tuple):
            raise ValueError(f"{value!r} is neither a list nor a tuple")
        text = self._sep.join([self._item_to_text(item) for item in value])
        if not text:
            raise ValueError("an empty list has no URL")
        if text in {".", ".."}:
            # Browsers take these two for folders and leave them out.
            text = text.replace(".", "~3")
        return super().to_url(text)

    def _item_to_python(self, text: str) -> Any:
        try:
            raw = re.sub("~.?", lambda code: self._unescapes[code[0]], text)
        except KeyError:
            raise ValidationError from None
        if not raw or not re.fullmatch(self._item.regex, raw):
            raise ValidationError
        return self._item.to_python(raw)

    def _item_to_text(self, item: Any) -> str:
        text = _text(self._item, item)
        if not text:
            raise ValueError("an empty item has no place in a list in a URL")
        return "".join([self._escapes.get(char, char) for char in text])


class DateConverter(_Converter):
    """A date in ISO 8601, as year, month and day: ``/log/2025-01-31`` is ``datetime.date(2025, 1, 31)``.

    >>> from datetime import date
    >>> from werkzeug.routing import Map, Rule
    >>> from snippets.converters import DateConverter
    >>> rule = Rule("/log/<date:day>", endpoint="log")
    >>> urls = Map([rule], converters={"date": DateConverter}).bind("example.com")
    >>> urls.match("/log/2025-01-31")
    ('log', {'day': datetime.date(2025, 1, 31)})
    >>> urls.build("log", {"day": date(33, 4, 3)})
    '/log/0033-04-03'

    Args:
        url_map (werkzeug.routing.Map): The URL map; Werkzeug passes it.
    """

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
    weight = 75

    def to_python(self, value: str) -> date:
        """Return the date.

        Raises:
            ValidationError: If there is no such date.
        """
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise ValidationError from error

    def to_url(self, value: date) -> str:
        """Return the date with four digits for the year, also before the year 1000.

        Raises:
            ValueError: If the value is not a :class:`datetime.date`, or if it is a :class:`datetime.datetime`.
        """
        if not isinstance(value, date) or isinstance(value, datetime):
            raise ValueError(f"{value!r} is not a datetime.date")
        return super().to_url(value.isoformat())


class BaseNConverter(_Converter):
    """An integer in a base of up to 62, so that it is short: ``/s/2lkCB1`` is 2147483647.

    The digits are ``0`` to ``9``, then ``a`` to ``z``, then ``A`` to ``Z``, as many as the base needs. Each number has
    one spelling: leading zeros do not match. The number becomes short, not secret. Host names have no uppercase
    letters, so in a subdomain the largest base is 36.

    >>> from werkzeug.routing import Map, Rule
    >>> from snippets.converters import BaseNConverter
    >>> rule = Rule("/s/<base(62):number>", endpoint="short")
    >>> urls = Map([rule], converters={"base": BaseNConverter}).bind("example.com")
    >>> urls.build("short", {"number": 2147483647})
    '/s/2lkCB1'
    >>> urls.match("/s/2lkCB1")
    ('short', {'number': 2147483647})

    Args:
        url_map (werkzeug.routing.Map): The URL map; Werkzeug passes it.
        base: The base, 2 to 62.
        max: The largest number; by default the largest that a ``BIGINT`` column can hold.

    Raises:
        ValueError: When the rule is added, if the base is not between 2 and 62, if ``max`` is negative, or if a base
            above 36 stands in a subdomain or host.
    """

    weight = 75

    def __init__(self, url_map: Map, base: int = 62, max: int = 2**63 - 1) -> None:  # noqa: A002  as in <int(max=...)>
        super().__init__(url_map)
        if not 2 <= base <= 62 or max < 0:
            raise ValueError(f"base {base!r} is not between 2 and 62, or max {max!r} is negative")
        if base > 36:
            self._refuse_domain(f"base {base}")
        self._digits = (string.digits + string.ascii_letters)[:base]
        self._max = max
        more = len(self._encode(max)) - 1
        self._embed(f"0|[{self._digits[1:]}][{self._digits}]{{0,{more}}}", spans=False)

    def to_python(self, value: str) -> int:
        """Return the number.

        Raises:
            ValidationError: If it is larger than ``max``.
        """
        number = 0
        for digit in value:
            number = number * len(self._digits) + self._digits.index(digit)
        if number > self._max:
            raise ValidationError
        return number

    def to_url(self, value: int) -> str:
        """Return the number in the base.

        Raises:
            ValueError: If the value is not an :class:`int`, is negative, or is larger than ``max``.
        """
        if not isinstance(value, int) or not 0 <= value <= self._max:
            raise ValueError(f"{value!r} is not a whole number between 0 and {self._max}")
        return super().to_url(self._encode(value))

    def _encode(self, number: int) -> str:
        text = ""
        while True:
            number, digit = divmod(number, len(self._digits))
            text = self._digits[digit] + text
            if not number:
                return text


class SignedConverter(_Converter):
    """A value with a signature that only this application can create: ``/orders/42.p2Fv…``.

    Another converter converts the value, which stays readable. Without the secret key nobody can change the value,
    guess the URL of another value, or use the signature for another purpose. The signature is an HMAC-SHA256 made by
    :class:`itsdangerous.signer.Signer`, 43 characters long. It proves that your application created the link, not who
    may use it: it does not replace a check of permissions.

    Without ``max_age``, a link is valid until the key changes. With it, the URL also contains the time of signing
    (:class:`itsdangerous.timed.TimestampSigner`), so links that are built at different times differ. A link that is
    older than ``max_age`` does not match, nor does one from the future, which occurs if the clocks of two servers
    differ. Links that were built without ``max_age`` do not match a rule with it, and the reverse.

    The key is the application's ``SECRET_KEY``. The converter reads it for each URL, so you may set it after you add
    the rules. URLs that were signed with a key in ``SECRET_KEY_FALLBACKS`` still match; new URLs are signed with
    ``SECRET_KEY``.

    >>> from flask import Flask, url_for
    >>> from snippets.converters import SignedConverter
    >>> app = Flask("shop")
    >>> app.url_map.converters["signed"] = SignedConverter
    >>> rule = app.add_url_rule('/orders/<signed("order"):number>', "order")
    >>> app.secret_key = "an example, not a secret"
    >>> with app.test_request_context():
    ...     url_for("order", number=42)
    '/orders/42.p2FviOK4_DeBoVWee51B2CMRYd2ugYIik-vpwPP0ESs'

    Args:
        url_map (werkzeug.routing.Map): The URL map; Werkzeug passes it.
        purpose: What the value identifies, such as ``"order"``. A signature for one purpose is not valid for another.
        using: Name of the converter for the value.
        *args: Positional arguments for that converter.
        max_age: For how many seconds a link is valid. By default a link does not expire.
        **kwargs: Keyword arguments for that converter.

    Raises:
        LookupError: When the rule is added, if ``using`` is not the name of a converter.
        ValueError: When the rule is added, if ``max_age`` is not an integer above 0, or if the converter stands in a
            subdomain or host, where a signature would lose its uppercase letters.
    """

    weight = 75

    def __init__(
        self,
        url_map: Map,
        purpose: str,
        using: str = "int",
        *args: Any,
        max_age: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(url_map)
        self._refuse_domain("a signature")
        if max_age is not None and (not isinstance(max_age, int) or max_age <= 0):
            raise ValueError(f"max_age {max_age!r} is not a whole number of seconds above 0")
        self._purpose = purpose
        self._max_age = max_age
        self._value = _wrapped(url_map, using, args, kwargs)
        time = r"\.[A-Za-z0-9_-]{6,8}" if max_age else ""
        # 256 bits fill 42 characters and a part of one more, which therefore can only be one of 16.
        signature = r"\.[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]"
        exact = f"(?:{self._value.regex}){time}{signature}"
        self._embed(exact, spans=not self._value.part_isolating)

    def to_python(self, value: str) -> Any:
        """Return the value that was signed.

        Raises:
            ValidationError: If the signature is not valid for this value and purpose, or if it is too old.
            RuntimeError: If the application has no secret key, or ``SECRET_KEY_FALLBACKS`` is not a list of keys.
        """
        signer = self._signer()
        signed = self._without_slash(value)
        try:
            if isinstance(signer, TimestampSigner):
                text = signer.unsign(signed, max_age=self._max_age)
            else:
                text = signer.unsign(signed)
        except BadSignature as error:
            raise ValidationError from error
        return self._value.to_python(text.decode())

    def to_url(self, value: Any) -> str:
        """Return the value, a dot and its signature.

        Raises:
            ValueError: If the view would not receive an equal value.
            RuntimeError: If ``SECRET_KEY`` is missing, or ``SECRET_KEY_FALLBACKS`` is not a list of keys.
        """
        return super().to_url(self._signer().sign(_text(self._value, value)).decode())

    def _signer(self) -> Signer:
        key = current_app.config["SECRET_KEY"]
        if not key:
            raise RuntimeError("the signed converter needs a SECRET_KEY")
        old = current_app.config.get("SECRET_KEY_FALLBACKS")
        if old is None:
            old = []
        # An empty key signs for everybody, and a string would be taken for a list of keys of one letter.
        if not isinstance(old, list | tuple) or not all(
            isinstance(each, str | bytes) and each for each in old
        ):
            raise RuntimeError("SECRET_KEY_FALLBACKS has to be a list of keys that are not empty")
        signer, kind = (TimestampSigner, "timed:") if self._max_age else (Signer, "")
        return signer(
            [*old, key],
            salt=f"snippets.converters.SignedConverter:{kind}{self._purpose}",
            key_derivation="hmac",
            digest_method=hashlib.sha256,
        )


def enum_converter(members: type[enum.Enum]) -> type[BaseConverter]:
    """Return a converter class for the members of an enum. The URL contains the value of the member.

    >>> from enum import Enum
    >>> from werkzeug.routing import Map, Rule
    >>> from snippets.converters import enum_converter
    >>> class State(Enum):
    ...     OPEN = "open"
    ...     CLOSED = "closed"
    >>> rule = Rule("/issues/<state:state>", endpoint="issues")
    >>> urls = Map([rule], converters={"state": enum_converter(State)}).bind("example.com")
    >>> urls.match("/issues/open")
    ('issues', {'state': <State.OPEN: 'open'>})
    >>> urls.build("issues", {"state": State.CLOSED})
    '/issues/closed'

    Args:
        members: The enum. The URL contains exactly ``str(member.value)``.

    Returns:
        type: A class to register in ``app.url_map.converters``. Its ``to_url`` raises :exc:`ValueError` for any value
        that is not a member. A combination of flags is a member if the enum has a name for it.

    Raises:
        ValueError: If the enum has no members, if two members have the same text, or if a text is empty.
    """
    # An alias is the member itself, under a second name.
    named = {member.name: member for member in members.__members__.values()}
    texts = {str(member.value): member for member in named.values()}
    if "" in texts or len(texts) != len(named) or not texts:
        raise ValueError(
            f"the values of {members.__name__} are not texts that are different and not empty"
        )

    class EnumConverter(_Converter):
        weight = 75

        def __init__(self, url_map: Map) -> None:
            super().__init__(url_map)
            spans = any("/" in text for text in texts)
            self._embed("|".join(map(re.escape, texts)), spans=spans)

        def to_python(self, value: str) -> enum.Enum:
            return texts[self._without_slash(value)]

        def to_url(self, value: object) -> str:
            if not isinstance(value, members) or texts.get(str(value.value)) is not value:
                raise ValueError(f"{value!r} is not a member of {members.__name__}")
            return super().to_url(value.value)

    return EnumConverter


def model_converter(
    load: Callable[[Any], T | None],
    key: Callable[[T], object],
    using: str = "int",
) -> type[BaseConverter]:
    """Return a converter class that passes the view an object instead of its key, or responds with 404.

    >>> from operator import attrgetter
    >>> from types import SimpleNamespace
    >>> from werkzeug.routing import Map, Rule
    >>> from snippets.converters import model_converter
    >>> users = {1: SimpleNamespace(id=1, name="Ada")}
    >>> user_converter = model_converter(users.get, key=attrgetter("id"))
    >>> rule = Rule("/users/<user:user>", endpoint="user")
    >>> urls = Map([rule], converters={"user": user_converter}).bind("example.com")
    >>> urls.match("/users/1")
    ('user', {'user': namespace(id=1, name='Ada')})
    >>> urls.build("user", {"user": users[1]})
    '/users/1'
    >>> urls.match("/users/2")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    werkzeug.exceptions.NotFound: 404 Not Found: ...

    Args:
        load (collections.abc.Callable): Called with the key for each request that matches the rule; it can use the
            application and the request as a view can. Returns the object, or None if there is none.
        key (collections.abc.Callable): Called by ``url_for`` with an object; returns its key.
        using: Name of the converter for the key. It receives the arguments in the rule, as in ``<user(max=999):user>``.

    Returns:
        type: A converter class to register in ``app.url_map.converters``. Its ``to_python`` raises
        :exc:`werkzeug.exceptions.NotFound` if ``load`` returns None. Its ``to_url`` raises :exc:`ValueError` if
        ``load`` would not be called with an equal key, for example if the key is None because the object is not saved
        yet.
    """

    class ModelConverter(_Converter):
        def __init__(self, url_map: Map, *args: Any, **kwargs: Any) -> None:
            super().__init__(url_map)
            self._key = _wrapped(url_map, using, args, kwargs)
            self.weight = self._key.weight
            self._embed(self._key.regex, spans=not self._key.part_isolating)

        def to_python(self, value: str) -> T:
            found = load(self._key.to_python(self._without_slash(value)))
            if found is None:
                # Not ValidationError: with that, a rule for another method would turn 404 into 405.
                raise NotFound
            return found

        def to_url(self, value: T) -> str:
            return super().to_url(_text(self._key, key(value)))

    return ModelConverter


#: The converters of this module that need no configuration, by name. Pass them to ``app.url_map.converters.update``.
CONVERTERS = {
    "re": RegexConverter,
    "list": ListConverter,
    "date": DateConverter,
    "base": BaseNConverter,
    "signed": SignedConverter,
}
