"""Signed identifiers: nobody can guess or forge them, and old links stay valid when the key changes."""

from collections.abc import Mapping

from flask import Flask, url_for

from snippets.converters import SignedConverter


def create_app(config: Mapping[str, object] | None = None) -> Flask:
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "old key"
    app.config.update(config or {})
    app.url_map.converters["signed"] = SignedConverter

    @app.get('/orders/<signed("order"):number>')
    def order(number: int) -> dict[str, int]:
        return {"number": number}

    @app.get('/invoices/<signed("invoice"):number>')
    def invoice(number: int) -> dict[str, int]:
        return {"number": number}

    @app.get("/mail")
    def mail() -> dict[str, str]:
        return {
            "order": url_for("order", number=42),
            "invoice": url_for("invoice", number=42),
        }

    return app
