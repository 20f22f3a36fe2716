"""A new password, and logout everywhere: docs/guide/application-passwords.md."""

from __future__ import annotations

import time

import pytest
from flask import Flask
from sqlalchemy import event, select, update

from proven.claims.proofs import proves
from snippets.application import (
    account,
    error_texts,
    generations,
    messages,
    passwords,
    reset_tokens,
)
from snippets.application.models import User, db
from tests.guide.application.common import (
    ADA,
    BERT,
    NEW,
    ORIGIN,
    PASSWORD,
    Telephone,
    Visitor,
    at_once,
    said,
)


@proves(
    "guide/application-passwords",
    "To end all sessions of a user, increase the number.",
    "That takes one UPDATE, however many sessions there are and wherever they are stored.",
    "The database computes User.generation + 1, so two such requests at the same time "
    "increase it by two.",
)
def test_logouts_everywhere_at_once_are_both_counted(anywhere: Flask) -> None:
    Visitor(anywhere).register()
    with anywhere.app_context():
        user = db.session.scalars(select(User)).one()
        # meanwhile, another request
        with db.engine.begin() as connection:
            connection.execute(update(User).values(generation=User.generation + 1))
        sent: list[str] = []

        def note(connection: object, cursor: object, statement: str, *_: object) -> None:
            sent.append(statement.split()[0])

        event.listen(db.engine, "before_cursor_execute", note)
        generations.end_all_sessions(user)
        event.remove(db.engine, "before_cursor_execute", note)
        assert sent == ["UPDATE"]
        assert user.generation == 2


@proves(
    "guide/application-passwords",
    "A user who is logged in changes the password in a form that asks for the current one.",
    "A new password ends all other sessions of the user.",
)
def test_a_changed_password_ends_every_other_login(stored: Flask) -> None:
    ada, phone = Visitor(stored).register(), Visitor(stored)
    phone.login()
    assert ada.get("/account/password").status_code == 200
    wrong = ada.post("/account/password", current="wrong", password=NEW, again=NEW)
    assert wrong.status_code == 422
    assert "The password is wrong." in said(wrong)
    before = ada.client.get_cookie("session")
    answer = ada.post("/account/password", current=PASSWORD, password=NEW, again=NEW)
    assert (answer.status_code, answer.location) == (303, "/account/")
    assert "Every other login has ended." in said(ada.get("/account/"))
    assert ada.client.get_cookie("session") != before
    assert phone.get("/notes/").status_code == 303
    assert Visitor(stored).login().status_code == 422
    assert Visitor(stored).login(password=NEW).status_code == 303
    assert "Password changed" in said(ada.get("/account/"))


@proves("guide/application", "change a password, and replace a forgotten one | A new password")
@proves(
    "guide/application-passwords",
    "A user who has forgotten the password requests a link, which is sent to the phone.",
    "It works once, because it contains the user's generation, which each new password increases.",
    "Opening the link changes nothing, because programs that show a preview open it too.",
)
def test_a_forgotten_password_is_replaced_by_a_link_which_works_once(stored: Flask) -> None:
    telephone, phone = Telephone(stored), Visitor(stored).register()
    ada = Visitor(stored)
    assert ada.post("/forgot", mobile="138").status_code == 422
    asked = ada.post("/forgot", mobile="138 0013 8000")
    assert (asked.status_code, asked.location) == (303, "/forgot/sent")
    assert "If the number is registered" in said(ada.get("/forgot/sent"))
    [(number, words)] = telephone.messages
    assert number == "+8613800138000"
    assert words.startswith("Choose a new password within 30 minutes: http://localhost/reset/")
    link = telephone.link()
    # to look at it, as programs do that show a preview, uses nothing up
    assert "New password" in said(ada.get(link))
    assert ada.post(link, password=NEW, again="other").status_code == 422
    answer = ada.post(link, password=NEW, again=NEW)
    assert (answer.status_code, answer.location) == (303, "/login")
    assert "The password is changed. Log in with it." in said(ada.get("/login"))
    assert phone.get("/notes/").status_code == 303
    for again in (ada.get(link), ada.post(link, password=PASSWORD, again=PASSWORD)):
        assert again.status_code == 410
        assert error_texts.TEXTS[410] in said(again)
    assert ada.login().status_code == 422
    assert ada.login(password=NEW).status_code == 303
    assert "Link to a new password sent" in said(ada.get("/account/"))


@proves(
    "guide/application-passwords",
    "The UPDATE in set_password also compares the generation, so if two requests use the "
    "same link, only one changes the password.",
)
@proves(
    "guide/application",
    "On each database they also send several registrations at once, use a link three "
    "times at once, and change a note in two windows.",
)
def test_of_two_uses_of_a_link_at_once_one_wins(anywhere: Flask) -> None:
    telephone = Telephone(anywhere)
    Visitor(anywhere).register()
    Visitor(anywhere).post("/forgot", mobile=ADA)
    link, clients = telephone.link(), [anywhere.test_client() for _ in range(3)]
    fields = {"password": NEW, "again": NEW}
    won, *lost = at_once(
        *(lambda c=client: c.post(link, data=fields, headers=ORIGIN) for client in clients)
    )
    assert won.status_code == 303
    # a MariaDB of today may also see two changes of one row, and ask to try again
    assert {answer.status_code for answer in lost} <= {410, 503}
    with anywhere.app_context():
        assert db.session.scalars(select(User.generation)).all() == [1]


def test_a_password_changed_meanwhile_is_not_changed_again(app: Flask, ada: Visitor) -> None:
    def overtake(*_: object) -> bool:
        with app.app_context(), db.engine.begin() as connection:
            connection.execute(update(User).values(generation=User.generation + 1))
        return True

    with pytest.MonkeyPatch.context() as patch:
        token = ada.token()
        patch.setattr(account, "check_password_hash", overtake)
        fields = {"current": PASSWORD, "password": NEW, "again": NEW, "csrf_token": token}
        answer = ada.client.post("/account/password", data=fields, headers=ORIGIN)
    assert answer.status_code == 401
    assert Visitor(app).login().status_code == 303
    telephone = Telephone(app)
    ada.post("/forgot", mobile=ADA)
    set_password = passwords.set_password
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "set_password", lambda *a: overtake() and set_password(*a))
        answer = Visitor(app).post(telephone.link(), password=NEW, again=NEW)
    assert answer.status_code == 410


@proves(
    "guide/application-passwords",
    "The link is signed, so nobody can forge it.",
    "It expires after 30 minutes.",
)
@pytest.mark.parametrize("ended_by", ["time", "logout everywhere", "another key", "the account"])
def test_a_link_ends(
    app: Flask, ada: Visitor, ended_by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    telephone = Telephone(app)
    ada.post("/forgot", mobile=ADA)
    link, now = telephone.link(), time.time()
    if ended_by == "time":
        monkeypatch.setattr(time, "time", lambda: now + reset_tokens.SECONDS - 5)
        assert Visitor(app).get(link).status_code == 200
        monkeypatch.setattr(time, "time", lambda: now + reset_tokens.SECONDS + 5)
    elif ended_by == "logout everywhere":
        ada.post("/account/logout-everywhere")
    elif ended_by == "another key":
        app.config["SECRET_KEY"] = "another"
    else:
        with app.app_context():
            db.session.delete(db.session.scalars(select(User)).one())
            db.session.commit()
    assert Visitor(app).get(link).status_code == 410
    # nor is it made by changing a letter
    assert Visitor(app).get(f"{link[:-1]}{'A' if link[-1] != 'A' else 'Q'}").status_code == 410


@proves(
    "guide/application-accounts",
    "The response reveals that a number is already registered, which the login does not.",
)
@proves(
    "guide/application-passwords",
    "The response to the form is the same, whether the number is registered or not.",
    "During development the message is written to the log.",
)
@proves("guide/application", "Until you do, whoever can read the log can change any password.")
def test_who_asks_for_a_link_does_not_learn_who_is_registered(
    app: Flask, ada: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    answers = [Visitor(app).post("/forgot", mobile=number) for number in (ADA, BERT)]
    first, second = [(answer.status_code, answer.location, answer.text) for answer in answers]
    assert first == second
    # without a gateway, and only where there is somebody, the message is in the log
    assert app.config["SEND_MESSAGE"] is messages.to_log
    [record] = [r for r in caplog.records if r.module == "messages"]
    assert "To +8613800138000: Choose a new password" in record.getMessage()

    def fail(number: str, text: str) -> None:
        raise ConnectionError("the gateway is down")

    app.config["SEND_MESSAGE"] = fail
    assert Visitor(app).post("/forgot", mobile=ADA).location == "/forgot/sent"
    assert "the gateway is down" in caplog.text


@proves(
    "guide/application-accounts",
    "TRUSTED_HOSTS has a default here because the application sends links that contain "
    "the host name.",
    "Without the check, whoever forges the Host header decides where such a link leads.",
)
def test_a_link_cannot_be_made_to_lead_to_another_host(app: Flask, ada: Visitor) -> None:
    telephone, evil = Telephone(app), "evil.example"
    answer = app.test_client().post(
        "/forgot", data={"mobile": ADA}, headers={"Host": evil, "Origin": f"http://{evil}"}
    )
    assert answer.status_code == 400
    assert telephone.messages == []
