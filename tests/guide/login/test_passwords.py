"""Roles, another password, a forgotten one: docs/guide/login.md."""

from __future__ import annotations

import re

import pytest
import time_machine
from flask import render_template_string
from flask.testing import FlaskClient

from proven.claims.proofs import proves
from snippets.login import generations, reset, roles
from snippets.login.generations import USERS


def logged_in(client: FlaskClient, number: int) -> FlaskClient:
    with client.session_transaction() as kept:
        kept["_user_id"] = str(number)
    return client


@proves(
    "guide/login",
    "To protect all views of a blueprint, put login_required on a function below before_request, as below.",
    "A visitor is sent to the login page, and a user without the role gets 403.",
    "before_request of a blueprint protects each view in it, also one that is added later.",
)
def test_roles() -> None:
    app = roles.create_app()
    app.view_functions["admin.later"] = lambda: "later"
    app.add_url_rule("/admin/later", endpoint="admin.later")
    for path in ("/edit", "/admin/"):
        assert app.test_client().get(path).headers["Location"].startswith("/login?next=")
        assert logged_in(app.test_client(), 1).get(path).status_code == 200
        assert logged_in(app.test_client(), 2).get(path).status_code == 403
    assert app.test_client().get("/admin/later").status_code == 302
    assert logged_in(app.test_client(), 2).get("/admin/later").status_code == 403
    assert logged_in(app.test_client(), 1).get("/admin/later").text == "later"
    assert app.test_client().get("/login").text == "The form"


@proves(
    "guide/login",
    'In a template, {% if current_user.role == "editor" %} hides a button.',
    "It protects nothing: the view has to check too.",
)
def test_a_button_that_is_hidden() -> None:
    app = roles.create_app()
    text = '{% if current_user.role == "editor" %}<button>{% endif %}'
    app.add_url_rule("/page", "page", lambda: render_template_string(text))
    app.add_url_rule("/careless", "careless", lambda: "done", methods=["POST"])
    clients = [logged_in(app.test_client(), number) for number in (1, 2)]
    assert [client.get("/page").text for client in clients] == ["<button>", ""]
    assert [client.post("/careless").text for client in clients] == ["done", "done"]


@proves(
    "guide/login",
    "The session is in the cookie, so nobody can delete it on the server.",
    "Put a number into the id, and increase it:",
    "The cookie remember_token contains the same id, so it ends too.",
    "The form asks for the current password, because an open browser is enough for all else.",
    "For a button “log out everywhere”, increase the number without a new password.",
)
def test_another_password_ends_all_other_logins() -> None:
    app = generations.create_app()
    phone, laptop = app.test_client(), app.test_client()
    assert phone.post("/login", data={"password": "wrong"}).status_code == 422
    for browser in (phone, laptop):
        browser.post("/login", data={"password": "correct horse"})
    copied = app.test_client()
    cookie = phone.get_cookie("remember_token")
    assert cookie is not None
    copied.set_cookie("remember_token", cookie.value)
    assert copied.get("/account").status_code == 200
    wrong = laptop.post("/account/password", data={"current": "guess", "new": "mine now"})
    assert (wrong.status_code, USERS[1].generation) == (422, 0)
    laptop.post("/account/password", data={"current": "correct horse", "new": "a battery"})
    statuses = [browser.get("/account").status_code for browser in (laptop, phone, copied)]
    assert statuses == [200, 401, 401]
    assert phone.post("/login", data={"password": "correct horse"}).status_code == 422
    assert phone.post("/login", data={"password": "a battery"}).status_code == 200
    USERS[1].generation += 1
    assert [browser.get("/account").status_code for browser in (laptop, phone)] == [401, 401]


def links(caplog: pytest.LogCaptureFixture) -> list[str]:
    return re.findall(r"http://\S+", caplog.text)


@proves(
    "guide/login",
    "A link with a signed token is sent to the address that belongs to the account:",
    "Use URLSafeTimedSerializer, and pass max_age to loads.",
    "It is signed, so nobody can change it, and it is refused when it is older than 30 minutes.",
    "It contains the number of the user, which each new password increases.",
    "So it works once, and all older links of this user end with it.",
    "The response does not say whether the address is known.",
    "A GET changes nothing, because programs that check mails open links too.",
    "In development, the mail is written to the log.",
)
def test_a_link_to_a_new_password(caplog: pytest.LogCaptureFixture) -> None:
    client = reset.create_app().test_client()
    with time_machine.travel("2026-01-01 12:00 +0000", tick=False) as clock:
        answers = [
            client.post("/forgot", data={"address": f"{name}@example.com"})
            for name in ("ada", "eve", "ada")
        ]
        assert len({answer.data for answer in answers}) == 1
        assert {answer.status_code for answer in answers} == {200}
        first, second = links(caplog)
        for wrong in (
            second[:-1] + ("a" if second[-1] != "a" else "b"),
            second.replace("/reset/", "/reset/x"),
        ):
            assert client.get(wrong).status_code == 410
        clock.shift(30 * 60)
        assert client.get(second).status_code == 200
        clock.shift(1)
        assert client.get(second).status_code == 410
        clock.shift(-1)
        assert client.get(second).status_code == 200
        assert USERS[1].generation == 0
        assert client.post(second, data={"new": "a new battery"}).status_code == 200
        for used in (first, second):
            assert client.post(used, data={"new": "again"}).status_code == 410
    login = generations.create_app().test_client()
    assert login.post("/login", data={"password": "a new battery"}).status_code == 200


@proves(
    "guide/login",
    "TRUSTED_HOSTS refuses a request with another host, which would stand in the link.",
)
def test_the_host_in_the_link(caplog: pytest.LogCaptureFixture) -> None:
    app = reset.create_app()
    ada, evil = {"address": "ada@example.com"}, "http://evil.example"
    assert app.test_client().post("/forgot", data=ada, base_url=evil).status_code == 400
    assert not links(caplog)
    app.config["TRUSTED_HOSTS"] = None
    app.test_client().post("/forgot", data=ada, base_url=evil)
    assert links(caplog)[0].startswith(evil)


@proves("guide/login", "The token needs no table.")
def test_another_salt_is_another_token() -> None:
    app = reset.create_app()
    with app.app_context():
        from itsdangerous import URLSafeTimedSerializer

        foreign = URLSafeTimedSerializer(app.secret_key or "", salt="something else")
        assert reset.user_of(reset.serializer().dumps((1, 0))) is USERS[1]
        assert reset.user_of(foreign.dumps((1, 0))) is None
        assert reset.user_of(reset.serializer().dumps((7, 0))) is None
