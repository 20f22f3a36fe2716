"""Hosts that are not trusted, hooks, and url_for: docs/guide/old-configuration-keys.md."""

from __future__ import annotations

import pytest
from flask import Flask, Response, request, url_for
from werkzeug.exceptions import SecurityError

from proven.claims.proofs import proves
from snippets.configuration import trusted_hosts, trusted_hosts_and_hooks, trusted_hosts_first
from tests.guide.configuration.common import title_on_page

EVIL = "http://evil.test"


@proves(
    "reference/configuration",
    "The hosts that requests may name.",
    "If a request names another host, Flask does not call the view and responds with 400, "
    "unless a before_request function returns a value first.",
    "A leading dot stands for a domain and all its subdomains.",
)
@proves("guide/old-configuration-keys", "TRUSTED_HOSTS (…) lists the hosts that requests may name.")
@pytest.mark.parametrize(
    ("host", "status"),
    [("example.com", 200), ("www.example.com", 200), ("127.0.0.1:5000", 200), ("evil.test", 400)],
)
def test_trusted_hosts_responds_with_400_to_any_other_host(host: str, status: int) -> None:
    client = trusted_hosts.app.test_client()
    response = client.get("/reset-link", base_url=f"http://{host}")
    assert response.status_code == status
    assert (response.text == f"http://{host}/reset-link") is (status == 200)


@proves(
    "reference/configuration",
    "With None or an empty list every host is accepted, and the client chooses the host "
    "of your external links.",
)
@proves(
    "guide/old-configuration-keys",
    "Without this list, or with an empty one, the client chooses the host in your "
    "external links, such as the link in a mail to reset a password.",
)
@pytest.mark.parametrize("hosts", [None, []])
def test_without_the_list_or_with_an_empty_one_the_client_chooses_the_host_in_links(
    app: Flask, hosts: list[str] | None
) -> None:
    app.config["TRUSTED_HOSTS"] = hosts
    app.add_url_rule("/", "home", lambda: url_for("home", _external=True))
    client = app.test_client()
    assert client.get("/", base_url=EVIL).text == f"{EVIL}/"


def watched() -> tuple[Flask, list[str]]:
    app = Flask("watched")
    app.config["TRUSTED_HOSTS"] = ["example.com"]
    called: list[str] = []

    @app.before_request
    def before() -> str | None:
        called.append("before")
        return request.args.get("instead")

    @app.after_request
    def after(response: Response) -> Response:
        called.append("after")
        return response

    @app.get("/")
    def index() -> str:
        called.append("view")
        return "welcome"

    return app, called


@proves(
    "reference/configuration",
    "If a request names another host, Flask does not call the view and responds with 400, "
    "unless a before_request function returns a value first.",
)
@proves(
    "guide/old-configuration-keys",
    "If a request names another host, Flask does not call the view function and responds with 400.",
    "Flask calls before_request functions for such a request too.",
)
def test_hooks_are_called_for_an_untrusted_host_and_the_view_is_not() -> None:
    app, called = watched()
    assert app.test_client().get("/", base_url=EVIL).status_code == 400
    assert called == ["before", "after"]


@proves(
    "reference/configuration",
    "If a request names another host, Flask does not call the view and responds with 400, "
    "unless a before_request function returns a value first.",
)
@proves(
    "guide/old-configuration-keys",
    "If one of them returns a value, the client gets that value instead of the 400:",
)
def test_a_hook_that_returns_a_value_replaces_the_400() -> None:
    app, _ = watched()
    response = app.test_client().get("/?instead=mine", base_url=EVIL)
    assert (response.status_code, response.text) == (200, "mine")
    client = trusted_hosts_and_hooks.app.test_client()
    assert client.get("/health", base_url=EVIL).text == "alive"
    assert client.get("/", base_url=EVIL).status_code == 400
    assert client.get("/", base_url="http://example.com").text == "welcome"


@proves(
    "guide/old-configuration-keys",
    "To refuse the request before other hooks run, register a first hook that raises "
    "request.routing_exception if it is a SecurityError:",
)
def test_a_first_hook_refuses_before_the_others_run() -> None:
    client = trusted_hosts_first.app.test_client()
    assert client.get("/health", base_url=EVIL).status_code == 400
    assert client.get("/health", base_url="http://example.com").text == "alive"
    assert client.get("/nowhere", base_url="http://example.com").status_code == 404


def test_an_unknown_path_of_an_untrusted_host_is_400_too() -> None:
    app, _ = watched()
    assert app.test_client().get("/nowhere", base_url=EVIL).status_code == 400


@proves(
    "guide/old-configuration-keys",
    "A hook or the error page for 400 calls url_for() while Flask handles a request for a "
    "host that is not in TRUSTED_HOSTS.",
    "Such a request has no URL adapter, so no URL can be built.",
)
@pytest.mark.parametrize("where", ["hook", "error page"])
def test_url_for_has_no_adapter_for_an_untrusted_host(where: str) -> None:
    app, _ = watched()
    app.testing = True
    if where == "hook":
        app.before_request(lambda: url_for("index"))
    else:
        app.register_error_handler(400, lambda error: (url_for("index"), 400))
    with pytest.raises(AttributeError) as caught:
        app.test_client().get("/", base_url=EVIL)
    assert title_on_page(caught.value)


@proves(
    "guide/old-configuration-keys",
    "Raise request.routing_exception in the first hook, and write the error page for 400 "
    "without url_for.",
)
def test_an_error_page_for_400_without_url_for_is_shown() -> None:
    app, _ = watched()

    @app.errorhandler(400)
    def refused(error: SecurityError) -> tuple[str, int]:
        return f"{type(error).__name__}", 400

    assert app.test_client().get("/", base_url=EVIL).text == "SecurityError"
