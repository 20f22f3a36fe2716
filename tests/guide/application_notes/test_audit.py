"""The audit trail: docs/guide/application-notes.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from proven.claims.proofs import proves
from snippets.application import account, audit, middleware
from snippets.application.models import AuditEntry, User, db
from tests.guide.application.common import BERT, PACKAGE, Visitor, application, count, said


@proves(
    "guide/application-notes",
    "So a failed login is recorded although nothing else is saved.",
    "The row contains the id of the request, which is also in the response.",
)
@proves("guide/application", "RequestId gives the request an id.")
def test_the_trail_has_address_and_id_of_the_request(app: Flask, ada: Visitor) -> None:
    heard: list[int] = []

    def hear(sender: Flask, user_id: int, **extra: object) -> None:
        heard.append(user_id)

    with audit.login_failed.connected_to(hear, app):
        answer = Visitor(app).login(password="wrong horse")
    assert heard == [1]
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        assert (entry.event, entry.user_id, entry.address) == ("login-failed", 1, "127.0.0.1")
        assert entry.request_id == answer.headers["X-Request-ID"]
        # nobody's failure has no user
        assert Visitor(app).login(BERT).status_code == 422
        [last] = db.session.scalars(
            select(AuditEntry.user_id).order_by(AuditEntry.id.desc()).limit(1)
        )
    assert last is None


@proves(
    "guide/application", "keep an audit trail and show it to the user | An audit trail by signals"
)
@proves("guide/application-notes", "The views send signals about what happened.")
def test_each_signal_has_a_name_on_the_account_page_and_each_application_its_own_trail(
    app: Flask, ada: Visitor, tmp_path_factory: pytest.TempPathFactory
) -> None:
    template = PACKAGE.joinpath("templates/account.html").read_text(encoding="utf-8")
    assert set(re.findall(r'^  "([\w-]+)": _', template, re.MULTILINE)) == set(audit.events)
    with application(tmp_path_factory.mktemp("second")) as second:
        Visitor(second).register()
        assert (count(app, AuditEntry), count(second, AuditEntry)) == (1, 1)
    assert account.bp.name == "account"


@proves(
    "guide/application-notes",
    "The view sends a signal after its transaction, and the receiver writes with a "
    "separate connection.",
    "If the audit trail cannot be written, the error is logged and nothing is undone.",
)
def test_a_trail_that_fails_is_logged_and_undoes_nothing(
    app: Flask, ada: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context():
        AuditEntry.__table__.drop(db.engine)
    Visitor(app).register(BERT)
    assert count(app, User) == 2
    assert "The audit trail has a gap: registered by user 2" in caplog.text


@proves(
    "guide/application-notes",
    "ProxyFix trusts the headers X-Forwarded-For, X-Forwarded-Proto and X-Forwarded-Host.",
    "It is used only if NOTES_PROXIES is set.",
    "Without a proxy, a visitor could set these headers and choose the address in the audit trail.",
)
@proves(
    "guide/application",
    "Behind a proxy also set NOTES_PROXIES=1.",
    "Otherwise the audit trail and the limits see the address of the proxy.",
)
@pytest.mark.parametrize("proxies", [0, 1])
def test_behind_a_proxy_the_trail_has_the_visitors_address(tmp_path: Path, proxies: int) -> None:
    with application(tmp_path, PROXIES=proxies) as app:
        assert isinstance(app.wsgi_app, middleware.ProxyFix) == bool(proxies)
        visitor = Visitor(app)
        visitor.headers |= {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
        visitor.register()
        page = visitor.get("/account/")
        # what is not set by a proxy of ours is set by the visitor
        assert ("203.0.113.9" in said(page)) == bool(proxies)
        assert ("Strict-Transport-Security" in page.headers) == bool(proxies)
