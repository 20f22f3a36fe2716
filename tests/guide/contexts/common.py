"""What the tests of docs/guide/contexts.md share."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import flask
import pytest
import sqlalchemy.orm
from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy

from tests.subjects import text_of

ROOT = Path(__file__).parents[3]


PAGE = text_of("contexts")


WAIT = 10


OUTSIDE_APP = """\
Working outside of application context.

This typically means that you attempted to use functionality that needed
the current application. To solve this, set up an application context
with app.app_context(). See the documentation for more information."""


OUTSIDE_REQUEST = """\
Working outside of request context.

This typically means that you attempted to use functionality that needed
an active HTTP request. Consult the documentation on testing for
information about how to avoid this problem."""


def new_app(**options: Any) -> Flask:
    """Return an application with a secret key and no route."""
    app = Flask("contexts-test", static_folder=None, **options)
    app.secret_key = "test"
    app.testing = True
    return app


def error_of(function: Callable[..., Any], *args: Any, **options: Any) -> BaseException:
    """Return what a call raises."""
    with pytest.raises(BaseException) as caught:
        function(*args, **options)
    return caught.value


def in_thread(function: Callable[..., Any], *args: Any) -> Any:
    """Return what a call gives in a thread of its own."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(function, *args).result(WAIT)


def on_the_page(message: str) -> str:
    """Return the message, having made sure that the page quotes each sentence of it to the letter."""
    for sentence in re.split(r"(?<=\.)\s", message):
        assert sentence in PAGE
    return message


def use_request() -> Any:
    return request.path


db = SQLAlchemy()


NEED_APP: dict[str, Callable[[], Any]] = {
    "url_for": lambda: flask.url_for("news"),
    "render_template": lambda: flask.render_template("page.html"),
    "render_template_string": lambda: flask.render_template_string("text"),
    "stream_template": lambda: flask.stream_template("page.html"),
    "get_template_attribute": lambda: flask.get_template_attribute("page.html", "macro"),
    "jsonify": lambda: flask.jsonify(1),
    "make_response": lambda: flask.make_response("text"),
    "db.session": lambda: db.session.execute(sqlalchemy.text("select 1")),
    "db.engine": lambda: db.engine,
    "db.create_all()": lambda: db.create_all(),
}


TOKEN = (
    r"<Token var=<ContextVar name='flask\.request_ctx' at 0x\w+> at 0x\w+>"
    r" was created in a different Context"
)
