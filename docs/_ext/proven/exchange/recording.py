"""Reads the requests of an exchange block, sends them through the test client, keeps the answers.

A block is one request a line, with the status it claims; indented lines belong to the request above::

    GET /reports -> 308
    POST /login -> 302
      form: name=阿达&remember=yes
    PUT /api/notes/1 -> 200
      json: {"text": "早"}
      Accept-Language: zh
    POST /raw -> 400
      Content-Type: application/json
      body: {broken
    POST /albums -> 201
      form: title=猫
      file: photo=头像.png image/png the content

``form:``, ``json:`` and ``body:`` give the request's body. Each ``file:`` (field, file name, media type, content)
adds a file to the form and makes it ``multipart/form-data``. Anything else is a header. This module knows nothing
of Sphinx; the directive is in :mod:`proven.exchange.directive`.
"""

from __future__ import annotations

import datetime
import io
import json
import logging
import re
import shlex
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import parse_qsl

import time_machine
from flask import Flask
from flask import request as flask_request
from werkzeug.datastructures import FileStorage, Headers
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse, encode_multipart

from proven.snippets.files import SnippetError
from proven.snippets.loading import limits

REQUEST = re.compile(r"(?P<method>[A-Z]+) (?P<target>/\S*) -> (?P<status>[1-5]\d\d)")
# `body` is shown and sent as it stands, so that broken JSON can be shown too.
BODIES = ("form", "json", "body")
FILE = re.compile(r"(?P<field>[^\s=]+)=(?P<name>\S*) (?P<media_type>\S+/\S+)(?: (?P<content>.*))?")
# What a body of each kind is sent as; `body` says it in a header of its own.
CONTENT_TYPES = {"form": "application/x-www-form-urlencoded", "json": "application/json"}
BOUNDARY = "boundary"
# Recorded answers must not differ between two builds, so the clock stands still.
CLOCK = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
DEFAULT_HOST = "127.0.0.1:5000"
# Bytes of the longest answer; what is shown of the longest page today is 2,047.
LONGEST = 100_000


class ExchangeError(Exception):
    """A block cannot be read, or an answer is not the one it claims.

    Attributes:
        line: The line within the block, counted from 0.
    """

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass
class File:
    """One file of a form."""

    field: str
    name: str
    media_type: str
    content: str

    def curl(self) -> str:
        """Return the argument of ``-F``; the content stands in it, so that no file has to exist."""
        content, name = (re.sub(r'(["\\])', r"\\\1", text) for text in (self.content, self.name))
        return f'{self.field}="{content}";filename="{name}";type={self.media_type}'


@dataclass
class Request:
    """One request as the page writes it."""

    line: int
    method: str
    target: str
    claim: int
    headers: list[tuple[str, str]] = field(default_factory=list)
    body_kind: str = ""
    body: str = ""
    files: list[File] = field(default_factory=list)

    @property
    def content_type(self) -> str:
        """The content type that follows from the kind of the body."""
        if self.files:
            return f"multipart/form-data; boundary={BOUNDARY}"
        return CONTENT_TYPES.get(self.body_kind, "")

    def form(self) -> list[tuple[str, str]]:
        """Return the fields of a form body, in order, with repeated names kept."""
        return parse_qsl(self.body, keep_blank_values=True)

    def multipart(self) -> bytes:
        """Return the body of a form with files, as a browser sends it."""
        fields: dict[str, list[str | FileStorage]] = {}
        for name, value in self.form():
            fields.setdefault(name, []).append(value)
        for file in self.files:
            content = io.BytesIO(file.content.encode())
            fields.setdefault(file.field, []).append(
                FileStorage(content, file.name, content_type=file.media_type)
            )
        return encode_multipart(fields, BOUNDARY)[1]

    def curl(self, host: str, *, cookies: bool) -> str:
        """Return the shell command that sends this request to a server on :data:`DEFAULT_HOST`.

        Args:
            host: The host that the request is for; another one than the server's goes into a header.
            cookies: Whether to keep a cookie jar, for a block whose requests build on each other.
        """
        words = ["curl", "-i"]
        if self.method == "HEAD":
            words = ["curl", "-I"]
        elif self.method != ("POST" if self.body_kind else "GET"):
            words += ["-X", self.method]
        if cookies:
            words += ["-b", "cookies.txt", "-c", "cookies.txt"]
        if host != DEFAULT_HOST:
            words += ["-H", f"Host: {host}"]
        headers = list(self.headers)
        if self.body_kind == "json":
            headers.append(("Content-Type", self.content_type))
        elif self.body_kind == "body" and "content-type" not in {n.lower() for n, _ in headers}:
            # Without a value it takes out the header that curl would add: it says that any body is a form.
            words += ["-H", "Content-Type:"]
        for name, value in headers:
            # For curl a header that ends in a semicolon is an empty one.
            words += ["-H", f"{name}: {value}" if value else f"{name};"]
        if self.files:
            for name, value in self.form():
                words += ["--form-string", f"{name}={value}"]
            for file in self.files:
                words += ["-F", file.curl()]
        elif self.body_kind == "form":
            for name, value in self.form():
                words += ["--data-urlencode", f"{name}={value}"]
            if not self.form():
                words += ["--data-raw", ""]
        elif self.body_kind:
            words += ["--data-raw", self.body]
        # curl would resolve `/a/../b` and read `[` as a range; the page's target goes out as it stands.
        if re.search(r"/\.\.?(/|$)", self.target):
            words.append("--path-as-is")
        if re.search(r"[\[\]{}]", self.target):
            words.append("-g")
        return shlex.join([*words, f"http://{DEFAULT_HOST}{self.target}"])


@dataclass
class Answer:
    """What the application answered to one request."""

    request: Request
    status: str
    headers: Headers
    body: bytes
    sent_cookie: str

    @property
    def media_type(self) -> str:
        """The media type without its parameters, such as ``text/html``."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip()

    def text(self) -> str:
        """Return the body as text, or its size where it is not text."""
        try:
            return self.body.decode()
        except UnicodeDecodeError:
            return f"({len(self.body)} bytes)"


def parse(lines: list[str]) -> list[Request]:
    """Read the requests of a block.

    Raises:
        ExchangeError: if a line is neither a request nor part of one; it says what is expected.
    """
    requests: list[Request] = []
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        if not line[0].isspace():
            found = REQUEST.fullmatch(line.strip())
            if not found:
                raise ExchangeError(
                    number, f"{line.strip()!r} is no request: write 'METHOD /path -> status'"
                )
            requests.append(Request(number, found["method"], found["target"], int(found["status"])))
            continue
        name, colon, value = line.strip().partition(":")
        name, value = name.strip(), value.strip()
        if not requests or not colon or not name:
            raise ExchangeError(
                number, f"{line.strip()!r} belongs to no request: write 'Name: value' below one"
            )
        if name in BODIES:
            _set_body(requests[-1], number, name, value)
        elif name == "file":
            _add_file(requests[-1], number, value)
        else:
            requests[-1].headers.append((name, value))
    if not requests:
        raise ExchangeError(0, "the block has no request: write 'METHOD /path -> status'")
    return requests


def _set_body(request: Request, number: int, kind: str, value: str) -> None:
    if request.body_kind:
        raise ExchangeError(number, f"the request has a body already ({request.body_kind}:)")
    if kind == "json":
        try:
            json.loads(value)
        except ValueError as error:
            raise ExchangeError(
                number, f"json: is not JSON ({error}); broken JSON goes into 'body:'"
            ) from error
    request.body_kind, request.body = kind, value


def _add_file(request: Request, number: int, value: str) -> None:
    found = FILE.fullmatch(value)
    if not found:
        raise ExchangeError(
            number, f"{value!r} is no file: write 'file: field=name type/subtype content'"
        )
    if request.body_kind not in ("", "form"):
        raise ExchangeError(number, f"a file goes with form:, not with {request.body_kind}:")
    request.body_kind = "form"
    request.files.append(File(**found.groupdict(default="")))


def record(app: Flask, requests: list[Request], host: str = DEFAULT_HOST) -> list[Answer]:
    """Send the requests in order, with one cookie jar, and return the answers.

    Raises:
        ExchangeError: if an answer's status is not the claimed one, if it is longer than :data:`LONGEST`, or if the
            application raises.
        SnippetError: as :func:`proven.snippets.loading.limits` does.
    """
    client = app.test_client()
    file = Path(getattr(sys.modules.get(app.import_name), "__file__", None) or app.root_path)
    answers = []
    with (
        time_machine.travel(CLOCK, tick=False),
        warnings.catch_warnings(),
        _log_of(app) as handler,
    ):
        warnings.simplefilter("error")
        for request in requests:
            handler.setStream(log := io.StringIO())
            head = f"{request.method} {request.target}"
            try:
                with limits(head, file):
                    response = client.open(
                        request.target,
                        method=request.method,
                        base_url=f"http://{host}/",
                        headers=Headers(request.headers),
                        errors_stream=log,
                        **_body_arguments(request),
                    )
                    body = _body(response)
                    response.close()
            except SnippetError:
                raise
            except (Exception, SystemExit) as error:
                text = " ".join(str(error).split())
                raise ExchangeError(
                    request.line, f"{head} raises {type(error).__name__}: {text}"
                ) from error
            if response.status_code != request.claim:
                raise ExchangeError(
                    request.line,
                    f"{head} answers {response.status}, the page claims "
                    f"{request.claim}{_reason(app, request, response.status_code, host, log)}",
                )
            if len(body) > LONGEST:
                raise ExchangeError(
                    request.line,
                    f"{head} answers with more than {LONGEST:,} bytes; let the snippet answer less",
                )
            cookie = response.request.headers.get("Cookie", "")
            answers.append(Answer(request, response.status, response.headers, body, cookie))
    return answers


def _body(response: TestResponse) -> bytes:
    """Return the body, or more than :data:`LONGEST` bytes of one that is longer or never ends."""
    body = bytearray()
    for part in response.iter_encoded():
        body += part
        if len(body) > LONGEST:
            break
    return bytes(body)


@contextmanager
def _log_of(app: Flask) -> Iterator[logging.StreamHandler[TextIO]]:
    """Keep what the application logs, such as a traceback with a 500, out of the build's output.

    Its libraries log through the root, which has a handler as soon as another library of the build gave it one.
    Loggers are shared by all that runs in the build, so these are left as they were.
    """
    handler: logging.StreamHandler[TextIO] = logging.StreamHandler()
    before = [(logger, logger.handlers, logger.propagate) for logger in (app.logger, logging.root)]
    app.logger.handlers, app.logger.propagate = [handler], False
    logging.root.handlers = [logging.NullHandler()]
    try:
        yield handler
    finally:
        for logger, handlers, propagate in before:
            logger.handlers, logger.propagate = handlers, propagate


def _body_arguments(request: Request) -> dict[str, Any]:
    match request.body_kind:
        case "form" if request.files:
            return {"data": request.multipart(), "content_type": request.content_type}
        case "form":
            fields: dict[str, list[str]] = {}
            for name, value in request.form():
                fields.setdefault(name, []).append(value)
            return {"data": fields}
        case "json":
            return {"data": request.body.encode(), "content_type": request.content_type}
        case "body":
            return {"data": request.body.encode()}
        case _:
            return {}


def _reason(app: Flask, request: Request, status: int, host: str, log: io.StringIO) -> str:
    """Say why the status is another one, where that can be known."""
    if status == 404 and not _has_rule(app, request, host):
        rules = sorted({rule.rule for rule in app.url_map.iter_rules()})
        return f": no rule of the snippet matches this URL; there is {', '.join(rules)}"
    last = log.getvalue().strip().splitlines()[-1:]
    return f": {last[0]}" if status == 500 and last else "; mend the page or the snippet"


def _has_rule(app: Flask, request: Request, host: str) -> bool:
    path = request.target.partition("?")[0]
    with app.test_request_context(path, method=request.method, base_url=f"http://{host}/"):
        error = flask_request.routing_exception
        return not (isinstance(error, HTTPException) and error.code == 404)
