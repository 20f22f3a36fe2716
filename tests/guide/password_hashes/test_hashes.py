"""Hash, verify, upgrade, wrap, and what is raised: docs/guide/password-hashes.md."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time

import argon2
import pytest
from argon2 import PasswordHasher, exceptions
from werkzeug.security import check_password_hash, generate_password_hash

from proven.claims.proofs import proves
from snippets.password_hashes import hashes, upgraded, wrapped
from tests.source import Source

_SOURCE = Source("guide/password-hashes")
ADA = {"name": "ada", "password": "correct horse"}
BOB = {"name": "bob", "password": "battery staple"}
#: Made with Werkzeug 0.16.1: ``generate_password_hash("correct horse", method="sha256")``.
OLD = "sha256$L3FTC3b6$ef53a5363f1d70a45320518abcf971cfbe5bf0b85720ed5e0ff0f1ca4c3297f0"


def message_of(error: BaseException) -> str:
    module = type(error).__module__.removeprefix("builtins")
    name = f"{module}.{type(error).__name__}".removeprefix(".")
    return f"{name}: {error}" if str(error) else name


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> PasswordHasher:
    """The hasher of the snippets, as cheap as the page advises for tests."""
    hasher = PasswordHasher.from_parameters(argon2.profiles.CHEAPEST)
    for module in (hashes, upgraded, wrapped):
        monkeypatch.setattr(module, "hasher", hasher)
    return hasher


@proves(
    "guide/password-hashes",
    "The hash contains all that is needed to verify a password, so a column of text is enough:",
    "m is the memory in KiB, t how often it is run through, and p the number of threads.",
    "Two hashes of one password differ, because each has a salt of its own.",
    "verify raises an exception for a wrong password.",
    "It never returns False.",
)
def test_a_hash() -> None:
    hasher = PasswordHasher()
    known, other = hasher.hash("tea"), hasher.hash("tea")
    assert known.split("$")[4] != other.split("$")[4]
    assert (hasher.memory_cost, hasher.time_cost, hasher.parallelism) == (65536, 3, 4)
    assert "$m=65536,t=3,p=4$" in known
    # another hasher with other numbers verifies it all the same
    assert PasswordHasher.from_parameters(argon2.profiles.CHEAPEST).verify(known, "tea") is True
    with pytest.raises(exceptions.VerifyMismatchError):
        hasher.verify(known, "coffee")


@proves(
    "guide/password-hashes",
    "These functions work with the hashes of both libraries:",
    "is_outdated is true for each hash of Werkzeug, and for a hash of argon2 with other numbers than those of "
    "hasher.",
)
def test_both_kinds_of_hash(cheap: PasswordHasher) -> None:
    larger = PasswordHasher.from_parameters(argon2.profiles.PRE_21_2)
    for known, outdated in (
        (cheap.hash("tea"), False),
        (larger.hash("tea"), True),
        (generate_password_hash("tea"), True),
        (generate_password_hash("tea", method="pbkdf2"), True),
    ):
        assert hashes.is_right(known, "tea")
        assert not hashes.is_right(known, "coffee")
        assert hashes.is_outdated(known) is outdated


@proves(
    "guide/password-hashes",
    "So larger numbers reach all users in the same way.",
    "Only a password that is right is hashed again.",
)
def test_a_login_brings_the_hash_up_to_date(
    cheap: PasswordHasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = upgraded.create_app().test_client()
    made: list[str] = []

    class Counting(PasswordHasher):
        def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
            made.append(str(password))
            return super().hash(password, salt=salt)

    def log_in(user: dict[str, str], **changed: str) -> int:
        return client.post("/login", data=user | changed).status_code

    def use(time_cost: int) -> None:
        counting = Counting(time_cost=time_cost, memory_cost=8, parallelism=1)
        for module in (hashes, upgraded):
            monkeypatch.setattr(module, "hasher", counting)

    use(1)
    assert client.get("/kind/bob").text == "scrypt"
    assert log_in(BOB, password="wrong") == log_in(BOB, name="nobody") == 422
    assert (made, client.get("/kind/bob").text) == ([], "scrypt")
    assert log_in(BOB) == log_in(BOB) == 200
    assert (made, client.get("/kind/bob").text) == (["battery staple"], "argon2id")
    use(2)
    assert log_in(BOB) == log_in(BOB) == 200
    assert made == ["battery staple"] * 2
    assert log_in(ADA) == 200


@proves(
    "guide/password-hashes",
    "The limit of 1,000 characters keeps anybody from sending a text of megabytes to be hashed.",
    "Argon2 itself uses all of the password, not only its beginning, as bcrypt does.",
)
def test_long_passwords(cheap: PasswordHasher, monkeypatch: pytest.MonkeyPatch) -> None:
    client = upgraded.create_app().test_client()
    monkeypatch.setattr(upgraded, "is_right", lambda known, password: len(password))
    for length, status in ((1000, 200), (1001, 422)):
        sent = {"name": "ada", "password": "a" * length}
        assert client.post("/login", data=sent).status_code == status
    known = cheap.hash("a" * 100 + "b")
    assert cheap.verify(known, "a" * 100 + "b")
    with pytest.raises(exceptions.VerifyMismatchError):
        cheap.verify(known, "a" * 100 + "c")


@proves(
    "guide/password-hashes",
    "argon2id | 97",
    "PBKDF2 of Werkzeug | 103",
    "scrypt of Werkzeug | 162",
)
def test_how_long_each_hash_is() -> None:
    made = {
        "argon2id": PasswordHasher().hash("tea"),
        "PBKDF2 of Werkzeug": generate_password_hash("tea", method="pbkdf2"),
        "scrypt of Werkzeug": generate_password_hash("tea"),
    }
    lengths = {name: str(len(known)) for name, known in made.items()}
    assert lengths == dict(_SOURCE.table("password-hashes-upgrade"))


@proves(
    "guide/password-hashes",
    'generate_password_hash(password, method="sha256") of old posts made hashes of the form '
    "sha256$salt$digest.",
    "A stolen table of these is guessed quickly, and Werkzeug does not verify them any more: the pitfalls "
    "show what it raises.",
    "A login replaces the wrapped hash by a plain one of argon2, as above.",
    "The hash was made by an old release of Werkzeug.",
)
def test_old_hashes_are_wrapped(cheap: PasswordHasher) -> None:
    with pytest.raises(ValueError, match="Invalid hash method") as raised:
        check_password_hash(OLD, "correct horse")
    assert _SOURCE.quotes(message_of(raised.value))
    # one guess is thousands of times as cheap as one at a hash of argon2
    began = time.process_time()
    for _ in range(100):
        wrapped.sha256("L3FTC3b6", "correct horse")
    fast = (time.process_time() - began) / 100
    began = time.process_time()
    PasswordHasher().hash("correct horse")
    assert time.process_time() - began > 100 * fast
    known = wrapped.wrap(OLD)
    assert wrapped.check(known, "correct horse")
    assert not wrapped.check(known, "wrong")
    assert hashes.is_outdated(known)
    plain = cheap.hash("correct horse")
    assert wrapped.check(plain, "correct horse")
    assert not hashes.is_outdated(plain)


@proves(
    "guide/password-hashes",
    "A hash that is expensive to guess is expensive to compute: each login takes 64 MiB while it is computed.",
    "With eight threads, this can be 512 MiB, beside the application.",
)
def test_the_memory_of_a_hash() -> None:
    code = (
        "import pathlib, re; from argon2 import PasswordHasher, profiles\n"
        "status = pathlib.Path('/proc/self/status')\n"
        "def peak(): return int(re.search('VmHWM:\\\\s+([0-9]+)', status.read_text())[1])\n"
        "PasswordHasher.from_parameters(profiles.CHEAPEST).hash('a')\n"
        "before = peak()\n"
        "PasswordHasher().hash('a')\n"
        "print(peak() - before)"
    )
    kib = int(subprocess.check_output([sys.executable, "-c", code], text=True))
    assert 60 * 1024 < kib < 70 * 1024
    assert 8 * PasswordHasher().memory_cost == 512 * 1024


@proves(
    "guide/password-hashes",
    "python -m argon2 measures on your machine, and accepts other numbers:",
    "The library releases Python's lock while it computes, so other threads of the process go on.",
)
def test_the_command_and_the_lock() -> None:
    words = re.findall(r"^\$ python (-m argon2 .*)$", _SOURCE.text, re.M)[0].split()
    said = subprocess.check_output([sys.executable, *words, "-n", "1"], text=True)
    assert "Running Argon2id 1 times" in said
    assert "65536" in said
    steps, done = 0, threading.Event()

    def compute() -> None:
        PasswordHasher(time_cost=20).hash("tea")
        done.set()

    thread = threading.Thread(target=compute)
    thread.start()
    # a thread that holds the lock would let this one begin only a few rounds
    while not done.is_set():
        steps += 1
    thread.join()
    assert steps > 1000


@proves(
    "guide/password-hashes",
    "The text is not a hash of argon2: a hash of Werkzeug, an empty column, or a password that was stored as "
    "it is.",
    "The hash is damaged, in most cases because the column is too short and the database has cut it off.",
    "At some lengths, for example 90 of 97 characters, the rest can still be decoded, and even the right "
    "password raises VerifyMismatchError.",
    "Do not catch this class, which VerifyMismatchError is derived from: it would make a damaged hash look like "
    "a wrong password.",
    "check_password_hash() got a hash of argon2.",
    "Werkzeug does not know it: call verify.",
    "The password is wrong, and the view does not catch the exception, so the client gets 500.",
)
def test_each_exception() -> None:
    hasher = PasswordHasher.from_parameters(argon2.profiles.CHEAPEST)
    known = PasswordHasher().hash("tea")
    for text in (generate_password_hash("tea"), "", "tea"):
        with pytest.raises(exceptions.InvalidHashError) as invalid:
            hasher.verify(text, "tea")
        assert _SOURCE.quotes(message_of(invalid.value))
    assert len(known) == 97
    with pytest.raises(exceptions.VerifyMismatchError):
        hasher.verify(known[:90], "tea")
    # what is left over in base64 at these lengths is never a whole byte
    for length in (59, 79, 91, 95):
        with pytest.raises(exceptions.VerificationError) as damaged:
            hasher.verify(known[:length], "tea")
        assert type(damaged.value) is exceptions.VerificationError
        assert _SOURCE.quotes(message_of(damaged.value))
    assert issubclass(exceptions.VerifyMismatchError, exceptions.VerificationError)
    with pytest.raises(exceptions.VerifyMismatchError) as mismatch:
        hasher.verify(known, "coffee")
    assert _SOURCE.quotes(message_of(mismatch.value))
    with pytest.raises(ValueError, match="Invalid") as unknown:
        check_password_hash(known, "tea")
    assert _SOURCE.quotes(message_of(unknown.value))


@proves(
    "guide/password-hashes",
    "The process may not have as much memory as the hash needs, in most cases in a small container.",
    "Use a smaller memory_cost, or fewer threads.",
)
def test_too_little_memory() -> None:
    code = (
        "import resource; from argon2 import PasswordHasher\n"
        "resource.setrlimit(resource.RLIMIT_AS, (500 << 20,) * 2)\n"
        "PasswordHasher(memory_cost={}).hash('a')"
    )
    done = [
        subprocess.run([sys.executable, "-c", code.format(kib)], capture_output=True, text=True)
        for kib in (1 << 20, 8192)
    ]
    assert [each.returncode for each in done] == [1, 0]
    assert _SOURCE.quotes(done[0].stderr.strip().splitlines()[-1])
