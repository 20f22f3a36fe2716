"""What docs/history/replacements.toml offers exists and does the job of what it replaces.

The file is the one part of the history that is written by hand. Each replacement in it names its proof in a module of
``proofs``; one without a proof, or a proof of something that the file no longer says, fails.
"""

from __future__ import annotations

import pkgutil
import tomllib

import pytest

from proven.claims.proofs import proves
from proven.releases import timeline
from proven.releases.timeline import History
from tests.site.releases.proofs import (  # noqa: F401  they register their proofs
    of_flask,
    of_other_libraries,
    of_sqlalchemy,
    of_werkzeug,
)
from tests.site.releases.proofs.register import PROOFS

HISTORY = History()
USES = {name: note.use for name, note in HISTORY.notes.items() if note.use}


def test_each_replacement_has_a_proof_and_each_proof_a_replacement() -> None:
    assert {name: use for name, (use, _) in PROOFS.items()} == USES


def test_each_replaced_name_is_gone_or_going() -> None:
    for name in USES:
        entry = HISTORY.find(name)
        assert entry.removed or entry.deprecated, f"{name} is neither removed nor deprecated"


def test_each_replacement_that_is_a_name_exists() -> None:
    checked = [use for use in USES.values() if use.partition(".")[0] in PACKAGES and "(" not in use]
    assert len(checked) > 60
    for use in checked:
        assert pkgutil.resolve_name(use) is not None


PACKAGES = {
    *("cachelib", "datetime", "flask", "flask_session", "flask_sqlalchemy", "hashlib", "hmac"),
    *("itsdangerous", "jinja2", "markupsafe", "sqlalchemy", "urllib", "werkzeug", "wtforms"),
}


def test_the_file_is_in_alphabetical_order_and_says_nothing_twice() -> None:
    path = timeline.FOLDER / "replacements.toml"
    names = list(tomllib.loads(path.read_text("utf-8")))
    assert names == sorted(names)


@proves("history/index", "For each entry, a test checks that the replacement exists and works.")
@pytest.mark.parametrize("name", sorted(USES))
def test_the_replacement_does_the_job(name: str) -> None:
    PROOFS[name][1]()
