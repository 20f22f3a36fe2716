"""Every claim of the page on requests and responses, proved."""

import contextlib
import datetime
import decimal
import hashlib
import http.client
import importlib
import io
import json
import re
import shutil
import threading
import uuid
import warnings
import wsgiref.simple_server
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import flask
import pytest
from flask import (
    Flask,
    Request,
    Response,
    abort,
    g,
    jsonify,
    make_response,
    redirect,
    request,
    send_file,
    send_from_directory,
    session,
    stream_with_context,
)
from flask.debughelpers import DebugFilesKeyError
from markupsafe import Markup
from playwright.sync_api import Page, sync_playwright
from werkzeug.datastructures import FileStorage, Headers, ImmutableMultiDict
from werkzeug.exceptions import (
    BadRequest,
    BadRequestKeyError,
    HTTPException,
    NotFound,
    RequestEntityTooLarge,
    UnsupportedMediaType,
)
from werkzeug.formparser import FormDataParser
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.serving import make_server
from werkzeug.test import TestResponse, encode_multipart
from werkzeug.utils import secure_filename

from snippets.requests import (
    client,
    conditional,
    cookies,
    downloads,
    fields,
    json_body,
    json_default,
    json_out,
    limits,
    made_response,
    mounted,
    raw_body,
    redirects,
    return_values,
    smallest,
    streaming,
    uploads,
    url_attributes,
    values,
)

PAGE = Path("docs/guide/requests.md")
ROOT = Path(__file__).parents[2]
TEXT = (ROOT / PAGE).read_text(encoding="utf-8")
# wherever its lines end
SAID = " ".join(TEXT.split())
CHOSEN_BY_CLIENT = "The browser (or proxy) sent a request that this server could not understand."


def send(app: Flask, path: str = "/", method: str = "GET", **options: Any) -> TestResponse:
    """Send one request with a client of its own."""
    return app.test_client().open(path, method=method, **options)


def new_app(*, testing: bool = True, **config: Any) -> Flask:
    """Return an application with no route."""
    app = Flask("requests-test", static_folder=None)
    app.config.update(TESTING=testing, SECRET_KEY="test", **config)
    return app


def app_of(view: Callable[..., Any], *, testing: bool = True, **config: Any) -> Flask:
    """Return an application with one view, at `/` and with any method."""
    app = new_app(testing=testing, **config)
    app.add_url_rule("/", "index", view, methods=["GET", "POST", "PUT", "DELETE"])
    return app


def on_the_page(message: str) -> str:
    """Return the message, having made sure that the page quotes each sentence of it to the letter."""
    for sentence in re.split(r"(?<=\.)\s", message):
        assert sentence in SAID
    return message


@contextlib.contextmanager
def served(app: Flask, *, threaded: bool = True) -> Iterator[int]:
    """Run the development server and yield its port."""
    server = make_server("127.0.0.1", 0, app, threaded=threaded)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def fetch(
    port: int, path: str, method: str = "GET", timeout: float = 10, **options: Any
) -> tuple[int, Headers, bytes]:
    """Send one request to a server."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path, **options)
        answer = connection.getresponse()
        return answer.status, Headers(answer.getheaders()), answer.read()
    finally:
        connection.close()


def upload(name: str = "a.bin", content: bytes = b"x") -> FileStorage:
    return FileStorage(io.BytesIO(content), name)


# The smallest application, and what the request is


def test_the_query_string_comes_in_and_a_sentence_goes_out() -> None:
    assert send(smallest.app, "/hello?name=阿达").text == "Hello, 阿达!"
    assert send(smallest.app, "/hello").text == "Hello, stranger!"


def test_what_came_with_the_request_is_escaped() -> None:
    assert send(smallest.app, "/hello?name=<b>").text == "Hello, &lt;b&gt;!"


def test_two_clients_at_the_same_moment_do_not_see_each_others_data() -> None:
    both = threading.Barrier(2, timeout=10)

    def view() -> str:
        both.wait()
        return request.args["name"]

    app, found = app_of(view), {}

    def ask(name: str) -> None:
        found[name] = send(app, f"/?name={name}").text

    threads = [threading.Thread(target=ask, args=(name,)) for name in ("ada", "bob")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {"ada": "ada", "bob": "bob"}


def test_the_object_behind_it_is_a_flask_request() -> None:
    with new_app().test_request_context():
        assert isinstance(request, Request)


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table below a heading, without the head."""
    part = TEXT.partition(f"\n{heading}\n")[2].partition("\n#")[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")][2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_the_table_names_attributes_of_the_request_and_all_those_of_the_notes() -> None:
    named = {
        name
        for row in rows("## What the request holds")
        for name in re.findall(r"`(\w+)(?:\(\))?`", row[0])
    }
    with new_app().test_request_context(json={}):
        assert [name for name in named if not hasattr(request, name)] == []
    assert named >= {
        *["method", "args", "form", "values", "cookies", "headers", "path", "full_path"],
        *["script_root", "url", "base_url", "url_root", "host_url", "host", "files"],
    }


def test_the_method_is_in_upper_case() -> None:
    with new_app().test_request_context(method="post"):
        assert request.method == "POST"


def test_the_request_is_read_only_and_its_copy_is_not() -> None:
    message = on_the_page("'ImmutableMultiDict' objects are immutable")
    with new_app().test_request_context("/?a=1", method="POST", data={"text": "bread"}):
        for data in (request.args, request.form, request.files, request.cookies):
            with pytest.raises(TypeError) as caught:
                data["text"] = ""  # type: ignore[index]
            assert str(caught.value) == message
        copy = request.form.copy()
        copy["text"] = ""
        assert (copy["text"], request.form["text"]) == ("", "bread")


# Query string and form


def test_one_value_a_number_and_several_values() -> None:
    answer = send(fields.app, "/notes?page=2&tag=red&tag=new")
    assert answer.json == {"page": 2, "tags": ["red", "new"]}
    answer = send(fields.app, "/notes", "POST", data={"text": "bread", "tag": ["red", "new"]})
    assert (answer.status_code, answer.json) == (201, {"text": "bread", "tags": ["red", "new"]})


def test_all_values_are_strings() -> None:
    with new_app().test_request_context("/?page=2"):
        assert request.args == ImmutableMultiDict([("page", "2")])


def test_a_demanded_field_that_is_missing_answers_400_and_ends_the_view() -> None:
    answer = send(fields.app, "/notes", "POST", data={"txt": "bread"})
    assert answer.status_code == 400
    assert CHOSEN_BY_CLIENT in answer.text
    ran = []

    def view() -> str:
        request.args["q"]
        ran.append(True)
        return ""

    assert send(app_of(view, testing=False)).status_code == 400
    assert ran == []


def test_get_gives_none_or_the_default() -> None:
    with new_app().test_request_context("/"):
        assert request.args.get("text") is None
        assert request.args.get("text", "x") == "x"


def test_a_value_that_type_refuses_counts_as_missing() -> None:
    assert send(fields.app, "/notes?page=two").json == {"page": 1, "tags": []}
    with new_app().test_request_context("/?page=two&page=3"):
        assert request.args.get("page", type=int) is None
        assert request.args.getlist("page", type=int) == [3]


def test_first_values_all_values_and_plain_dictionaries() -> None:
    with new_app().test_request_context("/?tag=red&tag=new&a=1"):
        assert request.args.getlist("tag") == ["red", "new"]
        assert request.args.getlist("nothing") == []
        assert request.args["tag"] == request.args.get("tag") == "red"
        assert request.args.to_dict() == {"tag": "red", "a": "1"}
        assert request.args.to_dict(flat=False) == {"tag": ["red", "new"], "a": ["1"]}


def test_an_empty_field_is_not_a_missing_one() -> None:
    with new_app().test_request_context("/?q=&r"):
        assert (request.args["q"], request.args["r"]) == ("", "")


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_form_is_read_with_any_method(method: str) -> None:
    for options in ({"data": {"a": "1"}}, {"data": {"a": "1", "f": upload()}}):
        with new_app().test_request_context(method=method, **options):
            assert request.form.to_dict() == {"a": "1"}


def test_form_reads_two_content_types_and_is_empty_for_others() -> None:
    for content_type, form in (
        ("application/x-www-form-urlencoded", {"a": "1"}),
        ("text/plain", {}),
        ("application/json", {}),
        (None, {}),
    ):
        with new_app().test_request_context(
            method="POST",
            data=b"a=1",
            headers={"Content-Type": content_type} if content_type else {},
        ):
            assert request.form.to_dict() == form


def test_the_debugger_shows_which_field_is_missing() -> None:
    def view() -> str:
        return request.form["text"]

    with pytest.raises(BadRequestKeyError) as caught:
        send(app_of(view, DEBUG=True), method="POST")
    name = f"{BadRequestKeyError.__module__}.{BadRequestKeyError.__name__}"
    title, key = str(caught.value).split("\n")
    assert f"`{name}: {title}`" in SAID
    assert title == f"400 Bad Request: {CHOSEN_BY_CLIENT}"
    assert key == on_the_page("KeyError: 'text'")


def test_type_bool_is_true_for_false() -> None:
    with new_app().test_request_context("/?draft=false&empty="):
        assert request.args.get("draft", type=bool) is True
        assert request.args.get("empty", type=bool) is False
        assert (request.args.get("draft") == "true") is False


# values


def test_values_has_the_query_string_first_then_the_form() -> None:
    answer = send(values.app, "/search?q=url", "POST", data={"q": "body"})
    assert answer.json == {"form": ["body"], "values": ["url", "body"], "first of values": "url"}


def test_values_leaves_the_form_out_on_get_and_only_there() -> None:
    answer = send(values.app, "/search?q=url", data={"q": "body"})
    assert answer.json == {"form": ["body"], "values": ["url"], "first of values": "url"}
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        with new_app().test_request_context("/?q=url", method=method, data={"q": "body"}):
            assert request.values.getlist("q") == ["url", "body"]


def test_a_link_overrides_a_field_in_values() -> None:
    with new_app().test_request_context("/?amount=1000", method="POST", data={"amount": "1"}):
        assert (request.values["amount"], request.form["amount"]) == ("1000", "1")


# JSON


def test_get_json_insists_on_a_content_type_that_says_so() -> None:
    for content_type in ("application/json", "application/merge-patch+json; charset=x"):
        with new_app().test_request_context(method="POST", data=b"[1]", content_type=content_type):
            assert request.is_json is True
            assert request.get_json() == request.json == [1]
    for content_type in ("text/json", "text/plain", ""):
        with new_app().test_request_context(method="POST", data=b"[1]", content_type=content_type):
            assert request.is_json is False
            with pytest.raises(UnsupportedMediaType):
                request.get_json()
            with pytest.raises(UnsupportedMediaType):
                _ = request.json


def test_json_is_checked_before_it_is_used() -> None:
    assert send(json_body.app, "/notes", "POST", json={"text": "bread"}).status_code == 201
    for body in ('["bread"]', '{"text": 1}', "{}", "null", '"bread"'):
        options = {"data": body, "content_type": "application/json"}
        answer = send(json_body.app, "/notes", "POST", **options)
        assert answer.status_code == 400
        assert "Send an object with a text." in answer.text


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/json", '{"text": "bread"}', 201),
        ("application/json", "{text: bread}", 400),
        ("application/json", "", 400),
        ("text/plain", '{"text": "bread"}', 415),
    ],
)
def test_what_the_strict_view_answers(content_type: str, body: str, status: int) -> None:
    options = {"data": body, "content_type": content_type}
    assert send(json_body.app, "/notes", "POST", **options).status_code == status


def test_the_lenient_view_takes_anything() -> None:
    for body, received in (
        ('{"text": "bread"}', {"text": "bread"}),
        ("{text", None),
        ("", None),
        ("null", None),
    ):
        answer = send(json_body.app, "/hook", "POST", data=body, content_type="text/plain")
        assert answer.json == {"received": received}


def test_force_ignores_the_content_type_and_silent_the_errors() -> None:
    with new_app().test_request_context(method="POST", data=b"[1]"):
        assert request.get_json(force=True) == [1]
    with new_app().test_request_context(method="POST", data=b"[1]"):
        assert request.get_json(silent=True) is None
    with new_app().test_request_context(method="POST", data=b"[", content_type="application/json"):
        assert request.get_json(silent=True) is None


def test_the_encoding_is_found_out_whatever_the_charset_says() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32"):
        with new_app().test_request_context(
            method="POST",
            data='["早"]'.encode(encoding),
            content_type="application/json; charset=gbk",
        ):
            assert request.get_json() == ["早"]


def test_json_in_gbk_is_a_400() -> None:
    body = '{"a":"早"}'.encode("gbk")
    app = app_of(lambda: request.get_json(), testing=False)
    options = {"data": body, "content_type": "application/json; charset=gbk"}
    assert send(app, method="POST", **options).status_code == 400
    with (
        pytest.raises(BadRequest) as caught,
        debugging().test_request_context(method="POST", **options),
    ):
        request.get_json()
    on_the_page("'utf-8' codec can't decode byte 0xd4 in position 6")
    assert caught.value.description == (
        "Failed to decode JSON object: 'utf-8' codec can't decode byte 0xd4 in position 6: "
        "invalid continuation byte"
    )


def debugging() -> Flask:
    return new_app(DEBUG=True)


def test_json_that_does_not_say_so_is_a_415_that_explains_itself() -> None:
    message = on_the_page(
        "415 Unsupported Media Type: Did not attempt to load JSON data because the request "
        "Content-Type was not 'application/json'."
    )
    for app in (new_app(), debugging()):
        for options in ({"method": "POST", "data": "{}"}, {"method": "GET"}):
            with app.test_request_context(**options), pytest.raises(UnsupportedMediaType) as caught:
                request.get_json()
            assert str(caught.value) == message
    answer = send(json_body.app, "/notes", "POST", data="{}")
    assert message.partition(": ")[2].replace("'", "&#39;") in answer.text


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "Expecting value: line 1 column 1 (char 0)"),
        ("{'text': 1}", "Expecting property name enclosed in double quotes"),
        ("{text: 1}", "Expecting property name enclosed in double quotes"),
    ],
)
def test_broken_json_is_explained_in_debug_mode_only(body: str, message: str) -> None:
    options = {"method": "POST", "data": body, "content_type": "application/json"}
    on_the_page(message)
    with debugging().test_request_context(**options), pytest.raises(BadRequest) as caught:
        request.get_json()
    assert str(caught.value).startswith(f"400 Bad Request: Failed to decode JSON object: {message}")
    on_the_page("400 Bad Request: Failed to decode JSON object: Expecting value")
    with new_app().test_request_context(**options), pytest.raises(BadRequest) as caught:
        request.get_json()
    assert str(caught.value) == f"400 Bad Request: {CHOSEN_BY_CLIENT}"


def test_str_of_a_dict_is_not_json() -> None:
    with pytest.raises(json.JSONDecodeError, match="Expecting property name"):
        json.loads(str({"text": 1}))


def test_json_need_not_be_an_object() -> None:
    message = on_the_page("'list' object has no attribute 'get'")
    with pytest.raises(AttributeError) as caught:
        send(app_of(lambda: request.get_json().get("text")), method="POST", json=[])
    assert str(caught.value) == message


# The raw body


def test_the_stream_is_read_in_pieces() -> None:
    body = "早上好".encode() * 30_000
    assert len(body) > 4 * raw_body.PIECE
    answer = send(raw_body.app, "/files/a.txt", "PUT", data=body)
    assert answer.json == {
        "declared": len(body),
        "size": len(body),
        "sha256": hashlib.sha256(body).hexdigest()[:12],
    }


def test_the_body_arrives_once() -> None:
    # what else the doctests of the page leave open
    with new_app().test_request_context(method="POST", data={"a": "1"}):
        assert request.get_data(cache=False) == b"a=1"
        assert request.form.to_dict() == {}
    with new_app().test_request_context(method="POST", json=[1]):
        assert request.get_data() == b"[1]"
        assert request.get_json() == [1]
    with new_app().test_request_context(method="POST", data=b"raw"):
        assert request.data == b"raw"


def length_and_body() -> dict[str, Any]:
    return {"length": request.content_length, "body": request.get_data(as_text=True)}


def test_a_chunked_body_has_no_length_and_the_development_server_marks_its_end() -> None:
    with served(app_of(length_and_body)) as port:
        _, _, body = fetch(port, "/", "POST", body=iter([b"ab", b"c"]), encode_chunked=True)
    assert json.loads(body) == {"length": None, "body": "abc"}


@pytest.mark.parametrize(("marked", "body"), [(True, "abc"), (False, "")])
def test_a_chunked_body_reads_as_empty_where_its_end_is_not_marked(marked: bool, body: str) -> None:
    answer = send(
        app_of(length_and_body),
        method="POST",
        data=b"abc",
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True} if marked else {},
    )
    assert answer.json == {"length": None, "body": body}


# Limits


def multipart(data: dict[str, Any]) -> dict[str, Any]:
    """Return the options of a request whose body is a form with files."""
    boundary, body = encode_multipart(data, "boundary")
    return {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}


def test_the_table_of_limits_says_the_defaults() -> None:
    table = rows("## Limits: 413")
    defaults = Flask.default_config
    keys = ["MAX_CONTENT_LENGTH", "MAX_FORM_MEMORY_SIZE", "MAX_FORM_PARTS"]
    assert [row[0].strip("`") for row in table] == keys
    assert [row[3] for row in table] == ["none", "500,000", "1,000"]
    assert [defaults[row[0].strip("`")] for row in table] == [None, 500_000, 1_000]
    with new_app().test_request_context():
        assert [getattr(request, row[1].strip("`")) for row in table] == [None, 500_000, 1_000]


def parse_all() -> dict[str, Any]:
    return {
        "fields": len(request.form),
        "files": [len(file.read()) for file in request.files.values()],
        "rest": len(request.get_data()),
    }


def status(data: Any, **config: Any) -> int:
    with_file = isinstance(data, dict) and any(
        isinstance(value, FileStorage) for value in data.values()
    )
    options = multipart(data) if with_file else {"data": data}
    return send(app_of(parse_all, testing=False, **config), method="POST", **options).status_code


def test_max_content_length_limits_a_body_of_any_kind() -> None:
    for data in (b"x" * 11, {"a": "x" * 9}, {"f": upload(content=b"")}):
        assert status(data, MAX_CONTENT_LENGTH=10) == 413
    assert status(b"x" * 10, MAX_CONTENT_LENGTH=10) == 200


def test_max_form_memory_size_limits_one_field_of_a_multipart_form() -> None:
    def form(size: int) -> dict[str, Any]:
        return {"text": "x" * size, "file": upload()}

    assert status(form(500_000)) == 200
    assert status(form(500_001)) == 413
    assert status({"a": "x" * 400_000, "b": "x" * 400_000, "file": upload()}) == 200
    # files aside, and other kinds of bodies too
    assert status({"file": upload(content=b"x" * 600_000)}) == 200
    assert status({"text": "x" * 600_000}) == 200


def test_max_form_parts_counts_fields_and_files_of_a_multipart_form() -> None:
    def form() -> dict[str, Any]:
        return {"text": "a", "more": "b", "photo": upload()}

    assert status(form(), MAX_FORM_PARTS=3) == 200
    assert status(form(), MAX_FORM_PARTS=2) == 413
    assert status({"a": "1", "b": "2", "c": "3"}, MAX_FORM_PARTS=2) == 200


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


def test_a_limit_that_is_set_too_late_is_no_limit() -> None:
    def view() -> str:
        body = request.get_data()
        request.max_content_length = 1
        return f"{len(body)} {len(request.get_data())}"

    assert send(app_of(view), method="POST", data=b"12").text == "2 2"


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


def test_the_413_is_answered_in_your_own_words() -> None:
    app = app_of(parse_all, testing=False, MAX_CONTENT_LENGTH=1)
    app.register_error_handler(413, lambda error: ("太大了", 413))
    answer = send(app, method="POST", data=b"12")
    assert (answer.status_code, answer.text) == (413, "太大了")


@pytest.mark.parametrize(("limit", "code"), [(65_535, 413), (65_536, 200)])
def test_a_small_limit_for_fields_refuses_files(limit: int, code: int) -> None:
    form = {"file": upload(content=b"x" * 300_000)}
    assert status(form, MAX_FORM_MEMORY_SIZE=limit) == code


def test_a_small_limit_refuses_every_form_that_is_larger() -> None:
    form = {"a": "x" * 600, "b": "x" * 600, "file": upload()}
    assert status(form, MAX_FORM_MEMORY_SIZE=1000) == 413
    assert status(form, MAX_FORM_MEMORY_SIZE=65_536) == 200


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


def test_the_development_server_reads_on_so_that_the_413_arrives() -> None:
    with served(app_of(parse_all, testing=False, MAX_CONTENT_LENGTH=10)) as port:
        assert fetch(port, "/", "POST", body=LARGE)[0] == 413


class Quiet(wsgiref.simple_server.WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


def test_the_server_of_wsgiref_does_not() -> None:
    app = app_of(parse_all, testing=False, MAX_CONTENT_LENGTH=10)
    with wsgiref.simple_server.make_server("127.0.0.1", 0, app, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            fetch(server.server_port, "/", "POST", body=LARGE)
        thread.join()


# Uploads


@pytest.fixture
def files(tmp_path: Path) -> Flask:
    app = uploads.create_app()
    app.config["UPLOAD_FOLDER"] = tmp_path / "uploads"
    return app


def test_an_upload_gets_a_name_of_ours_and_keeps_its_own_for_people(files: Flask) -> None:
    browser = files.test_client()
    for number, name in enumerate(("头像.png", "照片.PNG", "../../app.pdf"), 1):
        answer = browser.post("/files", data={"file": upload(name, name.encode())})
        suffix = name[-4:].lower()
        assert (answer.status_code, answer.json) == (201, {"url": f"/files/{number}{suffix}"})
        with browser.get(f"/files/{number}{suffix}") as answer:
            assert answer.data == name.encode()
            disposition = answer.headers["Content-Disposition"]
        assert disposition.startswith("attachment; ")
        if not name.isascii():
            assert disposition.endswith(f"filename*=UTF-8''{quote(name)}")
    folder = files.config["UPLOAD_FOLDER"]
    assert sorted(path.name for path in folder.iterdir()) == ["1.png", "2.png", "3.pdf"]


def test_without_a_folder_of_its_own_the_snippet_uses_the_temporary_one() -> None:
    folder = uploads.create_app().config["UPLOAD_FOLDER"]
    assert folder.is_absolute()
    assert folder.name == "flask-uploads"


@pytest.mark.parametrize(
    "form",
    [
        {"file": upload("page.html", b"<script>")},
        {"file": upload("", b"")},
        {"file": upload("简历", b"x")},
        {"file": "头像.png"},
        {"other": upload("a.png")},
    ],
)
def test_what_is_no_file_of_a_kind_we_know_is_refused(files: Flask, form: dict[str, Any]) -> None:
    assert send(files, "/files", "POST", data=form).status_code == 400
    assert not files.config["UPLOAD_FOLDER"].exists()


def test_a_file_that_was_not_uploaded_is_not_there(files: Flask) -> None:
    for path in ("/files/1.png", "/files/..%2Fapp.py"):
        assert send(files, path).status_code == 404


def test_name_and_content_type_are_what_the_client_claims() -> None:
    data = {"file": (io.BytesIO(b"<script>"), "../../app.py", "image/png")}
    with new_app().test_request_context(method="POST", data=data):
        file = request.files["file"]
        assert (file.filename, file.content_type) == ("../../app.py", "image/png")
        assert isinstance(file, FileStorage)


def test_a_file_that_was_not_chosen_is_false() -> None:
    with new_app().test_request_context(method="POST", data={"file": upload("", b"")}):
        assert bool(request.files["file"]) is False
    with new_app().test_request_context(method="POST", data={"file": upload("a", b"")}):
        assert bool(request.files["file"]) is True


def test_several_files_under_one_name() -> None:
    data = {"file": [upload("a.png"), upload("b.png")]}
    with new_app().test_request_context(method="POST", data=data):
        assert [file.filename for file in request.files.getlist("file")] == ["a.png", "b.png"]


def test_save_takes_a_path_or_an_open_file_and_overwrites(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("something longer")
    with new_app().test_request_context(method="POST", data={"file": upload(content=b"new")}):
        file = request.files["file"]
        # a relative path starts here, not at the folder of the application
        file.save("a.txt")
        assert (tmp_path / "a.txt").read_bytes() == b"new"
        file.seek(0)
        file.save(target := io.BytesIO())
        assert target.getvalue() == b"new"
        file.seek(0)
        assert file.read() == b"new"
        file.seek(0)
        assert b"".join(file) == b"new"


def test_save_creates_no_folders(tmp_path: Path) -> None:
    message = on_the_page("FileNotFoundError: [Errno 2] No such file or directory")
    with new_app().test_request_context(method="POST", data={"file": upload()}):
        with pytest.raises(FileNotFoundError) as caught:
            request.files["file"].save(tmp_path / "none" / "a.txt")
        assert f"{type(caught.value).__name__}: {caught.value}".startswith(message)
        # what is left of a Chinese name without an ending: the folder itself
        with pytest.raises(IsADirectoryError):
            request.files["file"].save(tmp_path / secure_filename("简历"))


def test_a_file_that_was_read_saves_as_empty(tmp_path: Path) -> None:
    with new_app().test_request_context(method="POST", data={"file": upload(content=b"new")}):
        file = request.files["file"]
        file.read()
        file.save(tmp_path / "a.txt")
        assert (tmp_path / "a.txt").read_bytes() == b""
        file.seek(0)
        file.save(tmp_path / "a.txt")
        assert (tmp_path / "a.txt").read_bytes() == b"new"


@pytest.mark.parametrize(("size", "in_memory"), [(500 * 1024, True), (500 * 1024 + 1, False)])
def test_larger_files_lie_in_a_temporary_file(size: int, in_memory: bool) -> None:
    form = multipart({"file": upload(content=b"x" * size)})
    with new_app().test_request_context(method="POST", **form):
        # a spooled file has a name only once it is on the disk
        assert (request.files["file"].stream.name is None) is in_memory


def test_the_file_is_gone_after_the_request() -> None:
    kept: list[Any] = []

    def view() -> str:
        kept.append(request.files["file"])
        return ""

    send(app_of(view), method="POST", **multipart({"file": upload(content=b"x" * 600_000)}))
    assert kept[0].stream.closed


def test_secure_filename_keeps_ascii_letters_digits_and_three_signs() -> None:
    kept = secure_filename("x" + "".join(map(chr, range(33, 0x3000))) + "x")
    assert set(kept) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
    assert secure_filename("Az-09_x.y") == "Az-09_x.y"


def test_two_chinese_names_become_one_and_have_no_ending() -> None:
    assert secure_filename("头像.png") == secure_filename("照片.png") == "png"
    assert Path(secure_filename("头像.png")).suffix == ""


def test_without_the_enctype_debug_mode_says_so() -> None:
    app = app_of(lambda: request.files["file"].filename, DEBUG=True)
    with pytest.raises(DebugFilesKeyError) as caught:
        send(app, method="POST", data={"file": "头像.png"})
    message = str(caught.value)
    quoted = on_the_page(message.partition(" To fix this error")[0])
    assert quoted.startswith("You tried to access the file 'file' in the request.files dictionary")
    assert message.removeprefix(quoted) == (
        ' To fix this error you should provide enctype="multipart/form-data" in your form.'
        "\n\nThe browser instead transmitted some file names. This was submitted: '头像.png'"
    )
    app = app_of(lambda: request.files["file"].filename, testing=False)
    assert send(app, method="POST", data={"file": "头像.png"}).status_code == 400


def test_without_the_enctype_the_name_is_in_the_form() -> None:
    with new_app().test_request_context(method="POST", data={"file": "头像.png"}):
        assert (request.form["file"], len(request.files)) == ("头像.png", 0)


def test_without_the_boundary_form_and_files_are_empty() -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\n'
    for content_type, form in (
        ("multipart/form-data", {}),
        ("multipart/form-data; boundary=b", {"a": "1"}),
    ):
        with new_app().test_request_context(method="POST", data=body, content_type=content_type):
            assert request.form.to_dict() == form
            assert len(request.files) == 0


# The parts of the URL

WORKED = "/notes/%E6%97%A9?tag=%E7%BA%A2&page=2"
HOST = "http://example.com:8080/"
ALONE = {
    "scheme": "http",
    "host": "example.com:8080",
    "script_root": "",
    "path": "/notes/早",
    "query_string": "b'tag=%E7%BA%A2&page=2'",
    "full_path": "/notes/早?tag=%E7%BA%A2&page=2",
    "url": "http://example.com:8080/notes/早?tag=红&page=2",
    "base_url": "http://example.com:8080/notes/早",
    "url_root": "http://example.com:8080/",
    "host_url": "http://example.com:8080/",
    "url_for": "/notes/%E6%97%A9",
}
BELOW = ALONE | {
    "script_root": "/shop",
    "url": "http://example.com:8080/shop/notes/早?tag=红&page=2",
    "base_url": "http://example.com:8080/shop/notes/早",
    "url_root": "http://example.com:8080/shop/",
    "url_for": "/shop/notes/%E6%97%A9",
}


def attributes(answer: TestResponse) -> dict[str, str]:
    return {line[:13].rstrip(): line[13:] for line in answer.text.splitlines()}


def test_every_url_attribute_without_a_prefix() -> None:
    app = url_attributes.create_app()
    assert attributes(send(app, WORKED, base_url=HOST)) == ALONE


def test_every_url_attribute_below_a_prefix() -> None:
    assert attributes(send(mounted.app, f"/shop{WORKED}", base_url=HOST)) == BELOW
    assert send(mounted.app, WORKED, base_url=HOST).status_code == 404


def test_the_table_says_which_attributes_have_the_prefix() -> None:
    said = {
        name: row[2]
        for row in rows("## The parts of the URL")
        for name in re.findall(r"`(\w+)`", row[0])
    }
    assert said.keys() == (ALONE.keys() - {"url_for"}) | {"root_path", "root_url"}
    for name, words in said.items():
        if name in ALONE and words:
            inside = "/shop" in BELOW[name]
            assert (words != "not in it") is inside


def test_two_attributes_have_two_names() -> None:
    with new_app().test_request_context("/a", base_url="http://x/shop/"):
        assert request.root_path == request.script_root == "/shop"
        assert request.root_url == request.url_root == "http://x/shop/"


def test_the_usual_port_is_not_in_the_host_and_the_question_mark_always_in_full_path() -> None:
    with new_app().test_request_context("/a", base_url="http://example.com:80/"):
        assert (request.host, request.full_path) == ("example.com", "/a?")
    with new_app().test_request_context("/a", base_url="https://example.com:443/"):
        assert (request.host, request.scheme) == ("example.com", "https")


def test_a_link_made_of_path_leads_out_of_the_application() -> None:
    paths: list[str] = []

    def view() -> str:
        paths.extend([request.path, request.script_root + request.path])
        return ""

    app = app_of(view)
    send(app, "/", environ_overrides={"SCRIPT_NAME": "/shop"})
    assert paths == ["/", "/shop/"]


def test_behind_a_proxy_the_attributes_are_those_of_the_inner_connection() -> None:
    app = app_of(lambda: {"url": request.url, "address": request.remote_addr})
    forwarded = {
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "example.com",
        "X-Forwarded-Prefix": "/shop",
        "X-Forwarded-For": "192.0.2.7",
    }
    inner = {"url": "http://localhost/", "address": "127.0.0.1"}
    assert send(app, headers=forwarded).json == inner
    app.wsgi_app = ProxyFix(app.wsgi_app, x_host=1, x_prefix=1)  # type: ignore[method-assign]
    outer = {"url": "https://example.com/shop/", "address": "192.0.2.7"}
    assert send(app, headers=forwarded).json == outer


def test_the_client_chooses_the_host_unless_trusted_hosts_says_otherwise() -> None:
    app = app_of(lambda: request.host_url, testing=False)
    assert send(app, headers={"Host": "evil.example"}).text == "http://evil.example/"
    app.config["TRUSTED_HOSTS"] = ["example.com"]
    assert send(app, headers={"Host": "evil.example"}).status_code == 400


# Headers and the client


def test_what_the_headers_say_about_the_client() -> None:
    headers = {
        "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8",
        "Authorization": "Bearer abc",
        "X-Request-Id": "41",
    }
    answer = send(client.app, headers=headers)
    assert answer.json == {
        "greeting": "Ni hao",
        "token": "abc",
        "address": "127.0.0.1",
        "request id": "41",
    }
    assert answer.headers["Vary"] == "Accept-Language"
    answer = send(client.app, headers={"Accept-Language": "fr"})
    assert answer.json == {
        "greeting": "Hello",
        "token": None,
        "address": "127.0.0.1",
        "request id": None,
    }
    assert send(client.app, headers={"Accept-Language": "zh-CN"}).json["greeting"] == "Ni hao"


def test_the_names_of_headers_have_no_case() -> None:
    with new_app().test_request_context(headers={"X-Request-Id": "41"}):
        assert request.headers["x-request-ID"] == "41"


def test_the_user_agent_is_not_taken_apart() -> None:
    agent = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"
    with new_app().test_request_context(headers={"User-Agent": agent}):
        assert request.user_agent.string == agent
        assert (request.user_agent.browser, request.user_agent.platform) == (None, None)


def test_a_header_that_is_missing_is_a_500() -> None:
    app = app_of(lambda: request.headers["X-Request-Id"])
    with pytest.raises(KeyError) as caught:
        send(app)
    assert not isinstance(caught.value, HTTPException)
    on_the_page(f"KeyError: {caught.value}")
    app.testing = False
    app.logger.disabled = True
    assert send(app).status_code == 500


# What a view may return


@pytest.mark.parametrize(
    ("method", "path", "status", "content_type", "body"),
    [
        ("GET", "/text", 200, "text/html; charset=utf-8", "<h1>早</h1>"),
        ("GET", "/dict", 200, "application/json", '{"id":7}\n'),
        ("GET", "/list", 200, "application/json", "[1,2,3]\n"),
        ("POST", "/status", 201, "application/json", '{"id":7}\n'),
        ("GET", "/headers", 418, "text/html; charset=utf-8", "short and stout"),
        ("GET", "/response", 200, "text/plain; charset=utf-8", "1 < 2"),
        ("GET", "/stream", 200, "text/html; charset=utf-8", "one, two"),
    ],
)
def test_what_a_view_may_return(
    method: str, path: str, status: int, content_type: str, body: str
) -> None:
    answer = send(return_values.app, path, method)
    found = answer.status_code, answer.headers["Content-Type"], answer.text
    assert found == (status, content_type, body)
    assert answer.headers.get("X-Tea") == ("green" if path == "/headers" else None)
    assert ("Content-Length" not in answer.headers) is (path == "/stream")


def returned(value: Any) -> TestResponse:
    return send(app_of(lambda: value))


def test_the_other_rows_of_the_table() -> None:
    assert returned(b"\xff").headers["Content-Type"] == "text/html; charset=utf-8"
    assert returned(iter([b"a", b"b"])).data == b"ab"
    assert returned(("x", {"X-Tea": "green"})).headers["X-Tea"] == "green"
    assert returned(([1], 201, {"X-Tea": "green"})).status == "201 CREATED"
    response = Response("as it is", 202)
    assert returned(response).text == "as it is"
    answer = returned(NotFound("from a WSGI application"))
    assert (answer.status_code, "from a WSGI application" in answer.text) == (404, True)


def test_a_status_is_a_number_or_a_text_and_headers_are_a_dictionary_or_pairs() -> None:
    assert returned(("x", "201 Made")).status == "201 Made"
    pairs = [("X-Tea", "green"), ("X-Tea", "black")]
    assert returned(("x", pairs)).headers.getlist("X-Tea") == ["green", "black"]


def test_an_empty_answer() -> None:
    answer = returned(("", 204))
    assert (answer.status, answer.data) == ("204 NO CONTENT", b"")


def test_a_view_that_ends_without_return() -> None:
    with pytest.raises(TypeError) as caught:
        returned(None)
    assert str(caught.value) == on_the_page(
        "The view function for 'index' did not return a valid response. The function either "
        "returned None or ended without a return statement."
    )


@pytest.mark.parametrize("value", [5, True, {1, 2}, object()])
def test_a_view_that_returns_something_else(value: object) -> None:
    message = on_the_page(
        "The view function did not return a valid response. The return type must be a string, "
        "dict, list, tuple with headers or status, Response instance, or WSGI callable, but it "
        "was a int."
    )
    with pytest.raises(TypeError) as caught:
        returned(value)
    assert str(caught.value) == message.replace(" int.", f" {type(value).__name__}.")


@pytest.mark.parametrize("value", [(1, 2, 3, 4), ("a",), ()])
def test_a_tuple_of_another_length(value: tuple[object, ...]) -> None:
    with pytest.raises(TypeError) as caught:
        returned(value)
    assert str(caught.value) == on_the_page(
        "The view function did not return a valid response tuple. The tuple must have the form "
        "(body, status, headers), (body, status), or (body, headers)."
    )


def test_a_tuple_of_two_strings_has_a_strange_status() -> None:
    answer = returned(("a", "b"))
    assert (answer.status, answer.text) == ("0 b", "a")


# make_response


def test_a_template_with_a_header_and_a_cookie() -> None:
    answer = send(made_response.app)
    assert "<p>Hello, &lt;阿达&gt;!</p>" in answer.text
    assert answer.headers["X-Something"] == "A value"
    assert answer.headers.getlist("Set-Cookie") == [
        "seen=yes; Path=/",
        "old=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/",
    ]


def test_make_response_takes_a_status_and_headers() -> None:
    answer = send(made_response.app, "/missing")
    assert (answer.status_code, answer.json) == (404, {"error": "no such note"})
    with new_app().test_request_context():
        response = make_response("x", 201, {"X-Tea": "green"})
        assert (response.status_code, response.headers["X-Tea"]) == (201, "green")
        assert make_response(response) is response
        assert type(response) is flask.wrappers.Response is Response


def test_the_response_can_be_changed() -> None:
    response = Response("x")
    response.status_code = 404
    response.mimetype = "text/plain"
    response.data = "早"
    assert (response.status, response.content_type) == (
        "404 NOT FOUND",
        "text/plain; charset=utf-8",
    )
    assert response.data == "早".encode()
    response.headers["X-Tea"] = "green"
    response.headers["X-Tea"] = "black"
    response.headers.add("X-Tea", "white")
    assert response.headers.getlist("X-Tea") == ["black", "white"]


def test_a_header_with_a_newline_is_refused() -> None:
    message = on_the_page("Header values must not contain newline characters.")
    with new_app().test_request_context():
        for make in (
            lambda: make_response("x", {"X-Name": "a\nSet-Cookie: b=c"}),
            lambda: redirect("/a\r\nSet-Cookie: b=c"),
        ):
            with pytest.raises(ValueError) as caught:
                make()
            assert str(caught.value) == message


def test_a_chinese_header_leaves_the_client_without_an_answer(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = app_of(lambda: ("x", {"X-Name": "早"}))
    # the test client does not notice
    assert send(app).headers["X-Name"] == "早"
    caplog.set_level("INFO")
    with served(app) as port, pytest.raises(TimeoutError):
        fetch(port, "/", timeout=1)
    assert '"GET / HTTP/1.1" 200 -' in caplog.text
    error = on_the_page(
        r"UnicodeEncodeError: 'latin-1' codec can't encode character '\u65e9' in position 8: "
        "ordinal not in range(256)"
    )
    assert error in caplog.text
    with served(app_of(lambda: ("x", {"X-Name": quote("早")}))) as port:
        assert fetch(port, "/")[1]["X-Name"] == "%E6%97%A9"


# Redirects


@pytest.mark.parametrize(
    ("method", "path", "status", "location"),
    [
        ("POST", "/notes", 303, "/"),
        ("GET", "/old", 301, "/%E6%A0%87%E7%AD%BE?from=old"),
        ("POST", "/login?next=/notes/7", 302, "/notes/7"),
        ("POST", "/login?next=//evil.example", 302, "/"),
        ("POST", "/login", 302, "/"),
    ],
)
def test_where_the_redirects_lead(method: str, path: str, status: int, location: str) -> None:
    answer = send(redirects.app, path, method)
    assert (answer.status_code, answer.headers["Location"]) == (status, location)


def test_the_redirect_leads_to_a_page() -> None:
    answer = send(redirects.app, "/notes", "POST", follow_redirects=True)
    assert (answer.request.method, answer.text) == ("GET", "Welcome")


@pytest.mark.parametrize(
    ("status", "method", "body"),
    [(302, "GET", ""), (303, "GET", ""), (307, "POST", "x"), (301, "GET", ""), (308, "POST", "x")],
)
def test_what_the_client_goes_on_with(status: int, method: str, body: str) -> None:
    app = new_app()
    app.add_url_rule("/from", "from", lambda: redirect("/to", status), methods=["POST"])
    app.add_url_rule(
        "/to",
        "to",
        lambda: request.method + request.get_data(as_text=True),
        methods=["GET", "POST"],
    )
    answer = send(app, "/from", "POST", data=b"x", follow_redirects=True)
    assert answer.text == method + body


def test_302_is_the_default() -> None:
    with new_app().test_request_context():
        assert redirect("/x").status_code == 302


def test_redirect_does_not_end_the_view_and_abort_does() -> None:
    ran: list[str] = []

    def demand() -> None:
        abort(redirect("/login"))

    def view() -> str:
        redirect("/elsewhere")
        ran.append("after redirect")
        demand()
        ran.append("after abort")  # pragma: no cover
        return ""

    answer = send(app_of(view))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/login")
    assert ran == ["after redirect"]


LOCAL = ["/", "/notes/7", "/notes?q=a//b&r=https://x", "/标签", "/a@b:c", "/#x", "/%5Cevil.example"]
FOREIGN = [
    "",
    "notes",
    "//evil.example",
    "///evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    " //evil.example",
    "/a\\..\\\\evil.example",
    "/ok\r\nSet-Cookie: a=b",
]


def test_only_paths_of_this_host_get_through() -> None:
    for target, location in [(t, t) for t in LOCAL] + [(t, "/") for t in FOREIGN]:
        answer = send(redirects.app, "/login", "POST", query_string={"next": target})
        assert answer.headers["Location"] == quote(location, safe="/%?=&:@#")


# JSON and Chinese


def test_what_flask_does_if_you_change_nothing() -> None:
    answer = send(json_default.app, "/note")
    assert answer.text == (
        r'{"day":"Thu, 01 Jan 2026 00:00:00 GMT","price":"9.90","text":"\u65e9"}' + "\n"
    )
    assert answer.json["text"] == "早"


def test_a_provider_of_your_own() -> None:
    answer = send(json_out.app, "/note")
    assert answer.text == '{"text":"早","day":"2026-01-01","tags":["新","红"]}\n'
    assert answer.headers["Content-Type"] == "application/json"
    assert send(json_out.app, "/count").text == "3\n"
    with pytest.raises(TypeError, match="Object of type object is not JSON serializable"):
        json_out.app.json.dumps(object())


@dataclass
class Point:
    x: int


def test_what_the_provider_knows() -> None:
    dumps = new_app().json.dumps
    assert dumps(datetime.datetime(2026, 1, 1, 8)) == '"Thu, 01 Jan 2026 08:00:00 GMT"'
    assert dumps(datetime.date(2026, 1, 1)) == '"Thu, 01 Jan 2026 00:00:00 GMT"'
    assert dumps(uuid.UUID(int=1)) == '"00000000-0000-0000-0000-000000000001"'
    assert dumps(decimal.Decimal("9.90")) == '"9.90"'
    assert dumps(Point(1)) == '{"x": 1}'
    assert dumps({"html": Markup("<b>")}) == '{"html": "<b>"}'
    # json itself takes a Markup for a string; the provider asks others with the method

    class Badge:
        def __html__(self) -> str:
            return "<i>"

    assert dumps(Badge()) == '"<i>"'


def test_jsonify_takes_any_value_and_keyword_arguments() -> None:
    with new_app().test_request_context():
        for value, body in ((3, "3"), (None, "null"), ("早", '"\\u65e9"'), (Point(1), '{"x":1}')):
            assert jsonify(value).data == f"{body}\n".encode()
        assert jsonify(id=7).json == {"id": 7}


def test_a_type_that_json_does_not_know() -> None:
    with pytest.raises(TypeError) as caught:
        returned({"tags": {1}})
    assert str(caught.value) == on_the_page("Object of type set is not JSON serializable")


def test_keys_of_two_types() -> None:
    message = on_the_page("'<' not supported between instances of 'str' and 'int'")
    with pytest.raises(TypeError) as caught:
        returned({1: "a", "b": 2})
    assert str(caught.value) == message
    app = app_of(lambda: {1: "a", "b": 2})
    app.json = json_out.OurJSON(app)
    assert send(app).json == {"1": "a", "b": 2}


def test_a_string_of_json_is_html() -> None:
    answer = returned(json.dumps({"name": "<script>"}))
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "<script>" in answer.text


# Files


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


def test_max_age_for_one_file_or_for_all(tmp_path: Path) -> None:
    def view() -> Response:
        return send_file(io.BytesIO(b"x"), "text/plain", max_age=60)

    with send(app_of(view)) as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=60"
    app = app_of(lambda: send_file(io.BytesIO(b"x"), "text/plain"), SEND_FILE_MAX_AGE_DEFAULT=60)
    with send(app) as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=60"


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


def test_add_etag_makes_a_hash_of_the_body() -> None:
    response = Response("x")
    response.add_etag()
    assert response.get_etag() == (hashlib.sha1(b"x", usedforsecurity=False).hexdigest(), False)


def test_the_view_runs_for_a_304_too() -> None:
    ran = []

    def view() -> Response:
        ran.append(True)
        response = Response("x")
        response.set_etag("v1")
        return response.make_conditional(request)

    assert send(app_of(view), headers={"If-None-Match": '"v1"'}).status_code == 304
    assert ran == [True]


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


# Streaming


def test_a_generator_that_reads_the_request() -> None:
    answer = send(streaming.app, "/lines?text=bread", buffered=False)
    assert answer.text == "1. bread\n2. bread\n3. bread\n"
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "Content-Length" not in answer.headers


def test_the_first_piece_leaves_before_the_last_is_made() -> None:
    order: list[str] = []

    def view() -> Iterator[str]:
        for name in ("first", "last"):
            order.append(f"made {name}")
            yield name

    with served(app_of(view)) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/")
        answer = connection.getresponse()
        assert answer.read() == b"firstlast"
        connection.close()
    answer = send(app_of(view), buffered=False)
    order.clear()
    pieces = answer.iter_encoded()
    assert next(pieces) == b"first"
    assert "made last" not in order


def test_stream_with_context_keeps_four_names() -> None:
    def view() -> Response:
        session["name"] = "ada"
        g.number = 7

        def generate() -> Iterator[str]:
            yield f"{request.args['q']} {session['name']} {g.number} "
            yield flask.current_app.name

        return Response(stream_with_context(generate()))

    assert send(app_of(view), "/?q=x").text == "x ada 7 requests-test"


def test_without_it_the_answer_breaks_off(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")

    def view() -> Iterator[str]:
        yield "begin "
        yield request.path

    with pytest.raises(RuntimeError) as caught:
        _ = send(app_of(view)).data
    assert str(caught.value).startswith(on_the_page("Working outside of request context."))
    with served(app_of(view)) as port, pytest.raises(http.client.IncompleteRead) as cut:
        fetch(port, "/")
    assert cut.value.partial == b"begin "
    assert '"GET / HTTP/1.1" 200 -' in caplog.text


def test_taking_what_you_need_in_the_view_works_as_well() -> None:
    def view() -> Response:
        path = request.path

        def generate() -> Iterator[str]:
            yield path

        return Response(generate())

    assert send(app_of(view)).text == "/"


def test_the_session_can_no_longer_change() -> None:
    def view() -> Response:
        def generate() -> Iterator[str]:
            session["late"] = True
            yield "x"

        return Response(stream_with_context(generate()))

    answer = send(app_of(view))
    assert (answer.text, "Set-Cookie" in answer.headers) == ("x", False)


def test_an_error_in_the_generator_reaches_no_error_handler() -> None:
    def view() -> Iterator[str]:
        yield "x"
        raise KeyError("late")

    app = app_of(view, testing=False)
    handled: list[Exception] = []
    app.register_error_handler(Exception, handled.append)
    with pytest.raises(KeyError, match="late"):
        _ = send(app).data
    assert handled == []


def test_finally_runs_if_the_client_goes_away() -> None:
    closed = threading.Event()

    def view() -> Iterator[str]:
        try:
            while True:
                yield "x" * 1000
        finally:
            closed.set()

    answer = send(app_of(view), buffered=False)
    answer.close()
    assert closed.is_set()
    closed.clear()
    with served(app_of(view)) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/")
        answer = connection.getresponse()
        assert answer.read(10) == b"x" * 10
        answer.close()
        connection.close()
        assert closed.wait(10)


# Cookies


def test_a_cookie_is_in_the_request_from_the_next_one_on() -> None:
    browser = cookies.app.test_client()
    assert browser.get("/").text == "theme: none"
    answer = browser.post("/theme", data={"theme": "dark"})
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert re.fullmatch(r"theme=dark; Expires=.* GMT; Max-Age=31536000; Path=/", cookie)
    assert browser.get("/").text == "theme: dark"
    browser.delete("/token")
    assert browser.get("/").text == "theme: none"


def test_what_is_set_is_not_yet_in_the_request() -> None:
    def view() -> Response:
        response = make_response()
        response.set_cookie("a", "1")
        response.data = str("a" in request.cookies)
        return response

    assert send(app_of(view)).text == "False"


def test_a_cookie_with_every_attribute() -> None:
    answer = send(cookies.app, "/token", "POST")
    assert re.sub(r"Expires=[^;]*", "Expires=…", answer.headers["Set-Cookie"]) == (
        "token=abc; Domain=example.com; Expires=…; Max-Age=3600; Secure; HttpOnly; Path=/account; "
        "SameSite=Lax; Partitioned"
    )


def test_deleting_is_setting_once_more() -> None:
    answer = send(cookies.app, "/token", "DELETE")
    assert answer.headers.getlist("Set-Cookie") == [
        "theme=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/",
        "token=; Domain=example.com; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; "
        "Path=/account",
    ]


def test_the_table_of_cookie_parameters_is_complete() -> None:
    named = [name for row in rows("## Cookies") for name in re.findall(r"`(\w+)`", row[0])]
    taken = [*Response.set_cookie.__annotations__]
    assert named == [name for name in taken if name != "return"]


def cookie(**options: Any) -> str:
    response = Response()
    response.set_cookie("k", **options)
    return response.headers["Set-Cookie"]


def test_what_a_parameter_is_if_left_out() -> None:
    with new_app().app_context():
        assert cookie() == "k=; Path=/"
        assert cookie(value="x", partitioned=True) == "k=x; Secure; Path=/; Partitioned"
        day = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
        until = "k=x; Expires=Thu, 01 Jan 2026 00:00:00 GMT; Path=/"
        assert cookie(value="x", expires=day) == until
        assert cookie(value="x", expires=day.timestamp()) == until


def test_deleting_needs_path_and_domain() -> None:
    app = new_app()

    @app.get("/account/set")
    def set_it() -> Response:
        response = make_response()
        response.set_cookie("token", "abc", path="/account")
        return response

    @app.get("/account/delete")
    def delete_it() -> Response:
        response = make_response()
        response.delete_cookie("token", path=request.args.get("path", "/"))
        return response

    browser = app.test_client()
    browser.get("/account/set")
    browser.get("/account/delete")
    assert browser.get_cookie("token", path="/account") is not None
    browser.get("/account/delete?path=/account")
    assert browser.get_cookie("token", path="/account") is None


@pytest.mark.parametrize(
    ("options", "host", "path", "sent"),
    [
        ({"path": "/account"}, "example.com", "/account/keys", True),
        ({"path": "/account"}, "example.com", "/", False),
        ({}, "example.com", "/anywhere", True),
        ({}, "www.example.com", "/", False),
        ({"domain": "example.com"}, "www.example.com", "/", True),
        ({"domain": "example.com"}, "example.com", "/", True),
        ({"domain": "example.com"}, "example.org", "/", False),
    ],
)
def test_where_a_cookie_goes(options: dict[str, str], host: str, path: str, sent: bool) -> None:
    app = new_app(testing=False)

    @app.route("/", defaults={"path": ""})
    @app.route("/<path:path>")
    def view(path: str) -> Response:
        response = make_response(str("k" in request.cookies))
        if path == "set":
            response.set_cookie("k", "x", **options)  # type: ignore[arg-type]
        return response

    browser = app.test_client()
    browser.get("/set", base_url="http://example.com/")
    assert browser.get(path, base_url=f"http://{host}/").text == str(sent)


def test_the_value_of_a_cookie_is_a_string() -> None:
    message = on_the_page("expected string or bytes-like object, got 'int'")
    with new_app().app_context(), pytest.raises(TypeError) as caught:
        cookie(value=3)
    assert str(caught.value) == message


def test_samesite_is_one_of_three_strings() -> None:
    message = on_the_page("SameSite must be 'Strict', 'Lax', or 'None'.")
    with new_app().app_context():
        for name in ("Strict", "Lax", "None"):
            assert cookie(value="x", samesite=name) == f"k=x; Path=/; SameSite={name}"
        assert cookie(value="x", samesite=None) == "k=x; Path=/"
        with pytest.raises(ValueError) as caught:
            cookie(value="x", samesite="no")
    assert str(caught.value) == message


def test_a_cookie_that_is_too_large_warns() -> None:
    def view() -> Response:
        response = make_response()
        response.set_cookie("cart", "x" * 5000)
        return response

    (quoted,) = re.findall(r"`UserWarning: (The 'cart' cookie is too large: .*?)`", TEXT)
    with pytest.warns(UserWarning, match="cart") as caught:
        send(app_of(view))
    assert [str(warning.message) for warning in caught] == [quoted]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        send(app_of(view, MAX_COOKIE_SIZE=0))


# How it works inside


def test_the_body_is_not_read_before_somebody_asks() -> None:
    body = io.BytesIO(b"a=1")

    def view() -> str:
        before = body.tell()
        first = request.form
        assert request.form is first
        assert (request.args is request.args) is True
        return f"{before} {body.tell()}"

    app = app_of(view)
    answer = send(
        app,
        method="POST",
        input_stream=body,
        content_length=3,
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.text == "0 3"


def test_request_and_response_classes_can_be_replaced() -> None:
    class OurRequest(Request):
        pass

    class OurResponse(Response):
        default_mimetype = "text/plain"

    app = app_of(lambda: type(request).__name__ + type(make_response()).__name__)
    app.view_functions["index"] = lambda: (
        f"{isinstance(request, OurRequest)} {isinstance(make_response(), OurResponse)}"
    )
    app.request_class, app.response_class = OurRequest, OurResponse
    answer = send(app)
    assert (answer.text, answer.mimetype) == ("True True", "text/plain")


def test_the_form_is_parsed_by_werkzeug() -> None:
    assert Request.form_data_parser_class is FormDataParser


def test_after_request_may_change_the_response() -> None:
    app = app_of(lambda: "x")

    @app.after_request
    def shout(response: Response) -> Response:
        response.data = response.data.upper()
        return response

    assert send(app).text == "X"


def test_the_response_is_a_wsgi_application() -> None:
    started: list[Any] = []
    body = Response("x", 201)({"REQUEST_METHOD": "GET"}, lambda *given: started.append(given))
    assert b"".join(body) == b"x"
    assert started[0][0] == "201 CREATED"


# Then and now


def test_the_line_of_the_notes_names_another_variable() -> None:
    message = on_the_page("name 'f' is not defined")
    with pytest.raises(NameError) as caught:
        exec("obj = 1\nsecure_filename(f.filename)", {"secure_filename": secure_filename})
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("werkzeug", "secure_filename"),
        ("flask", "escape"),
        ("flask", "Markup"),
        ("flask.json", "JSONEncoder"),
    ],
)
def test_names_that_cannot_be_imported_any_more(module: str, name: str) -> None:
    with pytest.raises(ImportError) as caught:
        exec(f"from {module} import {name}", {})
    message = f"cannot import name '{name}' from '{module}'"
    assert str(caught.value).startswith(f"{message} (")
    assert f"ImportError: {message}" in SAID or name == "Markup"


def test_where_the_names_are_now() -> None:
    assert importlib.import_module("werkzeug.utils").secure_filename is secure_filename
    markupsafe = importlib.import_module("markupsafe")
    assert callable(markupsafe.escape)
    assert callable(markupsafe.Markup)


def test_is_xhr_is_gone() -> None:
    message = on_the_page("'Request' object has no attribute 'is_xhr'")
    with new_app().test_request_context(), pytest.raises(AttributeError) as caught:
        _ = request.is_xhr  # type: ignore[attr-defined]
    assert str(caught.value) == message


@pytest.mark.parametrize("old", ["attachment_filename", "cache_timeout", "add_etags"])
def test_old_parameters_of_send_file(old: str) -> None:
    message = "send_file() got an unexpected keyword argument 'attachment_filename'"
    on_the_page(message)
    with new_app().test_request_context(), pytest.raises(TypeError) as caught:
        send_file(io.BytesIO(b"x"), **{old: 1})  # type: ignore[arg-type]
    assert str(caught.value) == message.replace("attachment_filename", old)


def test_send_from_directory_takes_no_filename() -> None:
    with new_app().test_request_context(), pytest.raises(TypeError):
        send_from_directory("/", filename="x")  # type: ignore[call-arg]


def test_a_redirect_goes_out_as_written() -> None:
    assert returned(redirect("/x")).headers["Location"] == "/x"
    assert returned(redirect("x")).headers["Location"] == "x"


# What the page says about clients, asked of a real browser

BROWSER_PAGE = """<!doctype html>
<form id=with action=/form method=post enctype=multipart/form-data>
  <input type=file name=file><input type=checkbox name=box><input id=x value=1></form>
<form id=without action=/form method=post><input type=file name=file></form>"""


def browser_app() -> Flask:
    app = new_app(testing=False, HITS=[])

    @app.get("/page")
    def page() -> Response:
        response = make_response(BROWSER_PAGE)
        response.set_cookie("octal", "早")
        response.set_cookie("quoted", quote("早"))
        response.set_cookie("hidden", "x", httponly=True)
        response.set_cookie("cross", "x", samesite="None")
        response.set_cookie("kept", "x", path="/page")
        response.set_cookie("gone", "x", path="/page")
        return response

    @app.get("/forget")
    def forget() -> Response:
        response = make_response("")
        response.delete_cookie("kept")
        response.delete_cookie("gone", path="/page")
        return response

    @app.post("/form")
    def form() -> dict[str, Any]:
        return {
            "type": request.mimetype,
            "form": request.form.to_dict(),
            "files": [[file.filename, file.content_type] for file in request.files.values()],
        }

    @app.post("/json")
    def json_view() -> Any:
        return {"got": request.get_json()}

    @app.get("/moved/<int:status>")
    def moved(status: int) -> Any:
        app.config["HITS"].append(status)
        return redirect("/page", status)

    @app.get("/file")
    def file() -> Response:
        return send_file(
            io.BytesIO(b"x"), "image/png", as_attachment=True, download_name="头像.png"
        )

    return app


@pytest.fixture(scope="module")
def in_a_browser() -> dict[str, Any]:
    """Return what Chromium made of a page of ours; it is closed again before the next test runs."""
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    if executable is None:
        pytest.skip("Chromium is not installed: sudo apt-get install chromium")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    flags += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    app = browser_app()
    with served(app) as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=flags)
        try:
            page = browser.new_page(base_url=f"http://127.0.0.1:{port}")
            page.goto("/page")
            return look(page) | {"hits": app.config["HITS"]}
        finally:
            browser.close()


def look(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(
        """async ([foreign, local]) => {
          const post = (url, options) => fetch(url, {method: "POST", ...options})
            .then(async answer => [answer.status, await answer.json().catch(() => null)])
          const body = JSON.stringify({text: "早"})
          const files = new FormData()
          files.append("file", new File(["x"], "头像.png", {type: "image/png"}))
          const forms = id => post("/form", {body: id == "with"
            ? new FormData(document.getElementById(id))
            : new URLSearchParams(new FormData(document.getElementById(id)))})
          const host = target => new URL(target, location.href).host
          const found = {
            cookies: document.cookie,
            unsaid: await post("/json", {body}),
            said: await post("/json", {body, headers: {"Content-Type": "application/json"}}),
            files: await post("/form", {body: files}),
            byHand: await post("/form", {
              body: files, headers: {"Content-Type": "multipart/form-data"}}),
            untouched: await forms("with"),
            own: location.host,
            foreign: foreign.map(host),
            local: local.map(host),
          }
          for (const status of [301, 302, 308, 301, 302, 308]) await fetch("/moved/" + status)
          found.decoded = decodeURIComponent(/quoted=([^;]*)/.exec(document.cookie)[1])
          await fetch("/forget")
          found.after = document.cookie
          return found
        }""",
        [["//evil.example", "/\\evil.example", "/\t/evil.example"], LOCAL],
    )
    png = {"name": "头像.png", "mimeType": "image/png", "buffer": b"x"}
    for form in ("with", "without"):
        page.goto("/page")
        page.set_input_files(f"#{form} input[type=file]", png)
        with page.expect_navigation():
            page.evaluate("id => document.getElementById(id).submit()", form)
        found[form] = json.loads(page.inner_text("body"))
    page.goto("/page")
    with page.expect_download() as download:
        page.evaluate("location.href = '/file'")
    found["download"] = download.value.suggested_filename
    return found


@pytest.mark.browser
def test_fetch_has_to_say_that_it_sends_json(in_a_browser: dict[str, Any]) -> None:
    assert in_a_browser["unsaid"][0] == 415
    assert in_a_browser["said"] == [200, {"got": {"text": "早"}}]


@pytest.mark.browser
def test_form_data_sets_the_boundary_itself(in_a_browser: dict[str, Any]) -> None:
    sent = {"type": "multipart/form-data", "form": {}, "files": [["头像.png", "image/png"]]}
    assert in_a_browser["files"] == [200, sent]
    assert in_a_browser["byHand"] == [200, sent | {"files": []}]


@pytest.mark.browser
def test_a_browser_sends_files_only_with_the_enctype(in_a_browser: dict[str, Any]) -> None:
    sent = {"type": "multipart/form-data", "form": {}, "files": [["头像.png", "image/png"]]}
    assert in_a_browser["with"] == sent
    assert in_a_browser["without"] == {
        "type": "application/x-www-form-urlencoded",
        "form": {"file": "头像.png"},
        "files": [],
    }


@pytest.mark.browser
def test_what_is_not_filled_in(in_a_browser: dict[str, Any]) -> None:
    # no file chosen: one without a name; the box not ticked, and an input with an id only: nothing
    assert in_a_browser["untouched"] == [
        200,
        {"type": "multipart/form-data", "form": {}, "files": [["", "application/octet-stream"]]},
    ]


@pytest.mark.browser
def test_a_browser_offers_the_chinese_name(in_a_browser: dict[str, Any]) -> None:
    assert in_a_browser["download"] == "头像.png"


@pytest.mark.browser
def test_which_targets_are_other_hosts_for_a_browser(in_a_browser: dict[str, Any]) -> None:
    assert in_a_browser["foreign"] == ["evil.example"] * 3
    assert in_a_browser["local"] == [in_a_browser["own"]] * len(LOCAL)


@pytest.mark.browser
def test_what_a_browser_makes_of_cookies(in_a_browser: dict[str, Any]) -> None:
    kept = dict(part.split("=", 1) for part in in_a_browser["cookies"].split("; "))
    assert kept == {
        "octal": r'"\346\227\251"',
        "quoted": quote("早"),
        "kept": "x",
        "gone": "x",
        # `hidden` is HttpOnly, `cross` is SameSite=None without Secure
    }
    after = dict(part.split("=", 1) for part in in_a_browser["after"].split("; "))
    assert kept.keys() - after.keys() == {"gone"}
    assert in_a_browser["decoded"] == "早"


@pytest.mark.browser
def test_a_browser_remembers_301_and_308(in_a_browser: dict[str, Any]) -> None:
    assert in_a_browser["hits"] == [301, 302, 308, 302]
