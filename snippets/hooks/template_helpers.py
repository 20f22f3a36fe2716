"""A template global, a filter, a test and a context processor, all called by one template."""

from typing import Any

from flask import Flask, render_template_string

app = Flask(__name__)


@app.template_global()
def sb(a1: int, a2: int) -> int:
    return a1 + a2


@app.template_filter()
def db(a1: int, a2: int, a3: int) -> int:
    return a1 + a2 + a3


@app.template_test("above")
def is_above(number: int, limit: int) -> bool:
    return number > limit


@app.context_processor
def shared() -> dict[str, Any]:
    return {"site": "Proven Flask"}


@app.get("/")
def front_page() -> str:
    return render_template_string("{{ site }}: {{ sb(1,2) }}, {{ 1|db(2,3) }}, {{ 6 is above(5) }}")
