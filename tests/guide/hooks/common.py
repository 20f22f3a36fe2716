"""What the tests of docs/guide/hooks.md share."""

from __future__ import annotations

import re
import sqlite3
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask, Response, render_template_string, request
from werkzeug.test import TestResponse

from tests import servers
from tests.subjects import text_of

PAGE = text_of("hooks")


NO_RETURN = "'NoneType' object is not callable"


def send(app: Flask, path: str = "/", method: str = "GET", **options: Any) -> TestResponse:
    """Send one request with a client of its own."""
    return app.test_client().open(path, method=method, **options)


def new_app(*, testing: bool = False, debug: bool = False) -> Flask:
    """Return an application with a front page and nothing else."""
    app = Flask("hooks-test", static_folder=None)
    app.testing, app.debug = testing, debug
    app.secret_key = "dev"
    app.add_url_rule("/", "front", lambda: "Front page")
    return app


def on_the_page(message: str) -> str:
    """Return the message, having made sure that the page quotes each sentence of it to the letter."""
    for sentence in re.split(r"(?<=\.)\s", message):
        assert sentence in PAGE
    return message


# One request after the other.
served = partial(servers.served, threaded=False)


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the first table under the label of a heading."""
    text = PAGE.split(f"({heading})=\n")[1].split("\n(")[0]
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines[2:]]


CART = ["before app-1", "before app-2", "before shop-1", "before shop-2", "before cart-1"]


CART += ["before cart-2", "view"]


UNDONE = [
    f"{kind} {name}"
    for kind in ("after", "teardown")
    for name in ("cart-2", "cart-1", "shop-2", "shop-1", "app-2", "app-1")
]


def traced_app(steps: list[str], **options: bool) -> Flask:
    """Return an application with every kind of request of the table."""
    app = Flask("traced", static_url_path="/static", static_folder=str(Path(__file__).parent))
    for name, value in options.items():
        setattr(app, name, value)

    @app.before_request
    def before() -> str | None:
        steps.append("before")
        return "Answered" if "answer" in request.args else None

    @app.after_request
    def after(response: Response) -> Response:
        steps.append(f"after {response.status_code}")
        return response

    @app.teardown_request
    def teardown(error: BaseException | None) -> None:
        steps.append(f"teardown {error!r}")

    @app.errorhandler(KeyError)
    def handler(error: KeyError) -> tuple[str, int]:
        return "Handled", 400

    @app.get("/fine/")
    def fine() -> str:
        steps.append("view")
        return "Fine"

    @app.get("/handled")
    def handled() -> str:
        steps.append("view")
        raise KeyError

    @app.get("/bug")
    def bug() -> str:
        steps.append("view")
        raise ValueError("bug")

    return app


def is_closed(opened: sqlite3.Connection) -> bool:
    try:
        opened.execute("select 1")
    except sqlite3.ProgrammingError as error:
        return str(error) == "Cannot operate on a closed database."
    return False


def render(app: Flask, template: str, **values: Any) -> str:
    """Render a template in a request of its own."""
    with app.test_request_context():
        return render_template_string(template, **values)
