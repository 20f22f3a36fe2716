"""Bad input, and the answer: docs/guide/application-notes.md."""

from __future__ import annotations

import io
import re
import socket
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from proven.claims.proofs import proves
from snippets.application import base_form
from snippets.application.models import Note, db
from tests.guide.application.common import (
    ADA,
    BERT,
    MINE,
    ORIGIN,
    PASSWORD,
    TEXT,
    Visitor,
    cookie,
    parsed,
    said,
    sent,
    served,
    table,
)

BAD: dict[str, Callable[[Visitor, str], TestResponse]] = {
    "A title of 101 characters": lambda ada, _: ada.post("/notes/new", title="x" * 101),
    "A form without its text": lambda ada, _: ada.post("/notes/new", title="x"),
    "A title of blanks, or of characters without a width": lambda ada, _: ada.post(
        "/notes/new", title=" \u3000\u200b\ufeff", text="x"
    ),
    "A NUL in a text": lambda ada, _: ada.post("/notes/new", title="x", text="a\0b"),
    "A file in the place of a text": lambda ada, _: ada.post(
        "/notes/new", title=(io.BytesIO(b"x"), "x.txt"), text="x"
    ),
    "JSON in the place of a form": lambda ada, _: sent(ada, json=[1, 2]),
    "A broken multipart body": lambda ada, _: sent(
        ada, data=b"--x\r\n", content_type="multipart/form-data; boundary=x"
    ),
    "Fields that the form does not have: `owner_id`, `id`": lambda ada, _: ada.post(
        "/notes/new", title="mine", text="x", owner_id="2", id="77"
    ),
    "`<script>` in a title": lambda ada, _: ada.post("/notes/new", title="<script>1</script>"),
    "No CSRF token, or a wrong one": lambda ada, _: ada.client.post(
        "/notes/new", data=MINE | {"csrf_token": "wrong"}, headers=ORIGIN
    ),
    "The CSRF token of another session": lambda ada, _: ada.client.post(
        "/notes/new",
        data=MINE | {"csrf_token": Visitor(ada.client.application).register(BERT).token()},
        headers=ORIGIN,
    ),
    "A note from a form on another site": lambda ada, _: ada.client.post(
        "/notes/new", data=MINE, headers={"Origin": "https://evil.example"}
    ),
    "A login from a form on another site": lambda ada, _: ada.client.application.test_client().post(
        "/login", data={"mobile": ADA, "title": "my text"}, headers={"Origin": "null"}
    ),
    "A form in GBK": lambda ada, _: sent(
        ada,
        data="title=%D6%D0&text=my+text",
        content_type="application/x-www-form-urlencoded",
        headers=ORIGIN,
    ),
    "The name of another host": lambda ada, _: ada.client.post(
        "/notes/new", data=MINE, headers={"Host": "evil.example", "Origin": "http://evil.example"}
    ),
    "A body of 200,000 bytes": lambda ada, _: ada.post("/notes/new", title="x", text="x" * 200_000),
    "A form of more than 20 parts": lambda ada, _: sent(
        ada, data={f"a{n}": "x" for n in range(30)}, content_type="multipart/form-data"
    ),
    "A note's number without its signature": lambda ada, _: ada.get("/notes/1"),
    "A signature of another number": lambda ada, address: ada.get(
        address.replace("/notes/1.", "/notes/2.")
    ),
    "Somebody else's signed address": lambda ada, address: (
        Visitor(ada.client.application).register(BERT).get(address)
    ),
    "A version that is no number": lambda ada, address: ada.post(
        address, title="x", text="my text", version="x"
    ),
    "`?page=0`, or a page past the last": lambda ada, _: ada.get("/notes/?page=0"),
    "`?page=99999999999999999999`": lambda ada, _: ada.get(f"/notes/?page={'9' * 20}"),
    "`?page=x`": lambda ada, _: ada.get("/notes/?page=x"),
    "A made-up session cookie": lambda ada, _: cookie(ada, "A" * 43),
    "A note, when the login has ended": lambda ada, _: (
        ada.post("/logout"),
        ada.post("/notes/new", title="x", text="my text"),
    )[1],
    "PUT where there is none": lambda ada, _: ada.client.put(
        "/notes/new", headers={"X-CSRFToken": ada.token()}
    ),
    "A number that is registered": lambda ada, _: Visitor(ada.client.application).post(
        "/register", mobile=ADA, password=PASSWORD, again=PASSWORD
    ),
    "The eleventh password for a number": lambda ada, _: [
        Visitor(ada.client.application).login(password="wrong horse") for _ in range(11)
    ][-1],
    "A link to a new password that is none": lambda ada, _: ada.get("/reset/WzEsMF0.x.y"),
}


def test_the_table_of_bad_input_is_what_is_tested() -> None:
    assert list(table("application-bad-input")) == list(BAD)


@proves(
    "guide/application",
    "refuse other hosts, other encodings and forms of other sites | Checks before every view",
    "explain what is wrong with bad input | Bad input, and the response",
)
@proves(
    "guide/application-notes",
    "A page after the last one gets 404.",
    "The number in the URL is signed by SignedConverter, so nobody can guess or change it.",
    "own checks the owner all the same, because a user can pass a link on.",
    "For a note of another user the response is 404, as for a note that does not exist.",
    "The page does not show the text of a form on another site, because it would look as "
    "if the user had written it.",
    "A test sends each of these requests, compares the response with this table, and "
    "checks that the existing notes are unchanged.",
    "A title of 101 characters | 422 | “Field cannot be longer than 100 characters.”",
    "A form without its text | 303 | to /notes/; the note is saved with an empty one",
    "A title of blanks, or of characters without a width | 422 | “It contains nothing visible.”",
    "A NUL in a text | 422 | “There is a character in it that cannot be stored.”",
    "A file in the place of a text | 422 | “This field is required.”",
    "JSON in the place of a form | 422 | “This field is required.”",
    "A broken multipart body | 422 | “This field is required.”",
    "Fields that the form does not have: owner_id, id | 303 | to /notes/; the note is "
    "saved for its writer, the fields are ignored",
    "<script> in a title | 303 | to /notes/; the note is saved and shown as text",
    "No CSRF token, or a wrong one | 400 | “The form is from another session. Nothing was "
    "saved.”, the text given back",
    "The CSRF token of another session | 400 | “The form is from another session.”, the "
    "text given back",
    "A note from a form on another site | 400 | “The form is from another session.”, and "
    "nothing of its text",
    "A login from a form on another site | 400 | “The form is from another site. Nothing "
    "was saved.”",
    "The name of another host | 400 | “There is no site of this name here.”",
    "A body of 200,000 bytes | 413 | “That is too much at once. Nothing was saved.”",
    "A form of more than 20 parts | 413 | “That is too much at once.”",
    "A note's number without its signature | 404 | “There is nothing at this address.”",
    "A signature of another number | 404 | “There is nothing at this address.”",
    "Somebody else's signed address | 404 | “There is nothing at this address.”",
    "A version that is no number | 400 | “The request was not understood.”, the text given back",
    "?page=0, or a page past the last | 404 | “There is nothing at this address.”",
    "?page=99999999999999999999 | 404 | “There is nothing at this address.”",
    "?page=x | 200 | the first page",
    "A made-up session cookie | 303 | to /login?next=/notes/",
    "A note, when the login has ended | 401 | “You are not logged in any more. Nothing "
    "was saved.”, the text given back",
    "PUT where there is none | 405 | “This address does not take such a request.”",
    "The eleventh password for a number | 429 | “Too many attempts. Try again in a "
    "quarter of an hour.”",
    "A link to a new password that is none | 410 | “This link has been used or has "
    "expired. Ask for a new one.”",
)
@pytest.mark.parametrize("what", BAD)
def test_bad_input_has_a_clear_answer_and_costs_nothing(
    app: Flask, ada: Visitor, what: str
) -> None:
    address = ada.write("First", "one")
    answer = BAD[what](ada, address)
    status, says = table("application-bad-input")[what]
    assert str(answer.status_code) == status
    page = answer.mimetype == "text/html" and answer.status_code != 303
    shown = said(answer) if page else answer.text
    for quoted in re.findall(r"“([^”]+)”", says):
        assert quoted in shown, shown
    if "text given back" in says:
        assert "my text" in [kept.get_text() for kept in parsed(answer).select("pre")]
    else:
        assert "my text" not in answer.text
    assert "Location" not in answer.headers or f"`{answer.location}`" in says
    # what was there is there, of its owner
    with app.app_context():
        rows = db.session.execute(select(Note.id, Note.owner_id, Note.title)).all()
    assert rows[0] == (1, 1, "First")
    assert {owner for _, owner, _ in rows} == {1}
    assert len(rows) == (2 if "saved" in says.lower().split() else 1), rows


@proves(
    "guide/application-accounts",
    "wrap_formdata reads only the text fields of the request, see the pitfall.",
    "FlaskForm combines the files and the text fields of a request, and reads a JSON body "
    "if there are neither.",
    "In a form without file fields, read only request.form, as wrap_formdata does in the "
    "class Meta.",
)
def test_without_the_own_wrapper_a_file_or_json_would_break_the_form(
    app: Flask, ada: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(base_form.Form.Meta, "wrap_formdata")
    assert BAD["A file in the place of a text"](ada, "").status_code == 500
    assert BAD["JSON in the place of a form"](ada, "").status_code == 500


def test_a_huge_body_over_a_socket_is_refused_before_it_is_read(app: Flask) -> None:
    with served(app) as address:
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            head = f"POST /login HTTP/1.1\r\nHost: {host}\r\nContent-Length: 100000000\r\n"
            head += "Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\r\n"
            connection.sendall(head.encode())
            assert connection.recv(64).split(b"\r\n")[0].endswith(b"413 REQUEST ENTITY TOO LARGE")


def raised(app: Flask, caplog: pytest.LogCaptureFixture, call: Callable[[], TestResponse]) -> str:
    """Return the last line of the traceback that a request leaves in the log."""
    assert call().status_code == 500
    [record] = [record for record in caplog.records if record.exc_info]
    assert record.exc_info is not None
    assert record.exc_info[0] is not None
    return f"{record.exc_info[0].__name__}: {record.exc_info[1]}"


@proves(
    "guide/application-accounts",
    "If a visitor sends a file instead of a text, Length raises this error, and the "
    "response is 500.",
)
def test_a_file_in_the_place_of_a_text_raises_what_the_page_quotes(
    app: Flask,
    ada: Visitor,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.delattr(base_form.Form.Meta, "wrap_formdata")
    said = raised(app, caplog, lambda: BAD["A file in the place of a text"](ada, ""))
    assert f"{{pitfall}} `{said}`" in TEXT


@proves("guide/application-notes", "It keeps the headers of the exception, such as Allow for 405.")
def test_405_keeps_its_header(app: Flask, ada: Visitor) -> None:
    answer = BAD["PUT where there is none"](ada, "")
    assert {"GET", "POST"} <= set(answer.allow)
