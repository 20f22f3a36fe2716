"""What the tests of the three pages about forms share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flask_wtf
from bs4 import BeautifulSoup
from flask import Flask
from flask_wtf import CSRFProtect, FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Form, StringField

from tests.subjects import text_of

ROOT = Path(__file__).parents[3]


#: The text of the three pages.
TEXT = text_of("forms")


# wherever its lines end
SAID = " ".join(TEXT.split())


def token(page: str) -> str:
    found = re.search(r'name="csrf_token".*?value="(.+?)"', page)
    assert found
    return found[1]


def attributes(html: object) -> dict[str, Any]:
    tag = BeautifulSoup(str(html), "lxml").find(["input", "select", "textarea", "button"])
    assert tag
    return dict(tag.attrs)


def with_field(field: Any, **sent: Any) -> Any:
    """Return a form with this one field ``it``, filled by what was sent."""
    return type("OneForm", (Form,), {"it": field})(MultiDict(sent))


def errors(field: Any, *value: str, **others: str) -> list[str]:
    form = with_field(field, it=list(value), **others)
    form.validate()
    return list(form.it.errors)


def rows(label: str) -> Iterator[list[str]]:
    """Yield the cells of each row of the table below a label."""
    section = TEXT.partition(f"\n({label})=\n")[2].partition(")=\n")[0]
    for line in section.splitlines():
        if line.startswith("| ") and not line.startswith("| ---"):
            yield [cell.strip() for cell in line.split("|")[1:-1]]


def code(cell: str) -> list[str]:
    return re.findall(r"`~?([^`]+)`", cell)


def said(kind: str, message: object) -> bool:
    """Tell whether the page has this error, as Python prints its last line."""
    text = " ".join(str(message).split())
    return f"`{kind}: {text}`" in SAID or f"``{kind}: {text}``" in SAID


def protected(**config: Any) -> tuple[Flask, CSRFProtect]:
    app = Flask("forms-test", static_folder=None)
    app.config.update(SECRET_KEY="test", TESTING=True, **config)
    csrf = CSRFProtect(app)

    @app.route("/", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    def index() -> str:
        return flask_wtf.csrf.generate_csrf()

    return app, csrf


def reason(answer: Any) -> str:
    """Return the message of Flask's page for an error."""
    assert answer.status_code == 400
    return BeautifulSoup(answer.text, "lxml").select("p")[0].text


class Person:
    name = "object"


class OldLogin(FlaskForm):
    name = StringField()

    def validate(self) -> bool:  # type: ignore[override]
        return True


OldLogin.__qualname__ = "LoginForm"


OldLogin.validate.__qualname__ = "LoginForm.validate"
