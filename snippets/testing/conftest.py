"""The fixtures that every test of the project can use."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from snippets.testing.live import live_server, page
from snippets.testing.shop import create_app

# Fixtures of another module.
__all__ = ["live_server", "page"]


@pytest.fixture
def app() -> Flask:
    return create_app({"TESTING": True, "SECRET_KEY": "only for tests"})


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    with app.test_client() as client:
        yield client


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


@pytest.fixture
def signed_in(client: FlaskClient) -> FlaskClient:
    with client.session_transaction() as session:
        session["user"] = "阿达"
    return client
