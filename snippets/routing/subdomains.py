"""One fixed subdomain for administrators, one subdomain for each user."""

from flask import Flask, url_for


def create_app() -> Flask:
    app = Flask(__name__, subdomain_matching=True)
    app.config["SERVER_NAME"] = "example.com:5000"

    @app.get("/")
    def index() -> dict[str, str]:
        return {
            "admin": url_for("admin"),
            "index": url_for("index"),
            "user": url_for("user", username="ada"),
        }

    @app.get("/", subdomain="admin")
    def admin() -> str:
        return "Administration"

    @app.get("/dynamic", subdomain="<username>")
    def user(username: str) -> dict[str, str]:
        return {"username": username}

    return app
