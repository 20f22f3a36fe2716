"""reference/wordings.toml: each wording belongs to an entry, and finds it."""

from __future__ import annotations

import tomllib
from pathlib import Path

from proven.site.look_up import WORDINGS, plain
from tests.findable.node import ask
from tests.pitfalls import written

CONTENT = tomllib.loads(WORDINGS.read_text("utf-8"))


def test_each_message_is_that_of_an_entry() -> None:
    assert [key for key in CONTENT if key not in {plain(title) for _, title in written()}] == []


def test_what_is_said_of_a_message_is_of_the_known_kinds() -> None:
    for item in CONTENT.values():
        assert set(item) <= {"form", "also", "named", "general", "with", "everyday"}
        assert all(
            set(wording) <= {"text", "within", "line", "with", "named"}
            for wording in item.get("also", ())
        )


def test_each_wording_leads_to_its_entry(site: Path) -> None:
    wanted = [
        (wording["text"], key)
        for key, item in CONTENT.items()
        for wording in item.get("also", ())
        if not {"within", "line"} & set(wording)
    ]
    places = {plain(title): page for page, title in written()}
    answers = ask(site, "en", [text.replace("{}", "it") for text, _key in wanted])
    lost = [
        text
        for (text, key), answer in zip(wanted, answers, strict=True)
        if not any(each.get("key", "").startswith(places[key]) for each in answer["results"])
    ]
    assert len(wanted) > 80
    assert lost == []
