"""The smallest application: docs/guide/forms.md."""

from __future__ import annotations

import re

from wtforms import Form, StringField

from proven.claims.proofs import proves
from snippets.forms import smallest


@proves(
    "guide/forms",
    "WTForms renders the class as HTML, reads what the visitor sends, and reports what is "
    "wrong with it.",
    "Form receives the data of the request.",
    "Each field converts its own value, and validate() runs the validators.",
    "The browser checks the attributes required, min and max as well, but a client can "
    "leave these checks out, so the server repeats them.",
)
def test_the_smallest_form_is_shown_checked_and_read() -> None:
    client = smallest.app.test_client()
    empty = client.get("/")
    assert empty.status_code == 200
    assert "This field is required." not in empty.text
    # what the browser checks, and the server again
    assert re.findall(r' (required|min="1"|max="50")', empty.text) == [
        "required",
        'max="50"',
        'min="1"',
    ]
    assert client.get("/?text=&count=5").status_code == 422
    assert client.get("/?text=tea&count=51").status_code == 422
    assert client.get("/?text=tea&count=5").json == {"text": "tea", "count": 5}
    assert client.get("/?text=tea").json == {"text": "tea", "count": 10}
    wrong = client.get("/?text=&count=many")
    assert wrong.status_code == 422
    for message in ("This field is required.", "Not a valid integer value."):
        assert message in wrong.text
    assert 'value="many"' in wrong.text
    unchecked = type("Unchecked", (Form,), {"text": StringField()})
    assert unchecked().validate()
