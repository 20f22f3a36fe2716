"""Holds an answer from the browser against the recorded one.

Status, every header and the body are compared. What already differs between two recordings, such as a random token, is
not; nor are the order of the methods in ``Allow``, a set, the length of a body that is compared itself, and when and
where a file lies that is sent. A message that Python has changed counts as the same one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

#: Headers that say nothing that the body does not.
IDLE = ("content-length",)
#: What an older Python, with which the site may be built, says in other words.
MESSAGES = {"integer division or modulo by zero": "division by zero"}
#: The tag of a file: when it was written, its length, a sum of its path.
FILE_TAG = re.compile(r'"[\d.]+-(\d+)-\d+"')


@dataclass(frozen=True)
class Plain:
    """An answer: the line of its status, its headers, its body."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def is_file(self) -> bool:
        """Whether a file was sent, whose time is that of its copy on the machine."""
        return any(key.lower() == "etag" and FILE_TAG.search(value) for key, value in self.headers)

    def parts(self) -> dict[str, str]:
        """Return what is compared, by its name."""
        found = {"status": self.status}
        for name, value in sorted(self.headers, key=lambda header: header[0].lower()):
            key = name.lower()
            if key in IDLE:
                continue
            if key == "etag":
                value = FILE_TAG.sub(r'"\1"', value)
            if key == "last-modified" and self.is_file:
                continue
            if key in ("allow", "access-control-allow-methods", "vary"):
                value = ", ".join(sorted(re.split(r",\s*", value)))
            found[key] = f"{found[key]}\n{value}" if key in found else value
        found["body"] = self.body.decode("utf-8", "replace")
        for old, new in MESSAGES.items():
            found["body"] = found["body"].replace(old, new)
        return found


def differing(live: Plain, recorded: Plain, again: Plain) -> Iterator[tuple[str, str, str]]:
    """Yield each part in which an answer differs from the recorded one: name, live, recorded.

    Args:
        live: What came in the browser.
        recorded: What was recorded.
        again: A second recording; what differs between the two must differ.
    """
    here, then, once_more = live.parts(), recorded.parts(), again.parts()
    for name in dict.fromkeys([*then, *here]):
        values = here.get(name, ""), then.get(name, ""), once_more.get(name, "")
        if values[0] != values[1] and values[1] == values[2]:
            yield name, values[0], values[1]


def first(differences: Iterable[tuple[str, str, str]]) -> str:
    """Return the first difference in one line, ``""`` if there is none."""
    for name, live, recorded in differences:
        lines = list(zip(live.splitlines() or [""], recorded.splitlines() or [""], strict=False))
        one, other = next(
            (pair for pair in lines if pair[0] != pair[1]), (live[-80:], recorded[-80:])
        )
        return f"{name}: {one[:80]!r} for {other[:80]!r}"
    return ""
