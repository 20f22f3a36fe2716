"""Then and now: docs/guide/configuration.md."""

from __future__ import annotations

import json
import traceback
from pathlib import Path

import flask_sqlalchemy
import pytest
import sqlalchemy
from flask import Flask

from proven.claims.proofs import proves
from tests.guide.configuration.common import on_page


@proves(
    "guide/configuration",
    'app.config.from_json("settings.json") from old posts now raises AttributeError: '
    "'Config' object has no attribute 'from_json'.",
    'Write from_file("settings.json", load=json.load, text=False).',
)
def test_from_json_is_gone_and_from_file_does_its_work(app: Flask) -> None:
    with pytest.raises(AttributeError) as caught:
        app.config.from_json("settings.json")  # type: ignore[attr-defined]
    assert on_page(f"`AttributeError: {caught.value}`")
    Path(app.root_path, "settings.json").write_text('{"PAGE_SIZE": 20}')
    app.config.from_file("settings.json", load=json.load, text=False)
    assert app.config["PAGE_SIZE"] == 20


@proves(
    "guide/configuration",
    "With that URL SQLAlchemy raises ValueError: invalid literal for int() with base 10: "
    "'memory:'.",
    'An SQLite database in memory is "sqlite:///:memory:", with three slashes.',
)
def test_the_sqlite_address_of_the_notes_is_refused() -> None:
    with pytest.raises(ValueError) as caught:
        sqlalchemy.create_engine("sqlite://:memory:")
    assert on_page(f"`{''.join(traceback.format_exception_only(caught.value)).strip()}`")
    engine = sqlalchemy.create_engine("sqlite:///:memory:")
    with engine.connect() as connection:
        assert connection.scalar(sqlalchemy.text("select 1")) == 1
    engine.dispose()


@proves(
    "guide/configuration",
    "Neither Flask nor Flask-SQLAlchemy reads the key DATABASE_URI; it is a key of your own.",
)
def test_neither_flask_nor_flask_sqlalchemy_reads_database_uri(app: Flask) -> None:
    assert "DATABASE_URI" not in Flask.default_config
    app.config["DATABASE_URI"] = "sqlite:///:memory:"
    with pytest.raises(RuntimeError, match="'SQLALCHEMY_DATABASE_URI'"):
        flask_sqlalchemy.SQLAlchemy(app)
