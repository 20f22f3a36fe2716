"""A login by hand, with Flask-Login, remembered, and by a token: docs/guide/login.md."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from statistics import median

import flask_login
import pytest
import time_machine
from flask import Flask, g, render_template_string, session
from flask.testing import FlaskClient
from flask_login import LoginManager, UserMixin, current_user, login_required, login_user

from proven.claims.proofs import proves
from snippets.login import by_hand, remember, tokens, users, with_flask_login
from snippets.login.users import USERS
from tests.guide.login.common import ADA


def seconds(client: FlaskClient, name: str) -> float:
    began = time.perf_counter()
    assert client.post("/login", data={"name": name, "password": "wrong"}).status_code == 422
    return time.perf_counter() - began


@proves(
    "guide/login",
    "The application compares it, writes into the session who this is, and reads that in each later request.",
    "The response is the same for an unknown name and for a wrong password, and takes as long.",
    "session.clear() before the login leaves nothing from the visitor who was not logged in.",
    "The logout is a POST.",
    "A link or an image of another site cannot send one.",
)
def test_by_hand() -> None:
    client = by_hand.app.test_client()
    wrong = [
        client.post("/login", data={**ADA, **other})
        for other in ({"name": "eve"}, {"password": "x"})
    ]
    assert wrong[0].data == wrong[1].data
    assert wrong[0].status_code == wrong[1].status_code == 422
    times = [median(seconds(client, name) for _ in range(5)) for name in ("ada", "eve")]
    assert 0.5 < times[0] / times[1] < 2
    with client.session_transaction() as kept:
        kept["cart"] = ["planted"]
    assert client.post("/login", data=ADA).headers["Location"] == "/account"
    with client.session_transaction() as kept:
        assert dict(kept) == {"user": "ada"}
    assert client.get("/account").text == "The account of ada"
    assert client.get("/logout").status_code == 405
    client.post("/logout")
    assert client.get("/account").headers["Location"] == "/login"
    assert "<form" in client.get("/login").text
    with client.session_transaction() as kept:
        kept["user"] = "gone"
    assert client.get("/account").status_code == 303


@proves(
    "guide/login",
    "You write a class for the user, and a function that finds one by the id in the session:",
    "login_required redirects a visitor to the view login_view, with the address in next and a message to flash.",
    "current_user is the user in views and templates.",
    "If nobody is logged in, current_user.is_authenticated is False.",
)
def test_flask_login() -> None:
    app = with_flask_login.create_app()
    app.add_url_rule("/who", "who", lambda: str(current_user.is_authenticated))
    client = app.test_client()
    answer = client.get("/account?page=2")
    assert answer.headers["Location"] == "/login?next=%2Faccount%3Fpage%3D2"
    assert "Please log in to access this page." in client.get("/login").text
    assert client.get("/who").text == "False"
    assert client.post("/login", data={**ADA, "password": "x"}).status_code == 422
    answer = client.post(answer.headers["Location"], data=ADA)
    assert answer.headers["Location"] == "/account?page=2"
    assert client.get("/who").text == "True"
    assert client.get("/account").text == "The account of ada"
    assert client.post("/logout").status_code == 303
    assert client.get("/account").status_code == 302


@proves("guide/login", "Check next, as wanted does: a link can carry another site there.")
@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", ""]
)
def test_another_site(target: str) -> None:
    client = with_flask_login.create_app().test_client()
    answer = client.post("/login", query_string={"next": target}, data=ADA)
    assert answer.headers["Location"] == "/account"


def with_users(loader: object, **of_class: object) -> tuple[Flask, UserMixin]:
    """Return an application with one user, whom a function loads, and the user."""
    manager, app = LoginManager(), Flask("users")
    app.secret_key, app.testing = "dev", True
    manager.init_app(app)
    if loader:
        manager.user_loader(loader)
    user = type("User", (UserMixin,), {"id": 1, **of_class})()
    app.add_url_rule("/in", "in", lambda: str(login_user(user)))
    app.add_url_rule("/who", "who", login_required(lambda: type(current_user.get_id()).__name__))
    return app, user


@proves(
    "guide/login",
    "The id in the session is a string.",
    "Convert it in the function below user_loader, and return None if there is no such user.",
    "The function below user_loader returned None, most often because it compares the id with a number.",
    "The id is a string: int(user_id).",
)
def test_the_id_is_a_string() -> None:
    seen: list[object] = []
    for convert, status in ((str, 401), (int, 200)):
        known: dict[object, UserMixin] = {}
        app, known[1] = with_users(
            lambda number, convert=convert, known=known: (
                seen.append(number),
                known.get(convert(number)),
            )[1]
        )
        client = app.test_client()
        assert client.get("/in").text == "True"
        assert client.get("/who").status_code == status
    assert set(seen) == {"1"}


@proves(
    "guide/login",
    "If is_active of the user is False, login_user returns False and does nothing.",
    "A user who is logged in already stays logged in: also return None for one who may not log in any more.",
)
def test_a_user_who_is_not_active() -> None:
    app, user = with_users(lambda _: user, is_active=False, is_authenticated=True)
    client = app.test_client()
    assert client.get("/in").text == "False"
    assert client.get("/who").status_code == 401
    type(user).is_active = True  # type: ignore[misc]
    assert client.get("/in").text == "True"
    type(user).is_active = False  # type: ignore[misc]
    assert client.get("/who").status_code == 200


@proves("guide/login", "Flask-Login neither stores nor compares passwords, and has no forms.")
def test_what_it_does_not_do() -> None:
    files = Path(flask_login.__file__).parent.glob("*.py")
    source = "".join(file.read_text(encoding="utf-8") for file in files)
    assert "def login_user" in source
    for word in ("check_password", "generate_password", "wtforms", "<form", "sqlalchemy"):
        assert word not in source.lower()


@proves(
    "guide/login",
    "A session ends when the browser is closed, unless it is permanent.",
    "login_user(user, remember=True) sets another cookie that stays, remember_token:",
    "A login by this cookie is not fresh.",
    "fresh_login_required then redirects to the view refresh_view, or responds with 401 if none is set.",
)
def test_remember_me() -> None:
    app = remember.create_app()
    app.add_url_rule("/again", "again", lambda: "")
    client = app.test_client()
    assert client.post("/login", data={**ADA, "password": "x"}).status_code == 422
    client.post("/login", data=ADA)
    assert client.get_cookie("remember_token") is None
    cookie = client.get_cookie("session")
    assert cookie is not None
    assert cookie.expires is cookie.max_age is None
    assert client.get("/account/password").status_code == 200
    client.post("/login", data={**ADA, "remember": "yes"})
    kept = client.get_cookie("remember_token")
    assert kept is not None
    assert kept.expires is not None
    client.delete_cookie("session")
    assert client.get("/account").status_code == 200
    assert client.get("/account/password").status_code == 401
    users.login_manager.refresh_view = "again"
    answer = client.get("/account/password")
    users.login_manager.refresh_view = None
    assert answer.headers["Location"].startswith("/again?next=")
    client.delete_cookie("remember_token")
    client.delete_cookie("session")
    assert client.get("/account").status_code == 302


@proves(
    "guide/login",
    "The cookie contains the id and a signature, and no date.",
    "REMEMBER_COOKIE_DURATION (365 days if left out) tells the browser when to delete it, and the "
    "server accepts a copy for ever.",
    "Only another id or another secret key ends it.",
    "If left out, REMEMBER_COOKIE_SECURE is False and REMEMBER_COOKIE_SAMESITE is not set: set both in production.",
)
def test_a_copy_of_the_cookie() -> None:
    app, user = with_users(lambda number: user if number == user.get_id() else None)
    app.add_url_rule("/stay", "stay", lambda: str(login_user(user, remember=True)))
    client = app.test_client()
    with time_machine.travel("2026-01-01 00:00 +0000", tick=False):
        header = client.get("/stay").headers.getlist("Set-Cookie")[0]
    assert header.startswith("remember_token=1|")
    assert "Expires=Fri, 01 Jan 2027" in header
    assert "HttpOnly" in header
    assert "Secure" not in header
    assert "SameSite" not in header
    copied = header.split(";")[0].partition("=")[2]
    number, signature = copied.split("|")
    assert (number, len(signature)) == ("1", 128)

    def thief() -> FlaskClient:
        browser = app.test_client()
        browser.set_cookie("remember_token", copied)
        return browser

    with time_machine.travel("2086-01-01"):
        assert thief().get("/who").status_code == 200
    user.id = 2
    assert thief().get("/who").status_code == 401
    user.id = 1
    assert thief().get("/who").status_code == 200
    app.secret_key = "another"
    assert thief().get("/who").status_code == 401
    strict = remember.create_app().test_client()
    header = strict.post("/login", data={**ADA, "remember": "1"}).headers.getlist("Set-Cookie")[0]
    assert "SameSite=Lax" in header
    assert remember.create_app().config["REMEMBER_COOKIE_DURATION"] == timedelta(days=30)


@proves(
    "guide/login",
    "request_loader is called if neither the session nor the cookie says who this is.",
    "The same views then work for browsers and for programs:",
    "No session begins, so the program sends its token each time.",
)
def test_tokens() -> None:
    client = tokens.app.test_client()
    bearer = {"Authorization": "Bearer 4f2a-secret"}
    for sent in ("", "Bearer guessed", "Bearer", "Basic YWRhOnRlYQ=="):
        assert client.get("/me", headers={"Authorization": sent} if sent else {}).status_code == 401
    answer = client.get("/me", headers=bearer)
    assert answer.json == {"user": "ada"}
    assert "Set-Cookie" not in answer.headers
    assert client.get("/me").status_code == 401
    with client.session_transaction() as kept:
        kept["_user_id"] = "2"
    assert client.get("/me", headers=bearer).json == client.get("/me").json == {"user": "bob"}


@proves(
    "guide/login",
    "LOGIN_DISABLED = True turns login_required off.",
    "Then current_user is nobody, and the test proves less.",
)
def test_login_disabled() -> None:
    app, _ = with_users(lambda _: None)
    assert app.test_client().get("/who").status_code == 401
    app.config["LOGIN_DISABLED"] = True
    assert app.test_client().get("/who").text == "NoneType"


@proves(
    "guide/login",
    "login_user writes three values into the session.",
    "current_user is a proxy: the first time that it is used, Flask-Login calls your function and "
    "keeps the user in g for this request.",
    "init_app adds current_user to all templates.",
    "So each render_template loads the user, also for a template that does not show one.",
    "init_app(app, add_context_processor=False) turns this off.",
)
def test_when_the_user_is_loaded() -> None:
    for adds, expected in ((True, [0, 1, 1]), (False, [0, 1, 0])):
        loaded: list[str] = []
        manager, app = LoginManager(), Flask("users")
        app.secret_key = "dev"
        manager.init_app(app, add_context_processor=adds)
        manager.user_loader(lambda number, loaded=loaded: loaded.append(number))
        app.add_url_rule("/none", "none", lambda: "")
        app.add_url_rule(
            "/twice", "twice", lambda: f"{current_user.is_active}{current_user.is_active}"
        )
        app.add_url_rule("/page", "page", lambda: render_template_string("tea"))
        client = app.test_client()
        with client.session_transaction() as kept:
            kept["_user_id"] = "1"
        counts = []
        for path in ("/none", "/twice", "/page"):
            loaded.clear()
            assert client.get(path).status_code == 200
            counts.append(len(loaded))
        assert counts == expected
    with with_flask_login.create_app().test_client() as client:
        client.post("/login", data=ADA)
        assert len(session) == 3
        assert g._login_user is USERS[1]
    # who it is decides, not what is known of them
    assert users.User(1, "ada of the first floor", "") == USERS[1] != USERS[2]


@proves(
    "guide/login",
    "_id is a hash of the address and of the header User-Agent.",
    "If it changes, the login is no longer fresh.",
    'With session_protection = "strong", the user is logged out, which also happens to a telephone in a new network.',
    "The address is taken from X-Forwarded-For, which a client can send itself.",
)
def test_session_protection() -> None:
    other = ({"User-Agent": "Another/1"}, {"X-Forwarded-For": "192.0.2.7"})
    for mode, fresh, status in (("basic", False, 200), ("strong", None, 302)):
        for headers in other:
            app = with_flask_login.create_app()
            app.config["SESSION_PROTECTION"] = mode
            with app.test_client() as client:
                client.post("/login", data=ADA)
                assert client.get("/account").status_code == 200
                assert session["_fresh"] is True
                assert client.get("/account", headers=headers).status_code == status
                assert session.get("_fresh") is fresh
    app = with_flask_login.create_app()
    app.config["SESSION_PROTECTION"] = "strong"
    client = app.test_client()
    client.post("/login", data=ADA)
    moved = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get("/account", environ_base=moved).status_code == 302
    client.post("/login", data=ADA)
    hidden = {"X-Forwarded-For": "127.0.0.1"}
    assert client.get("/account", environ_base=moved, headers=hidden).status_code == 200
