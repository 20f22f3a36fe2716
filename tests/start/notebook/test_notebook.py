from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

# in your folder: from the package notebook
from snippets.tour.step_7 import create_app, models

ADA = {"name": "ada", "password": "correct horse"}
BOB = {"name": "bob", "password": "battery staple"}


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setenv("NOTES_SECRET_KEY", "only for tests")
    monkeypatch.setenv("NOTES_SQLALCHEMY_DATABASE_URI", "sqlite://")
    monkeypatch.setenv("NOTES_WTF_CSRF_ENABLED", "false")
    app = create_app()
    with app.app_context():
        models.db.create_all()
    return app


def signed_in(app: Flask, user: dict[str, str]) -> FlaskClient:
    client = app.test_client()
    client.post("/register", data=user)
    client.post("/login", data=user)
    return client


def test_a_note_is_stored(app: Flask) -> None:
    ada = signed_in(app, ADA)
    assert "Buy tea" in ada.post("/", data={"text": "Buy tea"}, follow_redirects=True).text


def test_nobody_sees_or_deletes_the_note_of_another(app: Flask) -> None:
    ada, bob = signed_in(app, ADA), signed_in(app, BOB)
    ada.post("/", data={"text": "Buy tea"})
    assert "Buy tea" not in bob.get("/").text
    assert bob.post("/1/delete").status_code == 404
    assert "Buy tea" in ada.get("/").text


def test_who_is_not_logged_in_sees_the_login(app: Flask) -> None:
    assert app.test_client().get("/").location == "/login"
