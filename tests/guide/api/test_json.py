"""JSON in and out, errors, versions, keys, tokens and lines: docs/guide/api.md."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from pydantic import BaseModel, ValidationError
from werkzeug.http import parse_date

from proven.claims.proofs import proves
from snippets.api import by_header, by_prefix, idempotent, lines, notes, pages, tokens, versions
from tests.guide.api.common import on_the_page


@pytest.fixture(autouse=True)
def as_at_first() -> Iterator[None]:
    """Let each test begin with what a fresh process has."""
    yield
    versions.note.clear()
    versions.note["title"] = "tea"
    idempotent.done.clear()


@proves("guide/api", "A dictionary or a list that a view returns becomes JSON by itself.")
def test_what_becomes_json() -> None:
    app = Flask("json")
    app.add_url_rule("/d", "d", lambda: {"a": 1})
    app.add_url_rule("/l", "l", lambda: [1, 2])
    answers = [app.test_client().get(path) for path in ("/d", "/l")]
    assert [(a.mimetype, a.json) for a in answers] == [
        ("application/json", {"a": 1}),
        ("application/json", [1, 2]),
    ]


@proves(
    "guide/api",
    "This page builds an API for programs: it validates the input, and sends responses "
    "and errors as JSON.",
    "request.get_json() parses the body, and Pydantic checks it against the class.",
    'ge and le are limits of a number, and extra="forbid" refuses names that the class does not have.',
    "All faults are reported at once:",
)
def test_what_is_refused_and_where() -> None:
    client = notes.create_app().test_client()
    wrong = {"title": "", "stars": 9, "owner": "eve"}
    answer = client.post("/notes", json=wrong)
    assert answer.status_code == 422
    assert answer.json is not None
    assert [each["at"] for each in answer.json["errors"]] == [["title"], ["stars"], ["owner"]]
    for stars, status in ((-1, 422), (0, 201), (5, 201), (6, 422)):
        assert client.post("/notes", json={"title": "a", "stars": stars}).status_code == status
    made = client.post("/notes", json={"title": "kept"})
    assert client.get(made.headers["Location"]).json == made.json


@proves(
    "guide/api",
    'Pydantic converts what it can: "5" is accepted as a number.',
    "With strict=True in the class line it is not.",
)
def test_strict() -> None:
    assert notes.NewNote.model_validate({"title": "a", "stars": "5"}).stars == 5

    class Strict(BaseModel, strict=True):
        stars: int

    with pytest.raises(ValidationError):
        Strict.model_validate({"stars": "5"})


@proves(
    "guide/api",
    "RFC 9457 gives errors one form, application/problem+json, with type, status, title and detail.",
    "One handler for HTTPException covers abort, unknown addresses and wrong methods:",
    "A body that is not JSON gets 400, and one without the right Content-Type gets 415, both in the same form:",
    "An exception in a view becomes 500 in this form as well, without its text.",
)
def test_each_error_is_a_problem() -> None:
    app = notes.create_app()
    app.add_url_rule("/fails", "fails", lambda: 1 / 0)
    client = app.test_client()
    answers = [
        *(client.get("/notes/9"), client.get("/nowhere"), client.patch("/notes/1")),
        client.post("/notes", data="{", content_type="application/json"),
        *(client.post("/notes", data={"title": "tea"}), client.get("/fails")),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 405, 400, 415, 500]
    for answer in answers:
        assert answer.mimetype == "application/problem+json"
        assert answer.json is not None
        assert answer.json["status"] == answer.status_code
        assert set(answer.json) == {"type", "status", "title", "detail"}
    assert "GET" in answers[2].headers["Allow"]
    assert "division" not in answers[-1].text


@proves(
    "guide/api",
    "The client follows next and builds no address.",
    "The size has a limit, whatever the client asks for.",
)
def test_the_pages() -> None:
    client, address, found = pages.app.test_client(), "/notes", []
    while address:
        page = client.get(address).json
        assert page is not None
        found += page["items"]
        address = page["next"]
    assert found == pages.NAMES
    sizes = [len(client.get(f"/notes?size={size}").json["items"]) for size in (0, -4, 1, 5, 999)]  # type: ignore[index]
    assert sizes == [1, 1, 1, 5, 5]


@proves(
    "guide/api",
    "An ETag is a header that names the version of a resource.",
    "A client that sends it back in If-None-Match and has this version gets 304 and no body.",
    "With If-Match, it changes only the version that it has seen.",
    "If another client has changed it since, the response is 412 and nothing is overwritten:",
)
def test_versions() -> None:
    client = versions.app.test_client()
    seen = client.get("/note").headers["ETag"]
    answer = client.get("/note", headers={"If-None-Match": seen})
    assert (answer.status_code, answer.data) == (304, b"")
    match = {"If-Match": seen}
    assert client.put("/note", json={"title": "mine"}, headers=match).status_code == 200
    assert client.put("/note", json={"title": "yours"}, headers=match).status_code == 412
    assert client.get("/note", headers={"If-None-Match": seen}).json == {"title": "mine"}
    assert client.put("/note", json={"title": "blind"}).status_code == 428


@proves("guide/api", "A key that the client chooses lets the server recognise it:")
def test_one_payment_for_one_key() -> None:
    client = idempotent.app.test_client()

    def pay(key: str, amount: int) -> tuple[int, object]:
        answer = client.post("/payments", json={"amount": amount}, headers={"Idempotency-Key": key})
        return answer.status_code, answer.json

    assert pay("a", 5) == pay("a", 5) == (201, {"payment": 1})
    assert pay("b", 5) == (201, {"payment": 2})
    assert pay("a", 500)[0] == 422
    assert client.post("/payments", json={"amount": 5}).status_code == 400
    assert len(idempotent.done) == 2


@proves(
    "guide/api",
    "A token is long and random, made by secrets.token_urlsafe(), so one SHA-256 is enough; a "
    "password needs more.",
)
def test_tokens() -> None:
    client = tokens.app.test_client()
    assert len({len(secrets.token_urlsafe()) for _ in range(20)}) == 1
    assert len(secrets.token_urlsafe()) >= 43
    for sent in ("", "Bearer guessed", "Basic YWRhOnRlYQ==", "Bearer"):
        answer = client.get("/me", headers={"Authorization": sent} if sent else {})
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    answer = client.get("/me", headers={"Authorization": "Bearer 4f2a-secret"})
    assert answer.json == {"user": "ada"}
    assert "4f2a-secret" not in str(tokens.OWNERS)


@proves(
    "guide/api",
    "The list is never in memory as a whole, and the client can read each line before the next one is there.",
)
def test_lines_come_one_by_one() -> None:
    with lines.app.test_client().get("/export") as answer:
        assert next(iter(answer.response)) == b'{"id": 1}\n'
        assert not answer.is_sequence
    assert lines.app.test_client().get("/export").text.count("\n") == 3


@proves(
    "guide/api",
    "flask.Flask.make_response() passes a dictionary or a list to flask.jsonify, which calls the "
    "provider in app.json.",
    "The view returns a model inside of a dictionary.",
    "The client sends a form or text.",
    'app.config["JSON_AS_ASCII"] = False. This key of old posts does nothing today.',
    "Write app.json.ensure_ascii = False.",
)
def test_the_provider() -> None:
    app = Flask("provider")
    app.testing = True
    app.config["JSON_AS_ASCII"] = False
    app.add_url_rule("/", "tea", lambda: {"tea": "早"})
    app.add_url_rule("/model", "model", lambda: {"note": notes.NewNote(title="tea")})
    assert "\\u65e9" in app.test_client().get("/").text
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    assert "早" in app.test_client().get("/").text
    with pytest.raises(TypeError) as caught:
        app.test_client().get("/model")
    on_the_page(f"TypeError: {caught.value}")
    answer = notes.create_app().test_client().post("/notes", data={"title": "tea"})
    assert answer.json is not None
    on_the_page(f"415 Unsupported Media Type: {answer.json['detail']}")
    app.json.dumps = lambda *_, **__: '"of the provider"'  # type: ignore[assignment,method-assign]
    assert app.test_client().get("/").text.strip() == '"of the provider"'


@proves(
    "guide/api",
    "Put each version into a blueprint with a prefix:",
    "Deprecation (RFC 9745) says since when a version should not be used, as seconds since 1970 behind "
    "an @.",
    "Sunset (RFC 8594) says when it ends.",
)
def test_versions_below_a_prefix() -> None:
    client = by_prefix.app.test_client()
    old, new = client.get("/v1/note"), client.get("/v2/note")
    assert old.json == {"title": "tea", "tag": "green"}
    assert new.json == {"title": "tea", "tags": ["green", "hot"]}
    since = datetime.fromtimestamp(int(old.headers["Deprecation"].removeprefix("@")), UTC)
    assert since == datetime(2026, 1, 1, tzinfo=UTC)
    assert parse_date(old.headers["Sunset"]) == datetime(2027, 1, 1, tzinfo=UTC)
    assert not {"Deprecation", "Sunset"} & set(new.headers)


@proves(
    "guide/api",
    "With a header, the address stays the same for all versions:",
    "Vary keeps a cache from sending the response for one version to a client of another.",
)
def test_versions_by_a_header() -> None:
    client = by_header.app.test_client()
    asked = [{}, {"API-Version": "1"}, {"API-Version": "2"}, {"API-Version": "7"}]
    answers = [client.get("/note", headers=headers) for headers in asked]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 400]
    assert answers[0].json == answers[2].json == {"title": "tea", "tags": ["green", "hot"]}
    assert answers[1].json == {"title": "tea", "tag": "green"}
    assert {answer.headers.get("Vary") for answer in answers[:3]} == {"API-Version"}
    assert "There is no version 7 of this API." in answers[3].text
