"""The raw body: docs/guide/requests.md."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from flask import request

from proven.claims.proofs import proves
from snippets.requests import raw_body
from tests.guide.requests.common import app_of, fetch, new_app, send
from tests.servers import served


@proves(
    "guide/requests",
    "From stream you can read it in pieces, which is useful for a body that is too large "
    "for memory.",
)
def test_the_stream_is_read_in_pieces() -> None:
    body = "早上好".encode() * 30_000
    assert len(body) > 4 * raw_body.PIECE
    answer = send(raw_body.app, "/files/a.txt", "PUT", data=body)
    assert answer.json == {
        "declared": len(body),
        "size": len(body),
        "sha256": hashlib.sha256(body).hexdigest()[:12],
    }


@proves(
    "guide/requests",
    "get_data() stores what it has read, so form and get_json() work after it.",
    "data, get_data(), stream | the body as bytes",
)
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


@proves(
    "guide/requests",
    "content_length is None if the client does not send the length of the body, as with "
    "Transfer-Encoding: chunked.",
    "The development server does.",
)
def test_a_chunked_body_has_no_length_and_the_development_server_marks_its_end() -> None:
    with served(app_of(length_and_body)) as port:
        _, _, body = fetch(port, "/", "POST", body=iter([b"ab", b"c"]), encode_chunked=True)
    assert json.loads(body) == {"length": None, "body": "abc"}


@proves(
    "guide/requests",
    "In that case the body can be read only if the server marks its end with "
    "wsgi.input_terminated.",
    "Under a server that does not, the body is empty.",
)
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
