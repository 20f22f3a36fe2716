"""Protect old hashes at once: the hash of each hash, until its user logs in again."""

import hmac

from .hashes import hasher, is_right

MARK = "sha256+"


def sha256(salt: str, password: str) -> str:
    # as Werkzeug did it for method="sha256"
    return hmac.new(salt.encode(), password.encode(), "sha256").hexdigest()


def wrap(known: str) -> str:
    """Return what replaces a hash of the form ``sha256$salt$digest``."""
    _, salt, digest = known.split("$")
    return f"{MARK}{salt}{hasher.hash(digest)}"


def check(known: str, password: str) -> bool:
    if not known.startswith(MARK):
        return is_right(known, password)
    salt, argon2 = known.removeprefix(MARK).split("$", 1)
    return is_right(f"${argon2}", sha256(salt, password))
