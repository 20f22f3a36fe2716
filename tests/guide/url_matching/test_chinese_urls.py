"""Chinese and percent-encoding."""

import urllib.parse

import pytest
from flask import url_for
from werkzeug.routing import PathConverter

from proven.claims.proofs import proves
from snippets.routing import (
    chinese_urls,
    trailing_slashes,
)
from tests.guide.routing.helpers import PAGE, send


@proves(
    "guide/url-matching",
    "You can write a rule in any script.",
    "Flask decodes the path before it matches it, and url_for encodes it.",
)
@pytest.mark.parametrize("path", ["/标签/早/", "/%E6%A0%87%E7%AD%BE/%E6%97%A9/"])
def test_a_rule_may_be_chinese_and_its_path_percent_encoded(path: str) -> None:
    encoded = urllib.parse.quote("/标签/早/")
    assert encoded == "/%E6%A0%87%E7%AD%BE/%E6%97%A9/"
    assert send(chinese_urls.app, path).text == f"早, /标签/早/, {encoded}"


def test_the_location_of_a_redirect_is_percent_encoded() -> None:
    answer = send(chinese_urls.app, "/标签/早")
    assert answer.status_code == 308
    assert answer.headers["Location"] == "http://localhost/%E6%A0%87%E7%AD%BE/%E6%97%A9/"


@proves(
    "guide/url-matching",
    "%2F is decoded to a slash before Flask matches the path, so the value of <name> "
    "never contains a slash.",
    "Use <path:name> for values with slashes.",
)
def test_an_encoded_slash_is_a_slash() -> None:
    assert send(chinese_urls.app, "/files/a%2Fb").status_code == 404
    assert send(chinese_urls.app, "/trees/a%2Fb").text == "path a/b"


@proves(
    "guide/url-matching",
    "Bytes that are not valid UTF-8 raise no error: the view receives � (U+FFFD) in their place.",
)
def test_bytes_that_are_not_utf_8_become_the_replacement_character() -> None:
    assert send(chinese_urls.app, "/files/%FF").text == "segment �"
    assert "`�`" in PAGE


@proves("guide/url-matching", "Paths are case-sensitive: /About is not /about.")
def test_paths_are_case_sensitive() -> None:
    assert send(trailing_slashes.create_app(), "/About").status_code == 404


@proves(
    "guide/url-matching",
    'url_for("one_segment", name="a/b") returns /files/a/b.',
    "It does not encode the slash, and /files/<name> does not match two segments.",
)
def test_url_for_does_not_encode_a_slash_in_a_value() -> None:
    with chinese_urls.app.test_request_context():
        url = url_for("one_segment", name="a/b")
    assert url == "/files/a/b"
    assert send(chinese_urls.app, url).status_code == 404


@proves(
    "guide/url-matching",
    "A path variable does not match a line break after its first character: /trees/a%0Ab "
    "returns 404, while /files/a%0Ab reaches its view.",
)
def test_a_path_variable_does_not_match_a_line_break_after_its_first_character() -> None:
    app = chinese_urls.app
    assert send(app, "/trees/a%0Ab").status_code == 404
    assert send(app, "/trees/a/b%0A").status_code == 404
    assert send(app, "/trees/%0Ab").text == "path \nb"
    assert send(app, "/files/a%0Ab").text == "segment a\nb"
    assert PathConverter.regex == "[^/].*?"
