"""The index of the search: what can be found, how it is cut into words, and that every build writes the same."""

from __future__ import annotations

import gzip
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from proven.base.project import ROOT
from proven.site.search import SYNONYMS
from proven.site.search.asked import AskedError, read
from proven.site.search.index import (
    ALPHABET,
    FIELDS,
    LISTED,
    LONGEST,
    Asked,
    Page,
    cut_phrases,
    index,
    listed,
    made_anchor,
    number,
    one_number,
    postings,
    variants,
)
from proven.site.search.records import KINDS, Record
from proven.site.search.words import dictionary, nothing, words
from proven.translation.languages import LANGUAGES
from tests.site.tiny_site import TinySite

#: Kilobytes of an index over the wire: about one a page in English, one and a half in Chinese.
ROOM = {"words": 100, "han": 160}


def data(script: str) -> dict[str, Any]:
    """Return what a script hands over."""
    return json.loads(script.removeprefix("provenSearch.fill(").removesuffix(");\n"))


def numbers(text: str) -> Iterator[list[int]]:
    """Yield the numbers of records behind each word, as the browser reads them."""
    places: list[int] = []
    value, factor, before = 0, 1, -1
    for character in text:
        digit = ALPHABET.index(character)
        value += digit % 32 * factor
        factor *= 32
        if digit < 32:
            if value == 0:
                yield places
                places, before = [], -1
            else:
                before += value
                places.append(before)
            value, factor = 0, 1


def unfolded(text: str) -> list[str]:
    """Return the words of an index, as the browser reads them."""
    found: list[str] = []
    for line in text.split("\n"):
        before = found[-1] if found else ""
        found.append(before[: ALPHABET.index(line[0])] + line[1:])
    return found


@pytest.mark.parametrize("places", [[], [0], [0, 1, 2], [31, 32, 33], [5, 1000, 40_000]])
def test_postings_are_read_back(places: list[int]) -> None:
    assert list(numbers(postings(places))) == [places]


def test_a_number_below_thirty_two_takes_one_character() -> None:
    assert [len(number(value)) for value in (0, 31, 32, 1023, 1024)] == [1, 1, 2, 2, 3]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Trailing slashes", ["trailing", "slashes"]),
        ("url_for", ["url_for", "url"]),
        ("SESSION_COOKIE_SAMESITE", ["session_cookie_samesite", "session", "cookie", "samesite"]),
        ("app.json", ["app.json", "app", "json"]),
        ("BuildError: 404", ["builderror", "build", "error", "404"]),
        # A status is looked for, and no other figure.
        ("413 of 137, 0x7f, 3.1, read81", ["413", "3.1", "read81", "read"]),
        ("the of a", []),
    ],
)
def test_a_name_is_found_whole_and_by_its_parts(text: str, found: list[str]) -> None:
    assert list(words(text, nothing)) == found


def test_chinese_is_cut_by_a_dictionary_that_knows_the_glossary() -> None:
    cut = dictionary(["会话", "会话接口"])
    found = list(words("会话接口和请求上下文", cut))
    assert {"会话", "接口", "会话接口", "请求", "上下文"} <= set(found)
    assert "和" not in found


def test_traditional_characters_stand_beside_those_of_the_index() -> None:
    found = variants(["会话", "路由"], str.swapcase)
    assert found == ""
    simple = {"會": "会", "話": "话", "請": "请"}
    assert (
        variants(["会话"], lambda text: "".join(simple.get(each, each) for each in text))
        == "會会話话"
    )


def test_the_index_has_pages_records_and_words() -> None:
    text = "Pour it in. Pour slowly with pour_in."
    records = [
        Record("page", "", "Tea", "How tea is made.", (), "How tea is made."),
        Record("section", "milk", "With milk", "Pour it in.", ("pour_in",), text),
    ]
    places = {"milk": [["tea", "white"], ["milky", "tea"]], "guide/tea": [["brew"]]}
    asked = Asked([["tea", "茶"]], {"茶葉": "茶"}, places)
    found = data(index([Page("guide/tea", "Tea", records)], nothing, asked, None))
    assert (found["synonyms"], found["readAs"]) == ([["tea", "茶"]], {"茶葉": "茶"})
    assert found["pages"] == [["guide/tea", "Tea"]]
    assert found["records"] == [
        [KINDS.index("page"), 0, "", "", "How tea is made."],
        [KINDS.index("section"), 0, "milk", "With milk", "Pour it in."],
    ]
    vocabulary = unfolded(found["words"])

    def places_of(text: str) -> dict[str, list[int]]:
        pairs = zip(vocabulary, numbers(text), strict=True)
        return {word: places for word, places in pairs if places}

    # The first phrase is that of the page, the next two are those of the section.
    assert [ALPHABET.index(each) for each in found["phrases"]] == [1, 2]
    assert places_of(found["asked"]) == {"brew": [0], "white": [1], "tea": [1, 2], "milky": [2]}
    fields = {name: places_of(text) for name, text in zip(FIELDS, found["fields"], strict=True)}
    assert fields == {"names": {"pour_in": [1]}, "text": {"slowly": [1]}}
    # The browser reads the words of titles and excerpts off these.
    assert {"milk", "made", "pour"}.isdisjoint(vocabulary)


def test_what_is_chinese_is_listed_wherever_it_stands() -> None:
    records = [Record("page", "", "茶", "泡茶", (), "泡茶")]
    found = data(index([Page("guide/tea", "茶", records)], list, Asked([], {}, {}), None))
    assert unfolded(found["words"]) == ["泡", "茶"]


def test_a_title_as_long_as_a_paragraph_is_cut_and_keeps_its_anchor() -> None:
    title = "Error: " + "- " * 30 + "it was not found, whatever was done"
    anchor = made_anchor("pitfall", title)
    record = Record("pitfall", anchor, title, "")
    own = data(index([Page("guide/tea", "Tea", [record])], nothing, Asked([], {}, {}), None))
    [[_kind, _page, own_anchor, shown, _excerpt]] = own["records"]
    assert len(shown) <= LONGEST + 1
    assert shown.endswith("…")
    assert own_anchor == anchor


def test_code_that_many_records_mention_is_no_subject_of_theirs() -> None:
    records = [
        Record("section", f"cup-{n}", "A cup", "", ("app.tea", f"app.sort_{n}")) for n in range(5)
    ]
    own = data(index([Page("guide/tea", "Tea", records)], nothing, Asked([], {}, {}), None))
    places = dict(
        zip(unfolded(own["words"]), numbers(own["fields"][FIELDS.index("names")]), strict=True)
    )
    assert places["app.sort_3"] == [3]
    assert "app.tea" not in places


def test_a_word_that_many_records_have_says_nothing_of_one() -> None:
    records = [
        Record("section", f"cup-{n}", "A cup", "", (), f"tea tea cosy pot{n}") for n in range(5)
    ]
    own = data(index([Page("guide/tea", "Tea", records)], nothing, Asked([], {}, {}), None))
    places = dict(
        zip(unfolded(own["words"]), numbers(own["fields"][FIELDS.index("text")]), strict=True)
    )
    assert places["pot3"] == [3]
    assert {"tea", "cosy"}.isdisjoint(places)


@pytest.mark.parametrize(
    ("kind", "title", "anchor"),
    [
        ("row", "flask.Request", "name-flask-Request"),
        ("pitfall", "`KeyError: 'user'`", "pitfall-keyerror-user"),
        ("pitfall", "x" * 80, f"pitfall-{'x' * 52}"),
        ("section", "Tea", ""),
    ],
)
def test_an_anchor_that_the_title_makes_is_not_listed(kind: str, title: str, anchor: str) -> None:
    assert made_anchor(kind, title) == anchor
    record = Record(kind, anchor or "tea", title, "", (), "")
    found = data(index([Page("guide/tea", "Tea", [record])], nothing, Asked([], {}, {}), None))
    assert found["records"][0][2] == ("" if anchor else "tea")


@pytest.mark.parametrize(
    ("record", "field"),
    [
        # Its title, before all else.
        (Record("section", "a", "Tea", "", (), "tea tea"), -1),
        (Record("section", "a", "x", "Tea …", (), "tea tea"), -1),
        (Record("section", "a", "x", "", ("tea",), "tea or teas"), 1),
        (Record("section", "a", "x", "", ("tea",), "tea"), 0),
        (Record("section", "a", "x", "", (), "tea"), 2),
        # What the end of the excerpt has cut in two is no word of the text.
        (Record("section", "a", "x", "te…", (), "tea"), 2),
    ],
)
def test_a_word_is_in_the_best_field_of_its_record(record: Record, field: int) -> None:
    found = dict(zip(LISTED, listed(Page("guide/a", "A", [record]), record, nothing), strict=True))
    assert [each for each, words in found.items() if "tea" in words.split()] == [field]


def test_a_word_that_a_place_is_asked_by_is_in_no_field_of_it() -> None:
    records = [Record("section", anchor, "x", "", (), "tea tea") for anchor in ("a", "b")]
    asked = Asked([], {}, {"a": [["tea"]]})
    own = data(index([Page("guide/a", "A", records)], nothing, asked, None))
    assert unfolded(own["words"]) == ["tea"]
    assert [list(numbers(text)) for text in own["fields"]] == [[[]], [[1]]]


def test_phrases_are_cut_into_words_and_two_of_the_same_words_are_one() -> None:
    assert cut_phrases(["white teas", "tea, white", "the"], nothing) == [["tea", "white"]]


def test_the_words_of_a_page_are_kept_between_builds() -> None:
    records = [Record("section", "a", "x", "", (), "tea")]
    pages = [Page("guide/a", "A", records, "as it was")]
    none = Asked([], {}, {})
    own = data(index(pages, nothing, none, None, lambda page, _make: [["", "", "", page.state]]))
    assert unfolded(own["words"]) == ["as", "it", "was"]


@pytest.mark.parametrize(
    ("word", "singular"),
    [("hooks", "hook"), ("class", "class"), ("status", "status"), ("axis", "axis"), ("ids", "ids")],
)
def test_a_plural_stands_by_its_singular(word: str, singular: str) -> None:
    assert one_number(word) == singular


def test_the_phrases_that_a_place_is_asked_by_are_read_from_all_files(tmp_path: Path) -> None:
    guide = tmp_path / "docs/_asked/guide"
    guide.mkdir(parents=True)
    guide.joinpath("tea.toml").write_text(
        '[milk]\nen = "white tea, milky"\nzh_CN = "奶茶"\n', "utf-8"
    )
    guide.joinpath("jam.toml").write_text('["guide/jam"]\nen = "jelly"\n', "utf-8")
    english = ["white tea", "milky"]
    assert read(tmp_path / "docs", ["zh_CN", "en"]) == {
        "milk": ["奶茶", *english],
        "guide/jam": ["jelly"],
    }
    assert read(tmp_path / "docs", ["en"]) == {"milk": english, "guide/jam": ["jelly"]}
    assert read(tmp_path, ["en"]) == {}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[milk]\nen = ", r"docs/_asked/jam\.toml: .*mend it"),
        ("milk = 1", "docs/_asked/jam.toml: 'milk' is no table of languages"),
        ('[milk]\nen = "again"', "docs/_asked/tea.toml: 'milk' stands in another file too"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    folder = tmp_path / "docs/_asked"
    folder.mkdir(parents=True)
    folder.joinpath("jam.toml").write_text(text, "utf-8")
    folder.joinpath("tea.toml").write_text('[milk]\nen = "white"\n', "utf-8")
    with pytest.raises(AskedError, match=complaint):
        read(tmp_path / "docs", ["en"])


@pytest.mark.parametrize("code", ["en", "zh_CN"])
def test_a_warm_build_writes_the_index_of_a_cold_one(tiny_site: TinySite, code: str) -> None:
    def read() -> bytes:
        built = tiny_site.build(code)
        assert built.complaints == []
        return built.html.joinpath("search-index.js").read_bytes()

    cold = read()
    assert b"Duplicate implicit target" not in cold
    page = "docs/guide/visitors.md"
    text = tiny_site.read(page)
    tiny_site.write(page, text + "\n")
    assert read() == cold
    if code == "en":
        tiny_site.write(page, text.replace("A visitor has a number.", "A visitor has a name."))
        changed = read()
        assert changed != cold
        tiny_site.write(page, text)
        assert read() == cold


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_the_index_fits_the_line_of_a_reader(site: Path, language: Any) -> None:
    script = site.joinpath(language.folder, "search-index.js").read_bytes()
    assert len(gzip.compress(script, 9)) <= ROOM[language.search] * 1000
    found = data(script.decode())
    kinds = {KINDS[record[0]] for record in found["records"]}
    assert {"page", "section", "pitfall", "term", "row", "name"} <= kinds


def test_each_record_opens_at_its_anchor(site: Path) -> None:
    for language in LANGUAGES:
        folder = site / language.folder
        found = data(folder.joinpath("search-index.js").read_text(encoding="utf-8"))
        html = {
            place: folder.joinpath(f"{name}.html").read_text(encoding="utf-8")
            for place, (name, _) in enumerate(found["pages"])
        }
        lost = [
            (found["pages"][page][0], anchor)
            for kind, page, own, title, _ in found["records"]
            for anchor in [own or made_anchor(KINDS[kind], title)]
            if anchor and f'id="{anchor}"' not in html[page]
        ]
        assert lost == []


def test_each_place_that_readers_ask_for_is_on_the_site(site: Path) -> None:
    found = data(site.joinpath("en/search-index.js").read_text(encoding="utf-8"))
    places = {name for name, _ in found["pages"]} | {
        own or made_anchor(KINDS[kind], title) for kind, _, own, title, _ in found["records"]
    }
    asked = read(ROOT / "docs", ["en", "zh_CN"])
    assert sorted(set(asked) - places) == [], "docs/_asked: no page has these; name what there is"
    assert sorted(place for place, words in asked.items() if not words) == []


def test_a_misspelling_is_read_as_a_word_of_the_index() -> None:
    synonyms = tomllib.loads(SYNONYMS.read_text(encoding="utf-8"))
    grouped = {phrase for group in synonyms["same"] for phrase in group}
    # What is read as another word is never looked for, so it stands in no group.
    assert grouped.isdisjoint(synonyms["read_as"])
    assert set(synonyms["read_as"]).isdisjoint(synonyms["read_as"].values())
