"""Cookies that no honest browser sends, by the thousand; ``nox -s fuzz`` sends a million.

Whatever the header holds, the answer is a good one, nothing is written, no cookie is set, nothing is logged, and the
store is asked only for what has the form of an id. Data come back only to who sends a whole id that is alive.
"""

from __future__ import annotations

import os
import random
import re
import time
from typing import Any

import pytest
from flask import Flask, Request, session
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import create_environ

from snippets.server_sessions.memory_store import MemoryStore
from snippets.sessions import ServerSideSessionInterface
from tests.reference.sessions.contract import Site, Subject

INPUTS = int(os.environ.get("PROVEN_FUZZ_INPUTS", "20000"))
SEED = int(os.environ.get("PROVEN_FUZZ_SEED", "20250131"))
SID = re.compile(r"[A-Za-z0-9_-]{43}")
URL_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
DATA = {"user": "ada"}


class Guard(ServerSideSessionInterface):
    """An interface that refuses to ask the store for what cannot be an id."""

    def key(self, app: Flask, sid: str) -> str:
        assert SID.fullmatch(sid), sid
        return super().key(app, sid)


class Target:
    """An application with one session alive, which is sent headers."""

    def __init__(self, **options: Any) -> None:
        store = MemoryStore()
        subject = Subject(lambda **options: Guard(store, **options))
        self.site = Site(subject, **options)
        self.live = str(self.site.visitor(**DATA).cookie)
        self.site.calls.clear()
        self.found: dict[str, Any] = {}
        self.environ = create_environ("/")

    def _view(self) -> str:
        self.found = dict(session)
        return ""

    def send(self, header: str) -> None:
        """Send a header and check the answer."""
        answers: list[tuple[str, list[tuple[str, str]]]] = []
        environ = self.environ | {"HTTP_COOKIE": header, "view": self._view}
        start = time.perf_counter()
        body = self.site.app(
            environ, lambda status, headers, _=None: answers.append((status, headers))
        )  # type: ignore[arg-type]
        list(body)
        taken = time.perf_counter() - start
        ((status, headers),) = answers
        assert status == "200 OK"
        assert "Set-Cookie" not in dict(headers)
        value = Request(environ).cookies.get("session", "")
        # Of the last character of a signature, two bits mean nothing.
        assert self.found == {} or (self.found == DATA and value[:-1] == self.live[:-1])
        assert self.found == DATA or value != self.live
        assert set(self.site.calls) <= {"read"}
        assert self.site.log == []
        assert taken < 5, "a header must not keep the server busy"
        self.site.calls.clear()


def mutated(chance: random.Random, text: str) -> str:
    """Return a text with something wrong in one place."""
    place = chance.randrange(len(text) + 1)
    match chance.randrange(8):
        case 0:
            return text[:place] + chr(chance.randrange(256)) + text[place:]
        case 1:
            return text[:place] + chr(chance.randrange(256)) + text[place + 1 :]
        case 2:
            return text[:place]
        case 3:
            return text + text[place:]
        case 4:
            return text.swapcase()
        case 5:
            return f'"{text}"'
        case 6:
            return text[:place] + f"\\{chance.randrange(512):03o}" + text[place:]
        case _:
            return text[:place] + f"%{chance.randrange(256):02x}" + text[place:]


def header(chance: random.Random, live: str) -> str:
    """Return a cookie header of one of many kinds."""
    match chance.randrange(8):
        case 0:
            value = "".join(chr(chance.randrange(256)) for _ in range(chance.randrange(90)))
        case 1:
            value = "".join(chance.choices(URL_SAFE, k=chance.choice([0, 1, 42, 43, 44, 86, 300])))
        case 2:
            value = (
                "".join(chance.choices(URL_SAFE, k=43))
                + "."
                + "".join(chance.choices(URL_SAFE, k=43))
            )
        case 3:
            value = "".join(chance.choices('"\\;,= \t%.', k=chance.randrange(60)))
        case 4:
            value = chr(chance.randrange(256)) * chance.choice([43, 87, 1000, 4000])
        case 5:
            value = live
        case _:
            value = mutated(chance, live)
            while chance.random() < 0.3:
                value = mutated(chance, value)
    name = chance.choice(
        ["session", "session", "session", "session", " session", "Session", "s", ""]
    )
    parts = [f"{name}={value}"]
    if chance.random() < 0.2:
        parts.insert(chance.randrange(2), f"session={mutated(chance, live)}")
    return chance.choice(["; ", ";", ",", "; ; "]).join(parts)


@pytest.mark.fuzz
@pytest.mark.parametrize("options", [{}, {"use_signer": True}], ids=["plain", "signed"])
def test_no_cookie_does_harm(options: dict[str, Any]) -> None:
    target = Target(**options)
    chance = random.Random(SEED)
    met = 0
    for _ in range(INPUTS // 2):
        target.send(header(chance, target.live))
        met += target.found != {}
    # The fuzzer is worth something only if it also hits.
    assert INPUTS // 2 // 50 < met < INPUTS // 2 // 2


@pytest.mark.parametrize("options", [{}, {"use_signer": True}], ids=["plain", "signed"])
def test_no_cookie_that_hypothesis_thinks_of_does_harm(options: dict[str, Any]) -> None:
    target = Target(**options)
    texts = st.binary(max_size=200).map(lambda value: value.decode("latin1"))

    @given(st.one_of(texts, st.text().map(lambda value: value.encode().decode("latin1"))))
    def check(value: str) -> None:
        target.send(value)
        target.send(f"session={value}")
        target.send(f"session={target.live}{value}")

    check()
