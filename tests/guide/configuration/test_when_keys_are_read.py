"""When keys are read: docs/guide/configuration.md."""

from __future__ import annotations

import ast
import logging
from pathlib import Path

import flask
import flask_sqlalchemy
import pytest
from flask import Flask, current_app

from proven.claims.proofs import proves
from proven.releases.timeline import History
from snippets.configuration import late_reading
from tests.guide.configuration.common import titles


def test_a_view_reads_the_configuration_of_the_application_that_serves_it() -> None:
    for size in (20, 50):
        client = late_reading.create_app(size).test_client()
        assert client.get("/").json == {"page_size": size}


@proves(
    "guide/configuration",
    "At that time an application factory has not loaded any settings yet.",
    "Your code reads current_app.config at the top of a module.",
)
def test_reading_on_import_is_an_error() -> None:
    with pytest.raises(RuntimeError) as caught:
        current_app.config["PAGE_SIZE"]
    first = str(caught.value).splitlines()[0]
    assert f"RuntimeError: {first}" in titles()


def test_a_change_counts_from_the_next_request_on() -> None:
    app = late_reading.create_app(20)
    client = app.test_client()
    assert client.get("/").json == {"page_size": 20}
    app.config["PAGE_SIZE"] = 50
    assert client.get("/").json == {"page_size": 50}


@proves(
    "guide/configuration",
    "PROVIDE_AUTOMATIC_OPTIONS: when a rule is added.",
    "Flask() itself adds the rule for static files, before you can set the key.",
)
def test_automatic_options_are_decided_when_a_rule_is_added(app: Flask) -> None:
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.add_url_rule("/page", view_func=lambda: "page")
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = True
    client = app.test_client()
    assert client.options("/page").status_code == 405
    assert client.options("/static/shop.css").status_code == 200


@proves("reference/configuration", "Set the key before the first template is used.")
@proves("guide/configuration", "TEMPLATES_AUTO_RELOAD and DEBUG: when app.jinja_env is first used.")
def test_template_reloading_is_decided_when_templates_are_first_used() -> None:
    early, late = Flask("early"), Flask("late")
    early.config["TEMPLATES_AUTO_RELOAD"] = True
    assert early.jinja_env.auto_reload is True
    assert late.jinja_env.auto_reload is False
    late.config["TEMPLATES_AUTO_RELOAD"] = True
    late.config["DEBUG"] = True
    assert late.jinja_env.auto_reload is False
    debug = Flask("debug")
    debug.config["DEBUG"] = True
    assert debug.jinja_env.auto_reload is True


@proves("guide/configuration", "DEBUG, for the level of the logger: when app.logger is first used.")
@pytest.mark.usefixtures("fresh_logger")
def test_the_level_of_the_logger_is_decided_when_it_is_first_used(app: Flask) -> None:
    assert app.logger.level == logging.NOTSET
    app.config["DEBUG"] = True
    assert app.logger.level == logging.NOTSET
    other = Flask("shop")
    other.config["DEBUG"] = True
    assert other.logger.level == logging.DEBUG


@proves(
    "guide/configuration", "The keys of an extension: in most extensions when init_app is called."
)
def test_an_extension_reads_its_keys_in_init_app(app: Flask) -> None:
    database = flask_sqlalchemy.SQLAlchemy()
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    database.init_app(app)
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///other.db"
    with app.app_context():
        assert str(database.engine.url) == "sqlite://"


#: What runs outside a request: `run` starts a server, the test client stands in for one.
OUTSIDE = {"flask.Flask.run", "flask.testing.EnvironBuilder"}
ONCE = {"flask.Flask.add_url_rule", "flask.Flask.create_jinja_environment"}


@proves(
    "guide/configuration",
    "Flask reads most keys during a request, so a change takes effect with the next request.",
    "Some keys are read only once:",
)
def test_the_keys_that_are_read_once_are_those_of_the_list() -> None:
    """Each key and what reads it, from the source of Flask; `logging.create_logger` reads `debug`."""
    found = History()
    once = {
        key
        for key in Flask.default_config
        if ONCE & set(found.find(f"flask:{key}").readers) - OUTSIDE
    }
    assert once == {"PROVIDE_AUTOMATIC_OPTIONS", "TEMPLATES_AUTO_RELOAD"}
    readers = {
        reader for key in Flask.default_config for reader in found.find(f"flask:{key}").readers
    }
    setup = {
        reader
        for reader in readers
        if reader.rpartition(".")[2].startswith(("add_", "create_", "register"))
    }
    assert setup == ONCE | {"flask.Flask.create_url_adapter"}
    debug = {
        function.name
        for file in Path(flask.__file__).parent.rglob("*.py")
        for function in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute) and node.attr == "debug"
    }
    assert {"create_logger", "create_jinja_environment"} <= debug
