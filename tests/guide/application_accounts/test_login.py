"""Login and logout: docs/guide/application-accounts.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask, session
from sqlalchemy import select
from werkzeug.security import generate_password_hash

from proven.claims.proofs import proves
from snippets.application import logins, registration, sessions, targets, users
from snippets.application.models import User, db
from snippets.sessions import FileSystemSessionInterface
from tests.guide.application.common import ADA, BERT, ORIGIN, PASSWORD, Visitor, said


@proves(
    "guide/application-accounts",
    "If the number is unknown, the view checks the password against a hash that no "
    "password matches.",
    "So the response takes as long as for a wrong password, and is the same.",
)
def test_an_unknown_number_costs_and_says_what_a_wrong_password_does(
    app: Flask, ada: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    monkeypatch.setattr(
        logins, "check_password_hash", lambda known, given: checked.append(known) or False
    )
    stranger = Visitor(app)
    answers = [said(stranger.login(number)) for number in (ADA, BERT)]
    assert answers[0] == answers[1]
    assert "The number or the password is wrong." in answers[0]
    assert checked[1] == logins.NOBODY
    # of the same kind as a real one
    assert logins.NOBODY.split("$")[0] == generate_password_hash("x").split("$")[0]


@proves(
    "guide/application-accounts",
    "log_in first ends the old session.",
    "So the session gets a new id, and an id that an attacker planted in the browser is useless.",
    "The CSRF token changes too, because whoever planted the id could have read the token.",
)
@proves(
    "guide/application",
    "Here the class comes from Session interfaces to copy, and the session gets a new id at login.",
)
def test_the_login_changes_id_and_token_and_ends_the_old_session(app: Flask, ada: Visitor) -> None:
    token = ada.token()
    ada.post("/logout")
    # a session without a user: the message about the logout waits in it
    before = ada.client.get_cookie("session")
    ada.login()
    after = ada.client.get_cookie("session")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert ada.token() != token
    # with the id of before the login there is nothing to be had
    other = Visitor(app)
    other.client.set_cookie("session", before.value)
    assert other.get("/notes/").status_code == 303
    # and the old token is none in the new session
    data = {"csrf_token": token}
    assert ada.client.post("/logout", data=data, headers=ORIGIN).status_code == 400


@proves(
    "guide/application-accounts",
    "require_login redirects GET, HEAD and OPTIONS requests to the login page.",
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("path", ["/notes/", "/notes/new", "/account/", "/account/password"])
def test_the_guard_answers_every_reading_method_alike(app: Flask, method: str, path: str) -> None:
    assert method in targets.SAFE
    answer = app.test_client().open(path, method=method)
    assert (answer.status_code, answer.location) == (303, f"/login?next={path}")


@proves(
    "guide/application-accounts",
    "The last response redirects to /account/, the page that the visitor had requested.",
)
def test_the_login_leads_to_the_page_that_was_asked_for(app: Flask, ada: Visitor) -> None:
    address = ada.write("First")
    ada.post("/logout")
    asked = ada.get(f"{address}?x=1")
    assert (asked.status_code, asked.location) == (303, f"/login?next={address}?x%3D1")
    assert "Log in first." in said(ada.get(asked.location))
    # the way to the other form keeps it
    [link] = [a["href"] for a in ada.page(asked.location).select("main .aside a[href*=next]")]
    assert link == asked.location.replace("/login", "/register")
    assert ada.post(asked.location, mobile=ADA, password=PASSWORD).location == f"{address}?x=1"
    ada.post("/logout")
    assert ada.login().location == "/notes/"
    ada.post("/logout")
    # also where the application is mounted below a path
    mounted = {"base_url": "http://localhost/app", "headers": ada.headers}
    assert ada.client.get("/account/", **mounted).location == "/app/login?next=/app/account/"


@proves(
    "guide/application-accounts",
    "If you redirect to it without a check, a link to your login page can lead to another site.",
)
@pytest.mark.parametrize(
    "target",
    [
        *["//evil.example", "/\\evil.example", "https://evil.example/", "evil.example", ""],
        *["/\t/evil.example", "/\n/evil.example", "javascript:alert(1)", " /notes/new"],
    ],
)
def test_the_login_leads_to_no_other_site(app: Flask, ada: Visitor, target: str) -> None:
    ada.post("/logout")
    fields = {"mobile": ADA, "password": PASSWORD}
    answer = ada.client.post("/login", query_string={"next": target}, data=fields, headers=ORIGIN)
    assert (answer.status_code, answer.location) == (303, "/notes/")
    switched = ada.client.get("/language/zh", query_string={"next": target})
    assert switched.location == "/"


@proves(
    "guide/application-accounts", "A user who is already logged in does not see the login form."
)
def test_who_is_logged_in_is_led_past_the_forms_of_strangers(app: Flask, ada: Visitor) -> None:
    for path in ("/", "/login", "/register"):
        answer = ada.get(path)
        assert (answer.status_code, answer.location) == (303, "/notes/")


@proves(
    "guide/application-passwords",
    "The cost is one query by primary key in each request that calls current_user.",
    "The same query ends the sessions of a deleted account at once.",
)
def test_a_login_ends_when_its_account_is_gone(app: Flask, ada: Visitor) -> None:
    with app.app_context():
        db.session.delete(db.session.scalars(select(User)).one())
        db.session.commit()
    assert ada.get("/notes/").status_code == 303


def test_the_first_page_greets_strangers_and_leads_users_on(app: Flask, ada: Visitor) -> None:
    assert "A notebook that is yours alone" in said(Visitor(app).get("/"))
    assert app.view_functions["registration.welcome"] is registration.welcome
    assert ada.get("/").location == "/notes/"


@proves(
    "guide/application-accounts",
    "current_user reads the session and the table of users only when it is called, so a "
    "request for the style sheet reads neither.",
)
def test_a_static_file_costs_neither_session_nor_database(
    app: Flask, ada: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    read = FileSystemSessionInterface.load
    monkeypatch.setattr(FileSystemSessionInterface, "load", lambda *a: asked.append(a) or read(*a))
    answer = ada.get("/static/notes.css")
    assert (answer.status_code, asked) == (200, [])
    answer.close()
    ada.get("/login")
    assert len(asked) == 1


@proves(
    "guide/application-accounts",
    "A request with another method gets 401, and the error page shows the text that was sent.",
)
def test_a_call_outside_of_the_guard_answers_401(app: Flask) -> None:
    with app.test_request_context("/"), pytest.raises(Exception, match="401"):
        users.the_user()


@proves(
    "guide/application-passwords",
    "So each session contains the user's generation, and a session with another number "
    "counts as ended.",
)
@proves(
    "guide/application-notes",
    "The cookie contains a random id.",
    "The session on the server contains the id of the user, the generation, a CSRF token "
    "and the flashed messages.",
)
def test_sessions_hold_an_id_and_a_generation_and_no_more(app: Flask, ada: Visitor) -> None:
    assert isinstance(app.session_interface, FileSystemSessionInterface)
    assert sessions.__doc__ is not None
    with ada.client as client:
        client.get("/account/")
        assert session["user"] == (1, 0)
        kept = client.get_cookie("session")
        assert kept is not None
        # 32 random bytes
        assert re.fullmatch(r"[\w-]{43}", kept.value)
        assert set(session) == {"user", "csrf_token"}


@proves(
    "guide/application-languages",
    "The logout button is a form with a token and not a link, because another site could "
    "make a browser follow a link.",
)
def test_a_link_logs_nobody_out(app: Flask, ada: Visitor) -> None:
    for path in ("/logout", "/account/logout-everywhere"):
        assert ada.get(path).status_code == 405
    assert ada.get("/notes/").status_code == 200


@proves(
    "guide/application-accounts",
    "A visitor who is not logged in has no session, and does not get one for opening a "
    "form, so there is no token to compare.",
)
@proves("guide/application-notes", "Opening a page does not create a session.")
def test_reading_leaves_no_session_behind(app: Flask, ada: Visitor, tmp_path: Path) -> None:
    ada.post("/logout")
    ada.get("/")
    # what tells late requests that a session has ended
    kept = set(tmp_path.glob("sessions/*/*"))
    for path in ("/", "/login", "/register", "/forgot", "/reset/x", "/notes/", "/nothing") * 8:
        assert "Set-Cookie" not in Visitor(app).get(path).headers
    Visitor(app).login(password="wrong horse")
    assert set(tmp_path.glob("sessions/*/*")) == kept
