"""The smallest application, and what is in the cookie: docs/guide/sessions.md."""

from __future__ import annotations

import json

import time_machine
from flask import session
from flask.sessions import SecureCookieSessionInterface

from proven.claims.proofs import proves
from snippets.signed_sessions import peek, smallest
from tests.guide.sessions.common import START, content, cookie, new_app, put, visit, with_cookie


@proves(
    "guide/sessions",
    "The login view stores a name in the session, and Flask sends the session to the "
    "browser as a cookie.",
    "The browser sends the cookie back with every request.",
    "The logout view empties the session, and Flask deletes the cookie.",
)
def test_a_login_is_remembered_until_the_logout() -> None:
    client = smallest.app.test_client()
    assert client.get("/").text == "Hello stranger"
    assert client.post("/login", data={"name": "阿达"}, follow_redirects=True).text == "Hello 阿达"
    assert client.get("/").text == "Hello 阿达"
    ended = client.post("/logout")
    assert ended.headers["Set-Cookie"].startswith("session=; Expires=Thu, 01 Jan 1970")
    assert client.get("/").text == "Hello stranger"


@proves("guide/sessions", "The response to a request that changes nothing sets no cookie.")
def test_a_request_that_changes_nothing_sets_no_cookie() -> None:
    client = smallest.app.test_client()
    assert "Set-Cookie" not in client.get("/").headers
    client.post("/login", data={"name": "ada"})
    assert "Set-Cookie" not in client.get("/").headers


@proves(
    "guide/sessions",
    "Flask's own session keeps nothing on the server.",
    "The whole session is in the cookie, and whoever has the cookie can read it.",
    "The cookie consists of three parts, separated by dots: the data as JSON in Base64, "
    "the time of signing, and the signature.",
    'In the data, {" t": …} stands for a tuple.',
    "The signature is an HMAC-SHA1 of the other two parts, computed with SECRET_KEY.",
    "“The built-in session is stored in an encrypted cookie.” The cookie is signed, not "
    "encrypted, and whoever has it can read it: Signed, not encrypted.",
)
@proves(
    "guide/session-cookie",
    "reading the content of the session | storing nothing secret in it; a server-side "
    "session | the signature",
)
def test_anybody_can_read_the_cookie_without_the_key() -> None:
    client = peek.app.test_client()
    with time_machine.travel(START, tick=False):
        client.post("/login")
    read = peek.peek(cookie(client))
    assert client.get("/peek").text == "\n".join(f"{k}: {v}" for k, v in read.items())
    assert json.loads(read["data"]) == {"user": "ada", "roles": {" t": ["editor", "admin"]}}
    assert read["signed at"] == "2026-01-01T00:00:00+00:00"
    assert cookie(client).endswith(read["signature"])
    # 20 bytes of SHA-1
    assert len(read["signature"]) == 27
    interface = SecureCookieSessionInterface()
    assert interface.digest_method().name == "sha1"
    assert interface.key_derivation == "hmac"


@proves("guide/sessions", "A dot at the start means that the data is compressed.")
def test_a_large_cookie_is_compressed_and_begins_with_a_dot() -> None:
    client = new_app().test_client()
    visit(client, put(text="flask " * 100))
    assert cookie(client).startswith(".")
    assert len(cookie(client)) < 200
    assert json.loads(peek.peek(cookie(client))["data"]) == {"text": "flask " * 100}


@proves(
    "guide/sessions",
    "Nobody can change the cookie without the key.",
    "If the signature is wrong or too old, it returns an empty session.",
    "app.secret_key = 'asdasda'. Whoever guesses such a key can forge any session.",
)
@proves(
    "guide/session-interface",
    "Flask's own session has neither a random string nor a database: it reads its data "
    "from the cookie and writes it into the cookie.",
)
@proves(
    "guide/session-cookie",
    "changing the content of the session | the signature, as long as the key is secret |",
)
def test_nobody_can_change_the_cookie_without_the_key() -> None:
    app = new_app()
    client = app.test_client()
    visit(client, put(user="ada"))
    value = cookie(client)
    assert content(with_cookie(app, value)) == {"user": "ada"}
    forged = value.translate(str.maketrans({value[10]: "x"}))
    others = new_app()
    others.secret_key = "other"
    other = others.test_client()
    visit(other, put(user="ada"))
    for bad in (forged, value[:-5], "", "x.y.z", cookie(other)):
        assert content(with_cookie(app, bad)) == {}


@proves(
    "guide/sessions",
    "If one character of the data is changed, or the cookie was signed with another key, "
    "Flask starts an empty session and raises no error:",
)
def test_any_other_character_of_the_data_is_refused() -> None:
    app = new_app()
    client = app.test_client()
    visit(client, put(user="ada"))
    value = cookie(client)
    signed = value.rindex(".")
    assert value.count(".") == 2
    for place in range(signed):
        other = "B" if value[place] == "A" else "A"
        assert content(with_cookie(app, value[:place] + other + value[place + 1 :])) == {}


def test_a_cookie_that_was_changed_is_ignored_and_not_deleted() -> None:
    client = with_cookie(new_app(), "forged")
    assert "Set-Cookie" not in visit(client, lambda: str(session)).headers


def test_the_cookie_depends_on_key_salt_and_nothing_else() -> None:
    values = []
    for key in ("one", "one", "two"):
        app = new_app()
        app.secret_key = key
        client = app.test_client()
        with time_machine.travel(START, tick=False):
            visit(client, put(user="ada"))
        values.append(cookie(client))
    assert values[0] == values[1] != values[2]
