"""Keys that came later: docs/guide/old-configuration-keys.md."""

from __future__ import annotations

import io
import os

import pytest
from flask import Flask, request, session

from proven.claims.proofs import proves
from snippets.configuration import key_rotation, session_cookie, size_limits
from tests.guide.configuration.common import on_page


@proves("reference/configuration", "Flask then also sets Secure.")
@proves(
    "guide/old-configuration-keys",
    "SESSION_COOKIE_PARTITIONED (…) adds the attributes Partitioned and Secure.",
)
def test_the_cookie_for_an_embedded_page() -> None:
    cookie = session_cookie.app.test_client().post("/login").headers["Set-Cookie"]
    assert cookie.split("; ")[1:] == [
        "Secure",
        "HttpOnly",
        "Path=/",
        "SameSite=None",
        "Partitioned",
    ]


@proves(
    "reference/configuration",
    "With None, without quotes, Flask does not send the attribute, and the browser uses "
    "its own default.",
)
@proves(
    "guide/old-configuration-keys",
    'SESSION_COOKIE_SAMESITE (…) is "Lax", "Strict" or "None".',
    "By default Flask does not send the attribute, and the browser uses its own default.",
)
def test_samesite_takes_three_values_and_is_left_out_as_it_comes() -> None:
    app = key_rotation.create_app()
    app.testing = True
    client = app.test_client()
    assert "SameSite" not in client.post("/login").headers["Set-Cookie"]
    for value in ("Lax", "Strict", "None"):
        app.config["SESSION_COOKIE_SAMESITE"] = value
        assert client.post("/login").headers["Set-Cookie"].endswith(f"; SameSite={value}")
    app.config["SESSION_COOKIE_SAMESITE"] = "Loose"
    with pytest.raises(ValueError, match=r"^SameSite must be 'Strict', 'Lax', or 'None'\.$"):
        client.post("/login")


MULTIPART = "multipart/form-data"


def form_app() -> Flask:
    app = Flask("forms")

    @app.post("/")
    def count() -> str:
        return f"{len(request.form) + len(request.files)}"

    @app.post("/generous")
    def generous() -> str:
        request.max_form_memory_size = 600_000
        request.max_form_parts = 2_000
        return count()

    return app


@proves(
    "guide/old-configuration-keys",
    "By default a field that is not a file may have 500,000 bytes, and a form may have "
    "1,000 parts.",
)
def test_the_limits_for_forms_as_they_come() -> None:
    assert Flask.default_config["MAX_FORM_MEMORY_SIZE"] == 500_000
    assert Flask.default_config["MAX_FORM_PARTS"] == 1_000
    assert Flask.default_config["MAX_CONTENT_LENGTH"] is None
    for figure in ("500,000 bytes", "1,000 parts"):
        assert on_page(figure)


@proves(
    "reference/configuration",
    "The largest size in bytes of a field, other than a file, in a form sent as "
    "multipart/form-data.",
    "Flask responds with 413 to a larger one.",
)
@proves(
    "guide/old-configuration-keys",
    "MAX_FORM_MEMORY_SIZE (…) and MAX_FORM_PARTS (…) limit multipart/form-data.",
    "The form is sent as multipart/form-data, and one text field is larger than "
    "MAX_FORM_MEMORY_SIZE or the form has more than MAX_FORM_PARTS fields.",
)
@pytest.mark.parametrize(
    ("data", "multipart", "status"),
    [
        ({"text": "x" * 499_000}, True, 200),
        ({"text": "x" * 500_001}, True, 413),
        ({"text": "x" * 500_001}, False, 200),
        ({f"field{n}": "x" for n in range(1_000)}, True, 200),
        ({f"field{n}": "x" for n in range(1_001)}, True, 413),
        ({f"field{n}": "x" for n in range(1_001)}, False, 200),
    ],
)
def test_form_limits_apply_to_multipart_only(
    data: dict[str, str], multipart: bool, status: int
) -> None:
    kind = MULTIPART if multipart else "application/x-www-form-urlencoded"
    client = form_app().test_client()
    assert client.post("/", data=data, content_type=kind).status_code == status
    if status == 413:
        assert client.post("/generous", data=data, content_type=kind).status_code == 200


def test_a_file_may_be_larger_than_the_limit_for_fields() -> None:
    data = {"photo": (io.BytesIO(b"x" * 600_000), "photo.jpg")}
    response = form_app().test_client().post("/", data=data)
    # The test client keeps a large body in a file.
    response.request.input_stream.close()
    assert response.text == "1"


@proves(
    "guide/old-configuration-keys",
    "MAX_CONTENT_LENGTH limits every body; by default there is no limit.",
    "Flask responds with 413 to a request that exceeds one of them.",
)
def test_one_view_may_take_more_than_the_others() -> None:
    client = size_limits.app.test_client()
    body = "more than sixteen bytes"
    assert client.post("/note", data=body).status_code == 413
    assert client.post("/upload", data=body).text == "23 bytes"
    assert client.post("/upload", data="x" * 1025).status_code == 413
    assert client.post("/note", data="x" * 16).text == "16 bytes"


@proves(
    "guide/old-configuration-keys",
    "MAX_COOKIE_SIZE (…) is the size in bytes above which Flask warns that browsers may "
    "ignore a cookie.",
    "0 turns the warning off.",
)
def test_a_cookie_above_the_limit_is_a_warning_and_0_turns_it_off(app: Flask) -> None:
    @app.get("/")
    def large() -> str:
        session["text"] = os.urandom(4000).hex()
        return "written"

    app.secret_key = "dev"
    client = app.test_client()
    with pytest.warns(UserWarning, match=r"^The 'session' cookie is too large"):
        client.get("/")
    app.config["MAX_COOKIE_SIZE"] = 0
    assert client.get("/").text == "written"


@proves("reference/configuration", "Whether Flask adds OPTIONS to each rule and responds to it.")
@proves(
    "guide/old-configuration-keys",
    "With PROVIDE_AUTOMATIC_OPTIONS = False (…), Flask adds no OPTIONS method to your rules.",
    "It then responds with 405 to an OPTIONS request, unless a rule lists OPTIONS in its methods.",
)
def test_without_automatic_options_only_a_rule_that_lists_the_method_takes_it() -> None:
    app = Flask("shop", static_folder=None)
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.add_url_rule("/without", "without", lambda: "")
    app.add_url_rule("/with", "with", lambda: request.method, methods=["GET", "OPTIONS"])
    client = app.test_client()
    assert client.options("/without").status_code == 405
    assert client.options("/with").text == "OPTIONS"


@proves(
    "guide/old-configuration-keys",
    "You can set all three limits for one request, before the body is read:",
)
def test_all_three_limits_can_be_set_for_one_request(app: Flask) -> None:
    with app.test_request_context():
        for name in ("max_content_length", "max_form_memory_size", "max_form_parts"):
            setattr(request, name, 7)
            assert getattr(request, name) == 7
            assert app.config[name.upper()] == Flask.default_config[name.upper()]
