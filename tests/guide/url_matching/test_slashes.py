"""Slashes: at the end, and doubled ones."""

import pytest
from flask import request, url_for
from werkzeug.routing import (
    Map,
)

from proven.claims.proofs import proves
from snippets.routing import (
    doubled_slashes,
    loose_slashes,
    trailing_slashes,
)
from tests.guide.routing.helpers import ALLOWED, new_app, send, view


@proves(
    "guide/url-matching",
    "A trailing slash is part of a rule.",
    "If the rule is /reports/ and the client requests /reports, Flask redirects it to /reports/.",
    "The redirect keeps the query string.",
    "The option matters for a rule with a slash: /reports is redirected to /reports/.",
)
def test_a_folder_without_its_slash_redirects_with_308() -> None:
    answer = send(trailing_slashes.create_app(), "/reports?year=2024")
    assert (answer.status_code, answer.location) == (308, "http://localhost/reports/?year=2024")
    assert send(trailing_slashes.create_app(), "/reports/").text == "All reports"


@proves(
    "guide/url-matching",
    "The status is 308, not 301: the browser repeats the request with the same method and "
    "body, so a form that was posted to /reports reaches /reports/ as a POST.",
)
def test_a_form_posted_without_the_slash_arrives_as_a_post() -> None:
    app = new_app()
    app.post("/reports/")(lambda: {"method": request.method, "form": request.form})
    answer = send(app, "/reports", "POST", data={"year": "2024"}, follow_redirects=True)
    assert answer.json == {"method": "POST", "form": {"year": "2024"}}
    redirect = send(trailing_slashes.create_app(), "/reports", "POST")
    assert (redirect.status_code, redirect.location) == (308, "http://localhost/reports/")


@proves(
    "guide/url-matching",
    "If the rule is /about and the client requests /about/, Flask responds with 404.",
    "The rule is /about and the link points to /about/.",
)
def test_a_file_with_a_slash_is_not_found() -> None:
    app = trailing_slashes.create_app()
    assert (send(app, "/about").text, send(app, "/about/").status_code) == ("About us", 404)


@proves(
    "guide/url-matching",
    "To accept both spellings without a redirect, pass strict_slashes=False to the route.",
    "It works for rules with and without a slash at the end.",
    "The cost is that one page then has two addresses.",
)
def test_strict_slashes_off_answers_both_spellings() -> None:
    app = trailing_slashes.create_app()
    assert send(app, "/join").text == send(app, "/join/").text == "Join us"
    folder = new_app()
    folder.add_url_rule("/folder/", view_func=view, strict_slashes=False)
    assert [send(folder, path).status_code for path in ("/folder", "/folder/")] == [200, 200]


@proves(
    "guide/url-matching",
    "It is the default, and a rule without a slash at the end never matches a path with one.",
)
def test_strict_slashes_on_is_the_default_and_changes_nothing_for_a_file() -> None:
    app = new_app()
    app.add_url_rule("/index", endpoint="said", view_func=view, strict_slashes=True)
    app.add_url_rule("/other", endpoint="unsaid", view_func=view)
    assert [send(app, path).status_code for path in ("/index", "/index/")] == [200, 404]
    assert [send(app, path).status_code for path in ("/other", "/other/")] == [200, 404]
    assert Map().strict_slashes is True


def test_the_map_changes_the_default_for_routes_added_after_it() -> None:
    app = new_app()
    app.add_url_rule("/early", endpoint="early", view_func=view)
    app.url_map.strict_slashes = False
    app.add_url_rule("/late", endpoint="late", view_func=view)
    assert send(app, "/early/").status_code == 404
    assert send(app, "/late/").status_code == 200


@proves(
    "guide/url-matching",
    "Build links with flask.url_for(): it always uses the spelling of the rule.",
)
def test_url_for_gives_the_slash_of_the_rule() -> None:
    with trailing_slashes.create_app().test_request_context():
        assert (url_for("reports"), url_for("about")) == ("/reports/", "/about")


@proves(
    "guide/url-matching",
    "If a path contains several slashes in a row, Flask merges them into one and "
    "redirects to the merged path.",
)
def test_doubled_slashes_redirect_to_the_merged_path() -> None:
    answer = send(doubled_slashes.app, "/docs//intro?x=1")
    assert (answer.status_code, answer.location) == (308, "http://localhost/docs/intro?x=1")
    assert send(doubled_slashes.app, "/docs/intro").text == "Introduction"


@proves("guide/url-matching", "Inside a path variable the slashes are kept.")
def test_a_path_variable_keeps_the_slashes_inside_it() -> None:
    answer = send(doubled_slashes.app, "/fetch/https://example.org/a//b")
    assert answer.text == "Would fetch https://example.org/a//b"


@proves(
    "guide/url-matching",
    "With merge_slashes=False the rule matches only the path as it is written (…).",
)
def test_merge_slashes_off_wants_the_path_as_written() -> None:
    assert send(doubled_slashes.app, "/exact//path").status_code == 404
    assert send(doubled_slashes.app, "/exact/path").text == "One spelling only"


def test_the_map_turns_merging_off_for_routes_added_after_it() -> None:
    app = new_app()
    app.url_map.merge_slashes = False
    app.add_url_rule("/a/b", view_func=view)
    assert send(app, "/a//b").status_code == 404


@proves(
    "guide/url-matching",
    "The option belongs to a rule, not to a path.",
    "In this example only the route for GET has it, so a form that is posted to /drafts/ gets 405:",
)
def test_the_option_belongs_to_a_rule_and_not_to_a_path() -> None:
    app = loose_slashes.app
    assert [send(app, path).text for path in ("/drafts", "/drafts/")] == ["All drafts"] * 2
    assert send(app, "/drafts", "POST").text == "Added"
    refused = send(app, "/drafts/", "POST")
    assert (refused.status_code, set(refused.allow)) == (405, ALLOWED)


@proves(
    "guide/url-matching", "If one function handles GET and another handles POST, pass it to both."
)
@pytest.mark.parametrize("rule", ["/drafts", "/drafts/"])
def test_set_on_both_functions_it_lets_both_spellings_through(rule: str) -> None:
    app = new_app()
    for method in ("GET", "POST"):
        app.add_url_rule(
            rule,
            endpoint=method,
            view_func=lambda: request.method,
            methods=[method],
            strict_slashes=False,
        )
    for method in ("GET", "POST"):
        assert [send(app, path, method).text for path in ("/drafts", "/drafts/")] == [method] * 2
