"""Templates, guards, hosts and error pages: docs/guide/application-languages.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import werkzeug.exceptions
from flask import Blueprint, Flask, request, url_for

from proven.claims.proofs import proves
from snippets.application import errors
from snippets.application.users import require_login
from tests.guide.application.common import PACKAGE, Visitor

TEMPLATES = {
    file.name: file.read_text(encoding="utf-8") for file in (PACKAGE / "templates").glob("*.html")
}


PART = b'--b\r\nContent-Disposition: form-data; name="title"\r\n\r\n%s\r\n--b--\r\n'


def parent(name: str) -> str:
    """Return the template that a template extends, itself if it extends none."""
    found = re.search(r'{% extends "([^"]+)" %}', TEMPLATES[name])
    return found[1] if found else name


@proves(
    "guide/application-languages",
    "bare.html is the base template.",
    "layout.html extends it and adds what needs the session: the navigation and the "
    "flashed messages.",
    "The pages extend the layout.",
    "Those that consist of one form extend it through narrow.html.",
    "The error page extends bare.html, because it must not use the session.",
    "fields.html contains three macros:",
)
def test_which_template_extends_which() -> None:
    assert parent("bare.html") == "bare.html"
    assert parent("layout.html") == parent("error.html") == "bare.html"
    assert parent("narrow.html") == "layout.html"
    skeletons = {"bare.html", "layout.html", "narrow.html", "error.html", "fields.html"}
    pages = TEMPLATES.keys() - skeletons
    assert {parent(name) for name in pages} == {"layout.html", "narrow.html"}
    assert len(re.findall("{% macro ", TEMPLATES["fields.html"])) == 3
    assert "get_flashed_messages" in TEMPLATES["layout.html"]
    assert "get_flashed_messages" not in TEMPLATES["bare.html"] + TEMPLATES["error.html"]


@proves(
    "guide/application",
    "The two jinja_options remove the empty lines that template tags would leave in the HTML.",
)
def test_the_options_of_jinja_leave_no_empty_lines(app: Flask) -> None:
    page = Visitor(app).get("/login").text
    assert app.jinja_options == {"trim_blocks": True, "lstrip_blocks": True}
    options = {**app.jinja_options, "trim_blocks": False, "lstrip_blocks": False}
    app.jinja_env.trim_blocks = options["trim_blocks"]
    app.jinja_env.lstrip_blocks = options["lstrip_blocks"]
    app.jinja_env.cache.clear()  # type: ignore[union-attr]
    without = Visitor(app).get("/login").text

    def empty(text: str) -> int:
        return len([line for line in text.splitlines() if not line.strip()])

    assert empty(page) < empty(without)


@proves(
    "guide/application-notes",
    "bp.before_request(require_login) protects every view of the blueprint, including "
    "views that you add later.",
)
def test_a_guard_of_a_blueprint_holds_for_a_view_that_is_added_later(app: Flask) -> None:
    bp = Blueprint("later", __name__)
    bp.before_request(require_login)
    bp.add_url_rule("/later", "later", lambda: "inside")
    app.register_blueprint(bp)
    answer = Visitor(app).get("/later")
    assert (answer.status_code, answer.location) == (303, "/login?next=/later")


@proves(
    "guide/application-accounts",
    "Werkzeug decodes a form as UTF-8 and does not refuse bytes that it cannot decode.",
    "A form in GBK would be stored as %D6%D0 or as ��.",
)
def test_werkzeug_takes_a_form_in_another_encoding() -> None:
    """And would hand on what cannot be decoded, in one way or the other."""
    stored = []
    for kind, body in (
        ("application/x-www-form-urlencoded", b"title=%D6%D0"),
        ("multipart/form-data; boundary=b", PART % b"\xd6\xd0"),
    ):
        with Flask("plain").test_request_context(method="POST", data=body, content_type=kind):
            stored.append(request.form["title"])
    assert stored == ["%D6%D0", "\ufffd\ufffd"]


@proves(
    "guide/application-accounts",
    "If the Host header is not in TRUSTED_HOSTS, Flask matches no rule, and url_for() "
    "fails for the rest of the request, see the pitfall.",
    "Flask still runs the hooks, so this hook raises the error, and the application "
    "responds with 400 and one line of text.",
)
def test_another_host_has_no_urls_and_the_hook_raises_what_the_routing_found(app: Flask) -> None:
    found: list[object] = []

    def look() -> None:
        found.append(request.url_rule)
        with pytest.raises(AttributeError):
            url_for("logins.login")

    app.before_request_funcs[None].insert(0, look)
    answer = Visitor(app).client.get("/login", headers={"Host": "elsewhere.example"})
    assert found == [None]
    assert (answer.status_code, answer.mimetype) == (400, "text/plain")
    assert len(answer.text.splitlines()) == 1


@proves(
    "guide/application-notes",
    "One handler for HTTPException creates all error pages, including the one for 500.",
)
def test_one_handler_makes_every_error_page(app: Flask) -> None:
    handlers = app.error_handler_spec[None]
    assert handlers[None][werkzeug.exceptions.HTTPException] is errors.show
    assert [code for code in handlers if code is not None] == []


@proves(
    "guide/application-languages",
    "The application compiles translations/zh.po in memory when it starts, so there is no "
    "compiled file that could be out of date.",
)
def test_the_translations_are_compiled_without_a_file(app: Flask) -> None:
    kept = {path.name for path in Path(PACKAGE, "translations").iterdir()}
    assert "zh.po" in kept
    assert not [name for name in kept if name.endswith(".mo")]
    assert "登录" in Visitor(app, "zh").get("/login").text
