"""The object instead of its key."""

from operator import attrgetter
from typing import Any

import pytest
from flask import Blueprint, Flask, abort
from flask.testing import FlaskClient
from sqlalchemy.exc import SQLAlchemyError

from proven.claims.proofs import proves
from snippets.converters import model_converter
from snippets.url_converters import (
    model,
    model_sqlalchemy,
)
from tests.guide.converters.helpers import build, get


@proves(
    "guide/converter-examples",
    "If a view begins by loading an object, the converter can load it and pass it to the view.",
    "Pass two functions to snippets.converters.model_converter().",
    "The first loads an object by its key and returns None if there is none.",
    "The second returns the key of an object.",
)
def test_the_view_gets_the_object_and_a_key_without_one_answers_404() -> None:
    app = model.create_app()
    assert get(app, "/users/1") == {"name": "Ada", "link": "/users/1"}
    assert get(app, "/users/3") == 404
    assert get(app, "/users/ada") == 404


@proves(
    "guide/converter-examples",
    "If the key is None, for example because the object is not saved yet, url_for raises an error.",
)
def test_an_object_without_a_key_has_no_url() -> None:
    it = model_converter({}.get, key=attrgetter("id"))
    with pytest.raises(ValueError, match="None would not match in a URL"):
        build("/<it:value>", model_sqlalchemy.Note(text="not saved"), it=it)


@pytest.fixture
def notes() -> Any:
    """The application with a database, closed after the test."""
    app = model_sqlalchemy.create_app()
    yield app
    with app.app_context():
        model_sqlalchemy.db.engine.dispose()


@proves("guide/converter-examples", "With Flask-SQLAlchemy both functions fit on one line:")
def test_with_flask_sqlalchemy(notes: Flask) -> None:
    assert get(notes, "/notes/1") == {"text": "buy milk", "link": "/notes/1"}
    assert get(notes, "/notes/2") == 404


def test_a_key_beyond_64_bits_answers_404_and_would_raise_without_the_bound(notes: Flask) -> None:
    assert get(notes, "/notes/9223372036854775807") == 404
    assert get(notes, "/notes/9223372036854775808") == 404
    with notes.app_context(), pytest.raises((OverflowError, SQLAlchemyError)):
        model_sqlalchemy.db.session.get(model_sqlalchemy.Note, 2**63)


def guarded(place: str) -> FlaskClient:
    """Return a client of an application that answers 401 to everybody, checked in one place."""
    app, pages = Flask("guarded"), Blueprint("pages", "guarded")
    app.url_map.converters["user"] = model_converter({1: "Ada"}.get, key=len)
    owner = {"application": app, "blueprint": pages}.get(place)
    if owner:
        owner.before_request(lambda: abort(401))

    @pages.get("/users/<user:user>")
    def show(user: str) -> str:
        abort(401 if place == "view" else 500)

    app.register_blueprint(pages)
    return app.test_client()


@proves(
    "guide/converter-examples",
    "A decorator around the view or a before_request function of the blueprint checks "
    "permissions only after the object was found.",
    "A visitor without permission gets 401 for an object that exists and 404 for one that "
    "does not.",
)
@pytest.mark.parametrize("place", ["view", "blueprint"])
def test_a_check_after_the_object_was_found_tells_what_exists(place: str) -> None:
    assert guarded(place).get("/users/1").status_code == 401
    assert guarded(place).get("/users/2").status_code == 404


@proves(
    "guide/converter-examples",
    "Check permissions in a function registered with app.before_request: it runs in both "
    "cases and can respond with 401 to both.",
)
def test_a_hook_of_the_application_answers_401_to_both() -> None:
    assert guarded("application").get("/users/1").status_code == 401
    assert guarded("application").get("/users/2").status_code == 401
