"""From_object: docs/guide/configuration.md."""

from __future__ import annotations

import re
from datetime import UTC
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.utils import ImportStringError

from proven.claims.proofs import proves
from snippets.configuration import computed_settings, settings_classes
from tests.guide.configuration.common import GONE, PAGE, titles


@proves(
    "guide/configuration",
    "With a dotted path, a string chooses the environment.",
    "TESTING comes from the base class and DATABASE_URI from the subclass.",
    "page_size was not loaded, because it is not uppercase.",
    "from_object reads the names that dir() returns, which include inherited attributes.",
)
@pytest.mark.parametrize(
    ("name", "testing", "uri"),
    [
        ("Config", False, "sqlite:///:memory:"),
        ("ProductionConfig", False, "mysql+pymysql://shop@localhost/shop"),
        ("TestingConfig", True, "sqlite:///:memory:"),
    ],
)
def test_a_dotted_path_chooses_the_class_and_inherited_attributes_count(
    name: str, testing: bool, uri: str
) -> None:
    app = settings_classes.create_app(f"snippets.configuration.settings_classes.{name}")
    assert app.test_client().get("/").json == {
        "TESTING": testing,
        "DATABASE_URI": uri,
        "page_size": None,
    }


def test_the_default_of_the_factory_is_production() -> None:
    answer = settings_classes.create_app().test_client().get("/").json
    assert answer is not None
    assert answer["DATABASE_URI"] == "mysql+pymysql://shop@localhost/shop"


@proves(
    "guide/configuration",
    "The dotted path starts at a folder on sys.path.",
    "An import path starts at a folder on sys.path, not at the folder of the application, "
    "and does not end in .py.",
)
def test_a_dotted_path_starts_at_a_folder_on_sys_path(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    folder.joinpath("shop_settings.py").write_text("class Production:\n    PAGE_SIZE = 7\n")
    with pytest.raises(ImportStringError):
        app.config.from_object("shop_settings.Production")
    monkeypatch.syspath_prepend(folder)
    app.config.from_object("shop_settings.Production")
    assert app.config["PAGE_SIZE"] == 7


@proves(
    "guide/configuration", "package.module:ProductionConfig, with a colon, names the same class."
)
def test_a_dotted_path_may_have_a_colon(app: Flask) -> None:
    app.config.from_object("snippets.configuration.settings_classes:TestingConfig")
    assert app.testing is True


@proves("guide/configuration", "from_object accepts the class itself or its dotted path.")
def test_from_object_takes_the_class_itself_and_a_module(app: Flask) -> None:
    app.config.from_object(settings_classes.ProductionConfig)
    assert app.config["DATABASE_URI"].startswith("mysql")
    app.config.from_object("http.client")
    assert app.config["HTTP_PORT"] == 80


@proves(
    "guide/configuration",
    "from_object(__name__) loads all uppercase names of the module that contains the "
    "call, imported constants included.",
)
def test_from_object_with_its_own_name_takes_all_uppercase_names_imported_ones_included(
    app: Flask,
) -> None:
    app.config.from_object(__name__)
    assert app.config["GONE"] is GONE
    assert app.config["UTC"] is UTC
    assert "section" not in app.config


@proves("guide/configuration", "Import the class and pass an instance: from_object(Settings()).")
def test_an_instance_has_its_properties_computed() -> None:
    client = computed_settings.create_app().test_client()
    assert client.get("/").text == "postgresql+psycopg://shop@staging.internal/shop"


@proves(
    "guide/configuration",
    "from_object reads attributes; it does not create an instance of a class.",
    "A property of the class is therefore not computed.",
    "from_object was given a class with a property, directly or as a dotted path.",
)
def test_a_class_has_not_and_the_property_itself_is_in_the_configuration(app: Flask) -> None:
    app.config.from_object(computed_settings.StagingSettings)
    assert re.fullmatch(r"<property object at 0x[0-9a-f]+>", repr(app.config["DATABASE_URI"]))
    assert "`<property object at 0x…>` in the configuration" in PAGE


@proves(
    "guide/configuration",
    "from_object reads attributes, and the items of a dict are not attributes.",
    "Use from_mapping.",
)
def test_from_object_loads_nothing_from_a_dict(app: Flask) -> None:
    before = dict(app.config)
    app.config.from_object({"PAGE_SIZE": 20})
    assert dict(app.config) == before
    app.config.from_mapping({"PAGE_SIZE": 20})
    assert app.config["PAGE_SIZE"] == 20


@proves(
    "guide/configuration",
    "Python cannot import the dotted path that you passed to from_object.",
    "The lines below the message list each part of the path and whether it was found.",
)
def test_a_path_that_cannot_be_imported_says_how_far_it_came(app: Flask) -> None:
    with pytest.raises(ImportStringError) as caught:
        app.config.from_object("settings.ProductionConfig")
    first, *rest = str(caught.value).splitlines()
    assert f"ImportStringError: {first}" in titles()
    assert "Debugged import:" in rest
    assert "- 'settings' not found." in rest
