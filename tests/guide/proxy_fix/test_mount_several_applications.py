"""Mount several applications: docs/guide/proxy-fix.md."""

from __future__ import annotations

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from click.testing import CliRunner
from flask import Flask, Response, redirect, request, session, url_for
from flask.cli import cli
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.routing import BuildError
from werkzeug.test import Client

from proven.claims.proofs import proves
from snippets.middleware import mounted
from tests.guide.middleware.common import new_app


@proves(
    "guide/proxy-fix",
    "DispatcherMiddleware passes each request to the application with whose prefix the "
    "path begins.",
    "If no prefix matches, the request goes to the first application.",
    "It has to end at a slash, so /administration belongs to the shop.",
)
@proves("guide/middleware", "serve several applications under one address | DispatcherMiddleware")
def test_each_application_gets_the_paths_below_its_prefix() -> None:
    client = mounted.app.test_client()
    assert client.get("/").text == "Shop, /"
    assert client.get("/admin/").text == "Administration, /admin/"
    assert client.get("/admin/users/7").json == {
        "script_root": "/admin",
        "path": "/users/7",
        "url_for": "/admin/users/7",
    }
    redirected = client.get("/admin")
    assert (redirected.status_code, redirected.location) == (308, "http://localhost/admin/")
    assert client.get("/administration").status_code == 404


@proves(
    "guide/proxy-fix",
    "The prefix moves from PATH_INFO to SCRIPT_NAME.",
    "The longest prefix that matches is used.",
)
def test_the_prefix_moves_from_path_info_to_script_name() -> None:
    seen: list[tuple[str, str]] = []

    def look(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        seen.append((environ["SCRIPT_NAME"], environ["PATH_INFO"]))
        return Response()(environ, start_response)

    Client(DispatcherMiddleware(look, {"/a": look, "/a/b": look})).get("/a/b/c")
    Client(DispatcherMiddleware(look, {"/a": look})).get("/a/b/c")
    # the longest prefix wins
    assert seen == [("/a/b", "/c"), ("/a", "/b/c")]


@proves(
    "guide/proxy-fix",
    "The rules of admin do not contain it, and flask.url_for() puts it before each link, "
    "including static files and redirects.",
)
def test_the_prefix_stands_before_static_files_and_redirects() -> None:
    inner = Flask("inner")
    inner.add_url_rule("/static-link", "link", lambda: url_for("static", filename="a.css"))
    inner.add_url_rule("/go", "go", lambda: redirect(url_for("link")))
    client = Client(DispatcherMiddleware(new_app(), {"/inner": inner}))
    assert client.get("/inner/static-link").text == "/inner/static/a.css"
    assert client.get("/inner/go").location == "/inner/static-link"


@proves(
    "guide/proxy-fix",
    "The applications are independent: hooks, error handlers and configuration of the "
    "shop have no effect on /admin, and its url_for cannot build a link to the other "
    "application.",
)
def test_each_application_keeps_to_itself() -> None:
    shop, inner = new_app(), new_app()
    shop.config["MOOD"] = "shop"
    ran: list[str] = []
    shop.before_request(lambda: ran.append("hook"))
    shop.register_error_handler(404, lambda error: ("shop's 404", 404))
    shop.add_url_rule("/only-shop", "only_shop", lambda: "")
    inner.add_url_rule("/mood", "mood", lambda: str(request.environ and inner.config.get("MOOD")))
    inner.add_url_rule("/link", "link", lambda: url_for("only_shop"))
    inner.testing = True
    client = Client(DispatcherMiddleware(shop, {"/inner": inner}))
    assert client.get("/inner/mood").text == "None"
    assert "shop's 404" not in client.get("/inner/nowhere").text
    assert ran == []
    with pytest.raises(BuildError):
        client.get("/inner/link")
    assert client.get("/nowhere").text == "shop's 404"
    assert ran == ["hook"]


@proves("guide/proxy-fix", "flask routes lists only the routes of the shop.")
def test_flask_routes_lists_those_of_the_shop() -> None:
    result = CliRunner().invoke(cli, ["--app", "snippets.middleware.mounted", "routes"])
    assert "front_page" in result.output
    assert "users" not in result.output


@proves("guide/proxy-fix", "In a test of admin alone, give the prefix with the base address:")
def test_a_mounted_application_is_tested_with_a_base_address() -> None:
    client = mounted.admin.test_client()
    answer = client.get("/users/7", base_url="http://localhost/admin")
    assert answer.json["url_for"] == "/admin/users/7"
    assert client.get("/users/7").json["url_for"] == "/users/7"


@proves("guide/proxy-fix", "APPLICATION_ROOT does not mount anything.")
def test_application_root_does_not_mount() -> None:
    app = new_app()
    app.config["APPLICATION_ROOT"] = "/shop"
    assert Client(app).get("/").text == "Front page"
    assert Client(app).get("/shop/").status_code == 404


def visits(**inner_config: str) -> list[object]:
    """Log in to a mounted application, visit the other one, and come back."""
    shop, inner = new_app(), new_app()
    inner.secret_key = "another"
    inner.config.update(inner_config)

    def enter() -> str:
        session["user"] = "ada"
        return "in"

    def write() -> str:
        session["cart"] = "tea"
        return "kept"

    inner.add_url_rule("/login", "login", enter)
    inner.add_url_rule("/who", "who", lambda: session.get("user", "nobody"))
    shop.add_url_rule("/cart", "cart", write)
    client = Client(DispatcherMiddleware(shop, {"/admin": inner}))
    paths = ["/admin/login", "/admin/who", "/cart", "/admin/who"]
    return [client.get(path).text for path in paths]


@proves(
    "guide/proxy-fix",
    "Both applications name their cookie session and set it for the path /.",
    "If their secret keys differ, each gets a cookie that it cannot read, starts an empty "
    "session and overwrites the cookie.",
    "Set SESSION_COOKIE_NAME, as above, or SESSION_COOKIE_PATH.",
)
def test_two_applications_overwrite_each_others_session() -> None:
    assert visits() == ["in", "ada", "kept", "nobody"]
    assert visits(SESSION_COOKIE_NAME="admin_session") == ["in", "ada", "kept", "ada"]
    assert visits(SESSION_COOKIE_PATH="/admin") == ["in", "ada", "kept", "ada"]


def test_the_mounted_snippet_keeps_both_sessions() -> None:
    client = mounted.app.test_client()
    client.get("/")
    client.get("/admin/")
    assert client.get_cookie("session") is not None
    assert client.get_cookie("admin_session") is not None


@proves(
    "guide/proxy-fix",
    "The prefix ends in a slash.",
    '{"/admin/": admin} matches only /admin/, which redirects to itself, and no address below it.',
)
def test_a_prefix_with_a_slash_at_the_end_finds_nothing_below_it() -> None:
    client = Client(DispatcherMiddleware(new_app(), {"/admin/": mounted.admin}))
    answer = client.get("/admin/")
    assert (answer.status_code, answer.location) == (308, "http://localhost/admin/")
    assert client.get("/admin/users/7").status_code == 404
