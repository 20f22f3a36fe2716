"""The parts of the URL: docs/guide/requests.md."""

from __future__ import annotations

import re

from flask import request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.test import TestResponse

from proven.claims.proofs import proves
from snippets.requests import mounted, url_attributes
from tests.guide.requests.common import app_of, new_app, rows, send

WORKED = "/notes/%E6%97%A9?tag=%E7%BA%A2&page=2"


HOST = "http://example.com:8080/"


ALONE = {
    "scheme": "http",
    "host": "example.com:8080",
    "script_root": "",
    "path": "/notes/早",
    "query_string": "b'tag=%E7%BA%A2&page=2'",
    "full_path": "/notes/早?tag=%E7%BA%A2&page=2",
    "url": "http://example.com:8080/notes/早?tag=红&page=2",
    "base_url": "http://example.com:8080/notes/早",
    "url_root": "http://example.com:8080/",
    "host_url": "http://example.com:8080/",
    "url_for": "/notes/%E6%97%A9",
}


BELOW = ALONE | {
    "script_root": "/shop",
    "url": "http://example.com:8080/shop/notes/早?tag=红&page=2",
    "base_url": "http://example.com:8080/shop/notes/早",
    "url_root": "http://example.com:8080/shop/",
    "url_for": "/shop/notes/%E6%97%A9",
}


def attributes(answer: TestResponse) -> dict[str, str]:
    return {line[:13].rstrip(): line[13:] for line in answer.text.splitlines()}


@proves(
    "guide/requests",
    "scheme | http or https |",
    "host | the host, with its port unless it is the standard one |",
    "path | the path that is compared with the rules, decoded | not in it",
    "query_string | the part behind the ?, as bytes, not decoded |",
    "url | the whole URL | in it",
    "base_url | url without the query string | in it",
    "url, base_url, url_root and host_url contain Chinese text decoded, for people to read.",
    "scheme, host, script_root, path, query_string, full_path, url, base_url, url_root, "
    "host_url | the parts of the URL",
)
def test_every_url_attribute_without_a_prefix() -> None:
    app = url_attributes.create_app()
    assert attributes(send(app, WORKED, base_url=HOST)) == ALONE


@proves(
    "guide/requests",
    "script_root, root_path | the prefix, without a slash at the end | is it",
    "url_root, root_url | the URL of the application's root | in it",
    "host_url | the URL of the host's root | not in it",
)
def test_every_url_attribute_below_a_prefix() -> None:
    assert attributes(send(mounted.app, f"/shop{WORKED}", base_url=HOST)) == BELOW
    assert send(mounted.app, WORKED, base_url=HOST).status_code == 404


@proves(
    "guide/requests",
    "script_root, root_path | the prefix, without a slash at the end | is it",
    "path | the path that is compared with the rules, decoded | not in it",
    "full_path | path, ? and the query string; the ? is there even if the query string is "
    "empty | not in it",
    "url | the whole URL | in it",
    "base_url | url without the query string | in it",
    "url_root, root_url | the URL of the application's root | in it",
    "host_url | the URL of the host's root | not in it",
    "path does not contain the prefix.",
)
def test_the_table_says_which_attributes_have_the_prefix() -> None:
    said = {
        name: row[2]
        for row in rows("## The parts of the URL")
        for name in re.findall(r"`(\w+)`", row[0])
    }
    assert said.keys() == (ALONE.keys() - {"url_for"}) | {"root_path", "root_url"}
    for name, words in said.items():
        if name in ALONE and words:
            inside = "/shop" in BELOW[name]
            assert (words != "not in it") is inside


@proves(
    "guide/requests",
    "script_root, root_path | the prefix, without a slash at the end | is it",
    "url_root, root_url | the URL of the application's root | in it",
)
def test_two_attributes_have_two_names() -> None:
    with new_app().test_request_context("/a", base_url="http://x/shop/"):
        assert request.root_path == request.script_root == "/shop"
        assert request.root_url == request.url_root == "http://x/shop/"


@proves(
    "guide/requests",
    "host | the host, with its port unless it is the standard one |",
    "full_path | path, ? and the query string; the ? is there even if the query string is "
    "empty | not in it",
)
def test_the_usual_port_is_not_in_the_host_and_the_question_mark_always_in_full_path() -> None:
    with new_app().test_request_context("/a", base_url="http://example.com:80/"):
        assert (request.host, request.full_path) == ("example.com", "/a?")
    with new_app().test_request_context("/a", base_url="https://example.com:443/"):
        assert (request.host, request.scheme) == ("example.com", "https")


@proves(
    "guide/requests",
    "If you build a link from it and the application is mounted below a prefix, the link "
    "leaves the application.",
    "request.script_root + request.path is the path that the browser shows.",
)
def test_a_link_made_of_path_leads_out_of_the_application() -> None:
    paths: list[str] = []

    def view() -> str:
        paths.extend([request.path, request.script_root + request.path])
        return ""

    app = app_of(view)
    send(app, "/", environ_overrides={"SCRIPT_NAME": "/shop"})
    assert paths == ["/", "/shop/"]


@proves(
    "guide/requests",
    "Behind a proxy, scheme, host and prefix are those of the connection between proxy "
    "and application.",
    "Werkzeug's ProxyFix replaces them by the values of the X-Forwarded- headers.",
    "remote_addr is the address of the other end of the connection, which is the proxy if "
    "there is one.",
)
def test_behind_a_proxy_the_attributes_are_those_of_the_inner_connection() -> None:
    app = app_of(lambda: {"url": request.url, "address": request.remote_addr})
    forwarded = {
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "example.com",
        "X-Forwarded-Prefix": "/shop",
        "X-Forwarded-For": "192.0.2.7",
    }
    inner = {"url": "http://localhost/", "address": "127.0.0.1"}
    assert send(app, headers=forwarded).json == inner
    app.wsgi_app = ProxyFix(app.wsgi_app, x_host=1, x_prefix=1)  # type: ignore[method-assign]
    outer = {"url": "https://example.com/shop/", "address": "192.0.2.7"}
    assert send(app, headers=forwarded).json == outer


@proves(
    "guide/requests",
    "The client chooses the host; list the hosts that you accept in TRUSTED_HOSTS, see "
    "Configuration.",
)
def test_the_client_chooses_the_host_unless_trusted_hosts_says_otherwise() -> None:
    app = app_of(lambda: request.host_url, testing=False)
    assert send(app, headers={"Host": "evil.example"}).text == "http://evil.example/"
    app.config["TRUSTED_HOSTS"] = ["example.com"]
    assert send(app, headers={"Host": "evil.example"}).status_code == 400
