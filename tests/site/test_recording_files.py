"""Forms with files in an exchange: how they are read, sent, shown and written for curl."""

from __future__ import annotations

import shlex

import pytest
from flask import Flask, request

from proven.exchange.recording import ExchangeError, parse, record

BLOCK = [
    "POST /albums -> 200",
    "  form: title=猫&tag=a&tag=b",
    "  file: photo=头像.png image/png the content",
    "  file: photo=empty.txt text/plain",
]


@pytest.fixture
def app() -> Flask:
    app = Flask("recorded")

    @app.post("/albums")
    def upload() -> dict[str, object]:
        return {
            "form": request.form.to_dict(flat=False),
            "files": [
                [file.filename, file.mimetype, file.read().decode()]
                for file in request.files.getlist("photo")
            ],
        }

    return app


def test_fields_and_files_arrive_as_a_browser_would_send_them(app: Flask) -> None:
    (answer,) = record(app, parse(BLOCK))
    assert app.json.loads(answer.body) == {
        "form": {"title": ["猫"], "tag": ["a", "b"]},
        "files": [["头像.png", "image/png", "the content"], ["empty.txt", "text/plain", ""]],
    }


def test_the_body_is_the_same_in_each_build() -> None:
    (sent,) = parse(BLOCK[:1] + BLOCK[2:3])
    assert sent.content_type == "multipart/form-data; boundary=boundary"
    assert sent.multipart().decode().splitlines() == [
        "",
        "--boundary",
        'Content-Disposition: form-data; name="photo"; filename="头像.png"',
        "Content-Type: image/png",
        "",
        "the content",
        "--boundary--",
    ]


def test_curl_needs_no_file() -> None:
    (sent,) = parse(BLOCK)
    assert shlex.split(sent.curl("127.0.0.1:5000", cookies=False)) == [
        *["curl", "-i", "--form-string", "title=猫"],
        *["--form-string", "tag=a", "--form-string", "tag=b"],
        *["-F", 'photo="the content";filename="头像.png";type=image/png'],
        *["-F", 'photo="";filename="empty.txt";type=text/plain'],
        "http://127.0.0.1:5000/albums",
    ]


def test_curl_escapes_quotes() -> None:
    (sent,) = parse(["PUT /x -> 200", r'  file: f=a.txt text/plain say "\o/"'])
    assert shlex.split(sent.curl("127.0.0.1:5000", cookies=False))[2:6] == [
        *["-X", "PUT", "-F"],
        r'f="say \"\\o/\"";filename="a.txt";type=text/plain',
    ]


def test_a_file_without_a_name_is_what_an_empty_input_sends(app: Flask) -> None:
    (answer,) = record(app, parse([BLOCK[0], "  file: photo= application/octet-stream"]))
    assert app.json.loads(answer.body)["files"] == [["", "application/octet-stream", ""]]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (
            ["  file: photo=a.png"],
            "'photo=a.png' is no file: write 'file: field=name type/subtype content'",
        ),
        (["  json: {}", "  file: a=b c/d e"], "a file goes with form:, not with json:"),
        (["  file: a=b c/d e", "  form: x=1"], "the request has a body already (form:)"),
    ],
)
def test_what_is_no_form_with_files_is_refused(lines: list[str], message: str) -> None:
    with pytest.raises(ExchangeError) as caught:
        parse([BLOCK[0], *lines])
    assert (str(caught.value), caught.value.line) == (message, len(lines))
