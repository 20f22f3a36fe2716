"""What the pages of history say beside their records: the names that went, and what was run."""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy
from cachelib.file import FileSystemCache
from flask import Flask, send_file, session
from flask.json.provider import DefaultJSONProvider
from flask_session import Session
from flask_sqlalchemy import SQLAlchemy

from proven.base.project import DOCS, ROOT
from proven.claims.proofs import proves
from proven.claims.quotes import quotes
from proven.exchange.blocks import blocks
from proven.releases import jobs, notebook, recorded, upcoming, upgrade
from proven.releases.environments import FLASK, NEIGHBOURS
from proven.releases.timeline import History


@cache
def history() -> History:
    return History()


def gone(name: str) -> bool:
    return history().find(name).removed is not None


def current(name: str) -> bool:
    return history().find(name).current


@proves("history/upgrade", "The shortcuts in the package werkzeug are gone: ….")
@pytest.mark.parametrize("name", ["secure_filename", "generate_password_hash", "url_quote"])
def test_the_shortcuts_of_werkzeug_are_gone(name: str) -> None:
    assert history().find(f"werkzeug.{name}").removed == "1.0.0"


@proves("history/upgrade", "request.is_xhr went with them: ….")
def test_is_xhr_went_with_the_shortcuts() -> None:
    assert history().find("werkzeug.wrappers.Request.is_xhr").removed == "1.0.0"


@proves(
    "history/upgrade",
    "evalcontextfilter became pass_eval_context, and environmentfilter became pass_environment.",
)
@pytest.mark.parametrize(
    ("before", "after"),
    [("evalcontextfilter", "pass_eval_context"), ("environmentfilter", "pass_environment")],
)
def test_decorators_of_jinja_have_new_names(before: str, after: str) -> None:
    assert gone(f"jinja2.{before}")
    assert current(f"jinja2.{after}")


@proves("history/upgrade", "cache_timeout became max_age, and add_etags became etag.")
@pytest.mark.parametrize(("before", "after"), [("cache_timeout", "max_age"), ("add_etags", "etag")])
def test_parameters_of_send_file_have_new_names(before: str, after: str) -> None:
    assert gone(f"flask.send_file({before})")
    assert current(f"flask.send_file({after})")


@proves(
    "history/configuration",
    "Four keys for JSON became attributes of app.json, where an application can also use "
    "another JSON library (…).",
)
@proves(
    "history/upgrade",
    "A provider takes its place, and the keys JSON_AS_ASCII and the like became its attributes.",
)
@pytest.mark.parametrize(
    ("key", "attribute"),
    [
        ("JSON_AS_ASCII", "ensure_ascii"),
        ("JSON_SORT_KEYS", "sort_keys"),
        ("JSONIFY_MIMETYPE", "mimetype"),
        ("JSONIFY_PRETTYPRINT_REGULAR", "compact"),
    ],
)
def test_keys_for_json_became_attributes(key: str, attribute: str) -> None:
    assert gone(f"flask:{key}")
    assert current(f"flask.json.provider.DefaultJSONProvider.{attribute}")


@proves(
    "history/upgrade", "The functions for URLs of Werkzeug are gone too; urllib.parse has them."
)
def test_functions_for_urls_are_gone() -> None:
    import urllib.parse

    for name in ("quote", "unquote", "quote_plus"):
        old = {"quote": "url_quote", "unquote": "url_unquote", "quote_plus": "url_quote_plus"}[name]
        assert gone(f"werkzeug.urls.{old}")
        assert callable(getattr(urllib.parse, name))


@proves("history/upgrade", "It reads the code and imports nothing.")
def test_the_check_runs_nothing(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("raise SystemExit('it ran')\n")
    assert upgrade.read(tmp_path, history()) == ([], [])


@proves(
    "history/upgrade",
    "Each error, each warning and each response after the change was recorded in the "
    "release that the box names.",
)
def test_every_box_of_the_page_has_a_record_of_its_release() -> None:
    source = DOCS.joinpath("history/upgrade.md").read_text(encoding="utf-8")
    found = list(blocks(source, ("then",)))
    records = recorded.read().records
    releases = set()
    for block in found:
        old = recorded.read_block(block.argument, block.options, block.lines)
        assert old.key in records
        releases.add(old.release)
    assert releases == {each.release for each in FLASK}


@proves(
    "history/notes",
    "Each line that can be run was run: in the releases of the notebook's time, and in those that "
    "this site is about.",
    "The releases of that time are named in the cells; all of them ran on Python 3.11.",
)
def test_lines_were_run_then_and_now() -> None:
    measured = notebook.read().measured
    assert {line.measure for line in notebook.lines() if line.measure} == set(measured)
    assert {each.release for each in notebook.THEN.values()} <= {
        each.release for each in (*FLASK, *NEIGHBOURS)
    }
    for file in notebook.MEASURES.glob("*.py"):
        then, now = notebook.environments(file)
        assert (then != now, now) == (True, FLASK[-1])


@proves(
    "history/next",
    "Each line was tried with the release that this site is about and with the source of the next "
    "one.",
    "Every exchange and every example of this site was run with both.",
    "The tests of the pages were run with both releases.",
    "Each sentence below is proved by a test that fails only with the next one:",
)
def test_all_of_it_was_run_with_both() -> None:
    found = upcoming.read()
    assert {change.measure for change in upcoming.changes()} == set(found.measured)
    assert found.today == FLASK[-1].release
    assert set(found.snippets) <= set(jobs.snippets())
    quoted = {f"{quote.file}::{quote.test}" for quote in quotes(ROOT)[0]}
    assert len(found.tests) > 20
    # Those that prove a sentence are most of them, and each is still there.
    assert len(quoted & set(found.tests)) > 0.7 * len(found.tests)
    for name in found.tests:
        file, _, test = name.partition("::")
        assert test.rpartition("::")[2] in ROOT.joinpath(file).read_text("utf-8"), name


@proves(
    "history/configuration",
    "The keys of the logger were removed when app.logger became an ordinary logger of the "
    "standard library (…).",
)
@pytest.mark.parametrize("key", ["LOGGER_NAME", "LOGGER_HANDLER_POLICY"])
def test_the_keys_of_the_logger_went_with_it(key: str) -> None:
    assert gone(f"flask:{key}")
    assert type(Flask("shop").logger) is logging.Logger


@proves(
    "history/configuration",
    "ENV was removed too: only debug mode still distinguishes development from production (…).",
)
def test_env_went_and_debug_mode_is_left() -> None:
    assert history().find("flask:ENV").removed == "2.3.0"
    assert not {"ENV", "TESTING_ENV"} & Flask("shop").config.keys()
    assert "DEBUG" in Flask("shop").config


@proves(
    "history/configuration",
    "Four keys for JSON became attributes of app.json, where an application can also use "
    "another JSON library (…).",
)
def test_an_application_chooses_its_json_library() -> None:
    class Shouting(DefaultJSONProvider):
        def dumps(self, obj: object, **options: object) -> str:
            return "SHOUTED"

    app = Flask("shop")
    app.json = Shouting(app)
    app.add_url_rule("/", view_func=lambda: {"a": 1})
    assert app.test_client().get("/").text.strip() == "SHOUTED"


@proves(
    "history/configuration",
    "The keys for session files are deprecated.",
    "Create a cache object instead, and pass it as SESSION_CACHELIB (…).",
)
def test_the_keys_for_session_files_are_deprecated(tmp_path: Path) -> None:
    for key in ("SESSION_FILE_DIR", "SESSION_FILE_THRESHOLD", "SESSION_FILE_MODE"):
        assert history().find(f"flask-session:{key}").deprecated == "0.7.0"
    app = Flask("shop")
    app.config.update(SESSION_TYPE="cachelib", SESSION_CACHELIB=FileSystemCache(str(tmp_path)))
    Session(app)
    app.add_url_rule("/", view_func=lambda: session.update(a=1) or "")
    assert app.test_client().get("/").status_code == 200
    assert list(tmp_path.iterdir())


@proves(
    "history/configuration",
    "The keys for the connection pool became items of one dictionary, "
    "SQLALCHEMY_ENGINE_OPTIONS (…), which is passed to sqlalchemy.create_engine() "
    "unchanged.",
)
def test_the_keys_of_the_pool_became_options_of_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    for key in ("POOL_SIZE", "POOL_TIMEOUT", "POOL_RECYCLE", "MAX_OVERFLOW"):
        assert gone(f"flask-sqlalchemy:SQLALCHEMY_{key}")
    options = {"pool_size": 7, "pool_timeout": 3, "pool_recycle": 5, "max_overflow": 2}
    passed: dict[str, object] = {}
    create = sqlalchemy.create_engine

    def spy(url: object, **given: object) -> object:
        passed.update(given)
        return create(url, **given)  # type: ignore[call-overload]

    monkeypatch.setattr("sqlalchemy.engine.create.create_engine", spy)
    app = Flask("shop")
    app.config.update(
        SQLALCHEMY_DATABASE_URI="postgresql://nobody", SQLALCHEMY_ENGINE_OPTIONS=options
    )
    db = SQLAlchemy(app)
    with app.app_context():
        db.engine.dispose()
    assert options.items() <= passed.items()


@proves(
    "history/configuration",
    "A removed key raises no error.",
    "Flask keeps it in app.config, but nothing reads it, so an old settings file still "
    "loads and has less effect than it seems.",
)
def test_a_key_that_is_gone_is_kept_and_read_by_nothing() -> None:
    app = Flask("shop")
    app.config.from_mapping(JSON_AS_ASCII=False)
    assert app.config["JSON_AS_ASCII"] is False
    app.add_url_rule("/", view_func=lambda: {"name": "阿达"})
    assert app.test_client().get("/").text.isascii()


@proves(
    "history/api",
    "An ImportError: cannot import name, an AttributeError or a TypeError: got an "
    "unexpected keyword argument often means that a release has removed the name.",
    "A call that passes a removed parameter by its name fails.",
)
def test_a_parameter_that_is_gone_fails_by_its_name() -> None:
    assert gone("flask.send_file(cache_timeout)")
    with (
        Flask("shop").test_request_context(),
        pytest.raises(TypeError, match="got an unexpected keyword argument 'cache_timeout'"),
    ):
        send_file(__file__, cache_timeout=1)  # type: ignore[call-arg]


@proves("history/api", "A method that moved to a base class counts as unchanged.")
def test_a_method_that_moved_to_a_base_class_is_unchanged() -> None:
    # Flask 2.0 moved it to Scaffold.
    assert "route" not in vars(Flask)
    assert callable(Flask.route)
    entry = history().find("flask.Flask.route")
    assert [event.text for event in entry.events] == ["added"]
    assert entry.removed is None
