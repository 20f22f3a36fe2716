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

from proven.claims.proofs import proves
from tests.reference.sessions.conftest import BACKENDS
from tests.reference.sessions.contract import CONTRACT, Check, name_of
from tests.reference.sessions.others import OTHERS, NotOfferedError, Other

RECORD = Path(__file__).parents[3] / "docs/_bench/session-matrix.json"
# Flask-Session tries again, waiting longer each time, so these take minutes: `nox -s fuzz` asks them, and who records.
SLOW = {"flask-session-sql", "flask-session-files", "flask-session-mongodb"}
PATIENT = {"PROVEN_RECORD", "PROVEN_FUZZ_INPUTS"} & set(os.environ)
ASKED = [name for name in OTHERS if PATIENT or name not in SLOW]
CHECKS = {name_of(check): check for check in CONTRACT}
# Proved by test_contract, on every backend but the one in memory, which is an example.
OURS = [name for name in BACKENDS if name != "memory"]
PAGE = Path(__file__).parents[3] / "docs/reference/sessions-compared.md"


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
@pytest.mark.fuzz
@pytest.mark.parametrize("name", ASKED)
def test_others_do_what_is_on_record(
    name: str, record: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    for other in OTHERS[name](request):
        found = {check: result(CHECKS[check], other) for check in CHECKS}
        if os.environ.get("PROVEN_RECORD"):
            for row in record["rows"]:
                row["others"][name] = found[row["check"]]
        recorded = {row["check"]: row["others"][name] for row in record["rows"]}
        for check in CHECKS:
            # Some let fractions of a second pass, which are more on a busy machine.
            for _ in range(2):
                if found[check] != recorded[check]:
                    found[check] = result(CHECKS[check], other)
        assert found == recorded


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


@proves(
    "reference/sessions-compared",
    '"Here" means every backend: files, SQLite, Redis with and without decode_responses, '
    "a Redis Cluster, Memcached, MongoDB, MariaDB with PyMySQL and with mysqlclient, "
    "PostgreSQL.",
)
@proves(
    "reference/sessions",
    "The checks run against real servers: Redis, Memcached, MariaDB, PostgreSQL, SQLite "
    "and the file system.",
    "For MongoDB they run against SecantusDB, which implements MongoDB's protocol.",
)
def test_the_page_names_every_backend_that_keeps_the_contract() -> None:
    (sentence,) = re.findall(
        r'"Here" means every backend: (.+?)\. A single', PAGE.read_text("utf-8"), re.DOTALL
    )
    words = " ".join(sentence.split())
    assert list(NAMES) == OURS
    places = [words.index(name) for name in NAMES.values()]
    assert places == sorted(places)


@proves(
    "reference/sessions-compared",
    "If the result depends on the backend of Flask-Session, the cell names the backends.",
    "A single ✗ in this column would fail the tests.",
    "Data come back with their types, for all types of Flask's session | ✓ | only files | ✓",
    "A flashed message arrives once, after a redirect, and a Markup one as Markup | ✓ | "
    "only files | ✓",
    "100 KB are kept | ✓ | not SQL | ✗",
    "What exceeds the limit of the backend raises an error, and the old data stay | ✓ | "
    "not Memcached | –",
    "A value that cannot be stored is an error that names its key, and the old data stay "
    "| ✓ | ✗ | ✗",
    "A payload that cannot be read is logged, and a new session with a new id begins | ✓ | ✗ | –",
    "A pickle in the place of a session is not loaded | ✓ | ✗ | –",
    "An id has 256 random bits, contains no information, and is never used twice | ✓ | ✓ | –",
    "The store gets no id: whoever reads it, or its log, cannot take over a session | ✓ | ✗ | –",
    "An id that the client has invented is never used | ✓ | ✓ | –",
    "A cookie that cannot be an id causes no error, no delay and no write, and never "
    "reaches the store | ✓ | ✗ | –",
    "Two ids that differ only in case are two sessions | ✓ | not SQL | –",
    "Applications with different prefixes on one backend never see each other's sessions "
    "| ✓ | ✓ | –",
    "Two applications from one factory, for example two workers, share their sessions | ✓ | ✓ | –",
    "regenerate keeps the data under a new id, and the old id is no longer valid | ✓ | ✓ | –",
    "regenerate also ends the old id if the session was cleared before | ✓ | ✗ | –",
    "A view that only calls regenerate changes the id | ✓ | ✓ | –",
    "destroy ends the session, and what the view adds afterwards is in a new one | ✓ | ✗ | –",
    "The cookie has the name and all the attributes that the configuration gives it | ✓ | ✗ | ✓",
    "The cookie is deleted with the attributes that it was set with; a __Host- one goes, "
    "too | ✓ | ✗ | ✓",
    "If a subclass overrides get_cookie_name, its name is used for reading, setting and "
    "deleting | ✓ | ✗ | ✓",
    "The cookie of a permanent session has an expiry date, that of another session ends "
    "with the browser | ✓ | ✓ | ✓",
    "The cookie is sent if the client does not have it or if its expiry moves, with the "
    "latest value | ✓ | ✓ | –",
    "An id that is signed with a fallback key is accepted, and signed again with the "
    "current key | ✓ | ✗ | –",
    "A signed id that was changed is refused without a call to the store | ✓ | ✓ | –",
    "Without the key to sign with, the session is empty, and writing to it says what is "
    "missing | ✓ | ✗ | –",
    "If the session was used in any way, the response has Vary: Cookie; if not, it has "
    "not | ✓ | ✓ | ✓",
    "A request that does not use the session makes no call, sets no cookie and stores no "
    "row | ✓ | ✗ | ✗",
    "A request that only reads the session makes one call, and without a cookie none | ✓ | ✗ | –",
    "A request that reads and writes makes at most two calls, with a new session only one "
    "| ✓ | ✓ | –",
    "Reading an empty session stores nothing and sets no cookie | ✓ | ✓ | ✓",
    "Emptying a session, by clear or key by key, deletes what is stored and the cookie | ✓ | ✓ | ✗",
    "The test client's session_transaction reads and writes the session | ✓ | ✓ | ✓",
    "A slow request that only reads does not undo what another one has written in the "
    "meantime | ✓ | ✗ | ✗",
    "A slow write to a session that has ended in the meantime is an error, and does not "
    "bring it back | ✓ | ✗ | ✗",
    "A slow write under an id that was replaced in the meantime is an error, and does not "
    "bring it back | ✓ | ✗ | –",
    "A slow request that calls regenerate takes over nothing of a session that has ended "
    "in the meantime | ✓ | ✗ | –",
    "A login at the same time as a logout succeeds, even if both are of the same user | ✓ | ✗ | –",
    "Two logouts at once both succeed, whatever was in the session | ✓ | ✓ | –",
    "A request that comes with the old id after regenerate neither gets the login nor "
    "undoes it | ✓ | ✗ | –",
    "If regenerate cannot be saved, the response is an error, and the old session is "
    "unchanged | ✓ | ✗ | –",
    "A change of a session that the backend loses in the meantime is an error; a login "
    "succeeds | ✓ | ✗ | –",
    "If two requests write different keys, the one that is saved last overwrites the "
    "other | ✓ | ✓ | ✓",
    "With many threads at once, each visitor sees only its own data, and all of it | ✓ | ✓ | ✓",
    "A session cannot be read from the moment that it expires, and its id is not used "
    "again | ✓ | not MongoDB | ✗",
    "A lifetime of a fraction of a second is neither rounded up nor down to nothing | ✓ | ✗ | ✗",
    "A lifetime of more than thirty days is not taken for a date in the past | ✓ | ✓ | ✓",
    "An unlimited lifetime, timedelta.max, works too | ✓ | ✗ | ✗",
    "Reading a permanent session prolongs it, and its cookie is sent again | ✓ | ✓ | ✓",
    "Without SESSION_REFRESH_EACH_REQUEST, reading does not prolong a permanent session | "
    "✓ | not MongoDB | ✗",
    "If the clock moves an hour forward or back, no session ends that had longer to live "
    "| ✓ | ✓ | ✗",
    "Thousands of live sessions stay: none is removed to make room for another | ✓ | not files | –",
    "flask sessions purge removes expired sessions, leaves the others, and says how many "
    "| ✓ | – | –",
    "While the backend is down, only requests that need the session fail | ✓ | ✗ | –",
    "While the backend is down, an error page that reads the session is shown, with an "
    "empty one | ✓ | ✗ | –",
    "A request that meets an outage waits for the backend once, not again for its error "
    "page | ✓ | ✗ | –",
    "If a change cannot be saved, the response is an error and sets no cookie | ✓ | ✓ | –",
    "If a view fails after changing the session, the response is 500, without a cookie if "
    "saving fails too | ✓ | ✓ | –",
    "With anonymous_when_down, a page gets an empty session in an outage; a change is an "
    "error | ✓ | – | –",
    "If open_session of a subclass raises an exception, the response is 500 without a "
    "cookie | ✓ | ✓ | ✓",
    "Saving the session neither commits nor expires uncommitted database work of the view "
    "| ✓ | not SQL | ✓",
)
def test_the_page_shows_the_record(record: dict[str, Any]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert table(record) in text
    major, minor, *_ = version("flask-session").split(".")
    assert f"which checks of the contract Flask-Session {major}.{minor} " in text
