"""Limits: docs/guide/uploads.md."""

from __future__ import annotations

import re
import threading
import wsgiref.simple_server
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, request
from werkzeug.exceptions import RequestEntityTooLarge

from proven.claims.proofs import proves
from snippets.requests import limits
from tests.guide.requests.common import (
    TEXT,
    app_of,
    fetch,
    multipart,
    new_app,
    on_the_page,
    parse_all,
    rows,
    send,
    status,
    upload,
)
from tests.servers import served


@proves(
    "guide/uploads",
    "MAX_CONTENT_LENGTH | max_content_length | a body of any type, in bytes | none",
    "MAX_FORM_MEMORY_SIZE | max_form_memory_size | one field of a multipart/form-data "
    "form other than a file, in bytes | 500,000",
    "MAX_FORM_PARTS | max_form_parts | the number of fields and files in a "
    "multipart/form-data form | 1,000",
)
def test_the_table_of_limits_says_the_defaults() -> None:
    table = rows("## Limits: 413")
    defaults = Flask.default_config
    keys = ["MAX_CONTENT_LENGTH", "MAX_FORM_MEMORY_SIZE", "MAX_FORM_PARTS"]
    assert [row[0].strip("`") for row in table] == keys
    assert [row[3] for row in table] == ["none", "500,000", "1,000"]
    assert [defaults[row[0].strip("`")] for row in table] == [None, 500_000, 1_000]
    with new_app().test_request_context():
        assert [getattr(request, row[1].strip("`")) for row in table] == [None, 500_000, 1_000]


@proves("reference/configuration", "The largest body of a request in bytes.")
@proves(
    "guide/uploads",
    "MAX_CONTENT_LENGTH | max_content_length | a body of any type, in bytes | none",
    "The configuration key sets the limit for all requests.",
    "The body is larger than MAX_CONTENT_LENGTH.",
)
def test_max_content_length_limits_a_body_of_any_kind() -> None:
    for data in (b"x" * 11, {"a": "x" * 9}, {"f": upload(content=b"")}):
        assert status(data, MAX_CONTENT_LENGTH=10) == 413
    assert status(b"x" * 10, MAX_CONTENT_LENGTH=10) == 200


@proves(
    "guide/uploads",
    "MAX_FORM_MEMORY_SIZE | max_form_memory_size | one field of a multipart/form-data "
    "form other than a file, in bytes | 500,000",
    "If it is a smaller form with files, one text field is larger than "
    "MAX_FORM_MEMORY_SIZE, or the form has more parts than MAX_FORM_PARTS.",
)
def test_max_form_memory_size_limits_one_field_of_a_multipart_form() -> None:
    def form(size: int) -> dict[str, Any]:
        return {"text": "x" * size, "file": upload()}

    assert status(form(500_000)) == 200
    assert status(form(500_001)) == 413
    assert status({"a": "x" * 400_000, "b": "x" * 400_000, "file": upload()}) == 200
    # files aside, and other kinds of bodies too
    assert status({"file": upload(content=b"x" * 600_000)}) == 200
    assert status({"text": "x" * 600_000}) == 200


@proves(
    "guide/uploads",
    "MAX_FORM_PARTS | max_form_parts | the number of fields and files in a "
    "multipart/form-data form | 1,000",
)
def test_max_form_parts_counts_fields_and_files_of_a_multipart_form() -> None:
    def form() -> dict[str, Any]:
        return {"text": "a", "more": "b", "photo": upload()}

    assert status(form(), MAX_FORM_PARTS=3) == 200
    assert status(form(), MAX_FORM_PARTS=2) == 413
    assert status({"a": "1", "b": "2", "c": "3"}, MAX_FORM_PARTS=2) == 200


@proves(
    "guide/uploads",
    "To change it for one view, set the attribute of the request before the body is read (…).",
)
def test_a_view_has_limits_of_its_own() -> None:
    app = limits.app
    assert send(app, "/note", "POST", data=b"x" * 20).text == "20 bytes"
    assert send(app, "/note", "POST", data=b"x" * 21).status_code == 413
    for size, code in ((20, 200), (251, 413)):
        form = multipart({"text": "x" * size, "photo": upload("cat.png", b"...")})
        assert send(app, "/comment", "POST", **form).status_code == code
    form = {"title": "cats", "photo": upload("cat.png")}
    assert send(app, "/album", "POST", **multipart(form)).text == "1 fields and 1 photos"
    form = {"title": "cats", "place": "home", "photo": upload("cat.png")}
    assert send(app, "/album", "POST", **multipart(form)).status_code == 413


def test_the_comment_on_the_page_is_longer_than_its_limit() -> None:
    (comment,) = re.findall(r"  form: text=(A comment .*)", TEXT)
    assert len(comment) > 250


@proves(
    "guide/uploads",
    "To change it for one view, set the attribute of the request before the body is read (…).",
)
def test_a_limit_that_is_set_too_late_is_no_limit() -> None:
    def view() -> str:
        body = request.get_data()
        request.max_content_length = 1
        return f"{len(body)} {len(request.get_data())}"

    assert send(app_of(view), method="POST", data=b"12").text == "2 2"


@proves(
    "guide/uploads",
    "Flask checks the limits when form, files, get_json(), get_data() or stream reads the body.",
    "If a view does not read the body, the limits have no effect, and the server has to "
    "discard the body.",
)
def test_a_view_that_never_reads_the_body_has_no_limit() -> None:
    assert send(limits.app, "/ignored", "POST", data=b"x" * 21).text == "Nobody read the body."
    readers: list[Callable[[], Any]] = [
        lambda: request.form,
        lambda: request.files,
        lambda: request.get_json(force=True),
        lambda: request.get_data(),
        lambda: request.stream.read(),
    ]
    for read in readers:
        app = app_of(lambda read=read: f"{read()}", testing=False, MAX_CONTENT_LENGTH=10)
        answer = send(app, method="POST", data={"a": "x" * 20})
        assert answer.status_code == 413


@proves("guide/uploads", "The message does not name the limit.")
def test_the_413_says_no_more_than_that() -> None:
    on_the_page(str(RequestEntityTooLarge()))
    assert str(RequestEntityTooLarge()).startswith("413 Request Entity Too Large: ")
    bodies = {
        send(app_of(parse_all, testing=False, **config), method="POST", data=data).text
        for config, data in (
            ({"MAX_CONTENT_LENGTH": 1}, {"f": upload()}),
            ({"MAX_FORM_MEMORY_SIZE": 70_000}, {"t": "x" * 70_001, "f": upload()}),
            ({"MAX_FORM_PARTS": 1}, {"t": "x", "f": upload()}),
        )
    }
    assert len(bodies) == 1
    assert "The data value transmitted exceeds the capacity limit." in bodies.pop()


@proves(
    "guide/uploads",
    "To change the text of the response, register a handler with @app.errorhandler(413).",
)
def test_the_413_is_answered_in_your_own_words() -> None:
    app = app_of(parse_all, testing=False, MAX_CONTENT_LENGTH=1)
    app.register_error_handler(413, lambda error: ("太大了", 413))
    answer = send(app, method="POST", data=b"12")
    assert (answer.status_code, answer.text) == (413, "太大了")


@proves("reference/configuration", "The body is read in pieces of 64 KiB.")
@proves(
    "guide/uploads",
    "Files do not count, but the form is read in pieces of 64 KiB, and no piece may be "
    "larger than the limit.",
    "Set the limit to 65,536 or more.",
)
@pytest.mark.parametrize(("limit", "code"), [(65_535, 413), (65_536, 200)])
def test_a_small_limit_for_fields_refuses_files(limit: int, code: int) -> None:
    form = {"file": upload(content=b"x" * 300_000)}
    assert status(form, MAX_FORM_MEMORY_SIZE=limit) == code


@proves(
    "guide/uploads",
    "If the limit is below 65,536, every form that is larger than the limit is rejected.",
)
def test_a_small_limit_refuses_every_form_that_is_larger() -> None:
    form = {"a": "x" * 600, "b": "x" * 600, "file": upload()}
    assert status(form, MAX_FORM_MEMORY_SIZE=1000) == 413
    assert status(form, MAX_FORM_MEMORY_SIZE=65_536) == 200


@proves(
    "guide/uploads",
    "On the request, None means the value of the configuration.",
    "To allow a larger body in one view, set a number.",
    "In the configuration, None means no limit.",
)
def test_none_on_the_request_is_what_the_configuration_says() -> None:
    def view() -> dict[str, Any]:
        request.max_content_length = None
        request.max_form_parts = None
        request.max_form_memory_size = None
        return parse_all()

    assert (
        send(
            app_of(view, testing=False, MAX_CONTENT_LENGTH=1), method="POST", data=b"12"
        ).status_code
        == 413
    )
    form = {"text": "x", "file": upload()}
    assert (
        send(app_of(view, testing=False, MAX_FORM_PARTS=1), method="POST", data=form).status_code
        == 413
    )

    def more() -> dict[str, Any]:
        request.max_content_length = 2
        return parse_all()

    assert (
        send(
            app_of(more, testing=False, MAX_CONTENT_LENGTH=1), method="POST", data=b"12"
        ).status_code
        == 200
    )
    assert status(b"12", MAX_CONTENT_LENGTH=None) == 200


LARGE = b"x" * 30_000_000


@proves(
    "guide/uploads",
    "The development server reads and discards the rest of the body, so the 413 reaches "
    "the browser.",
)
def test_the_development_server_reads_on_so_that_the_413_arrives() -> None:
    with served(app_of(parse_all, testing=False, MAX_CONTENT_LENGTH=10)) as port:
        assert fetch(port, "/", "POST", body=LARGE)[0] == 413


class Quiet(wsgiref.simple_server.WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


@proves(
    "guide/uploads",
    "The server has sent the response and closed the connection while the browser was "
    "still sending the body.",
    "Other servers may not: the one of wsgiref does not.",
)
def test_the_server_of_wsgiref_does_not() -> None:
    app = app_of(parse_all, testing=False, MAX_CONTENT_LENGTH=10)
    with wsgiref.simple_server.make_server("127.0.0.1", 0, app, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            fetch(server.server_port, "/", "POST", body=LARGE)
        thread.join()
