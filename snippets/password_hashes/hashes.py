"""Make argon2 hashes, and check a password against these and against those of Werkzeug."""

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from werkzeug.security import check_password_hash

hasher = PasswordHasher()


def is_argon2(known: str) -> bool:
    return known.startswith("$argon2")


def is_right(known: str, password: str) -> bool:
    if not is_argon2(known):
        return check_password_hash(known, password)
    try:
        return hasher.verify(known, password)
    except VerifyMismatchError:
        return False


def is_outdated(known: str) -> bool:
    return not is_argon2(known) or hasher.check_needs_rehash(known)
