"""The oldest releases that the contract was run with; older ones are refused at once."""

import re
from importlib.metadata import version

OLDEST = {
    "flask": "3.1.3",
    "pymemcache": "3.5.2",
    "pymongo": "4.2.0",
    "redis": "4.6.0",
    "sqlalchemy": "2.0.43",
}


def require(name: str) -> None:
    """Do nothing if a library is recent enough.

    Args:
        name: The library, one of `OLDEST`.

    Raises:
        ImportError: It is older.
    """
    found = version(name)
    if _numbers(found) < _numbers(OLDEST[name]):
        raise ImportError(f"these sessions need {name} {OLDEST[name]} or newer, not {found}")


def _numbers(release: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", release)[:3]]
