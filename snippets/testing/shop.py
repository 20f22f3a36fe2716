"""An application to test: a cart, a log-in, uploads, a sale and a command."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import click
from flask import Flask, abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    app = Flask(__name__)
    app.config.from_mapping(SECRET_KEY=os.environ.get("SHOP_SECRET_KEY"), STOCK={"tea": 3})
    app.config.from_mapping(config or {})

    @app.get("/")
    def index() -> str:
        return f"Hello, {session.get('user', 'stranger')}!"

    @app.post("/login")
    def login() -> ResponseReturnValue:
        if request.form["password"] != "correct horse":
            app.logger.warning("log-in failed: %s", request.form["name"])
            abort(403)
        session["user"] = request.form["name"]
        return redirect(url_for("index"))

    @app.post("/cart")
    def add() -> ResponseReturnValue:
        cart = [*session.get("cart", []), request.get_json()["name"]]
        session["cart"] = cart
        return {"cart": cart}, 201

    @app.post("/photos")
    def photo() -> dict[str, Any]:
        file = request.files["photo"]
        return {"name": file.filename, "size": len(file.read())}

    @app.get("/sale")
    def sale() -> str:
        return "open" if datetime.now(UTC).month == 11 else "closed"

    @app.cli.command()
    @click.argument("name")
    def stock(name: str) -> None:
        click.echo(app.config["STOCK"][name])

    return app
