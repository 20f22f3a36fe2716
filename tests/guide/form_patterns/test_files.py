"""Files: docs/guide/form-patterns.md."""

from __future__ import annotations

import io
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from flask_wtf import file as wtf_file
from werkzeug.datastructures import FileStorage
from wtforms import FileField, Form, StringField

from proven.claims.proofs import proves
from snippets.forms import files, login
from tests.guide.forms.common import attributes, with_field


def image(name: str, size: int = 3) -> tuple[io.BytesIO, str]:
    return io.BytesIO(b"x" * size), name


@proves(
    "guide/form-patterns",
    "FileAllowed checks the end of the file name, not the content of the file.",
    "FileSize measures a file that the server has received.",
)
def test_files_are_required_allowed_and_measured() -> None:
    client = files.app.test_client()
    assert 'enctype="multipart/form-data"' in client.get("/photos").text
    assert (
        attributes(client.get("/photos").text.partition('for="photo"')[2])["accept"] == ".png,.jpg"
    )
    cases: list[tuple[Any, int, Any]] = [
        ({}, 422, {"photo": ["This field is required."]}),
        ({"photo": image("cat.gif")}, 422, {"photo": ["Only PNG or JPEG."]}),
        (
            {"photo": image("cat.png", 200_001)},
            422,
            {"photo": ["File must be between 0 and 200000 bytes."]},
        ),
        (
            {"photo": image("猫.PNG"), "more": [image("b.jpg", 4), image("c.jpg", 5)]},
            201,
            {"title": "猫", "sizes": {"猫.PNG": 3, "b.jpg": 4, "c.jpg": 5}},
        ),
        ({"photo": image("a.png"), "more": [image("b.gif")]}, 422, {"more": ["Only PNG or JPEG."]}),
    ]
    for data, status, expected in cases:
        answer = client.post("/photos", data={"title": "猫", **data})
        assert (answer.status_code, answer.json) == (status, expected)


@proves(
    "guide/form-patterns", "MAX_CONTENT_LENGTH refuses a request before that, see upload limits."
)
def test_a_body_beyond_the_limit_is_refused_before_the_form() -> None:
    body = b"x" * (files.app.config["MAX_CONTENT_LENGTH"] + 1)
    kind = "multipart/form-data; boundary=x"
    with files.app.test_client() as client:
        assert client.post("/photos", data=body, content_type=kind).status_code == 413
        assert client.post("/photos", data=body[:100], content_type=kind).status_code == 422


@proves(
    "guide/form-patterns",
    "A plain Form needs the files and the form of the request, joined as above.",
    "A FlaskForm joins them itself.",
    "The FileField of WTForms itself does not get the file from request.form.",
)
def test_a_flask_form_puts_files_and_fields_together() -> None:
    class Upload(FlaskForm):
        title = StringField()
        photo = wtf_file.FileField()

    data = {"title": "cat", "photo": image("cat.png")}
    with login.app.test_request_context(method="POST", data=data):
        form = Upload(meta={"csrf": False})
        assert (form.title.data, form.photo.data.filename) == ("cat", "cat.png")
        # a plain form with half of the request
        half = files.PhotoForm(request.form)
        assert not half.validate()
        assert half.errors == {"photo": ["This field is required."]}
        plain = type("F", (Form,), {"photo": FileField()})(request.form)
        assert plain.photo.data is None


@proves(
    "guide/form-patterns",
    "FileAllowed checks the end of the file name, not the content of the file.",
)
def test_the_name_is_looked_at_and_not_the_content() -> None:
    field = wtf_file.FileField(validators=[wtf_file.FileAllowed(["png"])])
    form = with_field(field, it=FileStorage(io.BytesIO(b"no picture"), "a.png"))
    assert form.validate()
