"""Register: docs/guide/forms.md."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Response
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, PendingRollbackError
from werkzeug.datastructures import MultiDict
from wtforms import Form, StringField, validators

from proven.claims.proofs import proves
from snippets.forms import registration
from tests.guide.forms.common import errors, said, token, with_field


def strong(page: str) -> list[str]:
    return [found.text for found in BeautifulSoup(page, "lxml").find_all("strong")]


@pytest.fixture
def register() -> Iterator[Callable[..., Any]]:
    app = registration.create_app()

    @app.after_request
    def count(answer: Response) -> Response:
        names = registration.db.session.scalars(select(registration.User.name))
        answer.headers["X-Names"] = ",".join(names)
        return answer

    client = app.test_client()
    person = {"name": "ada", "password": "correct horse"}
    person["csrf_token"] = token(client.get("/register").text)
    yield lambda **changes: client.post(
        "/register", data={**person, "again": person["password"], **changes}
    )
    with client.application.app_context():
        registration.db.engine.dispose()


def test_registering_checks_each_field(register: Callable[..., Any]) -> None:
    answer = register(name="a", password="short", again="shirt")
    assert answer.status_code == 422
    assert strong(answer.text) == [
        "Field must be between 2 and 30 characters long.",
        "Field must be at least 8 characters long.",
        "The passwords differ.",
    ]


@proves(
    "guide/forms",
    "A user name is checked twice.",
    "validate_name asks the database, so that the visitor gets a message.",
)
def test_a_name_is_taken_once(register: Callable[..., Any]) -> None:
    assert register().location == "/login"
    again = register()
    assert (again.status_code, strong(again.text)) == (422, ["This name is taken."])
    assert register(name="grace").status_code == 302


@proves(
    "guide/forms",
    "A user name is checked twice.",
    "The unique constraint of the database decides.",
    "If two requests with the same name arrive at the same time, the query of both finds "
    "the name free, and the later commit raises IntegrityError.",
)
def test_the_database_decides_when_two_are_at_it(
    register: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    register()
    monkeypatch.setattr(registration.RegistrationForm, "validate_name", lambda form, field: None)
    late = register()
    assert (late.status_code, strong(late.text)) == (422, ["This name is taken."])
    # the session works on, in this request too
    assert late.headers["X-Names"] == "ada"
    assert register(name="grace").headers["X-Names"] == "ada,grace"


@proves(
    "guide/forms",
    "If two requests with the same name arrive at the same time, the query of both finds "
    "the name free, and the later commit raises IntegrityError.",
    "Call rollback after that error: until then, every query of the database session "
    "raises an error.",
)
def test_without_a_rollback_the_session_is_unusable() -> None:
    db = registration.db
    with registration.create_app().app_context():
        for _ in range(2):
            db.session.add(registration.User(name="ada", password="x"))
        with pytest.raises(IntegrityError):
            db.session.commit()
        query = select(registration.User)
        for ask in (db.session.scalars, db.session.scalar, db.session.execute):
            with pytest.raises(PendingRollbackError):
                ask(query)
        with pytest.raises(PendingRollbackError):
            db.session.get(registration.User, 1)
        db.session.rollback()
        assert db.session.get(registration.User, 1) is None
        db.session.remove()
        db.engine.dispose()


@proves(
    "guide/forms",
    "EqualTo takes the attribute name of the other field as a string.",
    "Put it on the second field: the message then appears beside the field that the "
    "visitor has to correct.",
)
def test_equal_to_names_the_attribute_and_the_error_is_where_it_stands() -> None:
    class Twice(Form):
        first = StringField(name="eins")
        second = StringField(validators=[validators.EqualTo("first")])

    form = Twice(MultiDict({"eins": "a", "second": "b"}))
    assert not form.validate()
    assert form.errors == {"second": ["Field must be equal to first."]}


@proves(
    "guide/validators",
    "Email checks the form of an address, not whether the address exists.",
    "It needs the package email_validator.",
    "The error is raised when the form is validated, not when the class is defined.",
)
def test_email_checks_the_form_only_and_needs_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    field = StringField(validators=[validators.Email()])
    assert errors(field, "nobody@no-such-host.example.com") == []
    assert errors(field, "nobody") == ["Invalid email address."]
    monkeypatch.setitem(sys.modules, "email_validator", None)
    form = with_field(field, it="a@example.com")
    with pytest.raises(Exception, match="email_validator") as caught:
        form.validate()
    assert said("Exception", caught.value)
