"""Tests with a form, a redirect, JSON and a file."""

from io import BytesIO

from flask.testing import FlaskClient


def test_a_form_and_a_redirect(client: FlaskClient) -> None:
    form = {"name": "阿达", "password": "correct horse"}
    response = client.post("/login", data=form)
    assert response.status_code == 302
    assert response.location == "/"

    response = client.post("/login", data=form, follow_redirects=True)
    assert response.request.path == "/"
    assert response.text == "Hello, 阿达!"


def test_json(client: FlaskClient) -> None:
    response = client.post("/cart", json={"name": "tea"})
    assert response.status_code == 201
    assert response.json == {"cart": ["tea"]}


def test_a_file(client: FlaskClient) -> None:
    photo = BytesIO(b"not really a picture"), "头像.png"
    response = client.post("/photos", data={"photo": photo})
    assert response.json == {"name": "头像.png", "size": 20}
