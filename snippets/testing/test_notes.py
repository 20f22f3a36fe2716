"""Tests with a database of their own for each test."""

from collections.abc import Iterator

import pytest
from flask import Flask

from snippets.testing.notes import Note, create_app, db


@pytest.fixture
def app() -> Iterator[Flask]:
    app = create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": "sqlite://"})
    with app.app_context():
        db.create_all()
    yield app
    with app.app_context():
        db.drop_all()
        db.engine.dispose()


def test_a_note_is_stored(app: Flask) -> None:
    assert app.test_client().post("/notes", json={"text": "早"}).json == {"key": 1}
    with app.app_context():
        assert db.session.scalars(db.select(Note.text)).all() == ["早"]


def test_the_next_test_begins_with_an_empty_table(app: Flask) -> None:
    with app.app_context():
        assert db.session.scalars(db.select(Note)).all() == []
