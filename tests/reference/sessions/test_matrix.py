"""The contract beside others: what Flask-Session and Flask's signed cookie do in its place.

``docs/_bench/session-matrix.json`` holds what came of it, for the page. A result that differs from the record fails
here; ``PROVEN_RECORD=1`` in the environment writes the record anew.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from tests.reference.sessions.conftest import BACKENDS
from tests.reference.sessions.contract import CONTRACT, Check, name_of
from tests.reference.sessions.others import OTHERS, NotOfferedError, Other

RECORD = Path(__file__).parents[3] / "docs/_bench/session-matrix.json"
CHECKS = {name_of(check): check for check in CONTRACT}
# Proved by test_contract, on every backend but the one in memory, which is an example.
OURS = [name for name in BACKENDS if name != "memory"]
PAGE = Path(__file__).parents[3] / "docs/reference/sessions.md"


def claim(check: Check) -> str:
    """Return what a check claims."""
    return (check.__doc__ or "").partition("\n")[0].removesuffix(".")


def result(check: Check, other: Other) -> bool | None:
    """Return whether a check holds, nothing if it has no meaning there."""
    if name_of(check) in other.without:
        return None
    try:
        check(other)
    except NotOfferedError:
        return None
    except Exception:
        return False
    return True


@pytest.fixture(scope="module")
def record() -> Iterator[dict[str, Any]]:
    """What is on record; if it is to be written anew, what will be."""
    if not os.environ.get("PROVEN_RECORD"):
        yield json.loads(RECORD.read_text(encoding="utf-8"))
        return
    new: dict[str, Any] = {
        "ours": OURS,
        "others": list(OTHERS),
        "rows": [
            {"check": name, "claim": claim(check), "others": {}} for name, check in CHECKS.items()
        ],
    }
    yield new
    RECORD.write_text(json.dumps(new, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def test_the_record_has_every_check_every_backend_and_every_claim(record: dict[str, Any]) -> None:
    assert record["ours"] == OURS
    assert record["others"] == list(OTHERS)
    assert [(row["check"], row["claim"]) for row in record["rows"]] == [
        (name, claim(check)) for name, check in CHECKS.items()
    ]


@pytest.mark.filterwarnings("ignore:The 'session' cookie is too large:UserWarning")
@pytest.mark.filterwarnings("ignore:The 'use_signer' option is deprecated:DeprecationWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore::DeprecationWarning:flask_session")
@pytest.mark.parametrize("name", OTHERS)
def test_others_do_what_is_on_record(
    name: str, record: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    for other in OTHERS[name](request):
        found = {check: result(CHECKS[check], other) for check in CHECKS}
        if os.environ.get("PROVEN_RECORD"):
            for row in record["rows"]:
                row["others"][name] = found[row["check"]]
        assert found == {row["check"]: row["others"][name] for row in record["rows"]}


SIGNS = {True: "✓", False: "✗", None: "–"}
SHORT = {
    "flask-session-redis": "Redis",
    "flask-session-memcached": "Memcached",
    "flask-session-mongodb": "MongoDB",
    "flask-session-sql": "SQL",
    "flask-session-files": "files",
}


def cell(found: dict[str, bool | None]) -> str:
    """Return what a table says of Flask-Session, in as few words as can be."""
    values = set(found.values())
    if len(values) == 1:
        return SIGNS[values.pop()]
    kept = [SHORT[name] for name, value in found.items() if value]
    broken = [SHORT[name] for name, value in found.items() if not value]
    return f"only {', '.join(kept)}" if len(kept) < len(broken) else f"not {', '.join(broken)}"


def table(record: dict[str, Any]) -> str:
    """Return the record as the page shows it."""
    rows = [
        (
            row["claim"],
            SIGNS[True],
            cell({name: row["others"][name] for name in SHORT}),
            SIGNS[row["others"]["cookie"]],
        )
        for row in record["rows"]
    ]
    head = [
        ("The contract", "Here", "With Flask-Session", "Signed cookie"),
        ("---", ":-:", ":-:", ":-:"),
    ]
    return "".join(f"| {' | '.join(row)} |\n" for row in [*head, *rows])


# What the page calls the backends that a ✓ stands for.
NAMES = {
    "files": "files",
    "sqlite": "SQLite",
    "redis": "Redis with",
    "redis-decoding": "`decode_responses`",
    "redis-cluster": "Redis Cluster",
    "memcached": "Memcached",
    "mongodb": "MongoDB",
    "mariadb-pymysql": "PyMySQL",
    "mariadb-mysqlclient": "mysqlclient",
    "postgresql": "PostgreSQL",
}


def test_the_page_names_every_backend_that_keeps_the_contract() -> None:
    (sentence,) = re.findall(
        r'"Here" stands for every backend: (.+?)\. A single', PAGE.read_text("utf-8"), re.DOTALL
    )
    words = " ".join(sentence.split())
    assert list(NAMES) == OURS
    places = [words.index(name) for name in NAMES.values()]
    assert places == sorted(places)


def test_the_page_shows_the_record(record: dict[str, Any]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert table(record) in text
    major, minor, *_ = version("flask-session").split(".")
    assert f"put to Flask-Session {major}.{minor} " in text
