"""Checks before every view: docs/guide/application-accounts.md."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_wtf.csrf import CSRFError

from proven.claims.proofs import proves
from snippets.application import error_texts, errors, forms, gate, headers, users
from snippets.application.models import Note, User
from tests.guide.application.common import (
    ADA,
    MINE,
    ORIGIN,
    PASSWORD,
    TEXT,
    Visitor,
    application,
    count,
    parsed,
    said,
    sent,
)

HOSTS = ["..", "a..b", "x" * 300, "evil.example", "localhost.evil.example", "a b", "-", ""]


@proves(
    "guide/application-notes",
    "In the error handler, check request.routing_exception first, as show does in errors.py.",
)
@proves("guide/application", "Without it, every host except localhost and 127.0.0.1 gets 400.")
@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("trusted", [["localhost"], None])
def test_another_host_has_one_clear_answer(
    app: Flask, ada: Visitor, host: str, trusted: list[str] | None
) -> None:
    app.config["TRUSTED_HOSTS"] = trusted
    for path in ("/", "/login", "/notes/", "/static/notes.css", "/nothing"):
        for method in ("GET", "HEAD", "POST", "OPTIONS"):
            data = MINE if method == "POST" else None
            answer = ada.client.open(path, method=method, headers={"Host": host}, data=data)
            if trusted:
                assert answer.status_code == 400
            assert answer.status_code < 500
            if answer.status_code == 400 and method != "HEAD" and answer.mimetype == "text/plain":
                assert answer.text == error_texts.NO_SUCH_HOST
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-ID"])
            answer.close()


@proves(
    "guide/application-notes",
    "The Host header is not in TRUSTED_HOSTS, so the request has no URL adapter, and the "
    "template of the error page calls url_for.",
    "The error handler itself fails, and the visitor gets a plain 500 page.",
)
def test_an_error_page_that_builds_a_url_fails_for_another_host(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    # as if `show` did not look
    monkeypatch.setattr(errors, "BadRequest", ())
    with pytest.raises(AttributeError) as caught:
        app.test_client().get("/", headers={"Host": "evil.example"})
    assert f"{{pitfall}} `AttributeError: {caught.value}`" in TEXT


@pytest.mark.parametrize("title", ["中", "中文😀 100%", "%D6%D0", "a+b&c=d", "é"])
def test_a_form_in_utf_8_is_taken_however_it_is_packed(
    app: Flask, ada: Visitor, title: str
) -> None:
    ada.write(title)
    ada.client.post(
        "/notes/new",
        data={"title": title, "csrf_token": ada.token()},
        content_type="multipart/form-data",
        headers=ORIGIN,
    )
    assert ada.titles() == [title, title]


@proves(
    "guide/application-notes",
    "A form in GBK | 400 | “The form is not in UTF-8. Nothing was saved.”",
)
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"title=\xd6\xd0&csrf_token="),
        ("application/x-www-form-urlencoded; charset=gbk", b"title=%D6%D0&csrf_token="),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\n\xd6\xd0\r\n--x--\r\n',
        ),
    ],
)
def test_a_form_in_another_encoding_is_refused_however_it_is_packed(
    app: Flask, ada: Visitor, kind: str, body: bytes
) -> None:
    answer = sent(ada, data=body, content_type=kind, headers=ORIGIN)
    assert answer.status_code == 400
    assert error_texts.TEXTS[gate.NotUtf8] in said(answer)
    assert not parsed(answer).select("pre")
    assert count(app, Note) == 0


@proves("guide/application", "In the application and in its tests it is on.")
@proves(
    "guide/application-accounts",
    "csrf requires a token only if a user is logged in, see below.",
    "If the user is logged in, the form must contain a CSRF token.",
)
def test_a_strangers_form_has_no_token_and_a_users_has(app: Flask, ada: Visitor) -> None:
    for form in (forms.LoginForm, forms.ForgotForm, forms.RegistrationForm, forms.NewPasswordForm):
        with app.test_request_context():
            assert "csrf_token" not in form()
    for path in ("/login", "/register", "/forgot"):
        assert Visitor(app).page(path).select("[name=csrf_token]") == []
    for path in ("/notes/new", "/account/password", "/account/", "/notes/"):
        assert ada.page(path).select("[name=csrf_token]")


@proves(
    "guide/application-accounts",
    "A hook runs before every view and refuses three kinds of requests.",
    "For these visitors the hook compares the Origin header with the host.",
)
@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "http://localhost.evil"])
def test_a_stranger_needs_a_form_of_this_site(app: Flask, origin: str | None) -> None:
    fields = {"mobile": ADA, "password": PASSWORD, "again": PASSWORD}
    given = {"Origin": origin} if origin else {}
    for path in ("/register", "/login", "/forgot", "/reset/x", "/logout"):
        answer = app.test_client().post(path, data=fields, headers=given)
        assert answer.status_code == 400
        assert error_texts.TEXTS[gate.ForeignForm] in said(answer)
    assert count(app, User) == 0


@proves("guide/application-accounts", "With None, the token is valid as long as the session.")
def test_a_form_is_good_as_long_as_its_session(
    app: Flask, ada: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = ada.token()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 86_400)
    data = {"title": "x", "text": "", "csrf_token": token}
    assert ada.client.post("/notes/new", data=data).status_code == 303
    app.config["WTF_CSRF_TIME_LIMIT"] = 3600
    assert ada.client.post("/notes/new", data=data).status_code == 400


@proves(
    "guide/application-accounts",
    "Over HTTPS, Flask-WTF also requires the Referer header.",
    "If your pages send Referrer-Policy: no-referrer, every form gets 400, but only in production.",
    "With same-origin, the browser sends the header to your own pages and to no other site.",
)
def test_flask_wtf_wants_the_referrer_under_https_and_our_policy_sends_it(tmp_path: Path) -> None:
    reasons: list[str] = []
    with application(tmp_path) as app:
        app.register_error_handler(
            CSRFError, lambda error: (reasons.append(error.description) or "", 400)
        )
        ada = Visitor(app).register()
        data = {"title": "x", "text": "", "csrf_token": ada.token()}
        options: dict[str, Any] = {"base_url": "https://localhost", "data": data}
        assert ada.client.post("/notes/new", **options).status_code == 400
        assert [f"{{pitfall}} `{reason}`" in TEXT for reason in reasons] == [True]
        options["headers"] = {"Referer": "https://localhost/notes/new"}
        assert ada.client.post("/notes/new", **options).status_code == 303
    assert headers.HEADERS.headers["Referrer-Policy"] == "same-origin"


@proves(
    "guide/application-accounts",
    "The default of WTF_CSRF_TIME_LIMIT is one hour.",
    "A user who writes for longer loses the text.",
)
def test_an_old_token_says_what_the_page_quotes(
    app: Flask, ada: Visitor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "flask_wtf.csrf")
    app.config["WTF_CSRF_TIME_LIMIT"] = 3600
    token, now = ada.token(), time.time()
    monkeypatch.setattr(time, "time", lambda: now + 3700)
    assert ada.client.post("/logout", data={"csrf_token": token}).status_code == 400
    [record] = [record for record in caplog.records if record.name == "flask_wtf.csrf"]
    assert f"{{pitfall}} `{record.getMessage()}`" in TEXT


@proves(
    "guide/application",
    "Flask opens the session, which reads nothing yet, and finds the view in url_map.",
    "In before_request(), check checks the host and reads the form.",
    "If the body is too large, the request ends here with 413.",
    "Then check loads the user and compares the token with the one in the session.",
    "require_login, which is registered on the blueprint, finds the user already loaded.",
    "The view flashes a message and redirects with 303, so that a reload does not send "
    "the form again.",
    "Then Flask saves the session.",
)
@proves(
    "guide/application-notes",
    "A body of 200,000 bytes | 413 | “That is too much at once. Nothing was saved.”",
)
def test_a_large_body_ends_before_the_view_and_a_post_leaves_in_the_order_of_the_page(
    app: Flask, ada: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    token = ada.token()

    def note_step(owner: object, name: str, step: str) -> None:
        inner = getattr(owner, name)

        def outer(*args: Any, **kwargs: Any) -> Any:
            steps.append(step)
            return inner(*args, **kwargs)

        monkeypatch.setattr(owner, name, outer)

    note_step(app.session_interface, "open_session", "open")
    note_step(app.session_interface, "load", "read")
    note_step(users, "current_user", "user")
    note_step(app.session_interface, "save_session", "save")
    monkeypatch.setitem(
        app.view_functions,
        "notes.write",
        lambda inner=app.view_functions["notes.write"]: (
            steps.append("view"),
            inner(),
        )[1],
    )
    fields = {"title": "x", "text": "", "csrf_token": token}
    assert ada.client.post("/notes/new", data=fields).status_code == 303
    assert list(dict.fromkeys(steps)) == ["open", "read", "user", "view", "save"]
    steps.clear()
    fields["text"] = "x" * 200_000
    assert ada.client.post("/notes/new", data=fields).status_code == 413
    assert "view" not in steps
    assert "user" not in steps
