"""Every claim that docs/guide/configuration.md makes."""

import ast
import io
import json
import logging
import os
import re
import subprocess
import sys
import tomllib
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import flask
import flask_sqlalchemy
import pytest
import sqlalchemy
import time_machine
from click.testing import CliRunner
from flask import Config, Flask, current_app, request, session, url_for
from flask.cli import cli
from flask.json.provider import DefaultJSONProvider
from flask.logging import default_handler
from itsdangerous import BadSignature, HMACAlgorithm, URLSafeSerializer
from werkzeug.datastructures import ImmutableDict
from werkzeug.debug import DebuggedApplication
from werkzeug.test import Client, TestResponse
from werkzeug.utils import ImportStringError

from snippets.configuration import (
    chinese_json,
    computed_settings,
    data_files,
    debug_in_code,
    environment,
    instance_folder,
    key_rotation,
    late_reading,
    layers,
    missing_key,
    python_file,
    session_cookie,
    settings_classes,
    size_limits,
    smallest,
    trusted_hosts,
)
from timeline import History

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/guide/configuration.md").read_text(encoding="utf-8")

# The keys of the notes with the defaults that they give; the notes write DEBUG as this call.
NOTES: dict[str, Any] = {
    "DEBUG": "get_debug_flag(default=False)",
    "TESTING": False,
    "PROPAGATE_EXCEPTIONS": None,
    "PRESERVE_CONTEXT_ON_EXCEPTION": None,
    "SECRET_KEY": None,
    "PERMANENT_SESSION_LIFETIME": timedelta(days=31),
    "USE_X_SENDFILE": False,
    "LOGGER_NAME": None,
    "LOGGER_HANDLER_POLICY": "always",
    "SERVER_NAME": None,
    "APPLICATION_ROOT": None,
    "SESSION_COOKIE_NAME": "session",
    "SESSION_COOKIE_DOMAIN": None,
    "SESSION_COOKIE_PATH": None,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SECURE": False,
    "SESSION_REFRESH_EACH_REQUEST": True,
    "MAX_CONTENT_LENGTH": None,
    "SEND_FILE_MAX_AGE_DEFAULT": timedelta(hours=12),
    "TRAP_BAD_REQUEST_ERRORS": False,
    "TRAP_HTTP_EXCEPTIONS": False,
    "EXPLAIN_TEMPLATE_LOADING": False,
    "PREFERRED_URL_SCHEME": "http",
    "JSON_AS_ASCII": True,
    "JSON_SORT_KEYS": True,
    "JSONIFY_PRETTYPRINT_REGULAR": True,
    "JSONIFY_MIMETYPE": "application/json",
    "TEMPLATES_AUTO_RELOAD": None,
}
GONE = {
    "PRESERVE_CONTEXT_ON_EXCEPTION",
    "LOGGER_NAME",
    "LOGGER_HANDLER_POLICY",
    "JSON_AS_ASCII",
    "JSON_SORT_KEYS",
    "JSONIFY_PRETTYPRINT_REGULAR",
    "JSONIFY_MIMETYPE",
}


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("FLASK_", "SHOP_")):
            monkeypatch.delenv(name)


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return Flask("shop", root_path=str(tmp_path), instance_path=str(tmp_path / "instance"))


@pytest.fixture
def fresh_logger() -> Iterator[None]:
    """Take back what a test does to the logger named "shop"."""
    logger = logging.getLogger("shop")
    before = logger.handlers[:], logger.level
    logger.handlers.clear()
    yield
    logger.handlers[:], logger.level = before


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


# --- the smallest thing that works; Config is a dict --------------------------------------------


def test_a_key_that_is_set_is_read_in_a_view() -> None:
    assert smallest.app.test_client().get("/").text == "你好, Flask"


def test_config_is_a_subclass_of_dict(app: Flask) -> None:
    assert issubclass(Config, dict)
    assert type(app.config) is Config
    app.config.update(PAGE_SIZE=50)
    assert app.config.setdefault("PAGE_SIZE", 10) == 50
    assert "PAGE_SIZE" in app.config
    assert app.config.get("ABSENT") is None


def test_get_namespace_cuts_the_prefix_for_keyword_arguments(app: Flask) -> None:
    app.config.update(MAIL_HOST="localhost", MAIL_PORT=25, TITLE="x")
    assert app.config.get_namespace("MAIL_") == {"host": "localhost", "port": 25}


def test_four_keys_have_an_attribute_and_no_other_key_has(app: Flask) -> None:
    with_attribute = {key for key in Flask.default_config if hasattr(app, key.lower())}
    assert with_attribute == {"DEBUG", "TESTING", "SECRET_KEY", "PERMANENT_SESSION_LIFETIME"}


@pytest.mark.parametrize(
    ("attribute", "value"), [("debug", True), ("testing", True), ("secret_key", "dev")]
)
def test_key_and_attribute_are_the_same_setting(app: Flask, attribute: str, value: object) -> None:
    setattr(app, attribute, value)
    assert app.config[attribute.upper()] == value
    app.config[attribute.upper()] = None
    assert getattr(app, attribute) is None


def test_the_lifetime_attribute_turns_seconds_into_a_timedelta(app: Flask) -> None:
    app.permanent_session_lifetime = 3600
    assert app.config["PERMANENT_SESSION_LIFETIME"] == 3600
    assert app.permanent_session_lifetime == timedelta(hours=1)


@pytest.mark.parametrize(
    "attribute",
    ["session_cookie_name", "use_x_sendfile", "send_file_max_age_default", "templates_auto_reload"],
)
def test_attributes_of_old_posts_raise_nothing_and_change_nothing(
    app: Flask, attribute: str
) -> None:
    assert f"`app.{attribute}" in PAGE
    assert History().find(f"flask.Flask.{attribute}").removed is not None
    before = dict(app.config)
    setattr(app, attribute, "shop")
    assert dict(app.config) == before


# --- the ways in ---------------------------------------------------------------------------------


def fill(app: Flask, way: str, monkeypatch: pytest.MonkeyPatch) -> object:
    """Offer UPPER and lower to one of the ways in and return what it returns."""
    folder = Path(app.root_path)
    folder.joinpath("both.cfg").write_text("UPPER = 1\nlower = 1\n")
    folder.joinpath("both.json").write_text('{"UPPER": 1, "lower": 1}')
    monkeypatch.setenv("SHOP_SETTINGS", str(folder / "both.cfg"))
    monkeypatch.setenv("WAY_UPPER", "1")
    monkeypatch.setenv("WAY_lower", "1")
    ways: dict[str, Callable[[], object]] = {
        "update": lambda: app.config.update(UPPER=1, lower=1),
        "from_mapping": lambda: app.config.from_mapping({"UPPER": 1}, lower=1),
        "from_object": lambda: app.config.from_object(SimpleNamespace(UPPER=1, lower=1)),
        "from_pyfile": lambda: app.config.from_pyfile("both.cfg"),
        "from_envvar": lambda: app.config.from_envvar("SHOP_SETTINGS"),
        "from_file": lambda: app.config.from_file("both.json", load=json.load),
        "from_prefixed_env": lambda: app.config.from_prefixed_env("WAY"),
    }
    return ways[way]()


WAYS = [
    ("update", None, True),
    ("from_mapping", True, False),
    ("from_object", None, False),
    ("from_pyfile", True, False),
    ("from_envvar", True, False),
    ("from_file", True, False),
    ("from_prefixed_env", True, True),
]


@pytest.mark.parametrize(("way", "returned", "takes_lower"), WAYS)
def test_each_way_in_loads_uppercase_keys_and_says_so(
    app: Flask, monkeypatch: pytest.MonkeyPatch, way: str, returned: object, takes_lower: bool
) -> None:
    assert fill(app, way, monkeypatch) is returned
    assert new_keys(app.config) == {"UPPER": 1} | ({"lower": 1} if takes_lower else {})
    row = next(line for line in section("config-ways-in").splitlines() if f"{way}`" in line)
    assert row.endswith("| no |" if takes_lower else "| yes |")


def test_the_table_of_ways_in_has_every_public_method_that_fills() -> None:
    fillers = {name for name in dir(Config) if name.startswith("from_")} - {"fromkeys"}
    assert fillers == {way for way, _, _ in WAYS} - {"update"}


@pytest.mark.parametrize(
    "load",
    [
        lambda config: config.from_pyfile("absent.cfg", silent=True),
        lambda config: config.from_envvar("SHOP_SETTINGS", silent=True),
        lambda config: config.from_file("absent.json", load=json.load, silent=True),
    ],
)
def test_silent_makes_a_missing_file_false(app: Flask, load: Callable[[Config], bool]) -> None:
    assert load(app.config) is False


# --- from_object -----------------------------------------------------------------------------------


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


def test_a_dotted_path_may_have_a_colon(app: Flask) -> None:
    app.config.from_object("snippets.configuration.settings_classes:TestingConfig")
    assert app.testing is True


def test_from_object_takes_the_class_itself_and_a_module(app: Flask) -> None:
    app.config.from_object(settings_classes.ProductionConfig)
    assert app.config["DATABASE_URI"].startswith("mysql")
    app.config.from_object("http.client")
    assert app.config["HTTP_PORT"] == 80


def test_from_object_with_its_own_name_takes_all_uppercase_names_imported_ones_included(
    app: Flask,
) -> None:
    app.config.from_object(__name__)
    assert app.config["GONE"] is GONE
    assert app.config["UTC"] is UTC
    assert "section" not in app.config


def test_an_instance_has_its_properties_computed() -> None:
    client = computed_settings.create_app().test_client()
    assert client.get("/").text == "postgresql+psycopg://shop@staging.internal/shop"


def test_a_class_has_not_and_the_property_itself_is_in_the_configuration(app: Flask) -> None:
    app.config.from_object(computed_settings.StagingSettings)
    assert re.fullmatch(r"<property object at 0x[0-9a-f]+>", repr(app.config["DATABASE_URI"]))
    assert "`<property object at 0x…>` in the configuration" in PAGE


def test_from_object_loads_nothing_from_a_dict(app: Flask) -> None:
    before = dict(app.config)
    app.config.from_object({"PAGE_SIZE": 20})
    assert dict(app.config) == before
    app.config.from_mapping({"PAGE_SIZE": 20})
    assert app.config["PAGE_SIZE"] == 20


def test_a_path_that_cannot_be_imported_says_how_far_it_came(app: Flask) -> None:
    with pytest.raises(ImportStringError) as caught:
        app.config.from_object("settings.ProductionConfig")
    first, *rest = str(caught.value).splitlines()
    assert f"ImportStringError: {first}" in titles()
    assert "Debugged import:" in rest
    assert "- 'settings' not found." in rest


# --- from_pyfile and from_envvar -------------------------------------------------------------------


def test_a_python_file_computes_and_its_lowercase_names_stay_behind() -> None:
    assert python_file.create_app().test_client().get("/").json == {
        "PAGE_SIZE": "20",
        "PERMANENT_SESSION_LIFETIME": "12:00:00",
        "hours": "None",
    }


def test_the_variable_names_a_file_that_overrides_the_first_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "production.cfg"
    file.write_text("PAGE_SIZE = 99\n")
    monkeypatch.setenv("SHOP_SETTINGS", str(file))
    assert python_file.create_app().config["PAGE_SIZE"] == 99


@pytest.mark.parametrize("name", ["settings.py", "settings.cfg", "settings", "settings.txt"])
def test_the_file_is_python_whatever_its_name_ends_in(app: Flask, name: str) -> None:
    Path(app.root_path, name).write_text("PAGE_SIZE = 4 * 5\n")
    app.config.from_pyfile(name)
    assert app.config["PAGE_SIZE"] == 20


def test_relative_names_start_at_the_root_path_and_not_at_the_current_folder(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    elsewhere.joinpath("shop.cfg").write_text("FROM = 'current folder'\n")
    Path(app.root_path, "shop.cfg").write_text("FROM = 'root path'\n")
    monkeypatch.chdir(elsewhere)
    monkeypatch.setenv("SHOP_SETTINGS", "shop.cfg")
    app.config.from_pyfile("shop.cfg")
    assert app.config.pop("FROM") == "root path"
    app.config.from_envvar("SHOP_SETTINGS")
    assert app.config["FROM"] == "root path"


def test_a_missing_file_names_the_path_that_was_tried(app: Flask) -> None:
    for load in (
        lambda: app.config.from_pyfile("absent.cfg"),
        lambda: app.config.from_file("absent.cfg", load=json.load),
    ):
        with pytest.raises(FileNotFoundError) as caught:
            load()
        text = "[Errno 2] Unable to load configuration file (No such file or directory)"
        assert str(caught.value) == f"{text}: '{app.root_path}/absent.cfg'"
        assert f"FileNotFoundError: {text}" in titles()


def test_silent_does_not_forgive_a_syntax_error(app: Flask) -> None:
    Path(app.root_path, "broken.cfg").write_text("PAGE_SIZE =\n")
    with pytest.raises(SyntaxError):
        app.config.from_pyfile("broken.cfg", silent=True)


def test_the_file_runs_each_time_it_is_loaded(app: Flask) -> None:
    Path(app.root_path, "clock.cfg").write_text("import time\nNOW = time.perf_counter_ns()\n")
    app.config.from_pyfile("clock.cfg")
    first = app.config["NOW"]
    app.config.from_pyfile("clock.cfg")
    assert app.config["NOW"] > first


@pytest.mark.parametrize("value", [None, ""])
def test_from_envvar_counts_an_empty_variable_as_missing(
    app: Flask, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    if value is not None:
        monkeypatch.setenv("SHOP_SETTINGS", value)
    with pytest.raises(RuntimeError) as caught:
        app.config.from_envvar("SHOP_SETTINGS")
    assert title_on_page(caught.value)


# --- from_file -------------------------------------------------------------------------------------


def test_toml_then_json_with_nothing_merged() -> None:
    assert data_files.create_app().test_client().get("/").json == {
        "PAGE_SIZE": 50,
        "TITLE": "书店",
        "DATABASE": {"pool": 10},
        "currency": None,
    }


def test_only_the_keys_at_the_top_have_to_be_uppercase(app: Flask) -> None:
    app.config.root_path = str(ROOT / "snippets/configuration")
    app.config.from_file("shop.toml", load=tomllib.load, text=False)
    assert app.config["DATABASE"] == {"url": "sqlite:///shop.db", "pool": 5}
    assert "currency" not in app.config


def test_any_loader_will_do(app: Flask) -> None:
    Path(app.root_path, "shop.ini").write_text("PAGE_SIZE=20\nTITLE=shop\n")

    def load(file: Any) -> dict[str, str]:
        return dict(line.strip().split("=") for line in file)

    app.config.from_file("shop.ini", load=load)
    assert new_keys(app.config) == {"PAGE_SIZE": "20", "TITLE": "shop"}


def test_tomllib_insists_on_binary_mode(app: Flask) -> None:
    app.config.root_path = str(ROOT / "snippets/configuration")
    with pytest.raises(TypeError) as caught:
        app.config.from_file("shop.toml", load=tomllib.load)
    assert title_on_page(caught.value)


def test_text_mode_uses_the_encoding_of_the_system_and_binary_mode_reads_utf_8(
    tmp_path: Path,
) -> None:
    tmp_path.joinpath("shop.json").write_text('{"TITLE": "书店"}', encoding="utf-8")
    code = """if True:
        import json, sys
        from flask import Flask
        app = Flask("shop", root_path=sys.argv[1])
        app.config.from_file("shop.json", load=json.load, text=False)
        print(ascii(app.config["TITLE"]))
        app.config.from_file("shop.json", load=json.load)
    """
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        env=ascii_only,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "'\\u4e66\\u5e97'\n"
    assert "UnicodeDecodeError: 'ascii' codec can't decode byte 0xe4" in done.stderr
    assert ":::{pitfall} `UnicodeDecodeError` while loading JSON" in PAGE


def test_read_as_gbk_the_same_file_is_garbled_or_an_error() -> None:
    garbled = "书店".encode().decode("gbk")
    assert f"or 书店 turns into {garbled}\n" in PAGE
    with pytest.raises(UnicodeDecodeError):
        '"书"'.encode().decode("gbk")


# --- from_prefixed_env -----------------------------------------------------------------------------


def test_two_underscores_go_one_level_down_and_leave_the_rest_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SHOP_PAGE_SIZE", "50")
    monkeypatch.setenv("SHOP_DATABASE__pool", "10")
    config = environment.create_app().config
    assert config["PAGE_SIZE"] == 50
    assert config["DATABASE"] == {"url": "sqlite:///shop.db", "pool": 10}


def test_without_variables_nothing_changes() -> None:
    assert new_keys(environment.create_app().config) == {
        "DATABASE": {"url": "sqlite:///shop.db", "pool": 5}
    }


def test_dicts_that_are_missing_on_the_way_are_created(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_MAIL__tls__verify", "true")
    app.config.from_prefixed_env("SHOP")
    assert app.config["MAIL"] == {"tls": {"verify": True}}


def test_the_prefix_is_flask_if_none_is_named(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_PAGE_SIZE", "50")
    monkeypatch.setenv("FLASKPAGE", "1")
    app.config.from_prefixed_env()
    assert new_keys(app.config) == {"PAGE_SIZE": 50}


def value_rows() -> list[tuple[str, str]]:
    cell = r"\| `(.+)` +"
    return re.findall(rf"(?m)^{cell}{cell}\|$", section("config-from-prefixed-env"))


@pytest.mark.parametrize(("written", "read"), value_rows())
def test_each_value_is_read_as_json_or_stays_a_string(
    app: Flask, monkeypatch: pytest.MonkeyPatch, written: str, read: str
) -> None:
    monkeypatch.setenv("SHOP_VALUE", written)
    app.config.from_prefixed_env("SHOP")
    assert repr(app.config["VALUE"]) == read


def test_the_table_of_values_was_found() -> None:
    assert len(value_rows()) == 9


def test_loads_str_keeps_every_value_a_string(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_PAGE_SIZE", "50")
    app.config.from_prefixed_env("SHOP", loads=str)
    assert app.config["PAGE_SIZE"] == "50"


def test_flask_debug_false_is_true_after_from_prefixed_env(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "False")
    app = Flask("shop")
    assert app.debug is False
    app.config.from_prefixed_env()
    assert app.config["DEBUG"] == "False"
    assert bool(app.debug) is True
    for value in ("false", "0"):
        monkeypatch.setenv("FLASK_DEBUG", value)
        app.config.from_prefixed_env()
        assert bool(app.debug) is False


def test_a_key_of_digits_becomes_a_number_and_cannot_sign(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FLASK_SECRET_KEY", "12345678")
    app = key_rotation.create_app()
    app.config.from_prefixed_env()
    app.testing = True
    with pytest.raises(TypeError) as caught:
        app.test_client().post("/login")
    assert title_on_page(caught.value)
    monkeypatch.setenv("FLASK_SECRET_KEY", '"12345678"')
    app.config.from_prefixed_env()
    assert app.secret_key == "12345678"
    assert app.test_client().post("/login").status_code == 200


def test_a_string_on_the_way_cannot_be_gone_into(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_DATABASE", "sqlite:///shop.db")
    monkeypatch.setenv("SHOP_DATABASE__pool", "10")
    with pytest.raises(TypeError) as caught:
        app.config.from_prefixed_env("SHOP")
    assert title_on_page(caught.value)


def test_a_nested_variable_changes_the_class_of_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    class Defaults:
        DATABASE = {"pool": 5}  # noqa: RUF012  the mistake in question

    monkeypatch.setenv("SHOP_DATABASE__pool", "10")
    first = Flask("shop")
    first.config.from_object(Defaults)
    first.config.from_prefixed_env("SHOP")
    second = Flask("shop")
    second.config.from_object(Defaults)
    assert second.config["DATABASE"] == {"pool": 10}


# --- what wins -------------------------------------------------------------------------------------


def test_the_last_layer_that_sets_a_key_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    def effective(app: Flask) -> object:
        return app.test_client().get("/").json

    general = {"CURRENCY": "CNY", "TITLE": "书店"}
    assert effective(layers.create_app()) == general | {"PAGE_SIZE": 20}
    monkeypatch.setenv("SHOP_PAGE_SIZE", "50")
    assert effective(layers.create_app()) == general | {"PAGE_SIZE": 50}
    assert effective(layers.create_app({"PAGE_SIZE": 2})) == general | {"PAGE_SIZE": 2}


def test_the_order_of_the_calls_is_the_whole_ranking(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_PAGE_SIZE", "50")
    app.config.from_prefixed_env("SHOP")
    app.config.from_object(layers.Defaults)
    assert app.config["PAGE_SIZE"] == 10


@pytest.mark.parametrize("way", ["update", "from_mapping"])
def test_a_dict_that_is_set_anew_replaces_the_old_one(app: Flask, way: str) -> None:
    app.config["DATABASE"] = {"url": "sqlite:///shop.db", "pool": 5}
    getattr(app.config, way)({"DATABASE": {"pool": 10}})
    assert app.config["DATABASE"] == {"pool": 10}


# --- the instance folder ---------------------------------------------------------------------------


def test_relative_names_start_at_the_instance_folder() -> None:
    app = instance_folder.create_app()
    assert app.instance_path == str(ROOT / "snippets/configuration/instance")
    assert app.test_client().get("/").text == "书店（这台服务器）"


@pytest.mark.parametrize("way", ["from_pyfile", "from_envvar", "from_file"])
def test_all_three_file_readers_follow_instance_relative_config(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    app = Flask(
        "shop",
        root_path=str(tmp_path),
        instance_path=str(tmp_path / "instance"),
        instance_relative_config=True,
    )
    Path(app.instance_path).mkdir()
    Path(app.instance_path, "both.cfg").write_text("WHERE = 'instance'\n")
    Path(app.instance_path, "both.json").write_text('{"WHERE": "instance"}')
    monkeypatch.setenv("SHOP_SETTINGS", "both.cfg")
    {
        "from_pyfile": lambda: app.config.from_pyfile("both.cfg"),
        "from_envvar": lambda: app.config.from_envvar("SHOP_SETTINGS"),
        "from_file": lambda: app.config.from_file("both.json", load=json.load),
    }[way]()
    assert app.config["WHERE"] == "instance"


def test_the_folder_is_beside_the_top_level_package() -> None:
    app = Flask("snippets.configuration.instance_folder")
    assert app.instance_path == str(ROOT / "instance")


def test_the_folder_is_beside_a_single_module(tmp_path: Path) -> None:
    tmp_path.joinpath("single.py").write_text(
        "from flask import Flask\napp = Flask(__name__)\nprint(app.instance_path)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", "import single"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == str(tmp_path / "instance")


def test_for_an_installed_package_the_folder_is_below_the_prefix() -> None:
    assert Flask("werkzeug").instance_path == str(Path(sys.prefix, "var", "werkzeug-instance"))


def test_a_relative_instance_path_is_refused() -> None:
    with pytest.raises(ValueError) as caught:
        Flask("shop", instance_path="instance")
    assert title_on_page(caught.value)


def test_flask_does_not_create_the_folder_and_opens_files_in_it_for_writing(app: Flask) -> None:
    assert not os.path.exists(app.instance_path)
    os.makedirs(app.instance_path, exist_ok=True)
    with app.open_instance_resource("note.txt", "w") as file:
        file.write("早")
    assert Path(app.instance_path, "note.txt").read_text(encoding="utf-8") == "早"


# --- the uppercase rule ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "loaded"),
    [
        ("PAGE_SIZE", True),
        ("SIZE_2", True),
        ("页数_MAX", True),
        ("Page_Size", False),
        ("page_size", False),
        ("页数", False),
        ("2", False),
    ],
)
def test_the_rule_is_str_isupper(app: Flask, key: str, loaded: bool) -> None:
    app.config.from_mapping({key: 1})
    assert key.isupper() is loaded
    assert (key in app.config) is loaded


# --- secrets and key rotation ----------------------------------------------------------------------


def test_the_command_makes_a_key_of_32_random_bytes() -> None:
    command = "import secrets; print(secrets.token_hex())"
    assert f"$ python -c '{command}'" in PAGE
    done = subprocess.run(
        [sys.executable, "-c", command], capture_output=True, text=True, check=True
    )
    assert re.fullmatch(r"[0-9a-f]{64}\n", done.stdout)


def test_without_a_key_the_session_is_empty_to_read_and_an_error_to_write(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = missing_key.app.test_client()
    assert client.get("/").text == "nobody"
    monkeypatch.setitem(missing_key.app.config, "TESTING", True)
    with pytest.raises(RuntimeError) as caught:
        client.post("/login")
    assert title_on_page(caught.value)
    monkeypatch.setitem(missing_key.app.config, "SECRET_KEY", "dev")
    assert client.post("/login").text == "welcome"


@pytest.mark.parametrize("key", ["text", b"bytes"])
def test_a_key_is_a_string_or_bytes(key: str | bytes) -> None:
    client = key_rotation.create_app({"SECRET_KEY": key}).test_client()
    client.post("/login")
    assert client.get("/").text == "阿达"


def test_whoever_knows_the_key_can_write_any_session() -> None:
    assert visitor(key_rotation.create_app(), signed_with("autumn", user="admin")) == "admin"


def test_repr_and_templates_give_the_key_away(app: Flask) -> None:
    app.secret_key = "between us"
    assert "'SECRET_KEY': 'between us'" in repr(app.config)
    with app.app_context():
        assert flask.render_template_string("{{ config.SECRET_KEY }}") == "between us"


def signed_with(key: str, **values: str) -> str:
    """Return a session cookie as an application with this secret key writes it."""
    other = Flask("other")
    other.secret_key = key

    @other.get("/")
    def write() -> str:
        session.update(values)
        return ""

    client = other.test_client()
    client.get("/")
    return cookie_of(client)


def cookie_of(client: Any) -> str:
    cookie = client.get_cookie("session")
    assert cookie is not None
    return str(cookie.value)


def visitor(app: Flask, cookie: str) -> str:
    """Return who an application takes the bearer of a session cookie for."""
    client = app.test_client()
    client.set_cookie("session", cookie)
    return client.get("/").text


OLD = {"SECRET_KEY": "spring", "SECRET_KEY_FALLBACKS": None}
NEW_ONLY = {"SECRET_KEY_FALLBACKS": None}


def test_old_cookies_are_read_with_the_fallback_and_not_without() -> None:
    client = key_rotation.create_app(OLD).test_client()
    client.post("/login")
    assert visitor(key_rotation.create_app(), cookie_of(client)) == "阿达"
    assert visitor(key_rotation.create_app(NEW_ONLY), cookie_of(client)) == "nobody"


def test_new_cookies_are_signed_with_the_new_key() -> None:
    client = key_rotation.create_app().test_client()
    client.post("/login")
    assert visitor(key_rotation.create_app(NEW_ONLY), cookie_of(client)) == "阿达"
    assert visitor(key_rotation.create_app(OLD), cookie_of(client)) == "nobody"


@pytest.mark.parametrize("fallbacks", [["winter", "spring"], ["spring", "winter"]])
@pytest.mark.parametrize("key", ["autumn", "winter", "spring"])
def test_any_order_of_the_fallbacks_accepts_the_same_cookies(
    fallbacks: list[str], key: str
) -> None:
    app = key_rotation.create_app({"SECRET_KEY_FALLBACKS": fallbacks})
    assert visitor(app, signed_with(key, user="阿达")) == "阿达"


@pytest.mark.parametrize(("key", "tries"), [("autumn", 1), ("spring", 2), ("winter", 3)])
def test_the_secret_key_is_tried_first_then_the_fallbacks_from_the_last(
    monkeypatch: pytest.MonkeyPatch, key: str, tries: int
) -> None:
    cookie = signed_with(key, user="阿达")
    app = key_rotation.create_app({"SECRET_KEY_FALLBACKS": ["winter", "spring"]})
    tried = []
    original = HMACAlgorithm.verify_signature

    def counted(self: HMACAlgorithm, key: bytes, value: bytes, signature: bytes) -> bool:
        tried.append(key)
        return original(self, key, value, signature)

    monkeypatch.setattr(HMACAlgorithm, "verify_signature", counted)
    assert visitor(app, cookie) == "阿达"
    assert len(tried) == tries


def test_a_cookie_is_signed_anew_only_if_the_session_changes_or_is_permanent() -> None:
    app = key_rotation.create_app()
    client = app.test_client()
    client.set_cookie("session", signed_with("spring", user="阿达"))
    assert "Set-Cookie" not in client.get("/").headers
    assert "Set-Cookie" in client.post("/login").headers
    client.set_cookie("session", signed_with("spring", user="阿达", _permanent="1"))
    assert "Set-Cookie" in client.get("/").headers


def test_any_session_cookie_older_than_the_lifetime_is_rejected() -> None:
    app = key_rotation.create_app()
    assert app.permanent_session_lifetime == timedelta(days=31)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as clock:
        cookie = signed_with("spring", user="阿达")
        clock.move_to(start + timedelta(days=31))
        assert visitor(app, cookie) == "阿达"
        clock.move_to(start + timedelta(days=31, seconds=1))
        assert visitor(app, cookie) == "nobody"


def test_your_own_tokens_know_nothing_of_the_fallbacks() -> None:
    app = key_rotation.create_app()
    token = URLSafeSerializer("spring").dumps("阿达")
    with pytest.raises(BadSignature):
        URLSafeSerializer(str(app.secret_key)).loads(token)


def test_fallbacks_as_a_string_let_strangers_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    forged = signed_with("s", user="admin")
    assert visitor(key_rotation.create_app(), forged) == "nobody"
    app = key_rotation.create_app({"SECRET_KEY_FALLBACKS": "spring"})
    assert visitor(app, forged) == "admin"

    monkeypatch.setenv("FLASK_SECRET_KEY_FALLBACKS", "spring")
    app = key_rotation.create_app()
    app.config.from_prefixed_env()
    assert visitor(app, forged) == "admin"
    monkeypatch.setenv("FLASK_SECRET_KEY_FALLBACKS", '["spring"]')
    app.config.from_prefixed_env()
    assert visitor(app, forged) == "nobody"
    assert visitor(app, signed_with("spring", user="阿达")) == "阿达"


# --- debug and testing -----------------------------------------------------------------------------


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Keep the development server from starting and return what it would start with."""
    seen: dict[str, Any] = {}

    def run_simple(host: str, port: int, app: Flask, **options: Any) -> None:
        seen.update(options, host=host, port=port, debug=app.debug)

    monkeypatch.setattr("flask.cli.run_simple", run_simple)
    monkeypatch.setattr("werkzeug.serving.run_simple", run_simple)
    # The command sets these variables, and leaves them set.
    monkeypatch.setenv("FLASK_DEBUG", "")
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "")
    return seen


def debug_blocks() -> list[tuple[str, str]]:
    text = section("config-debug-and-testing").split("```{code-block} console\n")[1].split("```")[0]
    parts = re.split(r"(?m)^\$ flask ", text)[1:]
    return [(part.partition("\n")[0], part.partition("\n")[2]) for part in parts]


@pytest.mark.parametrize(("command", "output"), debug_blocks())
def test_under_the_flask_command_debug_in_code_has_no_effect(
    server: dict[str, Any], monkeypatch: pytest.MonkeyPatch, command: str, output: str
) -> None:
    monkeypatch.delenv("FLASK_DEBUG")
    result = CliRunner().invoke(cli, command.split(), catch_exceptions=False)
    assert result.output == output
    wanted = command.endswith("--debug")
    assert (server["debug"], server["use_debugger"], server["use_reloader"]) == (wanted,) * 3


def test_both_commands_of_the_page_were_found() -> None:
    assert [command.split()[-1] for command, _ in debug_blocks()] == ["run", "--debug"]


def test_any_other_server_keeps_debug_as_the_code_says() -> None:
    debug_in_code.app.config["DEBUG"] = True  # the command above has overwritten it
    assert debug_in_code.app.test_client().get("/").json == {"debug": True}


@pytest.mark.parametrize(
    ("value", "debug"),
    [
        *[(value, True) for value in ("1", "true", "on", "2")],
        *[(value, False) for value in ("0", "false", "False", "no", "NO", "")],
    ],
)
def test_flask_debug_is_on_for_every_value_but_four(
    monkeypatch: pytest.MonkeyPatch, value: str, debug: bool
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", value)
    assert Flask("shop").debug is debug


def test_flask_env_and_the_key_env_mean_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_ENV", "development")
    app = Flask("shop")
    assert "ENV" not in app.config
    assert app.debug is False


def test_app_run_still_follows_debug_in_the_configuration(
    app: Flask, server: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FLASK_DEBUG")
    app.config["DEBUG"] = True
    app.run()
    assert (server["use_debugger"], server["use_reloader"]) == (True, True)


def failing(app: Flask) -> Flask:
    app.logger.disabled = True
    app.register_error_handler(500, lambda error: ("my page for error 500", 500))

    @app.get("/boom")
    def boom() -> str:
        raise ZeroDivisionError

    return app


@pytest.mark.parametrize(
    ("settings", "propagates"),
    [
        ({}, False),
        ({"TESTING": True}, True),
        ({"DEBUG": True}, True),
        ({"PROPAGATE_EXCEPTIONS": True}, True),
        ({"TESTING": True, "PROPAGATE_EXCEPTIONS": False}, False),
    ],
)
def test_testing_lets_exceptions_through_unless_propagate_exceptions_says_otherwise(
    settings: dict[str, bool], propagates: bool
) -> None:
    app = failing(Flask("failing"))
    app.config.update(settings)
    if propagates:
        with pytest.raises(ZeroDivisionError):
            app.test_client().get("/boom")
    else:
        assert app.test_client().get("/boom").text == "my page for error 500"


def test_testing_does_one_thing_in_flask() -> None:
    readers = []
    for file in Path(flask.__file__).parent.rglob("*.py"):
        for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef):
                for node in ast.walk(function):
                    if isinstance(node, ast.Attribute) and node.attr == "testing":
                        readers.append(function.name)
                    if isinstance(node, ast.Subscript):
                        assert ast.unparse(node.slice) != "'TESTING'"
    assert readers == ["handle_exception"]


def test_the_test_client_does_not_set_testing(app: Flask) -> None:
    app.test_client()
    assert app.testing is False


# --- when keys are read ----------------------------------------------------------------------------


def test_a_view_reads_the_configuration_of_the_application_that_serves_it() -> None:
    for size in (20, 50):
        client = late_reading.create_app(size).test_client()
        assert client.get("/").json == {"page_size": size}


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


def test_automatic_options_are_decided_when_a_rule_is_added(app: Flask) -> None:
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.add_url_rule("/page", view_func=lambda: "page")
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = True
    client = app.test_client()
    assert client.options("/page").status_code == 405
    assert client.options("/static/shop.css").status_code == 200


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


@pytest.mark.usefixtures("fresh_logger")
def test_the_level_of_the_logger_is_decided_when_it_is_first_used(app: Flask) -> None:
    assert app.logger.level == logging.NOTSET
    app.config["DEBUG"] = True
    assert app.logger.level == logging.NOTSET
    other = Flask("shop")
    other.config["DEBUG"] = True
    assert other.logger.level == logging.DEBUG


def test_an_extension_reads_its_keys_in_init_app(app: Flask) -> None:
    database = flask_sqlalchemy.SQLAlchemy()
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    database.init_app(app)
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///other.db"
    with app.app_context():
        assert str(database.engine.url) == "sqlite://"


# --- the keys of the notes -------------------------------------------------------------------------


def test_of_the_28_keys_seven_are_gone_four_have_another_default_and_the_others_stand() -> None:
    assert len(NOTES) == 28
    assert {key for key in NOTES if key not in Flask.default_config} == GONE
    assert len(GONE) == 7
    changed = {key for key in set(NOTES) - GONE if Flask.default_config[key] != NOTES[key]}
    assert {key: Flask.default_config[key] for key in changed} == {
        "DEBUG": None,
        "APPLICATION_ROOT": "/",
        "SEND_FILE_MAX_AGE_DEFAULT": None,
        "TRAP_BAD_REQUEST_ERRORS": None,
    }


def test_the_page_names_every_key_that_went_changed_or_came() -> None:
    for key in GONE:
        assert f"`{key}" in section("config-gone-keys")
    for key in (
        "DEBUG",
        "APPLICATION_ROOT",
        "SEND_FILE_MAX_AGE_DEFAULT",
        "TRAP_BAD_REQUEST_ERRORS",
    ):
        assert f"\n`{key}`\n: " in section("config-changed-keys")
    came = set(Flask.default_config) - set(NOTES)
    assert len(came) == 8
    for key in came:
        assert f"`{key}`" in section("config-new-keys")


@pytest.mark.parametrize("key", sorted(GONE))
def test_a_key_that_is_gone_is_no_error_and_nothing_reads_it(app: Flask, key: str) -> None:
    app.config[key] = "anything"
    app.add_url_rule("/", view_func=lambda: {"城市": "北京"})
    assert app.test_client().get("/").text == '{"\\u57ce\\u5e02":"\\u5317\\u4eac"}\n'
    for file in Path(flask.__file__).parent.rglob("*.py"):
        assert key not in file.read_text(encoding="utf-8")


def city(app: Flask) -> TestResponse:
    app.add_url_rule("/", view_func=lambda: {"b": "北京", "a": 1})
    return app.test_client().get("/")


def test_ensure_ascii_replaces_json_as_ascii(app: Flask) -> None:
    app.config["JSON_AS_ASCII"] = False
    assert isinstance(app.json, DefaultJSONProvider)
    assert "\\u5317\\u4eac" in city(app).text
    app.json.ensure_ascii = False
    assert "北京" in app.test_client().get("/").text
    assert ":::{pitfall} Chinese arrives as `\\u5317\\u4eac`" in PAGE


def test_sort_keys_replaces_json_sort_keys(app: Flask) -> None:
    assert isinstance(app.json, DefaultJSONProvider)
    assert list(json.loads(city(app).text)) == ["a", "b"]
    app.json.sort_keys = False
    assert list(json.loads(app.test_client().get("/").text)) == ["b", "a"]


def test_compact_replaces_jsonify_prettyprint_regular(app: Flask) -> None:
    assert isinstance(app.json, DefaultJSONProvider)
    assert city(app).text.count("\n") == 1
    app.json.compact = False
    assert app.test_client().get("/").text.startswith('{\n  "a": 1,\n')


def test_mimetype_replaces_jsonify_mimetype(app: Flask) -> None:
    assert isinstance(app.json, DefaultJSONProvider)
    app.json.mimetype = "application/vnd.shop+json"
    assert city(app).mimetype == "application/vnd.shop+json"


def test_a_provider_of_your_own_keeps_chinese_readable_and_in_order() -> None:
    response = chinese_json.app.test_client().get("/")
    # Sorted, the city would come first.
    assert response.text == '{\n  "问候": "你好",\n  "城市": "北京"\n}\n'
    assert response.headers["Content-Type"] == "application/json; charset=utf-8"


@pytest.mark.usefixtures("fresh_logger")
def test_the_logger_has_the_name_of_the_application_and_a_handler_to_remove(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    # pytest's own handlers on the root logger would make Flask's unneeded.
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    assert app.logger.name == app.name == "shop"
    assert app.logger.handlers == [default_handler]
    app.logger.removeHandler(default_handler)
    assert app.logger.handlers == []


def test_the_test_client_keeps_the_context_until_the_block_ends(app: Flask) -> None:
    failing(app)
    with app.test_client() as client:
        assert client.get("/boom").status_code == 500
        assert request.path == "/boom"
    with pytest.raises(RuntimeError, match=r"^Working outside of request context\."):
        request.path  # noqa: B018


def test_the_debugger_keeps_the_context_of_a_failed_request(app: Flask) -> None:
    failing(app).debug = True
    debugger = DebuggedApplication(app, evalex=True)
    Client(debugger).get("/boom", errors_stream=io.StringIO())
    contexts = next(iter(debugger.frame_contexts.values()))
    paths = []
    for context in contexts:
        with context:
            paths.append(request.path if request else None)
    assert paths[-1] == "/boom"


# --- same name, another default or meaning ---------------------------------------------------------


def test_application_root_is_for_links_outside_a_request_and_the_cookie_path(app: Flask) -> None:
    app.config.update(APPLICATION_ROOT="/shop", SERVER_NAME="example.com", SECRET_KEY="dev")

    @app.get("/")
    def home() -> str:
        session["seen"] = True
        return url_for("home")

    with app.app_context():
        assert url_for("home") == "http://example.com/shop/"
    # A plain WSGI client: Flask's own test client would ask below /shop.
    client = Client(app)
    answer = client.get("/")
    assert answer.text == "/"
    assert answer.headers["Set-Cookie"].endswith("; Path=/shop")
    assert client.get("/shop/").status_code == 404


def test_static_files_are_asked_for_each_time_unless_an_age_is_set(app: Flask) -> None:
    static = Path(app.root_path, "static")
    static.mkdir()
    static.joinpath("shop.css").write_text("a {}")
    client = app.test_client()
    for age, header in [
        (None, "no-cache"),
        (timedelta(hours=12), "public, max-age=43200"),
        (60, "public, max-age=60"),
    ]:
        app.config["SEND_FILE_MAX_AGE_DEFAULT"] = age
        with client.get("/static/shop.css") as response:
            assert response.headers["Cache-Control"] == header


def test_a_missing_field_is_400_and_shows_the_debugger_in_debug_mode(app: Flask) -> None:
    app.add_url_rule("/", view_func=lambda: request.args["page"])
    client = app.test_client()
    assert client.get("/").status_code == 400
    app.debug = True
    with pytest.raises(KeyError):
        client.get("/")
    app.config["TRAP_BAD_REQUEST_ERRORS"] = False
    assert client.get("/").status_code == 400


def test_server_name_restricts_nothing_and_builds_links_outside_a_request(app: Flask) -> None:
    app.add_url_rule("/", "home", lambda: "home")
    with app.app_context(), pytest.raises(RuntimeError) as caught:
        url_for("home")
    assert title_on_page(caught.value)
    app.config["SERVER_NAME"] = "example.com"
    with app.app_context():
        assert url_for("home") == "http://example.com/"
    assert Client(app).get("/", base_url="http://other.test").text == "home"


@pytest.mark.parametrize(("matching", "answer"), [(False, "everywhere"), (True, "admin")])
def test_subdomains_need_subdomain_matching_besides(matching: bool, answer: str) -> None:
    app = Flask("shop", subdomain_matching=matching)
    app.config["SERVER_NAME"] = "example.com"
    app.add_url_rule("/", "everywhere", lambda: "everywhere")
    app.add_url_rule("/", "admin", lambda: "admin", subdomain="admin")
    client = Client(app)
    assert client.get("/", base_url="http://admin.example.com").text == answer


def test_the_cookie_does_not_follow_server_name() -> None:
    app = key_rotation.create_app({"SERVER_NAME": "example.com"})
    assert "Domain" not in app.test_client().post("/login").headers["Set-Cookie"]
    app.config["SESSION_COOKIE_DOMAIN"] = "example.com"
    assert "; Domain=example.com;" in app.test_client().post("/login").headers["Set-Cookie"]


# --- keys that the notes do not know ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "status"),
    [("example.com", 200), ("www.example.com", 200), ("127.0.0.1:5000", 200), ("evil.test", 400)],
)
def test_trusted_hosts_answers_400_to_any_other_host(host: str, status: int) -> None:
    client = trusted_hosts.app.test_client()
    response = client.get("/reset-link", base_url=f"http://{host}")
    assert response.status_code == status
    assert (response.text == f"http://{host}/reset-link") is (status == 200)


def test_without_trusted_hosts_a_stranger_chooses_the_host_in_your_links(app: Flask) -> None:
    app.add_url_rule("/", "home", lambda: url_for("home", _external=True))
    client = app.test_client()
    assert client.get("/", base_url="http://evil.test").text == "http://evil.test/"


def test_the_cookie_for_an_embedded_page() -> None:
    cookie = session_cookie.app.test_client().post("/login").headers["Set-Cookie"]
    assert cookie.split("; ")[1:] == [
        "Secure",
        "HttpOnly",
        "Path=/",
        "SameSite=None",
        "Partitioned",
    ]


def test_samesite_takes_three_values_and_is_left_out_as_it_comes() -> None:
    app = key_rotation.create_app()
    app.testing = True
    client = app.test_client()
    assert "SameSite" not in client.post("/login").headers["Set-Cookie"]
    for value in ("Lax", "Strict", "None"):
        app.config["SESSION_COOKIE_SAMESITE"] = value
        assert client.post("/login").headers["Set-Cookie"].endswith(f"; SameSite={value}")
    app.config["SESSION_COOKIE_SAMESITE"] = "Loose"
    with pytest.raises(ValueError, match=r"^SameSite must be 'Strict', 'Lax', or 'None'\.$"):
        client.post("/login")


MULTIPART = "multipart/form-data"


def form_app() -> Flask:
    app = Flask("forms")

    @app.post("/")
    def count() -> str:
        return f"{len(request.form) + len(request.files)}"

    @app.post("/generous")
    def generous() -> str:
        request.max_form_memory_size = 600_000
        request.max_form_parts = 2_000
        return count()

    return app


def test_the_limits_for_forms_as_they_come() -> None:
    assert Flask.default_config["MAX_FORM_MEMORY_SIZE"] == 500_000
    assert Flask.default_config["MAX_FORM_PARTS"] == 1_000
    assert Flask.default_config["MAX_CONTENT_LENGTH"] is None
    for figure in ("500,000 bytes", "1,000 parts"):
        assert on_page(figure)


@pytest.mark.parametrize(
    ("data", "multipart", "status"),
    [
        ({"text": "x" * 499_000}, True, 200),
        ({"text": "x" * 500_001}, True, 413),
        ({"text": "x" * 500_001}, False, 200),
        ({f"field{n}": "x" for n in range(1_000)}, True, 200),
        ({f"field{n}": "x" for n in range(1_001)}, True, 413),
        ({f"field{n}": "x" for n in range(1_001)}, False, 200),
    ],
)
def test_form_limits_apply_to_multipart_only(
    data: dict[str, str], multipart: bool, status: int
) -> None:
    kind = MULTIPART if multipart else "application/x-www-form-urlencoded"
    client = form_app().test_client()
    assert client.post("/", data=data, content_type=kind).status_code == status
    if status == 413:
        assert client.post("/generous", data=data, content_type=kind).status_code == 200


def test_a_file_may_be_larger_than_the_limit_for_fields() -> None:
    data = {"photo": (io.BytesIO(b"x" * 600_000), "photo.jpg")}
    response = form_app().test_client().post("/", data=data)
    # The test client keeps a large body in a file.
    response.request.input_stream.close()
    assert response.text == "1"


def test_one_view_may_take_more_than_the_others() -> None:
    client = size_limits.app.test_client()
    body = "more than sixteen bytes"
    assert client.post("/note", data=body).status_code == 413
    assert client.post("/upload", data=body).text == "23 bytes"
    assert client.post("/upload", data="x" * 1025).status_code == 413
    assert client.post("/note", data="x" * 16).text == "16 bytes"


def test_a_cookie_above_the_limit_is_a_warning_and_0_turns_it_off(app: Flask) -> None:
    @app.get("/")
    def large() -> str:
        session["text"] = os.urandom(4000).hex()
        return "written"

    app.secret_key = "dev"
    client = app.test_client()
    with pytest.warns(UserWarning, match=r"^The 'session' cookie is too large"):
        client.get("/")
    app.config["MAX_COOKIE_SIZE"] = 0
    assert client.get("/").text == "written"


# --- how it works inside ---------------------------------------------------------------------------


def test_a_subclass_changes_a_default_before_the_first_rule_exists() -> None:
    class Shop(Flask):
        default_config = ImmutableDict(Flask.default_config, PROVIDE_AUTOMATIC_OPTIONS=False)

    assert Shop("shop").test_client().options("/static/shop.css").status_code == 405


def test_config_class_is_made_with_the_root_path_or_the_instance_path(tmp_path: Path) -> None:
    class Loud(Config):
        pass

    class Shop(Flask):
        config_class = Loud

    root, instance = str(tmp_path), str(tmp_path / "instance")
    for relative, path in [(False, root), (True, instance)]:
        app = Shop(
            "shop", root_path=root, instance_path=instance, instance_relative_config=relative
        )
        assert type(app.config) is Loud
        assert app.config.root_path == path


def test_the_ways_in_build_on_each_other(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    Path(app.root_path, "shop.cfg").write_text("NAME = __name__\n")
    Path(app.root_path, "shop.json").write_text('{"PAGE_SIZE": 1}')
    monkeypatch.setenv("SHOP_SETTINGS", "shop.cfg")
    called: list[str] = []
    for name in ("from_pyfile", "from_object", "from_mapping"):
        original = getattr(Config, name)

        def noted(self: Config, *args: Any, _of: Any = original, **kwargs: Any) -> Any:
            called.append(_of.__name__)
            return _of(self, *args, **kwargs)

        monkeypatch.setattr(Config, name, noted)
    app.config.from_envvar("SHOP_SETTINGS")
    assert called == ["from_pyfile", "from_object"]
    assert app.config["NAME"] == "config"
    called.clear()
    app.config.from_file("shop.json", load=json.load)
    assert called == ["from_mapping"]
    called.clear()
    monkeypatch.setenv("SHOP_B", "1")
    monkeypatch.setenv("SHOP_A", "1")
    app.config.from_prefixed_env("SHOP")
    assert called == []
    assert list(app.config)[-3:] == ["A", "B", "SETTINGS"]


# --- then and now ----------------------------------------------------------------------------------


def test_from_json_is_gone_and_from_file_does_its_work(app: Flask) -> None:
    with pytest.raises(AttributeError) as caught:
        app.config.from_json("settings.json")  # type: ignore[attr-defined]
    assert on_page(f"`AttributeError: {caught.value}`")
    Path(app.root_path, "settings.json").write_text('{"PAGE_SIZE": 20}')
    app.config.from_file("settings.json", load=json.load, text=False)
    assert app.config["PAGE_SIZE"] == 20


def test_the_sqlite_address_of_the_notes_is_refused() -> None:
    with pytest.raises(ValueError) as caught:
        sqlalchemy.create_engine("sqlite://:memory:")
    assert on_page(f"`{''.join(traceback.format_exception_only(caught.value)).strip()}`")
    engine = sqlalchemy.create_engine("sqlite:///:memory:")
    with engine.connect() as connection:
        assert connection.scalar(sqlalchemy.text("select 1")) == 1
    engine.dispose()


def test_neither_flask_nor_flask_sqlalchemy_reads_database_uri(app: Flask) -> None:
    assert "DATABASE_URI" not in Flask.default_config
    app.config["DATABASE_URI"] = "sqlite:///:memory:"
    with pytest.raises(RuntimeError, match="'SQLALCHEMY_DATABASE_URI'"):
        flask_sqlalchemy.SQLAlchemy(app)
