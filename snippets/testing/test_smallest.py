"""The smallest test of a view."""

from flask.testing import FlaskClient

from snippets.testing.shop import create_app


def client() -> FlaskClient:
    return create_app({"TESTING": True}).test_client()


def test_the_first_page() -> None:
    response = client().get("/")
    assert response.status_code == 200
    assert response.text == "Hello, stranger!"
