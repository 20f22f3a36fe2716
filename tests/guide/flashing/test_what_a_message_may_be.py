"""What a message may be: docs/guide/flashing.md."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

from flask import flash, get_flashed_messages
from markupsafe import Markup

from proven.claims.proofs import proves
from tests.guide.flashing.common import get, new_app


@proves(
    "guide/flashing",
    "A template escapes a text and outputs a Markup unchanged.",
    'Markup("<b>{}</b>").format(name) escapes the name.',
)
def test_text_is_escaped_and_markup_survives_the_cookie() -> None:
    app = new_app()

    @app.get("/")
    def index() -> str:
        flash("<b>")
        flash(Markup("<b>{}</b>").format("<i>"))
        return ""

    client = app.test_client()
    get(client, "/")
    assert get(client, "/show") == "[&lt;b&gt;][<b>&lt;i&gt;</b>]"


@proves(
    "guide/flashing",
    "The session stores messages as JSON, so a message can be a text, a number, a list, a "
    "dictionary or a markupsafe.Markup.",
)
def test_what_json_can_hold_is_a_message() -> None:
    app = new_app()
    sent: list[Any] = ["text", 1, [1, 2], {"a": "b"}]

    @app.get("/")
    def index() -> str:
        for value in sent:
            flash(value)
        return ""

    with app.test_client() as client:
        client.get("/")
        client.get("/show")
        assert get_flashed_messages() == sent


@proves(
    "guide/flashing",
    "The cookie is signed, not encrypted.",
    "The user cannot change a message, but can read it, so do not flash secrets.",
)
def test_the_user_can_read_a_message_and_cannot_change_it() -> None:
    app = new_app()
    client = app.test_client()
    get(client, "/flash/secret")
    cookie = client.get_cookie("session")
    assert cookie is not None
    payload = cookie.value.lstrip(".").split(".")[0]
    data = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    plain = zlib.decompress(data) if cookie.value.startswith(".") else data
    assert json.loads(plain) == {"_flashes": [{" t": ["message", "secret"]}]}
    forged = base64.urlsafe_b64encode(plain.replace(b"secret", b"forged")).decode().rstrip("=")
    client.set_cookie("session", forged + "." + cookie.value.lstrip(".").split(".", 1)[1])
    assert get(client, "/show") == ""
    client.set_cookie("session", cookie.value)
    assert get(client, "/show") == "[secret]"
