"""Files: docs/guide/sending-files.md."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest
from flask import Response, request, send_file, send_from_directory

from proven.claims.proofs import proves
from snippets.requests import conditional, downloads
from tests.guide.requests.common import app_of, new_app, on_the_page, send


@proves(
    "guide/sending-files",
    "flask.send_file() sends a file.",
    "A Chinese name is sent as filename*=UTF-8''…, which browsers support.",
)
def test_a_file_from_memory_with_a_chinese_name() -> None:
    with send(downloads.app, "/report") as answer:
        assert answer.data == downloads.REPORT
        assert answer.headers["Content-Disposition"] == (
            "attachment; filename=.csv; filename*=UTF-8''%E6%8A%A5%E5%91%8A.csv"
        )
        assert answer.headers["ETag"] == '"v1"'
        assert answer.headers["Last-Modified"] == "Thu, 01 Jan 2026 00:00:00 GMT"
        assert answer.headers["Cache-Control"] == "no-cache"
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"


@proves(
    "guide/sending-files",
    "In a conditional request the client sends the ETag or the Last-Modified of its copy.",
    "If the copy is still valid, the response is 304 without a body.",
    "With the header Range the client requests a part of the file.",
)
@pytest.mark.parametrize(
    ("headers", "status", "body"),
    [
        ({"If-None-Match": '"v1"'}, 304, b""),
        ({"If-None-Match": '"v0"'}, 200, downloads.REPORT),
        ({"If-Modified-Since": "Thu, 01 Jan 2026 00:00:00 GMT"}, 304, b""),
        ({"If-Modified-Since": "Wed, 31 Dec 2025 00:00:00 GMT"}, 200, downloads.REPORT),
        ({"Range": "bytes=14-22"}, 206, "1,苹果\n".encode()),
    ],
)
def test_asking_again_and_for_a_part(headers: dict[str, str], status: int, body: bytes) -> None:
    with send(downloads.app, "/report", headers=headers) as answer:
        assert (answer.status_code, answer.data) == (status, body)


def test_a_part_that_is_not_there() -> None:
    answer = send(downloads.app, "/report", headers={"Range": "bytes=100-"})
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, "bytes */23")


@proves(
    "guide/sending-files",
    "A relative path starts at app.root_path, the folder of the application.",
    "If you pass a path, send_file computes the ETag from the time, size and path of the file.",
    "Without as_attachment the browser displays the file if it can.",
)
def test_a_file_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one")
    app = app_of(lambda: send_file("a.txt"))
    # a relative path starts at the folder of the application
    app.root_path = str(tmp_path)
    with send(app) as answer:
        assert answer.text == "one"
        assert answer.headers["Content-Disposition"] == "inline; filename=a.txt"
        assert answer.headers["Cache-Control"] == "no-cache"
        first = answer.headers["ETag"]
    # time, size and path make the ETag
    (tmp_path / "a.txt").write_text("other")
    with send(app) as answer:
        assert answer.headers["ETag"] != first


@proves(
    "guide/sending-files",
    "max_age= or SEND_FILE_MAX_AGE_DEFAULT allows it to use its copy for that number of "
    "seconds without asking.",
)
def test_max_age_for_one_file_or_for_all(tmp_path: Path) -> None:
    def view() -> Response:
        return send_file(io.BytesIO(b"x"), "text/plain", max_age=60)

    with send(app_of(view)) as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=60"
    app = app_of(lambda: send_file(io.BytesIO(b"x"), "text/plain"), SEND_FILE_MAX_AGE_DEFAULT=60)
    with send(app) as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=60"


@proves(
    "guide/sending-files",
    "flask.send_from_directory() accepts a folder that you choose and a name from the client.",
    "It responds with 404 if the name leads out of the folder or if there is no such file.",
)
def test_send_from_directory_stays_in_its_folder(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "in" / "a.txt").write_text("open")

    def view() -> Response:
        return send_from_directory(tmp_path / "in", request.args["name"])

    app = app_of(view, testing=False)
    with send(app, "/?name=a.txt") as answer:
        assert answer.text == "open"
    for name in ("../secret.txt", str(tmp_path / "secret.txt"), "none.txt", "..", ""):
        assert send(app, query_string={"name": name}).status_code == 404


@proves(
    "guide/sending-files",
    "You can make any response conditional.",
    "make_conditional() changes it to a 304 if the copy of the client is still valid.",
    "With If-Match the client protects a write: the view stores the text only if nobody "
    "has changed it since.",
)
def test_any_response_can_be_conditional() -> None:
    browser = conditional.create_app().test_client()
    answer = browser.get("/note")
    assert (answer.status_code, answer.headers["ETag"], answer.json) == (
        200,
        '"v1"',
        {"text": "hello"},
    )
    answer = browser.get("/note", headers={"If-None-Match": '"v1"'})
    assert (answer.status_code, answer.data) == (304, b"")
    ours = browser.put("/note", json={"text": "ours"}, headers={"If-Match": '"v1"'})
    assert (ours.status_code, ours.headers["ETag"], ours.json) == (200, '"v2"', {"text": "ours"})
    theirs = browser.put("/note", json={"text": "theirs"}, headers={"If-Match": '"v1"'})
    assert theirs.status_code == 412
    assert browser.put("/note", json={"text": "blind"}).status_code == 412
    answer = browser.get("/note", headers={"If-None-Match": '"v1"'})
    assert (answer.status_code, answer.json) == (200, {"text": "ours"})


@proves(
    "guide/sending-files",
    "set_etag sets a version that you choose, and add_etag computes a hash of the body.",
)
def test_add_etag_makes_a_hash_of_the_body() -> None:
    response = Response("x")
    response.add_etag()
    assert response.get_etag() == (hashlib.sha1(b"x", usedforsecurity=False).hexdigest(), False)


@proves(
    "guide/sending-files",
    "A 304 saves the transfer of the body.",
    "Flask calls the view all the same.",
)
def test_the_view_runs_for_a_304_too() -> None:
    ran = []

    def view() -> Response:
        ran.append(True)
        response = Response("x")
        response.set_etag("v1")
        return response.make_conditional(request)

    assert send(app_of(view), headers={"If-None-Match": '"v1"'}).status_code == 304
    assert ran == [True]


@proves(
    "guide/sending-files",
    "Your code calls send_file(io.BytesIO(…)), which has no file name from which Flask "
    "could guess the type.",
    "With as_attachment=True and a mimetype the message is No name provided for "
    "attachment. Either set 'download_name' or pass a path instead of a file.",
)
def test_send_file_needs_a_name_to_guess_from() -> None:
    with new_app().test_request_context():
        for arguments, message in (
            (
                {},
                "Unable to detect the MIME type because a file name is not available. Either set "
                "'download_name', pass a path instead of a file, or set 'mimetype'.",
            ),
            (
                {"mimetype": "text/plain", "as_attachment": True},
                "No name provided for attachment. Either set 'download_name' or pass a path "
                "instead of a file.",
            ),
        ):
            with pytest.raises(TypeError) as caught:
                send_file(io.BytesIO(b"x"), **arguments)  # type: ignore[arg-type]
            assert str(caught.value) == on_the_page(message)


@proves(
    "guide/sending-files",
    "Pass its path, or a file object that is open in binary mode.",
    'The file object is an io.StringIO, or was opened without "rb".',
    "If you have written to a BytesIO, call seek(0) before you send it; otherwise the "
    "body is empty although Content-Length is not 0.",
)
def test_send_file_needs_bytes_from_their_beginning(tmp_path: Path) -> None:
    message = on_the_page("Files must be opened in binary mode or use BytesIO.")
    (tmp_path / "a.txt").write_text("x")
    with new_app().test_request_context(), (tmp_path / "a.txt").open() as text:
        for file in (io.StringIO("x"), text):
            with pytest.raises(ValueError) as caught:
                send_file(file, "text/plain")  # type: ignore[arg-type]
            assert str(caught.value) == message

    def view() -> Response:
        file = io.BytesIO()
        file.write(b"12345")
        return send_file(file, "text/plain")

    with send(app_of(view)) as answer:
        assert (answer.headers["Content-Length"], answer.data) == ("5", b"")
