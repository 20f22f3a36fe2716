"""What the tests of docs/guide/flashing.md share."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from flask import Flask, flash, render_template_string
from flask.testing import FlaskClient

ROOT = Path(__file__).parents[3]


TEXT = (ROOT / "docs/guide/flashing.md").read_text(encoding="utf-8")


LOOP = "{% for message in get_flashed_messages() %}[{{ message }}]{% endfor %}"


def new_app(**config: Any) -> Flask:
    """Return an application that flashes what it is told and shows it."""
    app = Flask("flashing-test", static_folder=None)
    app.config.update(TESTING=True, SECRET_KEY="test", **config)

    @app.route("/flash/<text>")
    def leave(text: str) -> str:
        flash(text)
        return "left"

    @app.route("/show")
    def show() -> str:
        return render_template_string(LOOP)

    return app


def get(client: FlaskClient, path: str) -> str:
    return client.get(path).text


def han(count: int) -> str:
    """Return Han characters in an order that repeats nothing."""
    chosen = random.Random(count)
    return "".join(chr(chosen.randrange(0x4E00, 0x9FA5)) for _ in range(count))
