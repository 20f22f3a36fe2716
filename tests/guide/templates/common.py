"""What the tests of docs/guide/templates.md share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask, render_template

from tests.subjects import text_of

ROOT = Path(__file__).parents[3]


TEXT = text_of("templates")


# wherever its lines end
SAID = " ".join(TEXT.split())


LAYOUT = {"layout.html": "[{% block main %}base{% endblock %}]"}


def get(app: Flask, path: str) -> str:
    return app.test_client().get(path).text


def lines(app: Flask, path: str) -> list[str]:
    """Return the lines of an answer that are not empty, without their indentation."""
    return [line.strip() for line in get(app, path).splitlines() if line.strip()]


def folder_app(folder: Path, files: Mapping[str, str | bytes]) -> Flask:
    """Return an application with template files in ``folder``."""
    write(folder / "templates", files)
    return Flask("folder", root_path=str(folder))


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())


def rendered(app: Flask, name: str | list[str], **values: Any) -> str:
    with app.test_request_context():
        return render_template(name, **values)


def section(label: str) -> str:
    """Return what stands on the page from a label to the next."""
    found = re.search(rf"^\({label}\)=\n(.*?)(?=^\([\w-]+\)=$|\Z)", TEXT, re.M | re.S)
    assert found
    return found[1]


def table(label: str) -> list[list[str]]:
    """Return the rows of the tables in a section without their heads; code may have escaped bars."""
    text = re.sub(r"^\|.*\n\| ---.*\n", "", section(label), flags=re.MULTILINE)
    rows = [line for line in text.splitlines() if line.startswith("|")]
    return [[code(cell) for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows]


def code(cell: str) -> str:
    return re.sub(r"^`(.*)`$", r"\1", cell.strip()).replace(r"\|", "|")
