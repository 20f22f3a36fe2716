"""How it works inside: docs/guide/requests.md."""

from __future__ import annotations

import io
from typing import Any

from flask import Request, Response, make_response, request
from werkzeug.formparser import FormDataParser

from proven.claims.proofs import proves
from tests.guide.requests.common import app_of, send


@proves("guide/uploads", "It reads the stream to its end.")
@proves(
    "guide/requests",
    "At that time nothing of the body has been read.",
    "args, form, files, url and the others are computed when they are first read, and then stored.",
)
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


@proves(
    "guide/responses", "The result is an object of response_class, by default a flask.Response."
)
@proves(
    "guide/requests",
    "From it Flask creates an object of request_class, by default a flask.Request, to "
    "which the proxy flask.request refers.",
)
def test_request_and_response_classes_can_be_replaced() -> None:
    class OurRequest(Request):
        pass

    class OurResponse(Response):
        default_mimetype = "text/plain"

    app = app_of(lambda: type(request).__name__ + type(make_response()).__name__)
    with app.test_request_context():
        assert type(make_response()) is Response
    app.view_functions["index"] = lambda: (
        f"{isinstance(request, OurRequest)} {isinstance(make_response(), OurResponse)}"
    )
    app.request_class, app.response_class = OurRequest, OurResponse
    answer = send(app)
    assert (answer.text, answer.mimetype) == ("True True", "text/plain")


@proves(
    "guide/uploads",
    "werkzeug.formparser.FormDataParser parses the form when form or files is first read.",
)
def test_the_form_is_parsed_by_werkzeug() -> None:
    assert Request.form_data_parser_class is FormDataParser


@proves("guide/responses", "Functions of after_request() may still change it.")
def test_after_request_may_change_the_response() -> None:
    app = app_of(lambda: "x")

    @app.after_request
    def shout(response: Response) -> Response:
        response.data = response.data.upper()
        return response

    assert send(app).text == "X"


@proves(
    "guide/responses",
    "Then Flask calls the response as a WSGI application, and the response passes status, "
    "headers and an iterable to the server.",
)
def test_the_response_is_a_wsgi_application() -> None:
    started: list[Any] = []
    body = Response("x", 201)({"REQUEST_METHOD": "GET"}, lambda *given: started.append(given))
    assert b"".join(body) == b"x"
    assert started[0][0] == "201 CREATED"
