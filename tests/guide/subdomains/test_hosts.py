"""Subdomains and host matching."""

import http.client
import re
import threading
from typing import Any

import pytest
from flask import Flask, url_for
from flask.cli import ScriptInfo, run_command
from werkzeug.serving import make_server

from proven.claims.proofs import proves
from snippets.routing import (
    hosts,
    subdomains,
)
from tests import needs
from tests.guide.routing.helpers import new_app, on_the_page, send, view


def test_the_bare_domain_answers_rules_without_a_subdomain() -> None:
    answer = send(subdomains.create_app(), "/", base_url="http://example.com:5000")
    assert answer.json == {
        "admin": "http://admin.example.com:5000/",
        "index": "/",
        "user": "http://ada.example.com:5000/dynamic",
    }


@proves(
    "guide/subdomains",
    "subdomain restricts a rule to one part in front of the domain.",
    'In tests, client.get("/", subdomain="admin") sends the request to the subdomain.',
)
def test_a_fixed_subdomain_answers_its_own_rule() -> None:
    app = subdomains.create_app()
    assert send(app, "/", base_url="http://admin.example.com:5000").text == "Administration"
    assert app.test_client().get("/", subdomain="admin").text == "Administration"


@proves(
    "guide/subdomains",
    "The part is fixed or a variable that is passed to the view.",
    "A variable subdomain also matches dots: for a.b.example.com the username is a.b.",
    "But if no rule of that subdomain matches the path, the variable one is tried: "
    "admin.example.com/dynamic reaches the view user with the username admin.",
)
def test_a_variable_subdomain_reaches_the_view() -> None:
    app = subdomains.create_app()
    for name in ("ada", "a.b", "admin"):
        answer = send(app, "/dynamic", base_url=f"http://{name}.example.com:5000")
        assert answer.json == {"username": name}


@proves("guide/subdomains", "A rule without subdomain matches only the bare domain.")
def test_a_rule_without_subdomain_answers_on_the_bare_domain_only() -> None:
    app = subdomains.create_app()
    assert send(app, "/", base_url="http://ada.example.com:5000").status_code == 404
    assert send(app, "/dynamic", base_url="http://example.com:5000").status_code == 404


@proves(
    "guide/subdomains",
    "url_for returns a full URL if the target is on another subdomain, and a path if it "
    "is on the same one.",
)
def test_url_for_gives_a_path_on_the_same_subdomain() -> None:
    app = subdomains.create_app()
    with app.test_request_context(base_url="http://admin.example.com:5000"):
        assert url_for("admin") == "/"
        assert url_for("index") == "http://example.com:5000/"


@proves("guide/subdomains", "You can omit the standard ports, 80 and 443.")
@pytest.mark.parametrize(
    ("server_name", "base"),
    [
        ("example.com", "http://admin.example.com"),
        ("example.com:80", "http://admin.example.com"),
        ("example.com", "https://admin.example.com"),
        ("example.com:443", "https://admin.example.com"),
    ],
)
def test_standard_ports_need_not_be_written(server_name: str, base: str) -> None:
    app = subdomains.create_app()
    app.config["SERVER_NAME"] = server_name
    assert send(app, "/", base_url=base).text == "Administration"


@pytest.mark.filterwarnings("ignore:Current server name")
def test_another_port_is_another_server() -> None:
    app = subdomains.create_app()
    assert send(app, "/", base_url="http://admin.example.com:8000").status_code == 404


@proves(
    "guide/subdomains",
    "SERVER_NAME is set, but subdomain_matching=True is missing.",
    "There is no error message: Flask treats each request as one for the bare domain, "
    "whatever host it names, and does not match rules with a subdomain.",
    "Pass subdomain_matching=True to Flask.",
    "Today you must pass subdomain_matching=True as well (…).",
)
def test_server_name_alone_turns_no_subdomain_on() -> None:
    app = subdomains.create_app()
    app.subdomain_matching = False
    for host in ("example.com", "admin.example.com", "ada.example.com"):
        answer = send(app, "/", base_url=f"http://{host}:5000")
        assert answer.json["index"] == "/"
        assert send(app, "/dynamic", base_url=f"http://{host}:5000").status_code == 404


@proves(
    "guide/subdomains",
    "Subdomains need two settings: subdomain_matching=True, and SERVER_NAME with the "
    "domain and port that the browser uses.",
)
def test_subdomain_matching_alone_turns_no_subdomain_on() -> None:
    app = subdomains.create_app()
    app.config["SERVER_NAME"] = None
    assert send(app, "/dynamic", base_url="http://ada.example.com:5000").status_code == 404


@proves(
    "guide/subdomains",
    "The request names a host that does not end in SERVER_NAME, and Flask gives it the "
    "subdomain <invalid>.",
    "Rules with a fixed subdomain or none respond with 404, but a variable subdomain "
    "matches: http://127.0.0.1:5000/dynamic calls the view with the username <invalid>.",
)
def test_a_foreign_host_gets_a_subdomain_that_a_variable_takes() -> None:
    message = on_the_page(
        "Current server name '127.0.0.1:5000' doesn't match"
        " configured server name 'example.com:5000'"
    )
    app = subdomains.create_app()
    warned = f"^{re.escape(message)}$"
    with pytest.warns(UserWarning, match=warned):
        fixed = send(app, "/", base_url="http://127.0.0.1:5000")
    with pytest.warns(UserWarning, match=warned):
        variable = send(app, "/dynamic", base_url="http://127.0.0.1:5000")
    assert fixed.status_code == 404
    assert variable.json == {"username": "<invalid>"}


@proves(
    "guide/subdomains",
    'Check the name before you use it, or set TRUSTED_HOSTS = [".example.com"].',
    "With TRUSTED_HOSTS Flask responds with 400 to other hosts and does not call the "
    "view, see what that setting does and does not stop.",
)
def test_trusted_hosts_refuse_a_foreign_host() -> None:
    app = subdomains.create_app()
    app.config["TRUSTED_HOSTS"] = [".example.com"]
    assert send(app, "/dynamic", base_url="http://127.0.0.1:5000").status_code == 400
    assert send(app, "/", base_url="http://example.com:5000").status_code == 200
    assert send(app, "/", base_url="http://admin.example.com:5000").status_code == 200


@proves(
    "guide/subdomains",
    "flask.Flask.run() reads host and port from SERVER_NAME, so it tries to listen on the "
    "address of example.com.",
    "The server then tries to listen on the address of example.com, which is rarely your machine.",
)
def test_app_run_listens_where_server_name_says(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[str, int]] = []
    monkeypatch.delenv("FLASK_RUN_FROM_CLI", raising=False)
    monkeypatch.setattr(
        "werkzeug.serving.run_simple", lambda host, port, app, **_: heard.append((host, port))
    )
    subdomains.create_app().run(load_dotenv=False)
    assert heard == [("example.com", 5000)]


@proves(
    "guide/subdomains",
    "flask run listens on 127.0.0.1, and admin.example.com is not the address of your machine.",
    "Use the command flask run, which listens on 127.0.0.1.",
)
def test_flask_run_listens_on_the_loopback_address(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[str, int]] = []
    monkeypatch.setattr(
        "flask.cli.run_simple", lambda host, port, app, **_: heard.append((host, port))
    )
    app = subdomains.create_app()
    run_command.main([], standalone_mode=False, obj=ScriptInfo(create_app=lambda: app))
    assert heard == [("127.0.0.1", 5000)]


@proves(
    "guide/subdomains", "With curl: send the host name as a header, as the curl commands above do."
)
def test_a_real_server_answers_the_host_that_the_client_names() -> None:
    server = make_server("127.0.0.1", 0, subdomains.create_app())
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=60)
        connection.request("GET", "/", headers={"Host": "admin.example.com:5000"})
        assert connection.getresponse().read() == b"Administration"
        connection.close()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@proves(
    "guide/subdomains",
    "With host_matching=True Flask compares the whole host name instead of a subdomain.",
    "One application can then serve several domains.",
)
@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("example.com", {"api": "http://api.example.org:8000/", "shop": "/"}),
        ("api.example.org:8000", {"site": "api"}),
        ("ada.example.net", {"tenant": "ada"}),
    ],
)
def test_the_host_chooses_the_rule(host: str, expected: dict[str, str]) -> None:
    assert send(hosts.app, "/", base_url=f"http://{host}").json == expected


@proves("guide/subdomains", "The port is part of the host: example.com:5000 is not example.com.")
def test_the_port_belongs_to_the_host() -> None:
    assert send(hosts.app, "/", base_url="http://example.com:5000").status_code == 404
    assert send(hosts.app, "/", base_url="http://api.example.org").status_code == 404


@proves(
    "guide/subdomains",
    "With host matching, Flask ignores SERVER_NAME and the option subdomain when it "
    "matches a request.",
)
def test_server_name_plays_no_part_in_host_matching() -> None:
    app = new_app(host_matching=True)
    app.config["SERVER_NAME"] = "example.com"
    app.add_url_rule("/", view_func=view, host="<tenant>.example.net")
    assert send(app, "/", base_url="http://ada.example.net").json == {"tenant": "ada"}


@proves(
    "guide/subdomains",
    "A rule without host matches no request.",
    'A rule with host="<host>" matches every host, and the view receives the name as an argument.',
)
def test_a_rule_without_host_matches_no_request() -> None:
    app = new_app(host_matching=True)
    app.add_url_rule("/", endpoint="none", view_func=view)
    app.add_url_rule("/sub", endpoint="sub", view_func=view, subdomain="admin")
    app.add_url_rule("/all", endpoint="all", view_func=view, host="<host>")
    for host in ("localhost", "admin.example.com"):
        base = f"http://{host}"
        assert send(app, "/", base_url=base).status_code == 404
        assert send(app, "/sub", base_url=base).status_code == 404
        assert send(app, "/all", base_url=base).json == {"host": host}


def test_host_is_ignored_without_host_matching() -> None:
    app = new_app()
    app.add_url_rule("/", view_func=view, host="example.com")
    assert send(app, "/", base_url="http://other.example").status_code == 200


@proves(
    "guide/subdomains",
    "The rule for static files needs a host as well.",
    "You get the same error if you pass static_host without host_matching=True.",
)
@pytest.mark.parametrize("options", [{"host_matching": True}, {"static_host": "example.com"}])
def test_host_matching_and_static_host_go_together(options: dict[str, Any]) -> None:
    message = on_the_page("Invalid static_host/host_matching combination")
    with pytest.raises(AssertionError) as caught:
        Flask("hosts", **options)
    assert str(caught.value) == message


@proves("guide/subdomains", 'Pass static_host="example.com" or static_folder=None.')
def test_a_static_host_serves_the_static_files_of_host_matching() -> None:
    app = Flask("hosts", host_matching=True, static_host="example.com")
    assert [rule.host for rule in app.url_map.iter_rules()] == ["example.com"]


@proves(
    "guide/subdomains",
    "In a browser: set SERVER_NAME to localhost:5000 and open http://admin.localhost:5000/.",
)
def test_localhost_can_be_the_domain() -> None:
    app = subdomains.create_app()
    app.config["SERVER_NAME"] = "localhost:5000"
    assert send(app, "/", base_url="http://admin.localhost:5000").text == "Administration"


@proves(
    "guide/subdomains",
    "Browsers send every name that ends in .localhost to your machine, without any setup.",
)
@pytest.mark.browser
def test_a_browser_sends_names_that_end_in_localhost_to_this_machine() -> None:
    app = subdomains.create_app()
    server = make_server("127.0.0.1", 0, app)
    app.config["SERVER_NAME"] = f"localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with needs.chromium() as browser:
            page = browser.new_page()
            for name, text in [("admin", "Administration"), ("ada", "Not Found")]:
                page.goto(f"http://{name}.localhost:{server.server_port}/")
                assert text in page.inner_text("body")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
