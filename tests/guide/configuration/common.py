"""What the tests of docs/guide/configuration.md share."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from flask import Config, Flask

from tests.subjects import text_of

ROOT = Path(__file__).resolve().parents[3]


PAGE = text_of("configuration")


GONE = {
    "PRESERVE_CONTEXT_ON_EXCEPTION",
    "LOGGER_NAME",
    "LOGGER_HANDLER_POLICY",
    "JSON_AS_ASCII",
    "JSON_SORT_KEYS",
    "JSONIFY_PRETTYPRINT_REGULAR",
    "JSONIFY_MIMETYPE",
}


def section(label: str) -> str:
    """Return the text of the page from one label to the next."""
    return PAGE.split(f"({label})=\n")[1].split("\n(config-")[0]


def on_page(text: str) -> bool:
    """Say whether the page has ``text``, wherever its lines break."""
    return " ".join(text.split()) in " ".join(PAGE.split())


def titles() -> list[str]:
    """Return the titles of the page's pitfalls that are code, without the backticks."""
    return [text.strip() for _, text in re.findall(r"(?m)^:::\{pitfall\} (`+)(.+)\1$", PAGE)]


def title_on_page(error: BaseException) -> bool:
    """Say whether a pitfall has the exact text of ``error`` as its title."""
    return f"{type(error).__name__}: {error}" in titles()


def new_keys(config: Config) -> dict[str, Any]:
    return {key: config[key] for key in config if key not in Flask.default_config}


def failing(app: Flask) -> Flask:
    app.logger.disabled = True
    app.register_error_handler(500, lambda error: ("my page for error 500", 500))

    @app.get("/boom")
    def boom() -> str:
        raise ZeroDivisionError

    return app
