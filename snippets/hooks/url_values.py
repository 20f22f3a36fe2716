"""A language at the front of URLs: removed before the view runs, added again by url_for."""

from typing import Any

from flask import Flask, g, redirect, url_for
from flask.typing import ResponseReturnValue

app = Flask(__name__)


@app.url_value_preprocessor
def take_language(endpoint: str | None, values: dict[str, Any] | None) -> None:
    # an unknown URL has no values
    g.language = (values or {}).pop("language", "en")


@app.url_defaults
def put_language(endpoint: str, values: dict[str, Any]) -> None:
    if app.url_map.is_endpoint_expecting(endpoint, "language"):
        values.setdefault("language", g.language)


@app.get("/")
def front_page() -> ResponseReturnValue:
    return redirect(url_for("about"))


@app.get("/<any(en, zh):language>/about")
def about() -> dict[str, str]:
    return {"language": g.language, "about": url_for("about"), "front page": url_for("front_page")}
