"""Cookies: docs/guide/responses.md."""

from __future__ import annotations

import datetime
import re
import warnings
from typing import Any

import pytest
from flask import Response, make_response, request

from proven.claims.proofs import proves
from snippets.requests import cookies
from tests.guide.requests.common import TEXT, app_of, new_app, on_the_page, rows, send


@proves(
    "guide/responses",
    "A cookie is a name with a value that the browser sends back with each request.",
    "Read cookies from request.cookies, and set them with set_cookie of the response.",
    "A cookie that you set is in request.cookies from the next request on.",
)
@proves("guide/requests", "cookies | cookies that an earlier response set")
def test_a_cookie_is_in_the_request_from_the_next_one_on() -> None:
    browser = cookies.app.test_client()
    assert browser.get("/").text == "theme: none"
    answer = browser.post("/theme", data={"theme": "dark"})
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert re.fullmatch(r"theme=dark; Expires=.* GMT; Max-Age=31536000; Path=/", cookie)
    assert browser.get("/").text == "theme: dark"
    browser.delete("/token")
    assert browser.get("/").text == "theme: none"


@proves("guide/responses", "A cookie that you set is in request.cookies from the next request on.")
def test_what_is_set_is_not_yet_in_the_request() -> None:
    def view() -> Response:
        response = make_response()
        response.set_cookie("a", "1")
        response.data = str("a" in request.cookies)
        return response

    assert send(app_of(view)).text == "False"


@proves("reference/configuration", "Flask then also sets Secure.")
@proves(
    "guide/responses",
    "max_age | lifetime, in seconds or as a timedelta; sets Expires too | until the "
    "browser is closed",
    "secure | the browser sends the cookie only over HTTPS | False",
    "httponly | JavaScript cannot read the cookie | False",
    "samesite | whether the browser sends the cookie with requests from other sites: "
    '"Lax", "Strict" or "None" | the browser decides',
    "partitioned | the browser keeps a separate cookie for each site that embeds yours "
    "(…); sets Secure too | False",
)
def test_a_cookie_with_every_attribute() -> None:
    answer = send(cookies.app, "/token", "POST")
    assert re.sub(r"Expires=[^;]*", "Expires=…", answer.headers["Set-Cookie"]) == (
        "token=abc; Domain=example.com; Expires=…; Max-Age=3600; Secure; HttpOnly; Path=/account; "
        "SameSite=Lax; Partitioned"
    )


@proves("guide/responses", "Flask deletes a cookie by setting it again, empty and expired.")
def test_deleting_is_setting_once_more() -> None:
    answer = send(cookies.app, "/token", "DELETE")
    assert answer.headers.getlist("Set-Cookie") == [
        "theme=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/",
        "token=; Domain=example.com; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; "
        "Path=/account",
    ]


def test_the_table_of_cookie_parameters_is_complete() -> None:
    named = [name for row in rows("## Cookies") for name in re.findall(r"`(\w+)`", row[0])]
    taken = [*Response.set_cookie.__annotations__]
    assert named == [name for name in taken if name != "return"]


def cookie(**options: Any) -> str:
    response = Response()
    response.set_cookie("k", **options)
    return response.headers["Set-Cookie"]


@proves(
    "guide/responses",
    "key, value | name and value, as strings | an empty value",
    "max_age | lifetime, in seconds or as a timedelta; sets Expires too | until the "
    "browser is closed",
    "expires | end of the lifetime, as a datetime or a timestamp | computed from max_age",
    "secure | the browser sends the cookie only over HTTPS | False",
    "httponly | JavaScript cannot read the cookie | False",
    "samesite | whether the browser sends the cookie with requests from other sites: "
    '"Lax", "Strict" or "None" | the browser decides',
    "partitioned | the browser keeps a separate cookie for each site that embeds yours "
    "(…); sets Secure too | False",
)
def test_what_a_parameter_is_if_left_out() -> None:
    with new_app().app_context():
        assert cookie() == "k=; Path=/"
        assert cookie(value="x", partitioned=True) == "k=x; Secure; Path=/; Partitioned"
        day = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
        until = "k=x; Expires=Thu, 01 Jan 2026 00:00:00 GMT; Path=/"
        assert cookie(value="x", expires=day) == until
        assert cookie(value="x", expires=day.timestamp()) == until


@proves(
    "guide/responses",
    "A browser identifies a cookie by its name, path and domain, so pass delete_cookie() "
    "the path and domain with which the cookie was set.",
    "Otherwise the cookie stays, and you get no error.",
)
def test_deleting_needs_path_and_domain() -> None:
    app = new_app()

    @app.get("/account/set")
    def set_it() -> Response:
        response = make_response()
        response.set_cookie("token", "abc", path="/account")
        return response

    @app.get("/account/delete")
    def delete_it() -> Response:
        response = make_response()
        response.delete_cookie("token", path=request.args.get("path", "/"))
        return response

    browser = app.test_client()
    browser.get("/account/set")
    browser.get("/account/delete")
    assert browser.get_cookie("token", path="/account") is not None
    browser.get("/account/delete?path=/account")
    assert browser.get_cookie("token", path="/account") is None


@proves(
    "reference/configuration",
    "If a domain is set, the browser sends the cookie to that domain and all its subdomains.",
    "With None, it sends the cookie only to the host that set it.",
    "The browser sends the cookie only for URLs below this path.",
)
@proves(
    "guide/responses",
    "path | the browser sends the cookie only for URLs below this path | /",
    "domain | the browser sends the cookie to this host and its subdomains | only to the "
    "host that set it",
)
@pytest.mark.parametrize(
    ("options", "host", "path", "sent"),
    [
        ({"path": "/account"}, "example.com", "/account/keys", True),
        ({"path": "/account"}, "example.com", "/", False),
        ({}, "example.com", "/anywhere", True),
        ({}, "www.example.com", "/", False),
        ({"domain": "example.com"}, "www.example.com", "/", True),
        ({"domain": "example.com"}, "example.com", "/", True),
        ({"domain": "example.com"}, "example.org", "/", False),
    ],
)
def test_where_a_cookie_goes(options: dict[str, str], host: str, path: str, sent: bool) -> None:
    app = new_app(testing=False)

    @app.route("/", defaults={"path": ""})
    @app.route("/<path:path>")
    def view(path: str) -> Response:
        response = make_response(str("k" in request.cookies))
        if path == "set":
            response.set_cookie("k", "x", **options)  # type: ignore[arg-type]
        return response

    browser = app.test_client()
    browser.get("/set", base_url="http://example.com/")
    assert browser.get(path, base_url=f"http://{host}/").text == str(sent)


@proves(
    "guide/responses",
    'Your code passes a number, as in set_cookie("count", 3).',
    "The value must be a string: str(3).",
)
def test_the_value_of_a_cookie_is_a_string() -> None:
    message = on_the_page("expected string or bytes-like object, got 'int'")
    with new_app().app_context(), pytest.raises(TypeError) as caught:
        cookie(value=3)
    assert str(caught.value) == message


@proves("guide/responses", "samesite accepts only these three strings.")
def test_samesite_is_one_of_three_strings() -> None:
    message = on_the_page("SameSite must be 'Strict', 'Lax', or 'None'.")
    with new_app().app_context():
        for name in ("Strict", "Lax", "None"):
            assert cookie(value="x", samesite=name) == f"k=x; Path=/; SameSite={name}"
        assert cookie(value="x", samesite=None) == "k=x; Path=/"
        with pytest.raises(ValueError) as caught:
            cookie(value="x", samesite="no")
    assert str(caught.value) == message


@proves(
    "guide/responses", "The cookie is larger than the limit at which Flask warns, MAX_COOKIE_SIZE."
)
def test_a_cookie_that_is_too_large_warns() -> None:
    def view() -> Response:
        response = make_response()
        response.set_cookie("cart", "x" * 5000)
        return response

    (quoted,) = re.findall(r"`UserWarning: (The 'cart' cookie is too large: .*?)`", TEXT)
    with pytest.warns(UserWarning, match="cart") as caught:
        send(app_of(view))
    assert [str(warning.message) for warning in caught] == [quoted]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        send(app_of(view, MAX_COOKIE_SIZE=0))
