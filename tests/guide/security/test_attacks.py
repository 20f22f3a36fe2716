"""Each attack on the careless and on the careful view: docs/guide/security.md."""

from __future__ import annotations

import sqlite3
import time
from http import HTTPStatus
from pathlib import Path

import pytest
from flask import Flask, session
from flask.testing import FlaskClient
from markupsafe import Markup, escape
from sqlalchemy import create_engine, text
from werkzeug.security import check_password_hash, generate_password_hash

from proven.claims.proofs import proves
from snippets.security import (
    attempts,
    cookies,
    downloads,
    foreign_forms,
    headers,
    queries,
    redirects,
    reset_link,
    scripts_in_text,
    template_from_text,
)
from tests.guide.security.common import on_the_page

SCRIPT = "<script>steal()</script>"


def ask(app: Flask, path: str, **values: str) -> str:
    """Return the body of the answer to a GET with these values."""
    return app.test_client().get(path, query_string=values).text


@proves(
    "guide/security",
    "This page runs each attack twice: on a careless view, where it succeeds, and on a careful "
    "one, where it fails.",
    "Jinja escapes each value in a template whose name ends in .html, and in render_template_string.",
    "An f-string does not, and neither does a value marked with |safe or Markup.",
    "If a view returns HTML without a template, use markupsafe.escape.",
    "a script in the text of a user | autoescaping, a policy | Cross Site Scripting Prevention",
)
def test_a_script_in_a_name() -> None:
    assert SCRIPT in ask(scripts_in_text.app, "/careless", name=SCRIPT)
    assert SCRIPT not in ask(scripts_in_text.app, "/careful", name=SCRIPT)
    assert str(escape(SCRIPT)) in ask(scripts_in_text.app, "/careful", name=SCRIPT)
    app = Flask("templates")
    templates = {"a.html": "{{ x }}", "b.html": "{{ x|safe }}"}
    from jinja2 import DictLoader

    app.jinja_loader = DictLoader(templates)
    with app.app_context():
        found = {name: app.jinja_env.get_template(name).render(x=SCRIPT) for name in templates}
        marked = app.jinja_env.get_template("a.html").render(x=Markup(SCRIPT))
    assert found == {"a.html": str(escape(SCRIPT)), "b.html": SCRIPT}
    assert marked == SCRIPT


@proves(
    "guide/security",
    "Escaping has two gaps.",
    "An attribute needs quotation marks: <p class={{ name }}> lets a user add attributes.",
    "And a link from a user may begin with javascript:, which nothing escapes: accept only http:// "
    "and https://.",
)
def test_what_escaping_leaves() -> None:
    template = Flask("gaps").jinja_env.from_string("<p class={{ x }}><a href='{{ x }}'>")
    assert template.render(x="a onclick=steal()").startswith("<p class=a onclick=steal()>")
    assert "href='javascript:steal()'" in template.render(x="javascript:steal()")


@proves(
    "guide/security",
    "Anyone who can write a template can read the configuration and run any Python code.",
    "With the secret key, anybody can log in as any user.",
    "Text from a user never belongs into the first argument of flask.render_template_string().",
    "a template in the text of a user | values, not templates | Injection Prevention",
)
def test_a_template_in_a_name() -> None:
    name = "{{ config.SECRET_KEY }}"
    app = template_from_text.app
    key = ask(app, "/careless", name=name).removeprefix("Dear ")
    assert key == app.secret_key
    assert ask(app, "/careful", name=name) == f"Dear {name}"
    python = "{{ config.__class__.__init__.__globals__['os'].path.basename('/a/b') }}"
    assert ask(app, "/careless", name=python) == "Dear b"
    # a session that was signed elsewhere, with the key that the template has told
    app = Flask("shop")
    app.secret_key = key
    app.add_url_rule("/", "who", lambda: session.get("user", "nobody"))
    attacker = Flask("attacker")
    attacker.secret_key = key
    with attacker.test_client() as client:
        with client.session_transaction() as forged:
            forged["user"] = "ada"
        cookie = client.get_cookie("session")
    assert cookie is not None
    victim = app.test_client()
    victim.set_cookie("session", cookie.value)
    assert victim.get("/").text == "ada"


@proves(
    "guide/security",
    "A view that changes something must not be reachable with GET, which is not checked.",
    "The form has no csrf_token, or JavaScript has sent the request without the header X-CSRFToken.",
)
def test_the_token_of_a_form() -> None:
    app = foreign_forms.create_app()
    app.add_url_rule("/by-get", "by_get", lambda: "paid", methods=["GET", "POST"])
    client = app.test_client()
    token = client.get("/").text.partition('value="')[2].partition('"')[0]
    answer = client.post("/transfer", data={"to": "mallory"})
    assert answer.status_code == 400
    assert "The CSRF token is missing." in answer.text
    on_the_page("400 Bad Request: The CSRF token is missing.")
    assert client.post("/transfer", data={"to": "bob", "csrf_token": token}).text == "ada pays bob"
    sent = {"X-CSRFToken": token}
    assert client.post("/transfer", data={"to": "bob"}, headers=sent).text == "ada pays bob"
    assert client.get("/by-get").text == "paid"
    assert client.post("/by-get").status_code == 400


@proves(
    "guide/security",
    "SESSION_COOKIE_HTTPONLY | True | no script can read the cookie",
    "The session is signed and not encrypted: its user can read it.",
    "session.clear() before a log-in drops what an attacker may have put in.",
)
def test_the_defaults_of_the_cookie() -> None:
    names = ["HTTPONLY", "SECURE", "SAMESITE", "NAME"]
    defaults = [str(Flask("a").config[f"SESSION_COOKIE_{name}"]) for name in names]
    for name, default in zip(names, defaults, strict=True):
        assert f"| `SESSION_COOKIE_{name}` | `{default}` |" in on_the_page(
            f"| `SESSION_COOKIE_{name}` | `{default}` |"
        )
    client = cookies.app.test_client()
    with client.session_transaction(base_url="https://localhost") as before:
        before["put_in"] = "by mallory"
    answer = client.post("/login", base_url="https://localhost")
    sent = answer.headers["Set-Cookie"]
    assert sent.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(sent.split("; "))
    with client.session_transaction(base_url="https://localhost") as after:
        assert dict(after) == {"user": "ada"}
    from itsdangerous import base64_decode

    value = sent.partition("=")[2]
    assert base64_decode(value.split(".")[0]) == b'{"user":"ada"}'


@proves(
    "guide/security",
    "The snippet sends it over HTTPS only, which needs ProxyFix behind a proxy:",
    "a page in a frame, a text as a script | headers | HTTP Security Response Headers",
)
def test_the_headers_and_hsts_over_https_only() -> None:
    for careful in (True, False):
        client = headers.create_app(careful).test_client()
        plain, secure = client.get("/"), client.get("/", base_url="https://localhost")
        assert {name: plain.headers.get(name) for name in headers.HEADERS} == (
            headers.HEADERS if careful else dict.fromkeys(headers.HEADERS)
        )
        assert "Strict-Transport-Security" not in plain.headers
        assert ("Strict-Transport-Security" in secure.headers) is careful


TARGETS = [
    *("https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example"),
    *("/\t/evil.example", "/\n/evil.example", "\t//evil.example", "javascript:steal()"),
    *("http:evil.example", "https:/evil.example", "evil.example", "///evil.example", ""),
]


@proves(
    "guide/security",
    "A check for :// or for a first slash is not enough: //evil.example and /\\evil.example are "
    "other sites for a browser.",
    "a link that leads elsewhere | paths of this site only | Unvalidated Redirects and Forwards",
)
@pytest.mark.parametrize("target", TARGETS)
def test_a_redirect_stays_on_this_site(target: str) -> None:
    assert redirects.within(target) == "/"
    assert redirects.within("/cart?page=2#top") == "/cart?page=2#top"
    answer = redirects.app.test_client().get("/careful", query_string={"next": target})
    assert (answer.status_code, answer.location) == (302, "/")
    if target in {"https://evil.example", "//evil.example"}:
        answer = redirects.app.test_client().get("/careless", query_string={"next": target})
        assert answer.location == target


@proves(
    "guide/security",
    "Without a list of trusted hosts, the mail to the user contains a link to "
    "evil.example with a valid token.",
    "another host in your mails | TRUSTED_HOSTS | Forgot Password",
)
def test_the_host_of_a_link_in_a_mail() -> None:
    careless, careful = (reset_link.create_app(value).test_client() for value in (False, True))
    evil = {"Host": "evil.example"}
    link = careless.post("/forgot", headers=evil).text
    assert link == "http://evil.example/reset/4711"
    assert careful.post("/forgot", headers=evil).status_code == 400
    kept = careful.post("/forgot", headers={"Host": "shop.example"}).text
    assert kept == "http://shop.example/reset/4711"
    # the token of the link is good at the shop
    assert careless.get("/reset/4711").text == "a new password"


@proves(
    "guide/security",
    "With a parameter, the database never reads the value as SQL.",
    'SQLAlchemy uses parameters by itself, also with text("... :name"), as long as you build no '
    "query with an f-string.",
    "A parameter cannot be the name of a table or a column: choose such a name from a dictionary.",
    "SQL in the text of a user | parameters | SQL Injection Prevention",
)
def test_sql_in_a_name() -> None:
    name = "x' OR '1'='1"
    client = queries.app.test_client()
    assert client.get("/careless", query_string={"name": name}).json == ["ada", "grace"]
    assert client.get("/careful", query_string={"name": name}).json == []
    assert client.get("/careful", query_string={"name": "ada"}).json == ["ada"]
    with create_engine("sqlite://").connect() as database:
        database.execute(text("CREATE TABLE user (name TEXT)"))
        database.execute(text("INSERT INTO user VALUES ('ada')"))
        query = "SELECT name FROM user WHERE name = "
        assert database.execute(text(f"{query}:name"), {"name": name}).all() == []
        assert len(database.execute(text(f"{query}'{name}'")).all()) == 1
        with pytest.raises(Exception, match="syntax error"):
            database.execute(text("SELECT name FROM :table"), {"table": "user"})
    with pytest.raises(sqlite3.OperationalError):
        queries.find("SELECT name FROM ?", "user")


@proves(
    "guide/security",
    "flask.send_from_directory() responds with 404 to each name that leads out of the folder.",
    "the name of a file of yours | send_from_directory | File Upload",
)
@pytest.mark.parametrize(
    "name",
    [
        "../queries.py",
        "a/../../queries.py",
        str(Path(queries.__file__)),
        "..",
        "../../../README.md",
    ],
)
def test_a_name_that_leads_out_of_the_folder(name: str) -> None:
    client = downloads.app.test_client()
    assert client.get("/careful", query_string={"name": name}).status_code == 404
    if name == "../queries.py":
        assert "sqlite3" in client.get("/careless", query_string={"name": name}).text
    with client.get("/careful", query_string={"name": "tea.txt"}) as answer:
        assert answer.text == "Green tea, 80 degrees\n"


def log_in(client: FlaskClient, password: str, name: str = "ada") -> int:
    return client.post("/login", data={"name": name, "password": password}).status_code


@proves(
    "guide/security",
    "MemoryStorage counts in one process.",
    "Each worker counts by itself.",
    "guessing passwords | limits and hashes | Authentication, Password Storage",
)
def test_five_attempts_a_minute_for_each_process() -> None:
    client = attempts.create_app().test_client()
    assert [log_in(client, str(number)) for number in range(7)] == [401] * 5 + [429] * 2
    # another name has a count of its own, and so has another process
    assert log_in(client, "1", "grace") == 401
    assert log_in(attempts.create_app().test_client(), "correct horse") == HTTPStatus.OK
    answer = client.post("/login", data={"name": "ada", "password": "correct horse"})
    assert answer.headers["Retry-After"] == "60"


@proves("guide/security", "Workers share a count in Redis: limits.storage.RedisStorage.")
def test_workers_share_a_count_in_redis(redis_server: object) -> None:
    from limits.storage import RedisStorage
    from limits.strategies import MovingWindowRateLimiter

    address = f"redis://127.0.0.1:{redis_server.port}"  # type: ignore[attr-defined]
    workers = [MovingWindowRateLimiter(RedisStorage(address)) for _ in range(2)]
    hits = [workers[number % 2].hit(attempts.FIVE, "of-two-workers") for number in range(7)]
    assert hits == [True] * 5 + [False] * 2


@proves(
    "guide/security",
    "generate_password_hash uses scrypt with a random salt, so two users with the same password "
    "have different hashes:",
    'generate_password_hash(password, method="sha256"). This line of old posts raises ValueError: '
    "Invalid hash method 'sha256'. today.",
)
def test_hashes_of_passwords() -> None:
    hashes = {generate_password_hash("tea") for _ in range(2)}
    assert len(hashes) == 2
    assert all(check_password_hash(each, "tea") for each in hashes)
    with pytest.raises(ValueError) as caught:
        generate_password_hash("tea", method="sha256")
    on_the_page(f"ValueError: {caught.value}")


def test_an_unknown_name_takes_as_long_as_a_wrong_password() -> None:
    def seconds(name: str) -> float:
        client = attempts.create_app().test_client()
        began = time.process_time()
        assert log_in(client, "wrong", name) == 401
        return time.process_time() - began

    seconds("ada")
    known, unknown = (min(seconds(name) for _ in range(3)) for name in ("ada", "nobody"))
    assert unknown > known / 3


@proves(
    "guide/security",
    "safe_str_cmp. from werkzeug.security import safe_str_cmp of old posts fails today: ….",
)
def test_safe_str_cmp_is_gone() -> None:
    with pytest.raises(ImportError):
        from werkzeug.security import safe_str_cmp  # noqa: F401
