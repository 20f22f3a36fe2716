"""Log-in for the whole application: docs/guide/stopping-requests.md."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from flask import Blueprint, Flask, redirect, request, url_for
from werkzeug.test import ClientRedirectError

from proven.claims.proofs import proves
from snippets.hooks import login_required
from tests import needs
from tests.guide.hooks.common import PAGE, new_app, on_the_page, send, served

GOOD = {"name": "ada", "password": "lovelace"}


def test_a_stranger_is_sent_to_the_log_in_and_back() -> None:
    client = login_required.app.test_client()
    answer = client.get("/diary?page=2")
    assert (answer.status_code, answer.location) == (302, "/login?target=/diary?page%3D2")
    assert client.get(answer.location).text == login_required.FORM
    back = client.post(answer.location, data=GOOD)
    assert (back.status_code, back.location) == (303, "/diary?page=2")
    assert client.get(back.location).text == "The diary of ada"


@pytest.mark.parametrize("name", ["ada", "nobody"])
def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(name: str) -> None:
    client = login_required.app.test_client()
    answer = client.post("/login", data={"name": name, "password": "byron"})
    assert answer.status_code == 403
    assert "Wrong name or password" in answer.text
    assert client.get("/diary").status_code == 302


@proves(
    "guide/stopping-requests",
    "For an unknown user name a hash is compared all the same, so the response time does "
    "not reveal which names exist.",
)
def test_a_hash_is_compared_for_an_unknown_name_too(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []

    def compare(stored: str, password: str) -> bool:
        compared.append(stored)
        return False

    monkeypatch.setattr(login_required, "check_password_hash", compare)
    for name in ("ada", "nobody"):
        send(login_required.app, "/login", "POST", data={"name": name, "password": "byron"})
    assert compared == [login_required.USERS["ada"], login_required.NOBODY]


@proves("guide/stopping-requests", "Only hashes are stored.")
def test_only_hashes_are_stored() -> None:
    assert "lovelace" not in str(login_required.USERS)
    assert login_required.USERS["ada"].startswith("scrypt:")


@proves("guide/stopping-requests", "A view that is added later is protected without further code.")
def test_a_view_that_is_added_later_is_protected() -> None:
    app = new_app()
    app.before_request(login_required.require_login)
    app.add_url_rule("/login", "show_login", login_required.show_login)
    app.add_url_rule("/added", "added", lambda: "Secret")
    assert [send(app, path).status_code for path in ("/login", "/added")] == [200, 302]


@proves(
    "guide/stopping-requests",
    "The hook redirects everybody who is not logged in, except at the endpoints of one short list.",
    "The hook checks only that somebody is logged in.",
)
def test_only_the_endpoints_of_the_list_are_open() -> None:
    app = login_required.app
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules()}
    assert set(rules) == {"show_login", "log_in", "static", "log_out", "diary"}
    assert {"show_login", "log_in", "static"} == login_required.PUBLIC
    for endpoint, rule in rules.items():
        path = rule.rule.replace("<path:filename>", "x")
        method = next(iter((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        answer = send(app, path, method)
        is_sent_to_the_log_in = (answer.location or "").startswith("/login")
        assert is_sent_to_the_log_in == (endpoint not in login_required.PUBLIC)


@proves(
    "guide/stopping-requests",
    "They are redirected to the log-in page too, because their endpoint is None.",
)
def test_unknown_urls_are_sent_to_the_log_in_too() -> None:
    client = login_required.app.test_client()
    assert client.get("/nowhere").status_code == 302
    client.post("/login", data=GOOD)
    assert client.get("/nowhere").status_code == 404


@proves(
    "guide/stopping-requests",
    "If the Host header is not in TRUSTED_HOSTS, or cannot be a host name at all, Flask "
    "matches no rule and stores a 400 error in request.routing_exception.",
    "The hooks run nevertheless, and url_for raises AttributeError: 'NoneType' object has "
    "no attribute 'build' in them.",
    "This hook therefore raises the 400 error first.",
)
@pytest.mark.parametrize("host", ["..", "a..b", "x" * 300, "evil.example"])
def test_another_host_gets_400_because_no_url_can_be_built_for_it(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setitem(login_required.app.config, "TRUSTED_HOSTS", ["localhost"])
    for path, method in (("/diary", "GET"), ("/nowhere", "GET"), ("/login", "POST")):
        answer = send(login_required.app, path, method, headers={"Host": host})
        assert answer.status_code == 400
    # a hook that goes on to build a URL fails instead
    app = new_app()
    app.config["TRUSTED_HOSTS"] = ["localhost"]
    app.testing = True
    stored: list[Exception | None] = []
    app.before_request(lambda: stored.append(request.routing_exception))
    app.before_request(lambda: url_for("front"))
    with pytest.raises(AttributeError) as caught:
        send(app, headers={"Host": host})
    on_the_page(f"AttributeError: {caught.value}")
    assert [getattr(error, "code", None) for error in stored] == [400]


@proves(
    "guide/stopping-requests",
    "If the Host header is not in TRUSTED_HOSTS, or cannot be a host name at all, Flask "
    "matches no rule and stores a 400 error in request.routing_exception.",
)
@pytest.mark.parametrize("host", ["..", "a..b", "x" * 300])
def test_what_cannot_be_a_host_name_gets_400_without_trusted_hosts_too(host: str) -> None:
    assert login_required.app.config["TRUSTED_HOSTS"] is None
    assert send(login_required.app, "/diary", headers={"Host": host}).status_code == 400
    assert send(login_required.app, "/diary", headers={"Host": "any.example"}).status_code == 302


@proves(
    "guide/stopping-requests", "A visitor who is not logged in cannot find out which URLs exist."
)
def test_a_visitor_cannot_find_out_which_urls_exist() -> None:
    for method in ("GET", "POST", "PUT", "OPTIONS"):
        known, unknown = (send(login_required.app, path, method) for path in ("/diary", "/no"))
        assert known.status_code == unknown.status_code == 302
        assert str(known.location).replace("/diary", "/no") == unknown.location


@proves(
    "guide/stopping-requests",
    "A list of paths is wrong as soon as a blueprint gets another prefix.",
    "It also lacks /login/, which a rule with strict_slashes=False matches.",
    "The endpoint stays the same in both cases.",
)
def test_endpoints_stay_where_paths_change() -> None:
    def view() -> list[str | None]:
        return [request.endpoint, request.path]

    found = []
    for prefix in ("/auth", "/account"):
        app, auth = new_app(), Blueprint("auth", "auth", url_prefix=prefix)
        auth.add_url_rule("/login", "login", view, strict_slashes=False)
        app.register_blueprint(auth)
        found += [send(app, f"{prefix}/login{slash}").json for slash in ("", "/")]
    assert {endpoint for endpoint, _ in found} == {"auth.login"}
    assert [path for _, path in found] == [
        "/auth/login",
        "/auth/login/",
        "/account/login",
        "/account/login/",
    ]
    assert send(login_required.app, "/login", "HEAD").status_code == 200


@proves(
    "guide/stopping-requests",
    "If you redirect to it unchecked, a link to your log-in page can lead to another "
    "site: /login?target=//evil.example.",
    "The view accepts only a path of this site, and the hook stores only the path of a GET.",
)
@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "evil.example",
        "",
    ],
)
def test_the_way_back_never_leaves_the_site(target: str) -> None:
    answer = send(login_required.app, "/login", "POST", data=GOOD, query_string={"target": target})
    assert answer.location == "/diary"


@proves(
    "guide/stopping-requests",
    "The view accepts only a path of this site, and the hook stores only the path of a GET.",
)
@pytest.mark.parametrize("target", ["/", "/diary?page=2", "/%E6%97%A9/a%20b"])
def test_a_path_of_this_site_is_a_way_back(target: str) -> None:
    answer = send(login_required.app, "/login", "POST", data=GOOD, query_string={"target": target})
    assert answer.location == target


@proves(
    "guide/stopping-requests",
    "The view accepts only a path of this site, and the hook stores only the path of a GET.",
)
def test_only_a_get_leads_back() -> None:
    assert send(login_required.app, "/diary", "POST").location == "/login"


def test_an_account_that_is_gone_is_out_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    client = login_required.app.test_client()
    client.post("/login", data=GOOD)
    assert client.get("/diary").status_code == 200
    monkeypatch.delitem(login_required.USERS, "ada")
    assert client.get("/diary").status_code == 302


@proves(
    "guide/stopping-requests",
    "The log-out is a POST, so a link cannot trigger it.",
    "The cookie is SameSite=Lax, so the browser does not send it with a form that another "
    "site posts.",
)
def test_log_out_is_a_post_and_the_cookie_stays_on_the_site() -> None:
    client = login_required.app.test_client()
    cookie = client.post("/login", data=GOOD).headers["Set-Cookie"]
    assert cookie.endswith("; HttpOnly; Path=/; SameSite=Lax")
    assert client.get("/logout").status_code == 405
    answer = client.post("/logout")
    assert (answer.status_code, answer.location) == (303, "/login")
    assert client.get("/diary").status_code == 302


def looping_app() -> Flask:
    """Return an application whose log-in page needs a log-in."""
    app = new_app()
    app.before_request(lambda: redirect("/login"))
    return app


@proves(
    "guide/stopping-requests",
    "The log-in page itself needs a log-in, because its endpoint is missing from the list "
    "of public endpoints.",
    "If every redirect leads to the same address, the test client with "
    "follow_redirects=True raises ClientRedirectError: Loop detected: A 302 redirect to "
    "/login was already made.",
)
def test_a_guarded_log_in_page_is_a_loop() -> None:
    with pytest.raises(ClientRedirectError) as caught:
        send(looping_app(), follow_redirects=True)
    message = "Loop detected: A 302 redirect to /login was already made."
    assert str(caught.value) == on_the_page(message)
    assert f"`ClientRedirectError: {message}`" in PAGE


@pytest.mark.browser
def test_a_browser_says_too_many_redirects(tmp_path: Path) -> None:
    command = [needs.browser(), "--headless", *needs.FLAGS]
    with served(looping_app()) as port:
        address = f"http://127.0.0.1:{port}/"
        done = subprocess.run(
            [*command, f"--user-data-dir={tmp_path}", "--dump-dom", address],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert "ERR_TOO_MANY_REDIRECTS" in done.stdout + done.stderr
    assert ":::{pitfall} `ERR_TOO_MANY_REDIRECTS`" in PAGE


@proves(
    "guide/stopping-requests",
    'In a blueprint the endpoint includes the name of the blueprint: "auth.show_login".',
)
def test_an_endpoint_in_a_blueprint_carries_its_name() -> None:
    app, auth = new_app(), Blueprint("auth", "auth")
    auth.add_url_rule("/login", "show_login", lambda: str(request.endpoint))
    app.register_blueprint(auth)
    assert send(app, "/login").text == "auth.show_login"
