r"""URL converters to copy: patterns, lists, dates, short numbers, enums, signed values and model objects.

Register those without parameters of their own in one line, before the first rule that uses them:

>>> from flask import Flask
>>> from snippets.converters import CONVERTERS
>>> app = Flask("shop")
>>> app.url_map.converters.update(CONVERTERS)
>>> sorted(CONVERTERS)
['base', 'date', 'list', 're', 'signed']

:func:`enum_converter` and :func:`model_converter` make a class for one enum or one model; register it under a name
of your choice.

What ``url_for`` builds with these converters matches again and gives the value back. A value that would not come
back is refused with :exc:`ValueError`, where a dead link would come out otherwise. Their ``weight`` puts them
between numbers (50) and plain text (100), so that ``<re("[a-z]+"):slug>`` is tried before ``<name>``; a list, which
accepts nearly any text, comes after plain text.
"""

import enum
import hashlib
import re
import string
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, TypeVar
from urllib.parse import unquote

from flask import current_app
from itsdangerous import BadSignature, Signer
from werkzeug.exceptions import NotFound
from werkzeug.routing import BaseConverter, Map, ValidationError

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

# One token of a regular expression: as much of its grammar as is needed to tell a group or an anchor
# from the same character in a set or behind a backslash.
_PIECE = re.compile(
    r"""
      \\[0-3][0-7]{2}               # a character by its octal number
    | \\.                           # any other escape
    | \[\^?\]?(?:\\.|[^\]\\])*\]    # a set
    | \(\?\#[^)]*\)                 # a comment
    | \(\?P<\w+>                    # a named group
    | \(\?P=\w+\)                   # a reference to one
    | \(\?\(\w+\)                   # a choice that depends on one
    | \(\?[a-zA-Z]+\)               # flags for the whole expression
    | \(\?[a-zA-Z-]*:               # a group that does not capture
    | \(\?(?:[=!>]|<[=!])           # looking around, an atomic group
    | .
    """,
    re.VERBOSE | re.DOTALL,
)


def _embeddable(pattern: object) -> str:
    """Return the pattern as it can stand inside a rule, or say why there is no such thing."""
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
        if piece in {"^", r"\A"}:
            # A converter always matches the whole value: an anchor at an edge says nothing new.
            if depth or (kept and kept[-1] != "|"):
                raise _anchored(pattern, piece)
        elif piece in {"$", r"\Z", r"\z"}:
            if depth or following not in {"|", "$", r"\Z", r"\z"}:
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
        else:
            # Named groups of two converters could clash, and nobody reads what a group captures.
            kept.append("(?:" if piece == "(" or piece.startswith("(?P<") else piece)
        depth += piece.startswith("(") and not piece.endswith(")")
        depth -= piece == ")"
    if not kept:
        raise ValueError(
            f"the pattern {pattern!r} matches empty text only: leave the variable out of the rule"
        )
    return "".join(kept)


def _anchored(pattern: str, anchor: str) -> ValueError:
    return ValueError(
        f"the pattern {pattern!r} has {anchor!r} inside, where it depends on what the rule puts around the "
        r"pattern: leave it out, the whole value has to match anyway, or write \b for the end of a word"
    )


def _converter(
    url_map: Map, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> BaseConverter:
    """Make the converter that another one wraps."""
    if name not in url_map.converters:
        raise LookupError(f"the converter {name!r} does not exist")
    return url_map.converters[name](url_map, *args, **kwargs)


def _text(converter: BaseConverter, value: Any) -> str:
    """Return what the wrapped converter will get back from the URL, or refuse a value that would not match."""
    text = unquote(converter.to_url(value))
    try:
        if not re.fullmatch(converter.regex, text):
            raise ValidationError
        converter.to_python(text)
    except ValidationError:
        # A plain ValueError reaches the caller; Werkzeug would hide this one behind a BuildError.
        raise ValueError(f"{value!r} would not match in a URL") from None
    return text


class RegexConverter(BaseConverter):
    r"""Text that matches a regular expression from the first character to the last.

    A value is accepted if and only if :func:`re.fullmatch` accepts it. Groups, named or not, and
    alternatives work; anchors at the edges (``^[0-9]+$``) are allowed and not needed. A pattern with a slash
    in it may match across segments of the path; one without never does.

    What cannot work inside a rule is refused when the rule is added: no pattern or an empty one, an invalid
    one, a backreference, flags for the whole expression such as ``(?i)``, an anchor that is not at an edge.

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
        pattern: A regular expression in the syntax of :mod:`re`. In the rule it stands in quotes, may not
            contain the same quote, and backslashes in it are taken as they are. Write the rule as a raw
            string.

    Raises:
        ValueError: When the rule is added, if the pattern cannot work in it.
    """

    weight = 75

    def __init__(self, url_map: Map, pattern: str = "") -> None:
        super().__init__(url_map)
        self.regex = _embeddable(pattern)
        # Werkzeug looks for a slash in a `regex` of the class, not of the object.
        self.part_isolating = "/" not in self.regex
        self._pattern = re.compile(pattern)

    def to_python(self, value: str) -> str:
        """Return the text as it is.

        Raises:
            ValidationError: If only the text around it in the URL made the pattern match.
        """
        if not self._pattern.fullmatch(value):
            raise ValidationError
        return value

    def to_url(self, value: object) -> str:
        """Return ``str(value)``, percent-encoded.

        Raises:
            ValueError: If the pattern does not match, or the value has a slash and the pattern has none.
        """
        text = str(value)
        if not self._pattern.fullmatch(text) or (self.part_isolating and "/" in text):
            raise ValueError(f"{text!r} does not match the pattern {self._pattern.pattern!r}")
        return super().to_url(text)


class _TextConverter(BaseConverter):
    """Any text that is not empty; inside a list even with slashes."""

    regex = "(?s:.+)"

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map)


class ListConverter(BaseConverter):
    """One or more values in one segment of the path: ``/compare/3,5,8`` is ``[3, 5, 8]``.

    Items are text, or what another converter makes of it. The separator, a slash or a tilde inside an item
    is escaped as ``~2``, ``~1`` or ``~0``, so that any text comes back as it was. Percent-encoding cannot do
    this: servers undo it before the URL is matched.

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
        using: Name of the converter of the items; without it they are text.
        *args: Positional arguments of that converter.
        sep: The separator, one character that is no letter, digit, slash or tilde.
        **kwargs: Keyword arguments of that converter.

    Raises:
        ValueError: When the rule is added, if the separator is not such a character.
        LookupError: When the rule is added, if there is no converter of the name ``using``.
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
            self._item: BaseConverter = _TextConverter(url_map, **kwargs)
        else:
            self._item = _converter(url_map, using, args, kwargs)
        self._escapes = {"~": "~0", "/": "~1", sep: "~2"}
        self._unescapes = {code: char for char, code in self._escapes.items()}
        self._unescapes["~3"] = "."

    def to_python(self, value: str) -> list[Any]:
        """Return the items, each converted.

        Raises:
            ValidationError: If an item is empty, or its converter does not accept it.
        """
        return [self._item_to_python(text) for text in value.split(self._sep)]

    def to_url(self, value: Iterable[Any]) -> str:
        """Return the items, each converted and escaped, with separators between them.

        Raises:
            ValueError: If there is no item, an item is empty, or its converter would not accept it back.
        """
        if isinstance(value, str):
            raise ValueError(f"{value!r} is one text, not a list of items")
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


class DateConverter(BaseConverter):
    """A day in ISO 8601, year, month and day: ``/log/2025-01-31`` is ``datetime.date(2025, 1, 31)``.

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

    def __init__(self, url_map: Map) -> None:
        # The base class would take any argument in the rule and ignore it.
        super().__init__(url_map)

    def to_python(self, value: str) -> date:
        """Return the day.

        Raises:
            ValidationError: If the calendar has no such day.
        """
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise ValidationError from error

    def to_url(self, value: date) -> str:
        """Return the day with four digits for the year, also before the year 1000.

        Raises:
            ValueError: If the value is no :class:`datetime.date`, or has a time of day as well.
        """
        if not isinstance(value, date) or isinstance(value, datetime):
            raise ValueError(f"{value!r} is not a datetime.date")
        return value.isoformat()


class BaseNConverter(BaseConverter):
    """A whole number written with more digits than ten, so that it is short: ``/s/2lkCB1`` is 2147483647.

    Digits are ``0`` to ``9``, then ``a`` to ``z``, then ``A`` to ``Z``, as many as the base needs. Each number
    has one spelling: leading zeros do not match. This makes numbers short, not secret.

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
        base: How many digits there are, 2 to 62.
        max: The largest number; the default is the largest that a ``BIGINT`` column holds.

    Raises:
        ValueError: When the rule is added, if the base is not in its range or ``max`` is negative.
    """

    weight = 75

    def __init__(self, url_map: Map, base: int = 62, max: int = 2**63 - 1) -> None:  # noqa: A002  as in <int(max=...)>
        super().__init__(url_map)
        if not 2 <= base <= 62 or max < 0:
            raise ValueError(f"base {base!r} is not between 2 and 62, or max {max!r} is negative")
        self._digits = (string.digits + string.ascii_letters)[:base]
        self._max = max
        more = len(self._encode(max)) - 1
        self.regex = f"(?:0|[{self._digits[1:]}][{self._digits}]{{0,{more}}})"

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
            ValueError: If the value is no :class:`int`, is negative or larger than ``max``.
        """
        if not isinstance(value, int) or not 0 <= value <= self._max:
            raise ValueError(f"{value!r} is not a whole number between 0 and {self._max}")
        return self._encode(value)

    def _encode(self, number: int) -> str:
        text = ""
        while True:
            number, digit = divmod(number, len(self._digits))
            text = self._digits[digit] + text
            if not number:
                return text


class SignedConverter(BaseConverter):
    """A value with a signature that only this application can make: ``/orders/42.p2Fv…``.

    The value is converted by another converter and stays readable; what cannot be done without the secret
    key is to change it, to guess the URL of another one, or to use it for another purpose. The signature is
    HMAC-SHA256 by :class:`itsdangerous.signer.Signer`, 43 characters. It says that you gave the link to somebody,
    not to whom: it does not replace a check of permissions.

    The key is the application's ``SECRET_KEY``, read each time, so it may be set after the rules. After
    a rotation, URLs signed with a key in ``SECRET_KEY_FALLBACKS`` still match; new ones use the new key.

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
        purpose: What the value identifies, such as ``"order"``. A signature made for one purpose is not
            valid for another.
        using: Name of the converter of the value.
        *args: Positional arguments of that converter.
        **kwargs: Keyword arguments of that converter.

    Raises:
        LookupError: When the rule is added, if there is no converter of the name ``using``.
    """

    weight = 75

    def __init__(
        self, url_map: Map, purpose: str, using: str = "int", *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(url_map)
        self._purpose = purpose
        self._value = _converter(url_map, using, args, kwargs)
        # 256 bits fill 42 characters and a part of one more, which therefore can only be one of 16.
        self.regex = rf"(?:{self._value.regex})\.[A-Za-z0-9_-]{{42}}[AEIMQUYcgkosw048]"
        self.part_isolating = self._value.part_isolating

    def to_python(self, value: str) -> Any:
        """Return the value that was signed.

        Raises:
            ValidationError: If the signature is not valid for this value and this purpose.
            RuntimeError: If the application has no secret key.
        """
        try:
            text = self._signer().unsign(value).decode()
        except BadSignature as error:
            raise ValidationError from error
        return self._value.to_python(text)

    def to_url(self, value: Any) -> str:
        """Return the value, a dot and its signature.

        Raises:
            ValueError: If the value's converter would not accept it back.
            RuntimeError: If the application has no secret key.
        """
        return super().to_url(self._signer().sign(_text(self._value, value)).decode())

    def _signer(self) -> Signer:
        key = current_app.config["SECRET_KEY"]
        if not key:
            raise RuntimeError("the signed converter needs a SECRET_KEY")
        return Signer(
            [*(current_app.config["SECRET_KEY_FALLBACKS"] or ()), key],
            salt=f"snippets.converters.SignedConverter:{self._purpose}",
            key_derivation="hmac",
            digest_method=hashlib.sha256,
        )


def enum_converter(members: type[enum.Enum]) -> type[BaseConverter]:
    """Make a converter for the members of an enum; their values stand in the URL.

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
        members: The enum. ``str(member.value)`` is what stands in the URL, in exactly this spelling.

    Returns:
        type: A class to register in ``app.url_map.converters``. Its ``to_url`` raises :exc:`ValueError` for
        anything but a member.

    Raises:
        ValueError: If the enum has no members, two members have the same text, or a text is empty.
    """
    texts = {str(member.value): member for member in members}
    if "" in texts or len(texts) != len(members) or not texts:
        raise ValueError(
            f"the values of {members.__name__} are not texts that are different and not empty"
        )

    class EnumConverter(BaseConverter):
        regex = f"(?:{'|'.join([re.escape(text) for text in texts])})"
        weight = 75

        def to_python(self, value: str) -> enum.Enum:
            return texts[value]

        def to_url(self, value: object) -> str:
            if not isinstance(value, members):
                raise ValueError(f"{value!r} is not a member of {members.__name__}")
            return super().to_url(value.value)

    return EnumConverter


def model_converter(
    load: Callable[[Any], T | None],
    key: Callable[[T], object],
    using: str = "int",
) -> type[BaseConverter]:
    """Make a converter that gives the view an object instead of its key, or answers 404.

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
        load (collections.abc.Callable): Called with the key for each request that the rule matches; the
            application and the request are at hand as in a view. Returns the object, or None if there is none.
        key (collections.abc.Callable): Called with an object by ``url_for``; returns its key.
        using: Name of the converter of the key. Arguments in the rule are passed on to it, as in
            ``<user(max=999):user>``.

    Returns:
        type: A class to register in ``app.url_map.converters``. Its ``to_python`` raises
        :exc:`werkzeug.exceptions.NotFound` where ``load`` returns None.
    """

    class ModelConverter(BaseConverter):
        def __init__(self, url_map: Map, *args: Any, **kwargs: Any) -> None:
            super().__init__(url_map)
            self._key = _converter(url_map, using, args, kwargs)
            self.regex = self._key.regex
            self.weight = self._key.weight
            self.part_isolating = self._key.part_isolating

        def to_python(self, value: str) -> T:
            found = load(self._key.to_python(value))
            if found is None:
                # Not ValidationError: with that, a rule for another method would turn 404 into 405.
                raise NotFound
            return found

        def to_url(self, value: T) -> str:
            return super().to_url(_text(self._key, key(value)))

    return ModelConverter


#: The converters of this module that need nothing but their name, ready for ``app.url_map.converters``.
CONVERTERS = {
    "re": RegexConverter,
    "list": ListConverter,
    "date": DateConverter,
    "base": BaseNConverter,
    "signed": SignedConverter,
}
