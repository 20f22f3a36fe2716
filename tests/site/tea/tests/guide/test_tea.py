"""Every claim of docs/guide/tea.md."""

import pytest
from flask import abort
from snippets.tea import smallest
from werkzeug.exceptions import ImATeapot

from proven.claims.proofs import proves


@proves(
    "guide/tea",
    "A teapot brews tea and refuses coffee with status 418.",
    "The view compares with coffee.",
)
def test_tea_is_brewed_and_coffee_is_refused() -> None:
    client = smallest.app.test_client()
    assert client.get("/brew/oolong").text == "Here is your oolong."
    assert client.get("/brew/coffee").status == "418 I'M A TEAPOT"


@proves("guide/tea", "flask.abort() raises an exception of Werkzeug.")
def test_abort_raises() -> None:
    with pytest.raises(ImATeapot):
        abort(418)
