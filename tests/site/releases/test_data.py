"""The committed data says what the changelogs and the installed libraries say.

The facts were taken by hand from the changelogs in the source distributions of Flask 0.12, 1.0, 2.0.1, 2.2.0, 2.3.0
and 3.1.0, of Werkzeug 0.15.0, 1.0.0 and 2.1.0, and of SQLAlchemy 1.3.24, 1.4.54, 2.0.58 and 2.1.9. Where data and
changelog differ, the reason stands beside the fact.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import inspect
import re
import warnings
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy.exc
import sqlalchemy.orm
from flask import Blueprint, Flask

from proven.claims.proofs import proves
from proven.releases import groups, key_tables, timeline
from proven.releases.libraries import LIBRARIES as LIBRARIES_READ
from proven.releases.libraries import Library
from proven.releases.reader import read
from proven.releases.timeline import Entry, History, changes, order

HISTORY = History()

# The keys of section 1 of the notes, as they stand there.
NOTES = {
    "DEBUG": "get_debug_flag(default=False)",
    "TESTING": "False",
    "PROPAGATE_EXCEPTIONS": "None",
    "PRESERVE_CONTEXT_ON_EXCEPTION": "None",
    "SECRET_KEY": "None",
    "PERMANENT_SESSION_LIFETIME": "timedelta(days=31)",
    "USE_X_SENDFILE": "False",
    "LOGGER_NAME": "None",
    "LOGGER_HANDLER_POLICY": "'always'",
    "SERVER_NAME": "None",
    "APPLICATION_ROOT": "None",
    "SESSION_COOKIE_NAME": "'session'",
    "SESSION_COOKIE_DOMAIN": "None",
    "SESSION_COOKIE_PATH": "None",
    "SESSION_COOKIE_HTTPONLY": "True",
    "SESSION_COOKIE_SECURE": "False",
    "SESSION_REFRESH_EACH_REQUEST": "True",
    "MAX_CONTENT_LENGTH": "None",
    "SEND_FILE_MAX_AGE_DEFAULT": "timedelta(hours=12)",
    "TRAP_BAD_REQUEST_ERRORS": "False",
    "TRAP_HTTP_EXCEPTIONS": "False",
    "EXPLAIN_TEMPLATE_LOADING": "False",
    "PREFERRED_URL_SCHEME": "'http'",
    "JSON_AS_ASCII": "True",
    "JSON_SORT_KEYS": "True",
    "JSONIFY_PRETTYPRINT_REGULAR": "True",
    "JSONIFY_MIMETYPE": "'application/json'",
    "TEMPLATES_AUTO_RELOAD": "None",
}


@dataclass(frozen=True)
class Fact:
    """What a changelog says of a name."""

    name: str
    added: str | None = None
    deprecated: str | None = None
    removed: str | None = None
    #: Where data and changelog differ, why.
    difference: str = ""


FACTS = [
    # Flask 3.1.0
    Fact("flask:PROVIDE_AUTOMATIC_OPTIONS", added="3.1.0"),
    Fact("flask:MAX_FORM_MEMORY_SIZE", added="3.1.0"),
    Fact("flask:MAX_FORM_PARTS", added="3.1.0"),
    Fact("flask:SESSION_COOKIE_PARTITIONED", added="3.1.0"),
    Fact("flask:SECRET_KEY_FALLBACKS", added="3.1.0"),
    Fact("flask:TRUSTED_HOSTS", added="3.1.0"),
    Fact("flask.Flask.open_resource(encoding)", added="3.1.0"),
    # Flask 3.0.0: removes what 2.3 deprecated
    Fact("flask.__version__", deprecated="3.0.0"),
    Fact("flask.escape", deprecated="2.3.0", removed="3.0.0"),
    Fact("flask.signals_available", deprecated="2.3.0", removed="3.0.0"),
    Fact("flask.Flask.got_first_request", deprecated="2.3.0", removed="3.0.0"),
    Fact("flask.helpers.locked_cached_property", deprecated="2.3.0", removed="3.0.0"),
    Fact("flask._app_ctx_stack", deprecated="2.2.0", removed="3.0.0"),
    Fact(
        "flask.Markup",
        deprecated="2.3.1",
        removed="3.0.0",
        difference="deprecated in 2.3.0 says the changelog, but it could not be imported from there "
        "at all: 2.3.1 restored it, with the warning",
    ),
    # Flask 2.3.0: removes what 2.2 deprecated
    Fact("flask.Config.from_file(text)", added="2.3.0"),
    Fact("flask:JSON_AS_ASCII", deprecated="2.2.0", removed="2.3.0"),
    Fact("flask:JSON_SORT_KEYS", deprecated="2.2.0", removed="2.3.0"),
    Fact("flask:JSONIFY_MIMETYPE", added="0.11", deprecated="2.2.0", removed="2.3.0"),
    Fact("flask:JSONIFY_PRETTYPRINT_REGULAR", deprecated="2.2.0", removed="2.3.0"),
    Fact("flask.Flask.before_first_request", deprecated="2.2.0", removed="2.3.0"),
    Fact("flask.Blueprint.before_app_first_request", deprecated="2.2.0", removed="2.3.0"),
    Fact("flask.Flask.session_cookie_name", deprecated="2.2.0", removed="2.3.0"),
    Fact("flask.Flask.env", added="1.0", deprecated="2.2.0", removed="2.3.0"),
    Fact("flask.json.JSONEncoder", deprecated="2.2.0", removed="2.3.0"),
    Fact("flask.json.htmlsafe_dumps", deprecated="2.2.0", removed="2.3.0"),
    Fact(
        "flask:ENV",
        added="1.0",
        removed="2.3.0",
        difference="deprecated in 2.2.0 says the changelog; no code warned who set the key",
    ),
    Fact(
        "flask.Flask.json_encoder",
        deprecated="2.2.1",
        removed="2.3.0",
        difference="deprecated in 2.2.0 says the changelog; setting it warned from 2.2.1 on",
    ),
    # Flask 2.2.0
    Fact("flask.send_file(attachment_filename)", deprecated="2.0.0", removed="2.2.0"),
    Fact("flask.send_file(cache_timeout)", deprecated="2.0.0", removed="2.2.0"),
    Fact("flask.send_file(add_etags)", deprecated="2.0.0", removed="2.2.0"),
    Fact("flask.send_file(download_name)", added="2.0.0"),
    Fact(
        "flask.send_from_directory(filename)",
        deprecated="2.0.1",
        removed="2.2.0",
        difference="renamed without a word in 2.0.0; 2.0.1 brought the old name back, with the warning",
    ),
    Fact("flask.ctx.RequestContext.g", deprecated="2.1.0", removed="2.2.0"),
    Fact("flask.Flask.aborter_class", added="2.2.0"),
    Fact("flask.Flask.make_aborter", added="2.2.0"),
    Fact("flask.Flask.redirect", added="2.2.0"),
    Fact("flask.Flask.url_for", added="2.2.0"),
    Fact("flask.Flask.json", added="2.2.0"),
    Fact("flask.stream_template", added="2.2.0"),
    Fact("flask.views.View.init_every_request", added="2.2.0"),
    Fact(
        "flask:PRESERVE_CONTEXT_ON_EXCEPTION",
        removed="2.2.0",
        difference="the changelog only tells of a new implementation; the page on configuration says it",
    ),
    # Flask 2.1.0
    Fact(
        "flask.Config.from_json",
        added="0.11",
        deprecated="2.0.1",
        removed="2.1.0",
        difference="deprecated in 2.0.0 says the changelog, where it was missing by accident",
    ),
    Fact("flask.safe_join", deprecated="2.0.0", removed="2.1.0"),
    Fact("flask.helpers.total_seconds", added="0.11", deprecated="2.0.0", removed="2.1.0"),
    Fact("flask.Config.from_prefixed_env", added="2.1.0"),
    # Flask 2.0.0
    Fact("flask.Config.from_file", added="2.0.0"),
    Fact("flask.sessions.SessionInterface.get_cookie_name", added="2.0.0"),
    Fact("flask.Flask.get", added="2.0.0"),
    Fact("flask.Blueprint.post", added="2.0.0"),
    Fact("flask.Blueprint.register_blueprint", added="2.0.0"),
    # Flask 1.1.0 and 1.1.1
    Fact("flask.Flask.url_map_class", added="1.1.0"),
    Fact("flask.json_available", deprecated="1.1.1", removed="2.0.0"),
    # Flask 1.0
    Fact("flask:SESSION_COOKIE_SAMESITE", added="1.0"),
    Fact("flask:MAX_COOKIE_SIZE", added="1.0"),
    Fact("flask:LOGGER_NAME", removed="1.0"),
    Fact("flask:LOGGER_HANDLER_POLICY", added="0.11", removed="1.0"),
    Fact("flask.Flask(host_matching)", added="1.0"),
    Fact("flask.Flask(static_host)", added="1.0"),
    Fact("flask.Flask(subdomain_matching)", added="1.0"),
    Fact("flask.Flask.run(load_dotenv)", added="1.0"),
    Fact("flask.Flask.test_cli_runner", added="1.0"),
    Fact("flask.Flask.add_url_rule(provide_automatic_options)", added="1.0"),
    Fact("flask.Blueprint.json_encoder", added="1.0", deprecated="2.2.1", removed="2.3.0"),
    Fact("flask.Response.is_json", added="1.0"),
    Fact("flask.Flask.init_jinja_globals", removed="1.0"),
    Fact("flask.Flask(static_path)", deprecated="0.10", removed="1.0"),
    Fact("flask.Request.module", deprecated="0.10", removed="1.0"),
    Fact(
        "flask.Request.json",
        difference="deprecated in 0.11, no longer in 1.0: what stands is that it is there",
    ),
    # Flask 0.11
    Fact("flask:SESSION_REFRESH_EACH_REQUEST", added="0.11"),
    Fact("flask:TEMPLATES_AUTO_RELOAD", added="0.11"),
    Fact("flask:EXPLAIN_TEMPLATE_LOADING", added="0.11"),
    Fact("flask.before_render_template", added="0.11"),
    Fact("flask.Config.from_mapping", added="0.11"),
    Fact("flask.Config.get_namespace", added="0.11"),
    Fact("flask.Flask.config_class", added="0.11"),
    Fact("flask.Module", removed="0.11"),
    # Werkzeug
    Fact("werkzeug.secure_filename", deprecated="0.16.0", removed="1.0.0"),
    Fact("werkzeug.contrib.cache.SimpleCache", deprecated="0.15.0", removed="1.0.0"),
    Fact("werkzeug.middleware.proxy_fix.ProxyFix", added="0.15.0"),
    Fact("werkzeug.routing.Map(merge_slashes)", added="1.0.0"),
    Fact("werkzeug.wrappers.BaseRequest", deprecated="2.0.0", removed="2.1.0"),
    Fact("werkzeug.security.safe_str_cmp", deprecated="2.0.0", removed="2.1.0"),
    Fact("werkzeug.security.pbkdf2_hex", deprecated="2.0.0", removed="2.1.0"),
    Fact("werkzeug.contrib.fixers.ProxyFix", deprecated="0.15.0", removed="1.0.0"),
    Fact("werkzeug.wrappers.Request.is_xhr", deprecated="0.13", removed="1.0.0"),
    # SQLAlchemy 1.1 to 1.3
    Fact("sqlalchemy.JSON", added="1.1.0"),
    Fact("sqlalchemy.orm.selectinload", added="1.2.0"),
    Fact("sqlalchemy.orm.close_all_sessions", added="1.3.0"),
    Fact("sqlalchemy.orm.Session.close_all", deprecated="1.3.0", removed="2.1.0"),
    Fact("sqlalchemy.Computed", added="1.3.11"),
    # SQLAlchemy 1.4.0: removes what was deprecated long before
    Fact("sqlalchemy.Binary", deprecated="0.9.0", removed="1.4.0"),
    Fact("sqlalchemy.PassiveDefault", deprecated="0.9.0", removed="1.4.0"),
    Fact("sqlalchemy.Table.count", deprecated="1.1.0", removed="1.4.0"),
    Fact("sqlalchemy.engine.Engine.contextual_connect", deprecated="1.3.0", removed="1.4.0"),
    Fact("sqlalchemy.engine.RowProxy", removed="1.4.0"),
    Fact("sqlalchemy.ext.declarative.comparable_using", removed="1.4.0"),
    Fact(
        "sqlalchemy.orm.MapperExtension",
        removed="1.4.0",
        difference="deprecated since 0.7 says the changelog; no release warned who imported it",
    ),
    Fact("sqlalchemy.orm.Query.with_lockmode", deprecated="1.3.0", removed="1.4.0"),
    Fact("sqlalchemy.orm.Session.prune", deprecated="0.9.0", removed="1.4.0"),
    Fact("sqlalchemy.orm.Session(weak_identity_map)", deprecated="0.9.0", removed="1.4.0"),
    Fact("sqlalchemy.orm.comparable_property", removed="1.4.0"),
    Fact("sqlalchemy.orm.compile_mappers", deprecated="0.9.0", removed="1.4.0"),
    Fact(
        "sqlalchemy.orm.joinedload_all",
        removed="1.4.0",
        difference="deprecated says the changelog; it is made by an assignment, which shows no warning",
    ),
    # SQLAlchemy 1.4.0 and later: deprecates what 2.0 removes
    Fact("sqlalchemy.MetaData(bind)", deprecated="1.4.0", removed="2.0.0"),
    Fact("sqlalchemy.Table.tometadata", deprecated="1.4.0"),
    Fact("sqlalchemy.engine.Engine.execute", deprecated="1.4.0", removed="2.0.0"),
    Fact("sqlalchemy.engine.Engine.table_names", deprecated="1.4.0", removed="2.0.0"),
    Fact("sqlalchemy.engine.Engine.has_table", deprecated="1.4.0", removed="2.0.0"),
    Fact("sqlalchemy.ext.declarative.declarative_base", deprecated="1.4.0"),
    Fact("sqlalchemy.orm.Query.as_scalar", deprecated="1.4.0"),
    Fact("sqlalchemy.orm.Query.from_self", deprecated="1.4.0", removed="2.0.0"),
    Fact("sqlalchemy.orm.Query.select_entity_from", deprecated="1.4.0", removed="2.0.0"),
    Fact("sqlalchemy.orm.Query.with_polymorphic", deprecated="1.4.0", removed="2.0.0"),
    Fact(
        "sqlalchemy.orm.Session(autocommit)",
        difference="removed in 2.0 says the changelog; it is still a parameter, and takes False only",
    ),
    Fact("sqlalchemy.orm.Session.autocommit", removed="2.0.0"),
    Fact("sqlalchemy.orm.sessionmaker(autocommit)", removed="2.0.0"),
    Fact("sqlalchemy.orm.Session.begin(subtransactions)", deprecated="1.4.0", removed="2.0.0"),
    Fact("sqlalchemy.orm.eagerload", deprecated="1.4.0", removed="2.0.0"),
    Fact("sqlalchemy.orm.relation", deprecated="1.4.0", removed="2.0.0"),
    Fact("sqlalchemy.create_mock_engine", added="1.4.0"),
    Fact("sqlalchemy.orm.Session.get", added="1.4.0"),
    Fact("sqlalchemy.orm.Session.scalars", added="1.4.24"),
    Fact("sqlalchemy.engine.Connection.scalars", added="1.4.24"),
    # SQLAlchemy 2.0 and 2.1
    Fact("sqlalchemy.Uuid", added="2.0.0"),
    Fact("sqlalchemy.orm.DeclarativeBase", added="2.0.0"),
    Fact("sqlalchemy.orm.mapped_column", added="2.0.0"),
    Fact("sqlalchemy.orm.Session.get_one", added="2.0.22"),
    Fact("sqlalchemy.orm.MANYTOMANY", added="1.4.0"),
    Fact("sqlalchemy.orm.mapper"),
]


@proves(
    "history/index",
    "An example is the attribute json_encoder (…): the release before the one that warns "
    "announces it only in its changelog.",
    "If a release deprecates something without a warning, such as the key ENV, the column "
    "is empty.",
)
@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.name)
def test_the_data_agrees_with_the_changelog(fact: Fact) -> None:
    entry = HISTORY.find(fact.name)
    assert (entry.added, entry.deprecated, entry.removed) == (
        fact.added,
        fact.deprecated,
        fact.removed,
    )


DEFAULTS = {
    # Flask 1.0
    "flask:JSONIFY_PRETTYPRINT_REGULAR": [("1.0", "True", "False"), ("2.2.0", "False", "None")],
    "flask:APPLICATION_ROOT": [("1.0", "None", "'/'")],
    "flask:TRAP_BAD_REQUEST_ERRORS": [("1.0", "False", "None")],
    # Flask 2.0.0; the first change is one of spelling
    "flask:SEND_FILE_MAX_AGE_DEFAULT": [
        ("0.11", "12 * 60 * 60", "timedelta(hours=12)"),
        ("2.0.0", "timedelta(hours=12)", "None"),
    ],
    # Flask 2.2.0: moved to app.json
    "flask:JSON_SORT_KEYS": [("2.2.0", "True", "None")],
    "flask.send_file(conditional)": [("2.0.0", "False", "True")],
}


@pytest.mark.parametrize("name", DEFAULTS)
def test_the_data_knows_changed_defaults(name: str) -> None:
    found = changes(HISTORY.find(name).defaults)
    assert [(change.version, change.before, change.after) for change in found] == DEFAULTS[name]


@proves(
    "history/index",
    "Some names were removed by mistake and came back.",
    "Config.from_json is missing from one release and is in the next one again, with a "
    "warning (…).",
    "The same happened to Markup (…).",
)
def test_two_accidents_are_told_as_they_happened() -> None:
    assert HISTORY.find("flask.Config.from_json").events == (
        ("0.11", "added"),
        ("2.0.0", "removed"),
        ("2.0.1", "added"),
        ("2.0.1", "deprecated"),
        ("2.1.0", "removed"),
    )
    assert HISTORY.find("flask.Markup").events == (
        ("0.10", "added"),
        ("2.3.0", "removed"),
        ("2.3.1", "added"),
        ("2.3.1", "deprecated"),
        ("3.0.0", "removed"),
    )


def test_the_data_knows_behaviour_that_only_a_value_shows() -> None:
    # Werkzeug 0.15.0: redirects of the router keep the method.
    code = HISTORY.find("werkzeug.routing.RequestRedirect.code")
    assert [(change.version, change.before, change.after) for change in changes(code.values)] == [
        ("0.15.0", "301", "308")
    ]


def test_there_is_data_for_each_minor_of_flask() -> None:
    minors = [".".join(version.split(".")[:2]) for version in HISTORY.libraries["flask"].releases]
    assert list(dict.fromkeys(minors)) == [
        *("0.10", "0.11", "0.12", "1.0", "1.1", "2.0", "2.1", "2.2", "2.3", "3.0", "3.1")
    ]


LIBRARIES = sorted(HISTORY.libraries)


def test_there_is_data_for_each_library() -> None:
    assert sorted(library.project for library in LIBRARIES_READ) == LIBRARIES


@pytest.mark.parametrize("project", LIBRARIES)
def test_the_installed_library_is_not_newer_than_the_data(project: str) -> None:
    newest, installed = HISTORY.libraries[project].releases[-1], importlib.metadata.version(project)
    assert order(installed) <= order(newest), (
        f"{project} {installed} is installed, the data ends with {newest}: run nox -s history"
    )


@pytest.mark.parametrize("project", LIBRARIES)
def test_the_data_is_sorted(project: str) -> None:
    library = HISTORY.libraries[project]
    for section in (library.aliases, library.keys, library.names):
        assert list(section) == sorted(section)
    assert list(library.releases) == sorted(library.releases, key=order)


@pytest.mark.parametrize("library", LIBRARIES_READ, ids=lambda library: library.project)
def test_no_module_and_no_name_of_the_installed_library_is_missed(library: Library) -> None:
    top = importlib.util.find_spec(library.package)
    assert top is not None
    assert top.origin is not None
    found = read(library, Path(top.origin).parents[1], library.project)
    assert library.package in found.modules
    assert library.unaccounted(found.modules) == []
    # The members of a class are told where they are defined, if they are told at all.
    offered = [name for name in found.names if name.rpartition(".")[0] in found.modules]
    missed = {name for name in offered if HISTORY.get(name) is None}
    assert {name for name in missed if not found.names[name].imported} == set()
    assert len(offered) - len(missed) > 5


@proves("history/api", "The tables below have what is in none above, by module.")
def test_each_name_stands_in_one_table() -> None:
    places = groups.places(HISTORY)
    for project, library in HISTORY.libraries.items():
        for name, item in library.names.items():
            current_module = item.kind == "module" and item.events[-1].text != "removed"
            # Such a module is told by what is in it.
            assert (name in places) != current_module, name
        listed = [e.name for its in groups.rest(HISTORY, project).values() for e in its]
        assert len(listed) == len(set(listed))
        assert not groups.grouped(HISTORY) & set(listed)


def test_the_data_is_small() -> None:
    sizes = {path.stem: path.stat().st_size for path in timeline.FOLDER.glob("data/*.json")}
    assert max(sizes.values()) < 400_000
    assert sizes["flask"] < 100_000


# --- the keys -------------------------------------------------------------------------------


def test_the_keys_of_the_notes_are_those_of_the_release_they_were_written_for() -> None:
    found = {
        entry.name.removeprefix("flask:"): entry.default_at("0.12")
        for entry in HISTORY.keys("flask")
        if entry.present_at("0.12")
    }
    assert len(NOTES) == 28
    assert found == NOTES


def test_the_current_keys_are_those_of_the_installed_flask() -> None:
    current = {
        entry.name.removeprefix("flask:") for entry in HISTORY.keys("flask") if entry.current
    }
    assert current == set(Flask.default_config)


def test_the_current_defaults_are_those_of_the_installed_flask() -> None:
    for key, default in Flask.default_config.items():
        defaults = HISTORY.find(f"flask:{key}").defaults
        assert defaults[-1][1] == key_tables.default_text(default), key


def test_the_types_of_the_keys_fit_their_defaults() -> None:
    for key, default in Flask.default_config.items():
        kinds = key_tables.key_type(HISTORY, key, default).split(" | ")
        name = "None" if default is None else type(default).__name__
        assert name in kinds, f"{key} is {name} by default, its type is given as {kinds}"
        assert "NoneType" not in kinds, f"{key}: give its type in replacements.toml"


def test_what_reads_a_key_is_there_and_names_it() -> None:
    for key in Flask.default_config:
        readers = HISTORY.find(f"flask:{key}").readers
        assert readers, f"nothing reads {key}"
        for reader in readers:
            assert resolve(reader) is not None


# --- the names ------------------------------------------------------------------------------


def resolve(name: str) -> Any:
    """The object of a name, without running a property."""
    first, *rest = name.split(".")
    found: Any = importlib.import_module(first)
    path = first
    for piece in rest:
        path = f"{path}.{piece}"
        if inspect.isclass(found):
            try:
                found = inspect.getattr_static(found, piece)
            except AttributeError:
                found = getattr(found, piece)
        else:
            try:
                found = getattr(found, piece)
            except AttributeError:
                found = importlib.import_module(path)
    return found


def exists(name: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            resolve(name)
        except (AttributeError, ImportError):
            return False
    return True


def own(project: str) -> list[Entry]:
    library = HISTORY.libraries[project]
    found = map(HISTORY.find, library.names)
    return [entry for entry in found if entry.library == library.library]


def gone(entry: Entry) -> bool:
    """Whether it went from its class, which has it from a base class now."""
    told = HISTORY.libraries["flask"].names[entry.name]
    return entry.current and told.events[-1].text == "removed"


def missing(name: str) -> bool:
    """Whether neither the class nor the objects have the last part of ``name``."""
    owner, _, member = name.rpartition(".")
    if exists(name):
        return False
    if owner in OBJECTS:
        return not hasattr(OBJECTS[owner], member)
    return not (exists(owner) and on_objects(resolve(owner), member))


def on_objects(owner: Any, member: str) -> bool:
    """Whether the source of a class or of its bases gives its objects an attribute."""
    pattern = re.compile(rf"\bself\.{member}\b|^\s+{member}\s*:", re.MULTILINE)
    classes = inspect.getmro(owner) if inspect.isclass(owner) else ()
    return any(
        pattern.search(source(cls))
        for cls in classes
        if cls.__module__ not in {"builtins", "enum", "typing", "abc"}
    )


@cache
def source(cls: type) -> str:
    return inspect.getsource(cls)


def objects() -> dict[str, Any]:
    """An object of each class whose attributes no class has and no source shows plainly."""
    engine = sqlalchemy.create_engine("sqlite://")
    metadata = sqlalchemy.MetaData()
    table = sqlalchemy.Table("tea", metadata, sqlalchemy.Column("id", sqlalchemy.Integer))
    session = sqlalchemy.orm.Session(engine)
    with engine.connect() as connection:
        result = connection.execute(sqlalchemy.select(1))
        row = result.one()
    engine.dispose()
    factory = sqlalchemy.orm.sessionmaker()
    found = {
        "MetaData": metadata,
        "Table": table,
        "engine.Connection": connection,
        "engine.Engine": engine,
        "engine.Result": result,
        "engine.Row": row,
        "engine.URL": engine.url,
        "orm.Query": session.query(table),
        "orm.Session": session,
        "orm.scoped_session": sqlalchemy.orm.scoped_session(factory),
        "orm.sessionmaker": factory,
    }
    return {f"sqlalchemy.{name}": value for name, value in found.items()} | {
        "flask.Flask": Flask("shop"),
        "flask.Blueprint": Blueprint("tea", "shop"),
    }


OBJECTS = objects()

# Imported again by accident, long after the module gave up a name of its own.
STRAY = {"werkzeug.test.File", "werkzeug.utils.Headers", "werkzeug.utils.escape"}


@pytest.mark.parametrize("project", LIBRARIES)
def test_what_is_said_to_be_gone_is_gone(project: str) -> None:
    gone = [entry.name for entry in own(project) if not entry.current]
    assert gone
    there = [
        name
        for name in gone
        if exists(name) or hasattr(OBJECTS.get(name.rpartition(".")[0]), name.rpartition(".")[2])
    ]
    assert [name for name in there if name not in STRAY] == []


# What is there, though it cannot be had here.
ABSENT = {
    # It needs the client of Amazon's service.
    "flask-session": re.compile(r"flask_session\.dynamodb\b"),
    # Answered by `__getattr__`: of a header that has the parameter.
    "werkzeug": re.compile(r"werkzeug\.datastructures\.(Authorization|WWWAuthenticate)\."),
    # Declared for all clauses, set for some.
    "sqlalchemy": re.compile(
        r"sqlalchemy\.(orm\.Query\.proxy_set|Table\.(negation_clause|proxy_set))\Z"
    ),
}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("project", LIBRARIES)
def test_what_is_said_to_be_there_is_there(project: str) -> None:
    current = [entry.name for entry in own(project) if entry.current]
    assert len(current) > 20
    absent = ABSENT.get(project)
    assert [name for name in current if missing(name) and not (absent and absent.match(name))] == []


def test_signatures_are_those_of_the_installed_flask() -> None:
    checked = 0
    for entry in own("flask"):
        if entry.kind not in {"function", "method"} or not entry.current or not entry.signatures:
            continue
        if gone(entry) or entry.name.startswith("flask.cli."):
            # The decorators of Click make commands of functions.
            continue
        found = resolve(entry.name)
        function = found.__func__ if isinstance(found, classmethod | staticmethod) else found
        if not inspect.isfunction(function):
            # The proxy of a function, say.
            continue
        parameters = list(inspect.signature(function, follow_wrapped=True).parameters)
        recorded = list(timeline.parameters(entry.signatures[-1][1]))
        assert parameters[-len(recorded) :] == recorded or recorded == [], entry.name
        checked += 1
    assert checked > 150


@proves(
    "history/index",
    "The tables also do not show that a function can still be imported but no longer works: "
    "each call of sqlalchemy.orm.mapper raises InvalidRequestError.",
)
def test_a_function_may_be_there_and_fail_always() -> None:
    """What docs/history/index.md says of it; the data cannot show it."""
    assert HISTORY.find("sqlalchemy.orm.mapper").current
    with pytest.raises(sqlalchemy.exc.InvalidRequestError, match="is removed as of SQLAlchemy"):
        sqlalchemy.orm.mapper()


@proves(
    "history/index",
    "Flask 0.12.3 is left out, because its archive contains files of a development branch.",
    "Flask 0.1 to 0.9 are left out: the data of Flask begin with 0.10.",
)
def test_the_page_names_every_release_and_library_that_is_not_read_whole() -> None:
    left_out = {library.title: library.faulty for library in LIBRARIES_READ if library.faulty}
    assert left_out == {"Flask": ("0.12.3",)}
    assert HISTORY.libraries["flask"].releases[0] == "0.10"
    assert [library.title for library in LIBRARIES_READ if library.sparse] == ["SQLAlchemy"]
