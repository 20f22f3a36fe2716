"""The lines of an exchange: how they are read, what is sent, what is claimed, and what curl sends instead."""

from __future__ import annotations

import logging
import shlex
import warnings
from datetime import UTC, datetime

import pytest
from flask import Flask, Response, request, session

from proven.claims.proofs import proves
from proven.exchange.recording import DEFAULT_HOST, Answer, ExchangeError, Request, parse, record


@pytest.fixture
def app() -> Flask:
    app = Flask("recorded")
    app.secret_key = "placeholder"

    @app.route("/echo", methods=["GET", "POST", "PUT"])
    def echo() -> dict[str, object]:
        return {
            "method": request.method,
            "query": request.args.to_dict(flat=False),
            "form": request.form.to_dict(flat=False),
            "type": request.content_type,
            "body": request.get_data(as_text=True),
            "language": request.headers.get("Accept-Language"),
            "host": request.host,
        }

    @app.get("/count")
    def count() -> str:
        session["visits"] = session.get("visits", 0) + 1
        return str(session["visits"])

    @app.get("/now")
    def now() -> str:
        return datetime.now(UTC).isoformat()

    @app.get("/image")
    def image() -> Response:
        return Response(b"\x89PNG", mimetype="image/png")

    @app.get("/fails")
    def fails() -> str:
        raise KeyError("shop")

    @app.get("/warns")
    def warns() -> str:
        warnings.warn("old", DeprecationWarning, stacklevel=1)
        return ""

    @app.get("/missing")
    def missing() -> tuple[str, int]:
        return "not in stock", 404

    return app


def echoed(app: Flask, *lines: str, host: str = DEFAULT_HOST) -> dict[str, object]:
    (answer,) = record(app, parse(list(lines)), host)
    return app.json.loads(answer.body)


# Reading.


@proves("about/house", "exchange/recording.py parses the lines of the block into requests.")
@proves(
    "about/adding-a-page", "Indented lines give headers and the body of the request above them."
)
def test_a_block_is_read_line_by_line() -> None:
    assert parse(
        [
            "GET /reports?year=2024 -> 308",
            "",
            "POST /login -> 302",
            "  form: name=阿达&remember=yes",
            "  Accept-Language: zh, en;q=0.5",
            "  X-Time: 12:30",
        ]
    ) == [
        Request(0, "GET", "/reports?year=2024", 308),
        Request(
            2,
            "POST",
            "/login",
            302,
            headers=[("Accept-Language", "zh, en;q=0.5"), ("X-Time", "12:30")],
            body_kind="form",
            body="name=阿达&remember=yes",
        ),
    ]


@pytest.mark.parametrize(
    ("lines", "line", "message"),
    [
        (["GET /x"], 0, "'GET /x' is no request: write 'METHOD /path -> status'"),
        (["get /x -> 200"], 0, "'get /x -> 200' is no request: write 'METHOD /path -> status'"),
        (["GET x -> 200"], 0, "'GET x -> 200' is no request: write 'METHOD /path -> status'"),
        (["GET /x -> 600"], 0, "'GET /x -> 600' is no request: write 'METHOD /path -> status'"),
        (["GET /x y -> 200"], 0, "'GET /x y -> 200' is no request: write 'METHOD /path -> status'"),
        (["  Accept: */*"], 0, "'Accept: */*' belongs to no request: write 'Name: value' below one"),
        (["GET /x -> 200", "  Accept"], 1, "'Accept' belongs to no request: write 'Name: value' below one"),
        (["", "  "], 0, "the block has no request: write 'METHOD /path -> status'"),
        (["PUT /x -> 200", "  form: a=1", "  json: {}"], 2, "the request has a body already (form:)"),
        (
            ["PUT /x -> 200", "  json: {broken"],
            1,
            "json: is not JSON (Expecting property name enclosed in double quotes: line 1 column 2 "
            "(char 1)); broken JSON goes into 'body:'",
        ),
    ],
)  # fmt: skip
def test_a_line_that_is_not_understood_is_named(lines: list[str], line: int, message: str) -> None:
    with pytest.raises(ExchangeError) as caught:
        parse(lines)
    assert (caught.value.line, str(caught.value)) == (line, message)


# Sending.


def test_method_query_header_and_host_arrive(app: Flask) -> None:
    got = echoed(
        app, "PUT /echo?a=1&a=二 -> 200", "  Accept-Language: zh", host="admin.example.com:5000"
    )
    assert got["method"] == "PUT"
    assert got["query"] == {"a": ["1", "二"]}
    assert got["language"] == "zh"
    assert got["host"] == "admin.example.com:5000"


def test_a_form_arrives_with_repeated_and_empty_fields(app: Flask) -> None:
    got = echoed(app, "POST /echo -> 200", "  form: name=阿达&tag=a&tag=b&empty=")
    assert got["form"] == {"name": ["阿达"], "tag": ["a", "b"], "empty": [""]}
    assert got["type"] == "application/x-www-form-urlencoded"


def test_json_arrives_as_it_is_written(app: Flask) -> None:
    got = echoed(app, "POST /echo -> 200", '  json: {"text":  "早"}')
    assert (got["body"], got["type"]) == ('{"text":  "早"}', "application/json")


def test_any_other_body_arrives_with_the_type_that_the_block_gives_it(app: Flask) -> None:
    got = echoed(app, "POST /echo -> 200", "  Content-Type: application/json", "  body: {broken")
    assert (got["body"], got["type"]) == ("{broken", "application/json")
    assert echoed(app, "POST /echo -> 200", "  body: plain")["type"] is None


def test_one_cookie_jar_serves_the_block(app: Flask) -> None:
    first, second = record(app, parse(["GET /count -> 200", "GET /count -> 200"]))
    assert (first.text(), first.sent_cookie) == ("1", "")
    assert second.text() == "2"
    assert second.sent_cookie.startswith("session=")


@proves(
    "about/house",
    "exchange/recording.py sends the requests through the test client, with a clock that "
    "stands still, and compares each status with the claim of the page.",
)
@proves(
    "about/testing",
    "The clock stands still while it records, so that two builds of the same source are the same.",
)
def test_the_clock_stands_still(app: Flask) -> None:
    answers = record(app, parse(["GET /now -> 200", "GET /now -> 200"]))
    assert [answer.text() for answer in answers] == ["2026-01-01T00:00:00+00:00"] * 2


def test_a_body_that_is_no_text_is_shown_as_its_size(app: Flask) -> None:
    (answer,) = record(app, parse(["GET /image -> 200"]))
    assert (answer.media_type, answer.text()) == ("image/png", "(4 bytes)")


def test_what_the_application_logs_is_not_printed(
    app: Flask, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    record(app, parse(["GET /fails -> 500"]))
    logging.shutdown()
    assert (caplog.records, capfd.readouterr().err) == ([], "")


def test_the_logger_is_left_as_it_was(app: Flask) -> None:
    handlers = app.logger.handlers
    record(app, parse(["GET /fails -> 500"]))
    with pytest.raises(ExchangeError):
        record(app, parse(["GET /fails -> 200"]))
    assert (app.logger.handlers, app.logger.propagate) == (handlers, True)


def test_what_a_library_logs_is_not_printed(caplog: pytest.LogCaptureFixture) -> None:
    app = Flask("logging")

    @app.get("/")
    def index() -> str:
        logging.getLogger("some.library").warning("said")
        return ""

    record(app, parse(["GET / -> 200"]))
    assert caplog.records == []
    app.test_client().get("/")
    assert caplog.messages == ["said"]


# Claiming.


@proves(
    "about/house",
    "exchange/recording.py sends the requests through the test client, with a clock that "
    "stands still, and compares each status with the claim of the page.",
)
@proves("about/testing", "Another status stops the build, with page and line.")
@proves(
    "index",
    "Each HTTP exchange was recorded while this site was built, and if Flask responds "
    "with another status, the build stops.",
)
@pytest.mark.parametrize(
    ("claim", "message"),
    [
        (
            "GET /echo -> 404",
            "GET /echo answers 200 OK, the page claims 404; mend the page or the snippet",
        ),
        (
            "GET /nowhere?a=1 -> 200",
            "GET /nowhere?a=1 answers 404 NOT FOUND, the page claims 200: no rule of the snippet "
            "matches this URL; there is /count, /echo, /fails, /image, /missing, /now, "
            "/static/<path:filename>, /warns",
        ),
        (
            "GET /missing -> 200",
            "GET /missing answers 404 NOT FOUND, the page claims 200; mend the page or the snippet",
        ),
        (
            "POST /now -> 200",
            "POST /now answers 405 METHOD NOT ALLOWED, the page claims 200; mend the page or the "
            "snippet",
        ),
        (
            "GET /fails -> 200",
            "GET /fails answers 500 INTERNAL SERVER ERROR, the page claims 200: KeyError: 'shop'",
        ),
        (
            "GET /warns -> 200",
            "GET /warns answers 500 INTERNAL SERVER ERROR, the page claims 200: "
            "DeprecationWarning: old",
        ),
    ],
)
def test_another_status_is_named_with_its_reason(app: Flask, claim: str, message: str) -> None:
    with pytest.raises(ExchangeError) as caught:
        record(app, parse(["GET /count -> 200", claim]))
    assert (caught.value.line, str(caught.value)) == (1, message)


def test_an_application_that_raises_is_named(app: Flask) -> None:
    app.testing = True
    with pytest.raises(ExchangeError) as caught:
        record(app, parse(["GET /fails -> 200"]))
    assert str(caught.value) == "GET /fails raises KeyError: 'shop'"


# The same request through curl; that these lines work is tested with a server in test_curl.


@pytest.mark.parametrize(
    ("lines", "arguments"),
    [
        (["GET /x -> 200"], ["-i", "/x"]),
        (["HEAD /x -> 200"], ["-I", "/x"]),
        (["DELETE /x -> 204"], ["-i", "-X", "DELETE", "/x"]),
        (["POST /x -> 200"], ["-i", "-X", "POST", "/x"]),
        (["GET /x -> 200", "  Accept: a/b"], ["-i", "-H", "Accept: a/b", "/x"]),
        (["GET /x -> 200", "  Accept:"], ["-i", "-H", "Accept;", "/x"]),
        (
            ["POST /x -> 200", "  form: name=阿 达&tag="],
            ["-i", "--data-urlencode", "name=阿 达", "--data-urlencode", "tag=", "/x"],
        ),
        (["POST /x -> 200", "  form:"], ["-i", "--data-raw", "", "/x"]),
        (
            ["PUT /x -> 200", '  json: {"it\'s": 1}'],
            [
                *("-i", "-X", "PUT", "-H", "Content-Type: application/json"),
                *("--data-raw", '{"it\'s": 1}', "/x"),
            ],
        ),
        (
            ["POST /x -> 200", "  Content-Type: text/csv", "  body: a,b"],
            ["-i", "-H", "Content-Type: text/csv", "--data-raw", "a,b", "/x"],
        ),
        # curl would say that it is a form.
        (
            ["POST /x -> 200", "  body: a,b"],
            ["-i", "-H", "Content-Type:", "--data-raw", "a,b", "/x"],
        ),
        (["GET /a/../b -> 200"], ["-i", "--path-as-is", "/a/../b"]),
        (["GET /x?a[]=1 -> 200"], ["-i", "-g", "/x?a[]=1"]),
        (["GET /x?a=1&b=2 -> 200"], ["-i", "/x?a=1&b=2"]),
    ],
)
def test_a_request_is_written_for_curl(lines: list[str], arguments: list[str]) -> None:
    (sent,) = parse(lines)
    line = shlex.split(sent.curl(DEFAULT_HOST, cookies=False))
    *options, address = line
    assert options == ["curl", *arguments[:-1]]
    assert address == f"http://127.0.0.1:5000{arguments[-1]}"


def test_curl_is_told_of_another_host_and_of_cookies() -> None:
    (sent,) = parse(["GET /x -> 200"])
    assert shlex.split(sent.curl("admin.example.com:5000", cookies=True)) == [
        *["curl", "-i", "-b", "cookies.txt", "-c", "cookies.txt"],
        *["-H", "Host: admin.example.com:5000", "http://127.0.0.1:5000/x"],
    ]


def test_an_answer_has_a_media_type_without_parameters() -> None:
    (sent,) = parse(["GET /x -> 200"])
    answer = Answer(sent, "200 OK", Response("x", mimetype="text/html").headers, b"x", "")
    assert answer.media_type == "text/html"
