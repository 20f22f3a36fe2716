"""A login with the account of another service, which runs on this machine: docs/guide/login.md."""

from __future__ import annotations

import time
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask.testing import FlaskClient

from proven.claims.proofs import proves
from snippets.login import oauth
from tests.guide.login import provider
from tests.guide.login.common import on_the_page, table
from tests.guide.login.provider import Service
from tests.servers import served


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def issuer(service: Service) -> Iterator[str]:
    with served(provider.create_app(service)) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def client(issuer: str) -> FlaskClient:
    metadata = f"{issuer}/.well-known/openid-configuration"
    return oauth.create_app(EXAMPLE_SERVER_METADATA_URL=metadata).test_client()


def come_back(client: FlaskClient) -> str:
    """Begin a login, let the service answer, and return the address to which it sends the browser back."""
    there = client.get("/login").headers["Location"]
    back: str = requests.get(there, allow_redirects=False, timeout=60).headers["Location"]
    return back


def refusal(client: FlaskClient, address: str, caplog: pytest.LogCaptureFixture) -> str:
    """Go to the callback, which must refuse, and return the class and the text of the error."""
    caplog.clear()
    answer = client.get(address)
    assert answer.status_code == 400
    assert client.get("/account").status_code == 401
    [record] = [each for each in caplog.records if "login refused" in each.message]
    [error] = record.args if isinstance(record.args, tuple) else []
    return f"{type(error).__name__}: {error}"


@proves(
    "guide/login",
    "With OpenID Connect, all addresses of the service come from one:",
    "/login redirects to the service, with three random values: state, nonce and the hash of a code verifier.",
    "The session keeps them.",
    "The user logs in there, and the service redirects to /login/callback with a code.",
    "authorize_access_token compares state, exchanges the code for a token in a request of its own, "
    "and checks the signature of the id_token in it.",
    "userinfo has what the service says.",
    "The user is the pair of iss and sub.",
)
def test_a_login(client: FlaskClient, service: Service, issuer: str) -> None:
    back = come_back(client)
    [asked] = service.asked
    with client.session_transaction() as session:
        [(name, kept)] = session.items()
    assert asked["state"] in name
    assert asked["nonce"] == kept["data"]["nonce"]
    assert asked["code_challenge_method"] == "S256"
    assert kept["data"]["code_verifier"] not in asked.values()
    assert urlsplit(back).path == "/login/callback"
    assert set(parse_qs(urlsplit(back).query)) == {"state", "code"}
    assert client.get("/account").status_code == 401
    assert client.get(back).headers["Location"] == "/account"
    assert client.get("/account").json == [issuer, "4711"]
    [exchanged] = service.exchanged
    assert exchanged["code_verifier"] == kept["data"]["code_verifier"]
    come_back(client)
    for random in ("state", "nonce", "code_challenge"):
        assert service.asked[0][random] != service.asked[1][random]
        assert len(service.asked[0][random]) >= 20


@proves(
    "guide/login",
    "The tests start a service on this machine and let it lie:",
    "another state, or one from another browser | MismatchingStateError",
    "a code that was used | OAuthError: invalid_grant",
    "error=access_denied, because the user said no | OAuthError: access_denied",
    "an id_token with another signature | BadSignatureError",
    "an id_token for another application | MissingClaimError",
    "an id_token of an older login (nonce) | InvalidClaimError",
    "an id_token that has expired | ExpiredTokenError",
    "The browser did not send the session with which the login began.",
)
def test_what_is_refused(
    client: FlaskClient, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    found = []
    back = come_back(client)
    browser = client.application.test_client()
    text = "mismatching_state: CSRF Warning! State not equal in request and response."
    for client_of, address in ((client, back.replace("state=", "state=x")), (browser, back)):
        assert refusal(client_of, address, caplog) == f"MismatchingStateError: {on_the_page(text)}"
    found.append("MismatchingStateError")
    back = come_back(client)
    service.codes.clear()
    found.append(refusal(client, back, caplog).rstrip(": "))
    service.says_no = True
    found.append(refusal(client, come_back(client), caplog).rstrip(": "))
    service.says_no, service.key = False, provider.OTHER
    found.append(refusal(client, come_back(client), caplog).partition(":")[0])
    service.key = provider.KEY
    for lie in ({"aud": "another"}, {"nonce": "of yesterday"}, {"exp": int(time.time()) - 600}):
        service.lies = lie
        found.append(refusal(client, come_back(client), caplog).partition(":")[0])
    assert found == [cell.strip("`") for _, cell in table("login-oauth")]
    service.lies = {}
    assert client.get(come_back(client)).status_code == 303


@proves("guide/login", "Register the exact address of the callback at the service.")
def test_the_address_of_the_callback(client: FlaskClient, service: Service) -> None:
    come_back(client)
    assert service.asked[0]["redirect_uri"] == "http://localhost/login/callback"


@proves(
    "guide/login",
    "It began at localhost and came back to 127.0.0.1, or SESSION_COOKIE_SAMESITE is Strict, or the "
    "callback was loaded a second time.",
)
def test_the_session_is_not_there(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    back = come_back(client)
    elsewhere = back.replace("localhost", "127.0.0.1")
    caplog.clear()
    assert client.get(elsewhere, base_url="http://127.0.0.1").status_code == 400
    assert "mismatching_state" in caplog.text
    assert client.get(back).status_code == 303
    caplog.clear()
    assert client.get(back).status_code == 400
    assert "mismatching_state" in caplog.text
