"""Tests that read the session, write it, and look at cookies."""

from flask import session
from flask.testing import FlaskClient


def test_a_user_who_is_logged_in(signed_in: FlaskClient) -> None:
    assert signed_in.get("/").text == "Hello, 阿达!"


def test_what_a_view_stored(client: FlaskClient) -> None:
    client.post("/cart", json={"name": "tea"})
    client.post("/cart", json={"name": "milk"})
    assert session["cart"] == ["tea", "milk"]


def test_a_cookie(client: FlaskClient) -> None:
    client.post("/cart", json={"name": "tea"})
    cookie = client.get_cookie("session")
    assert cookie is not None
    assert cookie.http_only

    client.delete_cookie("session")
    assert client.post("/cart", json={"name": "milk"}).json == {"cart": ["milk"]}
