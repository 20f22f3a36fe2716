"""``{life}`` and ``{lives}``: what a snippet notes becomes a picture and a list, and a fault one line."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import polib
import pytest
from bs4 import BeautifulSoup, Tag

from proven.claims.proofs import proves
from proven.exchange.life import check, kinds, listing, mark, matrix, raises
from proven.exchange.life_picture import (
    DETAIL,
    LETTERS,
    MARGIN,
    ROW,
    SHAPES,
    WIDTH,
    Row,
    Words,
    compare,
    draw,
)
from proven.snippets.files import SnippetError
from tests.site.tiny_site import ROOT, TinySite

PAGE = "docs/guide/visitors.md"
SNIPPET = '''"""A view between two hooks, all of which are noted."""

from typing import NamedTuple

from flask import Flask, has_app_context, has_request_context, request


class Step(NamedTuple):
    kind: str
    name: str
    detail: str
    error: str
    app_context: bool
    request_context: bool


app = Flask(__name__)
steps: list[Step] = []


def note(kind: str, name: str, detail: str = "") -> None:
    fails = bool(request) and request.args.get("fail") == name
    contexts = has_app_context(), has_request_context()
    steps.append(Step(kind, name, detail, "ValueError" if fails else "", *contexts))
    if fails:
        raise ValueError(name)


app.before_request(lambda: note("hook", "before_request"))
app.teardown_request(lambda error: note("hook", "teardown_request", f"error={error!r}"))
app.teardown_appcontext(lambda error: note("hook", "teardown_appcontext"))
app.register_error_handler(500, lambda error: note("hook", "errorhandler") or ("<500>", 500))


@app.get("/")
def index() -> str:
    note("view", "index", "tea < coffee")
    note("server", "body")
    return "fine"
'''
GOOD = ["before_request", "index", "the body is sent", "teardown_request", "teardown_appcontext"]
BAD = ["before_request", "index", "errorhandler", "teardown_request", "teardown_appcontext"]
LIFE = """
```{life} snippets.greeting.noted
GET / -> 200
```

```{life} snippets.greeting.noted
:unlike: /
GET /?fail=index -> 500
```

```{lives} snippets.greeting.noted
GET / -> 200
GET /?fail=index -> 500
GET /nowhere -> 404
```
"""


class Noted(NamedTuple):
    """A step, as a snippet may note it."""

    kind: str
    name: str
    detail: str = ""
    error: str = ""
    app_context: bool = False
    request_context: bool = False


def words(**changes: str) -> Words:
    return Words(
        title=changes.get("title", "a title"),
        description=changes.get("description", "a description"),
        kinds={kind: f"<{kind}>" for kind in SHAPES},
        contexts={"app_context": "application context", "request_context": "request context"},
        skipped="skipped",
        raises=lambda error: f"raises {error}",
        label=lambda step: step.name,
    )


def drawn(rows: list[Row], **changes: str) -> Tag:
    """Return the picture, read as the browser reads it."""
    svg = BeautifulSoup(draw(rows, words(**changes), "life-0"), "lxml").svg
    assert svg is not None
    return svg


def names(steps: list[Noted]) -> list[str]:
    return [step.name for step in steps]


# Comparing two lives.

USUAL = [Noted("hook", "a"), Noted("view", "b", "x=1"), Noted("hook", "c"), Noted("hook", "d")]


def test_without_another_life_all_steps_stand_as_they_are() -> None:
    assert compare(USUAL) == [Row(step) for step in USUAL]


def test_what_a_life_leaves_out_is_skipped_and_what_it_adds_is_extra() -> None:
    other = [USUAL[0], Noted("view", "b", "x=2", "KeyError"), Noted("log", "e"), USUAL[3]]
    assert compare(other, USUAL) == [
        Row(USUAL[0]),
        Row(other[1], changed=True),
        Row(USUAL[2], "skipped"),
        Row(other[2], "extra"),
        Row(USUAL[3]),
    ]


def test_a_step_of_the_same_name_and_another_kind_is_another_step() -> None:
    assert [row.state for row in compare([Noted("log", "a")], [Noted("hook", "a")])] == [
        "skipped",
        "extra",
    ]


@proves(
    "about/adding-a-page",
    "The steps of a request, recorded from a running application: as a picture, and as a "
    "table of several requests.",
)
def test_the_rows_of_a_table_keep_the_order_of_the_first_life() -> None:
    lives = [
        USUAL,
        [USUAL[0], Noted("view", "b", error="KeyError"), Noted("log", "e"), USUAL[3]],
        [USUAL[3], USUAL[3], Noted("server", "f")],
    ]
    assert [(step.name, marks) for step, marks in matrix(lives)] == [
        ("a", ["✓", "✓", "–"]),
        ("b", ["✓", "✗", "–"]),
        ("c", ["✓", "–", "–"]),
        ("e", ["–", "✓", "–"]),
        ("d", ["✓", "✓", "2 ×"]),
        ("f", ["–", "–", "✓"]),
    ]


def test_a_step_that_raises_once_of_two_times_is_marked_as_raising() -> None:
    assert mark([Noted("hook", "a"), Noted("hook", "a", error="KeyError")]) == "✗"


# The picture.


def test_every_kind_has_a_word_and_a_shape() -> None:
    assert list(kinds()) == list(SHAPES)


def test_the_picture_is_text_from_top_to_bottom_within_its_own_width() -> None:
    svg = drawn([Row(step) for step in USUAL])
    groups = svg.select("g.life-step")
    assert [group.select_one(".life-name").text for group in groups] == ["a", "b", "c", "d"]
    assert [group.select_one(".life-kind").text for group in groups] == [
        "<hook>",
        "<view>",
        "<hook>",
        "<hook>",
    ]
    tops = [int(group.select_one(".life-name")["y"]) for group in groups]
    assert [below - above for above, below in pairwise(tops)] == [
        ROW,
        ROW + DETAIL,
        ROW,
    ]
    x, y, width, height = map(int, str(svg["viewbox"]).split())
    assert (x, y, width) == (0, 0, WIDTH)
    assert height == MARGIN + 6 * ROW + DETAIL + MARGIN
    assert all(0 < int(text["x"]) < WIDTH and 0 < int(text["y"]) < height for text in svg("text"))
    # It scales with the page: no size of its own, no colour but those of the page.
    assert not {"width", "height", "style", "fill"} & set(svg.attrs)


def test_the_picture_has_a_title_and_a_description_for_who_does_not_see_it() -> None:
    svg = drawn([Row(USUAL[0])], title="GET /?a=1&b=<2>", description='"in order"')
    assert svg["role"] == "img"
    assert svg["aria-labelledby"] == "life-0-title life-0-description"
    assert svg.select_one("title#life-0-title").text == "GET /?a=1&b=<2>"
    assert svg.select_one("desc#life-0-description").text == '"in order"'


def test_names_and_arguments_are_code_and_words_are_not() -> None:
    steps = [Noted("view", "a", "x=1", "KeyError"), Noted("server", "body")]
    page = words()
    labelled = Words(**{**vars(page), "label": lambda step: step.name.replace("body", "the body")})
    svg = BeautifulSoup(draw([Row(step) for step in steps], labelled, "life-0"), "lxml")
    assert [text.text for text in svg.select("text[translate=no]")] == ["a", "x=1"]
    assert [text.text for text in svg.select("text:not([translate])")] == [
        *("application context", "request context"),
        *("<view>", "raises KeyError", "the body", "<server>"),
    ]


def test_a_detail_breaks_into_lines_that_fit() -> None:
    detail = ", ".join(f"name{number}=value" for number in range(8))
    (step,) = drawn([Row(Noted("hook", "a", detail))]).select("g.life-step")
    lines = [text.text for text in step.select(".life-detail")]
    assert len(lines) == 3
    assert " ".join(lines) == detail
    assert max(map(len, lines)) <= LETTERS


def test_states_are_classes_and_the_skipped_say_so_in_words() -> None:
    rows = [
        Row(USUAL[1], "skipped"),
        Row(Noted("log", "e", "x=3"), "extra"),
        Row(Noted("view", "f", error="KeyError"), changed=True),
    ]
    skipped, extra, changed = drawn(rows).select("g.life-step")
    assert skipped["class"] == ["life-step", "life-view", "life-skipped"]
    assert [text.text for text in skipped("text")] == ["b", "skipped"]
    assert extra["class"] == ["life-step", "life-log", "life-extra"]
    assert [text.text for text in extra("text")] == ["e", "<log>", "x=3"]
    assert changed["class"] == [
        "life-step",
        "life-view",
        "life-same",
        "life-changed",
        "life-raises",
    ]
    assert [text.text for text in changed("text")] == ["f", "<view>", "raises KeyError"]


def test_a_skipped_step_is_not_said_to_raise() -> None:
    (step,) = drawn([Row(Noted("view", "b", error="KeyError"), "skipped")]).select("g.life-step")
    assert step["class"] == ["life-step", "life-view", "life-skipped"]
    assert not step.select(".life-error")


def test_a_bar_stands_beside_the_steps_during_which_a_context_is_active() -> None:
    rows = [
        Row(Noted("server", "a")),
        Row(Noted("signal", "b", app_context=True)),
        Row(Noted("view", "c", app_context=True, request_context=True)),
        Row(Noted("server", "d")),
        Row(Noted("signal", "e", app_context=True)),
    ]
    svg = drawn(rows)
    begin = MARGIN + 2 * ROW

    def bars(kind: str) -> list[tuple[int, int]]:
        # The first stands beside the words.
        return [(int(r["y"]), int(r["height"])) for r in svg.select(f".life-{kind} rect")[1:]]

    assert bars("app-context") == [(begin + ROW + 3, 2 * ROW - 6), (begin + 4 * ROW + 3, ROW - 6)]
    assert bars("request-context") == [(begin + 2 * ROW + 3, ROW - 6)]
    assert [text.text for text in svg.select(".life-context text")] == [
        "application context",
        "request context",
    ]


def test_the_line_leads_from_step_to_step_and_is_dashed_where_one_is_skipped() -> None:
    rows = [Row(USUAL[0]), Row(USUAL[2], "skipped"), Row(USUAL[3]), Row(USUAL[0])]
    first = MARGIN + 2 * ROW + ROW // 2
    assert [(line["class"][1:], line["d"]) for line in drawn(rows).select(".life-line")] == [
        (["life-skipped"], f"M42 {first}V{first + ROW}"),
        (["life-skipped"], f"M42 {first + ROW}V{first + 2 * ROW}"),
        ([], f"M42 {first + 2 * ROW}V{first + 3 * ROW}"),
    ]


# The list.


def test_the_list_numbers_the_steps_and_has_their_arguments() -> None:
    steps = [
        Noted("hook", "a"),
        Noted("view", "b", "x=1", "KeyError"),
        Noted("view", "c", "", "OSError"),
        Noted("server", "body"),
    ]
    rows = [[cell.astext() for cell in row] for row in listing(steps).findall(_is_row)]
    assert rows == [
        ["#", "Step", "Kind", "Arguments"],
        ["1", "a", "hook", ""],
        ["2", "b", "view function", "x=1 raises KeyError"],
        ["3", "c", "view function", "raises OSError"],
        ["4", "the body is sent", "WSGI server", ""],
    ]
    assert raises("KeyError") == "raises KeyError"


def _is_row(node: object) -> bool:
    return type(node).__name__ == "row"


# The directives, in a site.


@pytest.fixture
def page(tiny_site: TinySite) -> TinySite:
    """A tiny site whose second page shows lives."""
    tiny_site.write("snippets/greeting/noted.py", SNIPPET)
    tiny_site.write(PAGE, tiny_site.read(PAGE) + LIFE)
    return tiny_site


def read(html: Path) -> BeautifulSoup:
    return BeautifulSoup(html.joinpath("guide", "visitors.html").read_text("utf-8"), "lxml")


def cells(table: Tag) -> list[list[str]]:
    return [[cell.get_text().strip() for cell in row(["th", "td"])] for row in table("tr")]


@proves(
    "about/adding-a-page",
    "The steps of a request, recorded from a running application: as a picture, and as a "
    "table of several requests.",
)
def test_a_recorded_life_is_a_picture_and_a_list(page: TinySite) -> None:
    built = page.build()
    assert (built.code, built.complaints) == (0, [])
    soup = read(built.html)
    good, bad = soup.select("div.life")
    assert good.select_one(".life-request").get_text() == "GET / → 200 OK"
    assert [text.text for text in good.select(".life-name")] == GOOD
    assert [text.text for text in good.select(".life-words")] == ["the body is sent"]
    assert good.desc.text == f"In this order: {', '.join(GOOD)}."
    assert cells(good.table)[1:] == [
        ["1", "before_request", "hook", ""],
        ["2", "index", "view function", "tea < coffee"],
        ["3", "the body is sent", "WSGI server", ""],
        ["4", "teardown_request", "hook", "error=None"],
        ["5", "teardown_appcontext", "hook", ""],
    ]
    assert good.details.summary.text == "The same as a list"
    assert bad.select_one(".life-request").get_text() == (
        "GET /?fail=index → 500 INTERNAL SERVER ERROR"
    )
    assert [text.text for text in bad.select(".life-step:not(.life-skipped) .life-name")] == BAD
    assert [text.text for text in bad.select(".life-step.life-skipped .life-name")] == [
        "the body is sent"
    ]
    assert bad.desc.text == (f"In this order: {', '.join(BAD)}. Left out: the body is sent.")
    assert bad.svg.title.text == "The life of the request GET /?fail=index"
    ids = [tag["id"] for tag in soup.select("svg.life-picture [id]")]
    assert ids == [f"life-{n}-{part}" for n in (0, 1) for part in ("title", "description")]
    (table,) = soup.select("div.lives table")
    assert cells(table) == [
        ["Step", "GET /", "GET /?fail=index", "GET /nowhere"],
        ["Status", "200", "500", "404"],
        ["before_request", "✓", "✓", "✓"],
        ["index", "✓", "✗", "–"],
        ["the body is sent", "✓", "–", "–"],
        ["errorhandler", "–", "✓", "–"],
        ["teardown_request", "✓", "✓", "✓"],
        ["teardown_appcontext", "✓", "✓", "✓"],
    ]
    # Its style comes with the pages that need it.
    links = [link["href"] for link in soup.select("link[rel=stylesheet]")]
    assert any("life.css" in link for link in links)
    assert "life.css" not in built.html.joinpath("index.html").read_text("utf-8")


def test_a_life_is_in_the_readers_language_and_no_text_of_the_page(page: TinySite) -> None:
    built = page.build("zh_CN")
    assert (built.code, built.complaints) == (0, [])
    good, bad = read(built.html).select("div.life")
    assert [text.text for text in good.select(".life-context text")] == ["应用上下文", "请求上下文"]
    assert [text.text for text in good.select(".life-kind")] == [
        "钩子",
        "视图函数",
        "WSGI 服务器",
        "钩子",
        "钩子",
    ]
    assert good.svg.title.text == "请求 GET / 的一生"
    assert bad.desc.text == f"依次为：{'、'.join(BAD)}。跳过：发送响应体。"
    assert [text.text for text in bad.select(".life-error")] == ["抛出 ValueError"]
    assert cells(good.table)[0] == ["#", "步骤", "类别", "参数"]


def test_every_word_of_a_life_is_translated() -> None:
    catalog = polib.pofile(str(ROOT / "locale/zh_CN/LC_MESSAGES/sphinx.po"))
    entries = {entry.msgid: entry for entry in catalog}
    for word in kinds().values():
        assert entries[word].translated(), word


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("GET / -> 200\n```\n\n```{life}", "GET / -> 201\n```\n\n```{life}",
         "{line+1}: WARNING: life: GET / answers 200 OK, the page claims 201; mend the page or the snippet"),
        ("GET / -> 200\n```\n\n```{life}", "GET / -> 200\nGET / -> 200\n```\n\n```{life}",
         "{line+2}: WARNING: life: a life is that of one request: write {lives} for several"),
        (":unlike: /\n", ":unlike: /nowhere\n",
         "{line+6}: WARNING: life: GET /nowhere answers 404 NOT FOUND, the page claims 200: "
         "no rule of the snippet matches this URL; there is /, /static/<path:filename>"),
    ],
)  # fmt: skip
def test_a_wrong_claim_stops_the_build_with_its_line(
    page: TinySite, old: str, new: str, message: str
) -> None:
    page.edit(PAGE, old, new)
    first = page.read(PAGE).splitlines().index("```{life} snippets.greeting.noted") + 1
    for offset in (1, 2, 6):
        message = message.replace(f"{{line+{offset}}}", str(first + offset))
    built = page.build()
    assert built.code != 0
    assert built.complaints == [f"{PAGE}:{message} [proven.life]"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("    steps.append(Step(", "    (Step(",
         "snippets.greeting.noted noted nothing in a list 'steps': append each step to it"),
        ('note("hook", "before_request")', 'note("teapot", "before_request")',
         "snippets.greeting.noted notes a step of the kind 'teapot': use one of server, signal, session, "
         "routing, hook, view, template, log, or add it to proven.exchange.life.kinds()"),
        ("    steps.append(Step(kind, name, detail, ", "    steps.append((kind, name, detail, ",
         "a step of snippets.greeting.noted has no kind, name, detail, error, app_context, request_context: "
         "add what is missing"),
    ],
)  # fmt: skip
def test_a_snippet_that_notes_no_steps_stops_the_build(
    page: TinySite, old: str, new: str, message: str
) -> None:
    page.edit("snippets/greeting/noted.py", old, new)
    built = page.build()
    assert built.code != 0
    lines = [n for n, text in enumerate(page.read(PAGE).splitlines(), 1) if "{li" in text]
    assert built.complaints == [
        f"{PAGE}:{line}: WARNING: {name}: {message} [proven.snippet]"
        for line, name in zip(lines, ("life", "life", "lives"), strict=True)
    ]


def test_a_complete_step_of_a_known_kind_passes() -> None:
    check("snippets.x", Noted("view", "a"))
    with pytest.raises(SnippetError):
        check("snippets.x", Noted("nothing", "a"))
