"""reference/errors: a message of one's own has other names in it than the one on the page, and the same words."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Blueprint, Flask, current_app, render_template_string, request, session, url_for

from proven.claims.proofs import proves
from proven.site.errors import CODE, kind_of
from tests.pitfalls import written


def messages() -> set[str]:
    """Return the messages of all pitfalls that are exceptions."""
    codes = (CODE.fullmatch(title) for _, title in written() if kind_of(title)[0] == "exceptions")
    return {code["code"] for code in codes if code}


def without_names(message: str) -> str:
    """Return a message with a mark in the place of each name between quotes."""
    return re.sub(r"'[^']*'", "'…'", message)


def no_key(app: Flask) -> None:
    with app.test_request_context():
        session["cart"] = 1


def no_such_endpoint(app: Flask) -> None:
    app.add_url_rule("/shelves", "shelves")
    with app.test_request_context():
        url_for("shelfs")


def nothing_returned(app: Flask) -> None:
    app.add_url_rule("/", "shelf", lambda: None)  # type: ignore[arg-type, return-value]
    app.test_client().get("/")


def set_up_too_late(app: Flask) -> None:
    app.test_client().get("/")
    app.route("/late")


def unknown_converter(app: Flask) -> None:
    app.add_url_rule("/<number:n>", "number")


def same_name_twice(app: Flask) -> None:
    for _ in range(2):
        app.register_blueprint(Blueprint("shelves", __name__))


def undefined(app: Flask) -> None:
    with app.test_request_context():
        render_template_string("{{ shelf.name }}")


def outside_application(app: Flask) -> None:
    current_app.name  # noqa: B018


def outside_request(app: Flask) -> None:
    request.path  # noqa: B018


@proves(
    "reference/errors",
    "The look-up ignores names from your own code, and compares the other words with "
    "every message that this site explains.",
)
@pytest.mark.parametrize(
    "mistake",
    [
        no_key,
        no_such_endpoint,
        nothing_returned,
        set_up_too_late,
        unknown_converter,
        same_name_twice,
        undefined,
        outside_application,
        outside_request,
    ],
)
def test_the_words_around_the_names_are_those_of_a_pitfall(
    mistake: Callable[[Flask], None],
) -> None:
    app = Flask("library")
    app.testing = True
    with pytest.raises(Exception) as caught:
        mistake(app)
    raised = f"{type(caught.value).__name__}: {caught.value}"
    known = {without_names(re.sub(r"^(\w+\.)+", "", title)) for title in messages()}
    # A title can be the first sentence of its message.
    assert any(without_names(raised).startswith(title) for title in known), raised
