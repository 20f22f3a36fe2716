"""A process of visitors that remember what they were told, and count each answer that denies it.

``python -m proven.commands.chaos.clients ORDER`` runs the visitors that a JSON object describes (see `Order`) until its
standard input ends, or until it has had so many answers. Then it looks once more at every session that it knows, and
prints its `Tally` as JSON. It imports little, so it starts at once.

A change that was answered with anything but 200 may have been carried out or not: both are right, until a later change
is acknowledged or a reader has seen it.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import sys
import threading
import time
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import TypedDict
from urllib.parse import urlencode

from proven.commands.chaos.tally import Tally, total

PATIENCE = 40.0  # seconds: longer than any answer may take
PAUSE = 0.02  # seconds after an answer that was no success
VISITORS = 2  # each thread has so many, and takes turns among them
KNOWN = 40  # ended sessions that a thread remembers
RECOVERY = 15.0  # seconds in which the last look must succeed

STEPS = {
    "read": 46,
    "write": 30,
    "login": 5,
    "logout": 3,
    "login beside": 4,
    "logout beside": 4,
    "old": 8,
}
"""What a visitor does, and how often. Beside: while another request of the same browser writes."""


class Order(TypedDict):
    """What a process of clients is to do.

    Attributes:
        port: Where the web server is.
        name: What the names of its visitors begin with.
        threads: How many requests it makes at a time.
        answers: After how many answers it ends; 0 if its standard input decides that.
        size: The bytes that a change adds to a session.
        eras: A file that grows by a byte when the server has forgotten all; empty if it never does.
        cookies: Sessions that are there already, by the names of their users: these are read, and no others made.
    """

    port: int
    name: str
    threads: int
    answers: int
    size: int
    eras: str
    cookies: dict[str, str]


@dataclass
class Answer:
    """An answer: of status 0 if there was none. `cookie` is what it sets, empty if it deletes it."""

    status: int
    user: str | None = None
    n: int | None = None
    cookie: str | None = None

    @property
    def good(self) -> bool:
        """Whether the request succeeded."""
        return self.status == 200


@dataclass
class Visitor:
    """A browser, and what it was told.

    Attributes:
        name: Its user's name, which nobody else has.
        cookie: Its session cookie.
        n: The last number that it wrote or read.
        unsure: Numbers that it wrote since, with no good answer.
        era: When the last change was acknowledged, by the file of eras.
        leaving: Whether it asked for an end or a new id and got no good answer: the session may be gone.
        next: The next number to write.
    """

    name: str
    cookie: str = ""
    n: int = 0
    unsure: set[int] = field(default_factory=set)
    era: int = 0
    leaving: bool = False
    next: int = 1


class Browser(threading.Thread):
    """Visitors that take turns: one request at a time, but for two beside each other.

    Attributes:
        tally: What was counted.
    """

    def __init__(self, order: Order, number: int, stop: threading.Event) -> None:
        super().__init__()
        self.tally = Tally()
        self._order = order
        self._name = f"{order['name']}-{number}"
        self._random = random.Random(self._name)  # noqa: S311  a load, not a secret
        self._stop_asked = stop
        self._lock = threading.Lock()
        self._visitors: list[Visitor] = []
        self._ended: list[tuple[str, str]] = []
        self._made = 0

    def run(self) -> None:
        """Visit until asked to stop, and look once more."""
        known = [Visitor(name, cookie) for name, cookie in self._order["cookies"].items()]
        while not self._stop_asked.is_set():
            if known:
                self._read_only(self._random.choice(known))
            elif len(self._visitors) < VISITORS:
                self._arrive()
            else:
                step = self._random.choices([*STEPS], [*STEPS.values()])[0]
                self._step(step, self._random.choice(self._visitors))
        self._look_again()

    # Requests.

    def _ask(
        self, method: str, path: str, cookie: str, beside: bool = False, **form: object
    ) -> Answer:
        """Make a request on a connection of its own, so that any worker may answer."""
        headers = {"Cookie": f"session={cookie}"} if cookie else {}
        body = urlencode(form) if form else None
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        start = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self._order["port"], timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            answer = self._read(response.status, response.getheader("Set-Cookie"), response.read())
        except (OSError, http.client.HTTPException):
            answer = Answer(0)
        finally:
            connection.close()
        took = time.monotonic() - start
        with self._lock:
            self.tally.requests += 1
            self.tally.longest = max(self.tally.longest, took)
            statuses = self.tally.beside if beside else self.tally.statuses
            statuses[str(answer.status or "none")] += 1
        if not answer.good:
            time.sleep(PAUSE)
        return answer

    def _read(self, status: int, set_cookie: str | None, body: bytes) -> Answer:
        cookie = SimpleCookie(set_cookie)["session"].value if set_cookie else None
        if status != 200:
            return Answer(status, cookie=cookie)
        data = json.loads(body)
        with self._lock:
            self.tally.processes.add(data["process"])
        return Answer(status, data["user"], data["n"], cookie)

    def _era(self) -> int:
        return os.stat(self._order["eras"]).st_size if self._order["eras"] else 0

    # What visitors do.

    def _arrive(self) -> None:
        self._made += 1
        visitor = Visitor(f"{self._name}-{self._made}", era=self._era())
        answer = self._ask("POST", "/start", "", user=visitor.name)
        if answer.good and answer.user is not None:
            self._mixed(visitor, answer)
        if answer.good and answer.cookie:
            self.tally.acknowledged += 1
            visitor.cookie = answer.cookie
            self._visitors.append(visitor)

    def _read_only(self, visitor: Visitor) -> None:
        answer = self._ask("GET", "/", visitor.cookie)
        if answer.good:
            self._is_right(visitor, answer)

    def _step(self, step: str, visitor: Visitor) -> None:
        if step == "old":
            self._look_at_old()
            return
        era, cookie = self._era(), visitor.cookie
        match step:
            case "read":
                answer = self._ask("GET", "/", cookie)
            case "write":
                answer = self._write(visitor)
            case "login" | "logout":
                answer = self._ask("POST", f"/{step}", cookie)
            case _:
                answer = self._beside(step.split()[0], visitor)
        alive = not answer.good or self._is_right(visitor, answer)
        if alive and answer.good and step != "read":
            self.tally.acknowledged += 1
            visitor.era = era
        if not alive or (visitor.leaving and self._random.random() < 0.2):
            self._visitors.remove(visitor)
        elif step.startswith("login"):
            self._logged_in(visitor, cookie, answer)
        elif step.startswith("logout"):
            self._logged_out(visitor, cookie, answer)

    def _write(self, visitor: Visitor) -> Answer:
        number = visitor.next
        visitor.next += 1
        visitor.unsure.add(number)
        answer = self._ask("POST", "/write", visitor.cookie, n=number, size=self._order["size"])
        if answer.good and self._is_right(visitor, answer, count=False):
            # Now the number is what the next answer must have found.
            visitor.n, visitor.unsure = number, set()
            answer.n = number
        return answer

    def _beside(self, step: str, visitor: Visitor) -> Answer:
        """Log in or out while another request of the browser writes; its answer may come first or last."""
        number, cookie = visitor.next, visitor.cookie
        visitor.next += 1
        visitor.unsure.add(number)
        late: list[Answer] = []

        def write() -> None:
            size = self._order["size"]
            late.append(self._ask("POST", "/write", cookie, beside=True, n=number, size=size))

        other = threading.Thread(target=write)
        other.start()
        answer = self._ask("POST", f"/{step}", cookie)
        other.join()
        if late[0].good and late[0].user not in (None, visitor.name):
            self._mixed(visitor, late[0])
        if late[0].cookie is not None and answer.good:
            # Whichever comes last, the browser would have this cookie and not that of the login.
            self.tally.lost += step == "login"
            self.tally.note(f"{visitor.name}: a write beside a {step} set the cookie: {late[0]}")
        return answer

    def _logged_in(self, visitor: Visitor, old: str, answer: Answer) -> None:
        if answer.good and answer.cookie:
            visitor.cookie = answer.cookie
            self._remember(old, visitor)
        elif answer.good:
            self.tally.lost += 1
            self.tally.note(f"{visitor.name}: a login without a cookie: {answer}")
            self._visitors.remove(visitor)
        else:
            visitor.leaving = True

    def _logged_out(self, visitor: Visitor, old: str, answer: Answer) -> None:
        if answer.good:
            self._remember(old, visitor)
            self._visitors.remove(visitor)
        else:
            visitor.leaving = True

    def _remember(self, cookie: str, visitor: Visitor) -> None:
        self._ended.append((cookie, visitor.name))
        del self._ended[:-KNOWN]

    # What must be right.

    def _is_right(self, visitor: Visitor, answer: Answer, count: bool = True) -> bool:
        """Compare a good answer with what the visitor knows. Return whether the session goes on."""
        if answer.user == visitor.name and answer.n is not None:
            if answer.n == visitor.n or answer.n in visitor.unsure:
                visitor.unsure.discard(answer.n)
                visitor.n = answer.n
                return True
            if answer.n > visitor.n:
                self.tally.mixed += count
                self.tally.note(f"{visitor}: nobody has written {answer}")
                return False
        elif answer.user is not None:
            if count:
                self._mixed(visitor, answer)
            return False
        elif visitor.leaving:
            return False
        if count and visitor.era != self._era():
            self.tally.forgotten += 1
        elif count:
            self.tally.lost += 1
            self.tally.note(f"{visitor}: gone: {answer}")
        return False

    def _mixed(self, visitor: Visitor, answer: Answer) -> None:
        self.tally.mixed += 1
        self.tally.note(f"{visitor.name} was told {answer}")

    def _look_at_old(self) -> None:
        if self._ended:
            self._old(*self._random.choice(self._ended))

    def _old(self, cookie: str, name: str) -> bool:
        answer = self._ask("GET", "/", cookie)
        if answer.good and answer.user is not None:
            self.tally.resurrected += 1
            self.tally.note(f"{name} had ended: {answer}")
        return answer.good

    # The end.

    def _look_again(self) -> None:
        """Read every session that is known, until each has given a good answer."""
        end = time.monotonic() + RECOVERY
        for visitor in self._visitors:
            answer = Answer(0)
            while not answer.good and time.monotonic() < end:
                answer = self._ask("GET", "/", visitor.cookie)
            if answer.good:
                self._is_right(visitor, answer)
            else:
                self.tally.lost += 1
                self.tally.note(f"{visitor.name}: no good answer in the end: {answer.status}")
        for cookie, name in self._ended:
            while not self._old(cookie, name) and time.monotonic() < end:
                pass


def run(order: Order) -> Tally:
    """Carry out an order."""
    stop = threading.Event()
    browsers = [Browser(order, number, stop) for number in range(order["threads"])]
    for browser in browsers:
        browser.start()
    if order["answers"]:
        while sum(browser.tally.requests for browser in browsers) < order["answers"]:
            time.sleep(0.01)
    else:
        sys.stdin.read()
    stop.set()
    for browser in browsers:
        browser.join()
    return total(browser.tally for browser in browsers)


if __name__ == "__main__":
    print(json.dumps(run(json.loads(sys.argv[1])).as_json()))
