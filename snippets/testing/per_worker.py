"""Give each process of pytest-xdist a database of its own."""

from collections.abc import Iterator

import pytest
from flask import Flask

from snippets.testing.notes import create_app, db


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> str:
    folder = tmp_path_factory.mktemp("database")
    return f"sqlite:///{folder}/{worker_id}.db"


@pytest.fixture
def app(database_url: str) -> Iterator[Flask]:
    app = create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": database_url})
    with app.app_context():
        db.create_all()
    yield app
    with app.app_context():
        db.drop_all()
        db.engine.dispose()
