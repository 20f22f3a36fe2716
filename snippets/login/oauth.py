"""Log in with an account of another service, by OpenID Connect."""

from typing import Any

from authlib.integrations.flask_client import OAuth, OAuthError
from flask import Flask, abort, redirect, session, url_for
from flask.typing import ResponseReturnValue
from joserfc.errors import JoseError


def create_app(**settings: Any) -> Flask:
    app = Flask(__name__)
    app.config.from_mapping(
        SECRET_KEY="dev",
        # from the environment in production; the service gives you both
        EXAMPLE_CLIENT_ID="shop",
        EXAMPLE_CLIENT_SECRET="only for development",
        EXAMPLE_SERVER_METADATA_URL="https://id.example/.well-known/openid-configuration",
    )
    app.config.from_mapping(settings)
    service = OAuth(app).register(
        "example", client_kwargs={"scope": "openid email", "code_challenge_method": "S256"}
    )

    @app.get("/login")
    def login() -> ResponseReturnValue:
        answer: ResponseReturnValue = service.authorize_redirect(
            url_for("callback", _external=True)
        )
        return answer

    @app.get("/login/callback")
    def callback() -> ResponseReturnValue:
        try:
            account = service.authorize_access_token()["userinfo"]
        except (OAuthError, JoseError) as error:
            app.logger.warning("login refused: %s", error)
            abort(400, "The login was not completed. Try again.")
        session.clear()
        # not the e-mail address, which can pass to another person
        session["user"] = account["iss"], account["sub"]
        return redirect(url_for("account"), 303)

    @app.get("/account")
    def account() -> ResponseReturnValue:
        return list(session.get("user") or abort(401))

    return app
