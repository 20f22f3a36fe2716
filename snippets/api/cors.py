"""An API that pages of one other origin may read, with the cookie of the user."""

from flask import Flask, request, session
from flask_cors import CORS


def create_app(origins: list[str], credentials: bool = True) -> Flask:
    app = Flask(__name__)
    app.secret_key = "dev"
    CORS(app, origins=origins, supports_credentials=credentials)

    @app.get("/me")
    def me() -> dict[str, str]:
        return {"user": session.get("user", "nobody")}

    @app.route("/login")
    def login() -> str:
        session["user"] = "ada"
        return "Welcome"

    @app.put("/me")
    def rename() -> dict[str, str]:
        session["user"] = request.get_json()["user"]
        return {"user": session["user"]}

    return app


app = create_app(["https://shop.example"])
