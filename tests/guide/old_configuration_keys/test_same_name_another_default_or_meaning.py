"""Same name, another default or meaning: docs/guide/old-configuration-keys.md."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, request, session, url_for
from werkzeug.test import Client

from proven.claims.proofs import proves
from snippets.configuration import key_rotation
from tests.guide.configuration.common import title_on_page


@proves(
    "reference/configuration",
    "None means the value of APPLICATION_ROOT.",
    "Flask uses it for links that are built outside a request, for the path of the "
    "session cookie, and in the test client.",
)
@proves(
    "guide/old-configuration-keys",
    "Flask uses it for links that are built outside a request and for the path of the "
    "session cookie.",
    "The key itself does not mount anything.",
    "The key tells Flask below which path the server has mounted the application.",
)
def test_application_root_is_for_links_outside_a_request_and_the_cookie_path(app: Flask) -> None:
    app.config.update(APPLICATION_ROOT="/shop", SERVER_NAME="example.com", SECRET_KEY="dev")

    @app.get("/")
    def home() -> str:
        session["seen"] = True
        return url_for("home")

    with app.app_context():
        assert url_for("home") == "http://example.com/shop/"
    # A plain WSGI client: Flask's own test client would ask below /shop.
    client = Client(app)
    answer = client.get("/")
    assert answer.text == "/"
    assert answer.headers["Set-Cookie"].endswith("; Path=/shop")
    assert client.get("/shop/").status_code == 404


@proves(
    "guide/old-configuration-keys",
    "The default was 12 hours and is now None: Flask sends Cache-Control: no-cache, and "
    "the browser asks each time whether the file has changed.",
    "Set a timedelta or a number of seconds if the names of your files change with their content.",
)
def test_static_files_are_asked_for_each_time_unless_an_age_is_set(app: Flask) -> None:
    static = Path(app.root_path, "static")
    static.mkdir()
    static.joinpath("shop.css").write_text("a {}")
    client = app.test_client()
    for age, header in [
        (None, "no-cache"),
        (timedelta(hours=12), "public, max-age=43200"),
        (60, "public, max-age=60"),
    ]:
        app.config["SEND_FILE_MAX_AGE_DEFAULT"] = age
        with client.get("/static/shop.css") as response:
            assert response.headers["Cache-Control"] == header


@proves(
    "guide/old-configuration-keys",
    "If a view reads a form field or query parameter that is missing, as in "
    'request.args["page"], Flask shows the debugger in debug mode and otherwise responds '
    "with 400.",
)
def test_a_missing_field_is_400_and_shows_the_debugger_in_debug_mode(app: Flask) -> None:
    app.add_url_rule("/", view_func=lambda: request.args["page"])
    client = app.test_client()
    assert client.get("/").status_code == 400
    app.debug = True
    with pytest.raises(KeyError):
        client.get("/")
    app.config["TRAP_BAD_REQUEST_ERRORS"] = False
    assert client.get("/").status_code == 400


@proves(
    "reference/configuration",
    "Flask needs it to build links outside a request.",
    "It does not restrict which hosts the application serves; TRUSTED_HOSTS does that.",
)
@proves(
    "guide/old-configuration-keys",
    "It no longer restricts which hosts the application serves; TRUSTED_HOSTS does that.",
    "You need it to build links outside a request.",
)
@proves("guide/configuration", "That does not restrict which hosts the application serves.")
def test_server_name_restricts_nothing_and_builds_links_outside_a_request(app: Flask) -> None:
    app.add_url_rule("/", "home", lambda: "home")
    with app.app_context(), pytest.raises(RuntimeError) as caught:
        url_for("home")
    assert title_on_page(caught.value)
    app.config["SERVER_NAME"] = "example.com"
    with app.app_context():
        assert url_for("home") == "http://example.com/"
    assert Client(app).get("/", base_url="http://other.test").text == "home"


@proves(
    "guide/old-configuration-keys",
    "Subdomains need Flask(__name__, subdomain_matching=True) in addition.",
)
@proves("guide/configuration", "Today you need subdomain_matching=True as well (…).")
@pytest.mark.parametrize(("matching", "answer"), [(False, "everywhere"), (True, "admin")])
def test_subdomains_need_subdomain_matching_besides(matching: bool, answer: str) -> None:
    app = Flask("shop", subdomain_matching=matching)
    app.config["SERVER_NAME"] = "example.com"
    app.add_url_rule("/", "everywhere", lambda: "everywhere")
    app.add_url_rule("/", "admin", lambda: "admin", subdomain="admin")
    client = Client(app)
    assert client.get("/", base_url="http://admin.example.com").text == answer


@proves(
    "guide/old-configuration-keys",
    "It no longer follows SERVER_NAME.",
    "If it is not set, the browser sends the cookie back only to the host that set it.",
)
def test_the_cookie_does_not_follow_server_name() -> None:
    app = key_rotation.create_app({"SERVER_NAME": "example.com"})
    assert "Domain" not in app.test_client().post("/login").headers["Set-Cookie"]
    app.config["SESSION_COOKIE_DOMAIN"] = "example.com"
    assert "; Domain=example.com;" in app.test_client().post("/login").headers["Set-Cookie"]


OTHER = "http://other.test"


def links(app: Flask, **options: str) -> Client:
    """Return a plain WSGI client: Flask's own would take the host from SERVER_NAME."""
    app.config["SERVER_NAME"] = "example.com:5000"
    app.add_url_rule(
        "/home/",
        "home",
        lambda **values: url_for("home", _external=True, **values),
        **options,  # type: ignore[arg-type]
    )
    return Client(app)


@proves(
    "reference/configuration",
    "During a request it is also the host of external links and of the redirect that adds "
    "a slash, unless host_matching=True is set.",
)
@proves(
    "guide/old-configuration-keys",
    "During a request it is also the host of external links and of the redirect that adds "
    "a slash, whatever host the client asked for.",
)
def test_during_a_request_server_name_is_the_host_of_links_and_of_the_slash_redirect() -> None:
    client = links(Flask("shop"))
    assert client.get("/home/", base_url=OTHER).text == "http://example.com:5000/home/"
    redirect = client.get("/home", base_url=OTHER)
    assert (redirect.status_code, redirect.location) == (308, "http://example.com:5000/home/")


@proves(
    "reference/configuration",
    "During a request it is also the host of external links and of the redirect that adds "
    "a slash, unless host_matching=True is set.",
)
@proves(
    "guide/old-configuration-keys",
    "Applications with host_matching=True are the exception: they use the host of the request.",
)
def test_with_host_matching_it_is_the_host_of_the_request() -> None:
    client = links(Flask("shop", host_matching=True, static_folder=None), host="<name>")
    assert client.get("/home/", base_url=OTHER).text == f"{OTHER}/home/"
    assert client.get("/home", base_url=OTHER).location == f"{OTHER}/home/"


@proves(
    "guide/old-configuration-keys",
    "With it, Flask responds with 404 to a request for a host that does not end in SERVER_NAME.",
)
@pytest.mark.filterwarnings("ignore:Current server name")
def test_with_subdomain_matching_another_host_is_404() -> None:
    client = links(Flask("shop", subdomain_matching=True))
    assert client.get("/home/", base_url="http://example.com:5000").status_code == 200
    assert client.get("/home/", base_url=OTHER).status_code == 404
