"""A service for OpenID Connect on this machine, which can be told to lie."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import Flask, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from joserfc import jwt
from joserfc.jwk import RSAKey
from markupsafe import escape

CLIENT, SECRET = "shop", "only for development"
KEY, OTHER = RSAKey.generate_key(2048, {"kid": "1"}), RSAKey.generate_key(2048, {"kid": "1"})


@dataclass
class Service:
    """What it has seen, and how it is to lie."""

    says_no: bool = False
    #: Whether it shows a page first, as a browser needs it.
    asks: bool = False
    #: What the ``id_token`` says instead of the truth.
    lies: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: KEY)
    #: The codes that were given out, with what was asked for.
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    exchanged: list[dict[str, str]] = field(default_factory=list)

    def id_token(self, asked: dict[str, str], issuer: str) -> str:
        now = int(time.time())
        claims = {"iss": issuer, "sub": "4711", "aud": CLIENT, "exp": now + 600, "iat": now}
        claims |= {"nonce": asked["nonce"], "email": "ada@example.com", **self.lies}
        return jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.key)


def create_app(service: Service) -> Flask:
    app = Flask("provider")

    @app.get("/.well-known/openid-configuration")
    def metadata() -> dict[str, Any]:
        here = request.host_url.rstrip("/")
        return {
            "issuer": here,
            "authorization_endpoint": f"{here}/authorize",
            "token_endpoint": f"{here}/token",
            "jwks_uri": f"{here}/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    @app.get("/keys")
    def keys() -> dict[str, Any]:
        return {"keys": [KEY.as_dict(private=False)]}

    @app.get("/authorize")
    def authorize() -> ResponseReturnValue:
        asked = request.args.to_dict()
        assert asked["client_id"] == CLIENT
        service.asked.append(asked)
        answer = {"state": asked["state"]}
        if service.says_no:
            answer["error"] = "access_denied"
        else:
            answer["code"] = secrets.token_urlsafe()
            service.codes[answer["code"]] = asked
        back = f"{asked['redirect_uri']}?{urlencode(answer)}"
        return f'<a href="{escape(back)}">I am Ada</a>' if service.asks else redirect(back)

    @app.post("/token")
    def token() -> ResponseReturnValue:
        sent, login = request.form.to_dict(), request.authorization
        service.exchanged.append(sent)
        asked = service.codes.pop(sent["code"], None)
        if login is None or (login.username, login.password) != (CLIENT, SECRET):
            return jsonify(error="invalid_client"), 401
        challenge = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        shown = base64.urlsafe_b64encode(challenge).rstrip(b"=").decode()
        known = asked and (asked["code_challenge"], asked["redirect_uri"])
        if not asked or known != (shown, sent["redirect_uri"]):
            return jsonify(error="invalid_grant"), 400
        return {
            "access_token": secrets.token_urlsafe(),
            "token_type": "Bearer",
            "id_token": service.id_token(asked, request.host_url.rstrip("/")),
        }

    return app
