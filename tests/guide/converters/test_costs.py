"""What a converter costs."""

import json

from proven.claims.proofs import proves
from tests.guide.converters.helpers import ROOT


@proves(
    "guide/converters",
    "The differences are small compared with a whole request: the largest one, of a "
    "signature, is less than a fifth of a request.",
    "Only a list, which converts each item, and a signature take more than one and a half "
    "times as long to match as string.",
)
def test_what_the_page_says_of_the_recorded_result() -> None:
    recorded = json.loads(ROOT.joinpath("docs/_bench/converters.json").read_text(encoding="utf-8"))
    names = [column["name"] for column in recorded["columns"]]
    rows = {row["name"]: dict(zip(names, row["values"], strict=True)) for row in recorded["rows"]}
    slow = {name for name, row in rows.items() if row["match-ratio"] > 1.5}
    assert slow == {"list(int)", 'signed("order")'}
    more = {name: row["match"] - rows["string"]["match"] for name, row in rows.items()}
    assert max(more, key=lambda name: more[name]) == 'signed("order")'
    assert max(more.values()) < rows["string"]["request"] / 5
