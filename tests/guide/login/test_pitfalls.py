"""The exact errors of docs/guide/login.md, and what old posts write."""

from __future__ import annotations

import pytest
from flask import Blueprint, Flask
from flask_login import LoginManager, UserMixin, current_user, login_required, login_user

from proven.claims.proofs import proves
from tests.guide.login.common import on_the_page


def an_app(**attributes: object) -> tuple[Flask, LoginManager]:
    manager, app = LoginManager(), Flask("pitfalls")
    app.secret_key, app.testing = "dev", True
    manager.init_app(app)
    for name, value in attributes.items():
        setattr(manager, name, value)
    return app, manager


@proves(
    "guide/login",
    'The decorators are in the wrong order: @login_required stands above @app.get("/account").',
    "The route then registers the view without the check.",
    "Put the route at the top.",
)
def test_the_order_of_the_decorators() -> None:
    app, manager = an_app()
    manager.user_loader(lambda _: None)

    @login_required
    @app.get("/open")
    def opened() -> str:
        return "secret"

    @app.get("/closed")
    @login_required
    def closed() -> str:
        raise NotImplementedError

    client = app.test_client()
    assert client.get("/open").text == "secret"
    assert client.get("/closed").status_code == 401


@proves(
    "guide/login",
    "login_manager.login_view is not set.",
    'Set it to the name of the endpoint: "login", or "auth.login" in a blueprint named auth.',
    "The login view is in a blueprint, and login_view has only the name of the function.",
    'Write login_manager.login_view = "auth.login".',
)
def test_the_login_view() -> None:
    app, manager = an_app()
    manager.user_loader(lambda _: None)
    auth = Blueprint("auth", __name__)
    auth.add_url_rule("/login", "login", lambda: "the form")
    app.register_blueprint(auth)
    app.add_url_rule("/account", "account", login_required(lambda: ""))
    client = app.test_client()
    answer = client.get("/account")
    assert on_the_page(answer.status.title()) == "401 Unauthorized"
    manager.login_view = "login"
    with pytest.raises(Exception, match="Could not build url") as caught:
        client.get("/account")
    kind = type(caught.value)
    on_the_page(f"{kind.__module__}.{kind.__name__}: {caught.value}")
    manager.login_view = "auth.login"
    assert client.get("/account").headers["Location"].startswith("/login?next=")


@proves(
    "guide/login",
    "The key of the user has another name than id.",
    "Write a method get_id that returns it as a string.",
)
def test_another_key() -> None:
    class User(UserMixin):
        number = 7

    app, manager = an_app()
    manager.user_loader(lambda number: user if number == "7" else None)
    app.add_url_rule("/in", "in", lambda: str(login_user(user)))
    app.add_url_rule("/who", "who", login_required(lambda: str(current_user.number)))
    user, client = User(), app.test_client()
    with pytest.raises(NotImplementedError) as caught:
        client.get("/in")
    on_the_page(f"NotImplementedError: {caught.value}")
    User.get_id = lambda self: str(self.number)  # type: ignore[method-assign]
    client.get("/in")
    assert client.get("/who").text == "7"


@proves("guide/login", "Or each worker has another secret key, see why the session is empty.")
def test_another_key_in_each_worker() -> None:
    app, manager = an_app()
    user = type("User", (UserMixin,), {"id": 1})()
    manager.user_loader(lambda _: user)
    app.add_url_rule("/in", "in", lambda: str(login_user(user)))
    app.add_url_rule("/who", "who", login_required(lambda: "known"))
    client = app.test_client()
    client.get("/in")
    assert client.get("/who").text == "known"
    app.secret_key = "of another worker"
    assert client.get("/who").status_code == 401


@proves(
    "guide/login",
    "current_user.is_authenticated(). It is a property: TypeError: 'bool' object is not callable.",
    "Leave out the parentheses.",
)
def test_is_authenticated_is_a_property() -> None:
    app, manager = an_app()
    manager.user_loader(lambda _: None)
    app.add_url_rule("/old", "old", lambda: str(current_user.is_authenticated()))
    app.add_url_rule("/new", "new", lambda: str(current_user.is_authenticated))
    with pytest.raises(TypeError) as caught:
        app.test_client().get("/old")
    on_the_page(f"TypeError: {caught.value}")
    assert app.test_client().get("/new").text == "False"
