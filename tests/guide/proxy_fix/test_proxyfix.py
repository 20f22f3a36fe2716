"""ProxyFix: docs/guide/proxy-fix.md."""

from __future__ import annotations

import re
from typing import Any

from flask import request, url_for
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.test import Client

from proven.claims.proofs import proves
from snippets.middleware import proxy
from tests.guide.middleware.common import get, new_app, on_the_page, table, wrapped

CONNECTION = {"REMOTE_ADDR": "127.0.0.1"}


FORWARDED = {
    "X-Forwarded-For": "203.0.113.7",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "shop.example",
    "X-Forwarded-Port": "8443",
    "X-Forwarded-Prefix": "/shop",
}


@proves(
    "guide/proxy-fix",
    "Behind nginx or a load balancer, the connection comes from the proxy: "
    "request.remote_addr is the address of the proxy, and links begin with http://.",
    "ProxyFix writes them into the environ before Flask reads it.",
    "The application does not use ProxyFix, or the proxy does not set X-Forwarded-Proto.",
    "PREFERRED_URL_SCHEME does not help, because it is only for links outside a request.",
    "Switch it on by configuration, as with behind_proxy above.",
)
def test_behind_a_proxy_links_and_address_are_those_of_the_client() -> None:
    one = {name: FORWARDED[name] for name in list(FORWARDED)[:3]}
    assert get(proxy.create_app(), headers=one).json == {
        "link": "https://shop.example/",
        "remote_addr": "203.0.113.7",
    }
    plain = proxy.create_app(behind_proxy=False)
    without = {"link": "http://localhost/", "remote_addr": "127.0.0.1"}
    assert get(plain, headers=one).json == without
    plain.config["PREFERRED_URL_SCHEME"] = "https"
    # the test client would take the scheme of the configuration for its own
    assert get(plain, headers=one, base_url="http://localhost/").json == without
    del one["X-Forwarded-Proto"]
    assert get(proxy.create_app(), headers=one).json["link"] == "http://shop.example/"


@proves(
    "guide/proxy-fix",
    "x_for | X-Forwarded-For | request.remote_addr | 1",
    "x_proto | X-Forwarded-Proto | request.scheme | 1",
    "x_host | X-Forwarded-Host | request.host | 0",
    "x_port | X-Forwarded-Port | the port in request.host | 0",
    "x_prefix | X-Forwarded-Prefix | request.script_root | 0",
    'The previous values of the environ are in environ["werkzeug.proxy_fix.orig"].',
    "Today each header has its own parameter: ….",
)
def test_each_parameter_changes_what_the_table_says() -> None:
    seen: dict[str, Any] = {}
    app = new_app()

    @app.before_request
    def look() -> None:
        names = ["remote_addr", "scheme", "host", "script_root"]
        seen.update({name: getattr(request, name) for name in names})
        seen["orig"] = request.environ["werkzeug.proxy_fix.orig"]

    plain = {"remote_addr": "127.0.0.1", "scheme": "http", "host": "localhost", "script_root": ""}
    none = dict.fromkeys(("x_for", "x_proto", "x_host", "x_port", "x_prefix"), 0)
    changed = {}
    for name in none:
        fixed = ProxyFix(app, **{**none, name: 1})
        Client(fixed).get("/", headers=FORWARDED, environ_base=CONNECTION)
        orig = seen.pop("orig")
        assert (orig["REMOTE_ADDR"], orig["HTTP_HOST"]) == ("127.0.0.1", "localhost")
        changed[name] = {key: value for key, value in seen.items() if value != plain[key]}
    assert changed == {
        "x_for": {"remote_addr": "203.0.113.7"},
        "x_proto": {"scheme": "https"},
        "x_host": {"host": "shop.example"},
        "x_port": {"host": "localhost:8443"},
        "x_prefix": {"script_root": "/shop"},
    }
    rows = table("proxy-fix")
    assert [row[0].strip("`") for row in rows] == list(none)
    assert [row[1].strip("`") for row in rows] == list(FORWARDED)
    attributes = [re.findall(r"`request\.(\w+)`", row[2])[0] for row in rows]
    assert [[name] for name in attributes] == [list(found) for found in changed.values()]
    default = ProxyFix(app)
    assert [int(row[3].strip("`")) for row in rows] == [getattr(default, name) for name in none]


@proves(
    "guide/proxy-fix",
    "Here a client reaches the same application without a proxy.",
    "The client wrote this header itself, and the application believes it:",
    "An allow list of addresses, a rate limit and the log then use an address that the "
    "client has invented.",
    "Do not use ProxyFix without a proxy.",
)
def test_a_client_that_sets_the_header_itself_is_believed() -> None:
    response = get(proxy.create_app(), headers={"X-Forwarded-For": "192.0.2.1"})
    assert response.json["remote_addr"] == "192.0.2.1"
    on_the_page("X-Forwarded-For: 192.0.2.1")
    plain = proxy.create_app(behind_proxy=False)
    response = get(plain, headers={"X-Forwarded-For": "192.0.2.1"})
    assert response.json["remote_addr"] == "127.0.0.1"


@proves(
    "guide/proxy-fix",
    "With x_host, the client also chooses the host in links, for example in a mail to "
    "reset a password.",
)
def test_with_x_host_the_client_chooses_the_host_in_links() -> None:
    response = get(proxy.create_app(), headers={"X-Forwarded-Host": "evil.example"})
    assert response.json["link"] == "http://evil.example/"


@proves(
    "guide/proxy-fix",
    "A number that is too high has the same effect behind a proxy.",
    "Each proxy appends the address that it sees, so ProxyFix counts the values from the right.",
    "The values further to the left came from the client:",
    "not sent | the connection | the connection | the connection",
    "203.0.113.7 | the connection | 203.0.113.7 | the connection",
    "192.0.2.1, 203.0.113.7 | the connection | 203.0.113.7 | 192.0.2.1",
    "The number is the number of proxies that set this header.",
    "With 0, the header is ignored.",
)
def test_values_are_counted_from_the_right() -> None:
    app = new_app()
    app.add_url_rule("/address", "address", lambda: str(request.remote_addr))
    for sent, *results in table("proxy-fix-attack"):
        given = {} if sent == "not sent" else {"X-Forwarded-For": sent.strip("`")}
        for number, result in enumerate(results):
            client = Client(ProxyFix(app, x_for=number))
            expected = "127.0.0.1" if result == "the connection" else result.strip("`")
            answer = client.get("/address", headers=given, environ_base=CONNECTION)
            assert answer.text == expected


@proves(
    "guide/proxy-fix",
    "Flask checks the host after ProxyFix has changed it, and responds with 400 to other "
    "hosts, unless a hook returns a response first.",
)
def test_trusted_hosts_are_checked_after_proxy_fix() -> None:
    app = proxy.create_app()
    app.config["TRUSTED_HOSTS"] = ["shop.example"]
    good, bad = ({"X-Forwarded-Host": host} for host in ("shop.example", "evil.example"))
    assert get(app, headers=good).json["link"] == "http://shop.example/"
    assert get(app, headers=bad, base_url="http://shop.example/").status_code == 400


@proves(
    "guide/proxy-fix",
    "ProxyFix writes the prefix into SCRIPT_NAME and does not remove it from the path.",
    "The proxy has to remove the prefix before it passes on the request.",
)
def test_x_prefix_takes_nothing_off_the_path() -> None:
    app = wrapped(new_app(), lambda inner: ProxyFix(inner, x_prefix=1))
    app.add_url_rule("/link", "link", lambda: url_for("link"))
    given = {"X-Forwarded-Prefix": "/shop"}
    assert get(app, "/link", headers=given).text == "/shop/link"
    assert get(app, "/shop/link", headers=given).status_code == 404
