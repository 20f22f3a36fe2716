"""Log in: docs/guide/forms.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import werkzeug.security
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from flask_wtf import FlaskForm
from wtforms import Form
from wtforms.widgets import PasswordInput

from proven.claims.proofs import proves
from snippets.forms import login
from tests.guide.forms.common import token


def alerts(page: str) -> list[str]:
    return [found.text for found in BeautifulSoup(page, "lxml").find_all(role="alert")]


def log_in(client: FlaskClient, **changes: str) -> Any:
    data = {"name": "ada", "password": "correct horse", **changes}
    data["csrf_token"] = token(client.get("/login").text)
    return client.post("/login", data=data)


def test_log_in() -> None:
    client = login.app.test_client()
    assert client.get("/").text == "Logged in: nobody"
    answer = log_in(client)
    assert (answer.status_code, answer.location) == (302, "/")
    assert client.get("/").text == "Logged in: ada"


@proves(
    "guide/forms",
    "A form that changes something also needs a token, which Flask-WTF adds.",
    "The template form.html of this page shows the errors of the token too.",
)
def test_a_form_without_a_token_is_refused_and_says_so() -> None:
    answer = login.app.test_client().post("/login", data={"name": "ada", "password": "x"})
    assert answer.status_code == 422
    assert alerts(answer.text) == ["The CSRF token is missing."]


@proves(
    "guide/forms",
    "A wrong name and a wrong password get the same response, and the server computes one "
    "password hash for each.",
    "So the form does not reveal which names exist.",
)
def test_a_wrong_name_is_answered_as_a_wrong_password(monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []

    def check(stored: str, given: str) -> bool:
        checked.append(stored)
        return werkzeug.security.check_password_hash(stored, given)

    monkeypatch.setattr(login, "check_password_hash", check)
    client = login.app.test_client()
    answers = [log_in(client, password="wrong"), log_in(client, name="eve")]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert [alerts(answer.text) for answer in answers] == [["Name or password is wrong."]] * 2
    # both pay for one hash of the same kind
    assert [stored.split("$")[0] for stored in checked] == [checked[0].split("$")[0]] * 2
    # even the password of nobody opens nothing
    assert log_in(client, name="eve", password="nobody").status_code == 422


@proves("guide/forms", "By default, a PasswordField does not render the password that was sent.")
def test_the_password_does_not_come_back() -> None:
    answer = log_in(login.app.test_client(), password="wrong horse")
    assert "wrong horse" not in answer.text
    assert PasswordInput().hide_value is True
    assert 'value="ada"' in answer.text


@proves(
    "guide/forms",
    "session.clear() also invalidates the old token.",
    "The next form gets a new one.",
)
def test_a_login_ends_the_old_session_and_its_token() -> None:
    client = login.app.test_client()
    with client.session_transaction() as kept:
        kept["cart"] = ["left by somebody"]
    old = token(client.get("/login").text)
    log_in(client)
    with client.session_transaction() as kept:
        assert dict(kept) == {"_permanent": False, "user": "ada"}
    assert token(client.get("/login").text) != old
    refused = client.post("/login", data={"csrf_token": old, "name": "a", "password": "b"})
    assert alerts(refused.text) == ["The CSRF tokens do not match."]


def test_staying_logged_in_makes_the_session_permanent() -> None:
    for sent, permanent in (({}, False), ({"stay": "y"}, True)):
        client = login.app.test_client()
        answer = log_in(client, **sent)
        assert ("Expires" in answer.headers["Set-Cookie"]) is permanent


@proves(
    "guide/forms",
    "FlaskForm is a subclass of the Form of WTForms.",
    "It reads the data of the request by itself, and it checks a token.",
    "validate_on_submit calls is_submitted(), which is true for POST, PUT, PATCH and "
    "DELETE, and then validate.",
)
def test_what_flask_form_adds() -> None:
    assert issubclass(FlaskForm, Form)
    own = {name for name in vars(FlaskForm) if not name.startswith("_")}
    assert own == {"Meta", "hidden_tag", "is_submitted", "validate_on_submit"}
    methods = {"GET": False, "HEAD": False, "OPTIONS": False}
    methods |= dict.fromkeys(("POST", "PUT", "PATCH", "DELETE"), True)
    for method, submitted in methods.items():
        with login.app.test_request_context("/?name=q", method=method, data={"name": "ada"}):
            form = login.LoginForm(meta={"csrf": False})
            assert form.is_submitted() is submitted
            assert form.name.data == ("ada" if submitted else None)
            form.validate = lambda extra_validators=None: "validated"  # type: ignore[method-assign, assignment, return-value]
            assert form.validate_on_submit() == ("validated" if submitted else False)


@proves(
    "guide/forms",
    "Most often the token is missing: the message is in form.csrf_token.errors, and the "
    "template shows only the errors of visible fields.",
)
def test_the_message_about_the_token_is_with_its_field() -> None:
    with login.app.test_request_context(method="POST", data={"name": "ada", "password": "x"}):
        form = login.LoginForm()
        assert not form.validate_on_submit()
        assert form.csrf_token.errors == ["The CSRF token is missing."]
        assert form.errors == {"csrf_token": ["The CSRF token is missing."]}


@proves("guide/forms", "Several examples on these three pages use the template form.html.")
def test_several_examples_share_the_template() -> None:
    sources = Path(login.__file__).parent.glob("*.py")
    users = [file.stem for file in sources if '"form.html"' in file.read_text(encoding="utf-8")]
    assert len(users) > 3
