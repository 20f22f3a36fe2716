"""The converters to copy, as the page shows them."""

import re
import sys
import time
from enum import Flag

import pytest
from flask import url_for
from werkzeug.exceptions import NotFound

from proven.claims.proofs import proves
from snippets.converters import CONVERTERS, enum_converter
from snippets.url_converters import (
    choices,
    ready_made,
    signed,
    signed_max_age,
)
from tests.guide.converters.helpers import PAGE, ROOT, build, get, match


@proves("reference/converters", "snippets/converters.py depends only on Flask.")
@proves(
    "guide/converter-examples",
    "snippets/converters.py is a single file that depends only on Flask.",
)
def test_the_file_depends_on_flask_and_nothing_else() -> None:
    source = ROOT.joinpath("snippets/converters.py").read_text(encoding="utf-8")
    imported = set(re.findall(r"^(?:from|import) (\w+)", source, re.MULTILINE))
    # ItsDangerous and Werkzeug come with Flask.
    assert imported - sys.stdlib_module_names == {"flask", "itsdangerous", "werkzeug"}


@proves(
    "guide/converter-examples",
    "It escapes a comma or a slash in an item with a tilde.",
    "date writes the year with four digits: the year 33 is 0033.",
    "base(62) has one spelling for each number.",
    "It matches no number above max, by default the largest BIGINT.",
)
@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/compare/8,3,5", {"ids": [8, 3, 5], "link": "/compare/3,5,8"}),
        ("/tagged/flask", {"tags": ["flask"], "link": "/tagged/flask,a~2b,1~12"}),
        (
            "/tagged/flask,a~2b,1~12",
            {"tags": ["flask", "a,b", "1/2"], "link": "/tagged/flask,a~2b,1~12,a~2b,1~12"},
        ),
        ("/log/2025-01-31", {"weekday": "Friday", "link": "/log/0033-01-31"}),
        ("/s/2lkCB1", {"number": 2147483647, "link": "/s/4GFfc2"}),
        ("/compare/3,,5", 404),
        ("/log/2025-02-30", 404),
        ("/s/0s", 404),
        ("/s/zzzzzzzzzzzz", 404),
    ],
)
def test_lists_dates_and_short_numbers(path: str, answer: object) -> None:
    assert get(ready_made.app, path) == answer


@proves(
    "guide/converter-examples",
    "Percent-encoding does not work for that, because the server decodes it before Flask "
    "matches the path.",
)
def test_a_percent_encoded_comma_would_split_an_item() -> None:
    assert get(ready_made.app, "/tagged/a%2Cb")["tags"] == ["a", "b"]


@proves(
    "guide/converter-examples",
    "list accepts the name and the arguments of another converter, which converts each "
    "item: <list(int, max=99):ids>.",
)
def test_a_list_takes_the_arguments_of_the_converter_of_its_items() -> None:
    assert match("/<list(int, max=99):value>", "/99,100", **CONVERTERS) is NotFound
    assert match("/<list(int, max=99):value>", "/98,99", **CONVERTERS) == [98, 99]


@proves(
    "guide/converter-examples",
    "list does not change the type of its items: url_for raises an error for [3.9] with "
    "list(int), for [None] and [1] with list, and for a set.",
)
@pytest.mark.parametrize(
    ("rule", "value"), [("list(int)", [3.9]), ("list", [None]), ("list", [1]), ("list", {"a"})]
)
def test_the_items_of_a_list_keep_their_type(rule: str, value: object) -> None:
    with pytest.raises(ValueError, match=r"would not match in a URL|is neither a list nor a tuple"):
        build(f"/<{rule}:value>", value, **CONVERTERS)


@proves(
    "guide/converter-examples",
    "A combination of flags counts as a member if the enum has a name for it.",
)
def test_combined_flags_are_a_member_if_there_is_a_name_for_them() -> None:
    class Right(Flag):
        READ = 1
        WRITE = 2
        BOTH = 3
        DELETE = 4

    it = enum_converter(Right)
    assert build("/<it:value>", Right.READ | Right.WRITE, it=it) == "/3"
    with pytest.raises(ValueError, match="is not a member of Right"):
        build("/<it:value>", Right.READ | Right.DELETE, it=it)


@proves(
    "guide/converter-examples",
    "With any the view receives text; with an enum it receives the member.",
)
def test_an_enum_gives_the_view_its_member() -> None:
    links = ["/issues/open", "/issues/in-review", "/issues/closed"]
    assert get(choices.app, "/issues/in-review") == {"state": "IN_REVIEW", "links": links}
    assert get(choices.app, "/issues/IN_REVIEW") == 404


@proves("guide/converter-examples", "url_for accepts only members.")
def test_url_for_takes_members_only() -> None:
    with choices.app.test_request_context():
        for text in ("open", "opne"):
            with pytest.raises(ValueError, match=f"'{text}' is not a member of State"):
                url_for("issues", state=text)


@proves(
    "guide/converter-examples",
    "If the URL contains a signature, Flask responds to that with 404.",
    "The argument of the converter is a purpose.",
    "A signature for an order is not valid for an invoice.",
    "The number in the URL stays readable, and whoever has the link can use it.",
)
def test_a_signed_identifier_cannot_be_changed_or_used_for_something_else() -> None:
    app = signed.create_app()
    links = get(app, "/mail")
    signature = links["order"].partition(".")[2]
    assert f"GET {links['order']} -> 200" in PAGE
    assert get(app, links["order"]) == {"number": 42}
    assert get(app, links["invoice"]) == {"number": 42}
    assert get(app, f"/orders/43.{signature}") == 404
    assert get(app, f"/invoices/42.{signature}") == 404
    assert get(app, "/orders/42") == 404


@proves(
    "guide/converter-examples",
    "The converter signs with the application's SECRET_KEY, which it reads for each URL.",
    "When you change the key, put the old one into SECRET_KEY_FALLBACKS: old links stay "
    "valid, and new links are signed with the new key.",
    "Without max_age, a link is valid as long as the key is.",
)
def test_old_links_work_while_the_old_key_is_a_fallback() -> None:
    old = get(signed.create_app(), "/mail")["order"]
    fallback = {"SECRET_KEY": "new key", "SECRET_KEY_FALLBACKS": ["old key"]}
    rotated = signed.create_app(fallback)
    assert get(rotated, old) == {"number": 42}
    new = get(rotated, "/mail")["order"]
    assert new != old
    final = signed.create_app({"SECRET_KEY": "new key"})
    assert get(final, new) == {"number": 42}
    assert get(final, old) == 404


@proves(
    "guide/converter-examples",
    "SECRET_KEY_FALLBACKS must be a list of keys.",
    "If the list contains an empty key, or if it is a string, building or matching a "
    "signed URL raises RuntimeError.",
)
@pytest.mark.parametrize("fallbacks", [["old key", ""], "old key"])
def test_fallbacks_that_would_accept_forgeries_are_refused(fallbacks: object) -> None:
    config = {"SECRET_KEY": "new key", "SECRET_KEY_FALLBACKS": fallbacks, "TESTING": True}
    client = signed.create_app(config).test_client()
    for path in ("/mail", get(signed.create_app(), "/mail")["order"]):
        with pytest.raises(RuntimeError, match="has to be a list of keys that are not empty"):
            client.get(path)


@proves(
    "guide/converter-examples",
    '<signed("reset", max_age=3600):number> also writes the time of signing into the URL, '
    "and a link that is older than an hour returns 404:",
)
def test_with_max_age_a_link_is_404_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_max_age.app.test_client()
    link = client.get("/mail").text
    assert client.get(link).text == "new password for user 42"
    forever = get(signed.create_app(), "/mail")["order"]
    now = time.time()
    for later, expected in [(3590, 200), (3610, 404), (10**9, 404)]:
        monkeypatch.setattr("time.time", lambda later=later: now + later)
        assert client.get(link).status_code == expected
        assert get(signed.create_app(), forever) == {"number": 42}


@proves(
    "guide/converter-examples",
    "The number in the URL stays readable, and whoever has the link can use it.",
)
def test_a_signed_link_works_for_whoever_holds_it() -> None:
    app = signed.create_app()
    link = get(app, "/mail")["order"]
    assert app.test_client().get(link).json == app.test_client().get(link).json == {"number": 42}
