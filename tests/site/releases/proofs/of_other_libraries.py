"""What replaces the names that the smaller libraries gave up does the job."""

from __future__ import annotations

import importlib
import importlib.metadata
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import cachelib
import flask_session
import flask_sqlalchemy
import itsdangerous
import jinja2
import pytest
import redis
import sqlalchemy.orm
import wtforms
from flask import Flask, session
from flask_sqlalchemy.record_queries import get_recorded_queries
from flask_sqlalchemy.track_modifications import before_models_committed, models_committed
from werkzeug.datastructures import MultiDict
from wtforms.validators import DataRequired

from tests.site.releases.proofs.register import proves


@proves(
    "itsdangerous.URLSafeSerializer",
    *("itsdangerous.JSONWebSignatureSerializer", "werkzeug.contrib.securecookie.SecureCookie"),
)
def data_is_signed() -> None:
    signed = itsdangerous.URLSafeSerializer("spring").dumps({"user": "ada"})
    assert itsdangerous.URLSafeSerializer("spring").loads(signed) == {"user": "ada"}
    with pytest.raises(itsdangerous.BadSignature):
        itsdangerous.URLSafeSerializer("summer").loads(signed)


@proves("itsdangerous.URLSafeTimedSerializer", "itsdangerous.TimedJSONWebSignatureSerializer")
def signed_data_expires() -> None:
    serializer = itsdangerous.URLSafeTimedSerializer("spring")
    signed = serializer.dumps({"user": "ada"})
    assert serializer.loads(signed, max_age=60) == {"user": "ada"}
    with pytest.raises(itsdangerous.SignatureExpired):
        serializer.loads(signed, max_age=-1)


def _render(source: str, **names: Any) -> str:
    environment = jinja2.Environment(autoescape=True)
    environment.filters.update(names)
    environment.globals.update(names)
    return environment.from_string(source).render(currency="元")


@jinja2.pass_context
def price(context: jinja2.runtime.Context, value: int = 3) -> str:
    return f"{value} {context['currency']}"


@proves("jinja2.pass_context", "jinja2.contextfilter", "jinja2.contextfunction")
def a_filter_or_function_gets_the_context() -> None:
    assert _render("{{ 5 | price }}, {{ price() }}", price=price) == "5 元, 3 元"


@jinja2.pass_environment
def escaped(environment: jinja2.Environment, value: str = "") -> str:
    return str(environment.autoescape)


@proves("jinja2.pass_environment", "jinja2.environmentfilter", "jinja2.environmentfunction")
def a_filter_or_function_gets_the_environment() -> None:
    assert _render("{{ 5 | escaped }}, {{ escaped() }}", escaped=escaped) == "True, True"


@jinja2.pass_eval_context
def here(context: jinja2.nodes.EvalContext, value: str = "") -> str:
    return str(context.autoescape)


@proves("jinja2.pass_eval_context", "jinja2.evalcontextfilter", "jinja2.evalcontextfunction")
def a_filter_or_function_gets_the_evaluation_context() -> None:
    source = "{% autoescape false %}{{ 5 | here }}{% endautoescape %}, {{ here() }}"
    assert _render(source, here=here) == "False, True"


class Form(wtforms.Form):
    name = wtforms.StringField(validators=[DataRequired()])


@proves("wtforms.StringField", "wtforms.TextField")
def a_string_field_is_a_line_of_text() -> None:
    assert str(Form().name) == '<input id="name" name="name" required type="text" value="">'


@proves("wtforms.validators.DataRequired", "wtforms.validators.Required")
def a_field_must_be_filled_in() -> None:
    assert Form(MultiDict()).validate() is False
    assert Form(MultiDict({"name": "ada"})).validate() is True


def _database(**options: Any) -> tuple[Flask, flask_sqlalchemy.SQLAlchemy]:
    app = Flask("shop")
    app.config.update({"SQLALCHEMY_DATABASE_URI": "sqlite://"} | options)
    return app, flask_sqlalchemy.SQLAlchemy(app)


@contextmanager
def _opened(app: Flask, db: flask_sqlalchemy.SQLAlchemy) -> Iterator[None]:
    """Close the connections after the session, which is closed with its context."""
    try:
        with app.app_context():
            db.create_all()
            yield
    finally:
        with app.app_context():
            db.engine.dispose()


def _tea(db: flask_sqlalchemy.SQLAlchemy) -> Any:
    class Tea(db.Model):  # type: ignore[name-defined, misc]
        id = db.Column(db.Integer, primary_key=True)

    return Tea


@proves(
    "SQLALCHEMY_ENGINE_OPTIONS",
    *(
        f"flask-sqlalchemy:SQLALCHEMY_{name}"
        for name in ("POOL_SIZE", "POOL_TIMEOUT", "POOL_RECYCLE", "MAX_OVERFLOW")
    ),
)
def the_pool_takes_its_options() -> None:
    options = {"pool_size": 3, "pool_timeout": 4, "pool_recycle": 5, "max_overflow": 6}
    with tempfile.TemporaryDirectory() as folder:
        app, db = _database(
            SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder}/shop.db",
            SQLALCHEMY_ENGINE_OPTIONS=options,
        )
        with app.app_context():
            pool = db.engine.pool
    assert (pool.size(), pool.timeout(), pool._recycle, pool._max_overflow) == (3, 4, 5, 6)


@proves("db.session.commit()", "flask-sqlalchemy:SQLALCHEMY_COMMIT_ON_TEARDOWN")
def nothing_is_committed_but_by_commit() -> None:
    app, db = _database()
    tea = _tea(db)
    count = sqlalchemy.select(sqlalchemy.func.count()).select_from(tea)
    with _opened(app, db):
        with app.app_context():
            db.session.add(tea())
        with app.app_context():
            assert db.session.scalar(count) == 0
            db.session.add(tea())
            db.session.commit()
        with app.app_context():
            assert db.session.scalar(count) == 1


@proves("flask_sqlalchemy.query.Query", "flask_sqlalchemy.BaseQuery")
def the_query_of_a_model_is_of_this_class() -> None:
    app, db = _database()
    tea = _tea(db)
    with app.app_context():
        assert type(tea.query) is flask_sqlalchemy.query.Query


@proves("flask_sqlalchemy.model.Model", "flask_sqlalchemy.Model")
def a_model_is_of_this_class() -> None:
    _, db = _database()
    assert issubclass(db.Model, flask_sqlalchemy.model.Model)


@proves("flask_sqlalchemy.pagination.Pagination", "flask_sqlalchemy.Pagination")
def a_page_is_of_this_class() -> None:
    app, db = _database()
    tea = _tea(db)
    with _opened(app, db), app.test_request_context():
        page = db.paginate(sqlalchemy.select(tea))
        assert isinstance(page, flask_sqlalchemy.pagination.Pagination)


@proves("flask_sqlalchemy.session.Session", "flask_sqlalchemy.SignallingSession")
def the_session_is_of_this_class() -> None:
    app, db = _database()
    with app.app_context():
        assert isinstance(db.session(), flask_sqlalchemy.session.Session)


@proves("db.engine", "flask_sqlalchemy.SQLAlchemy.get_engine")
def the_engine_is_an_attribute() -> None:
    app, db = _database()
    with app.app_context():
        assert str(db.engine.url) == "sqlite://"


@proves(
    "flask_sqlalchemy.record_queries.get_recorded_queries", "flask_sqlalchemy.get_debug_queries"
)
def queries_are_recorded() -> None:
    app, db = _database(SQLALCHEMY_RECORD_QUERIES=True)
    with _opened(app, db):
        db.session.execute(sqlalchemy.text("select 1"))
        assert [query.statement for query in get_recorded_queries()] == ["select 1"]


def _signalled(signal: Any) -> list[str]:
    app, db = _database(SQLALCHEMY_TRACK_MODIFICATIONS=True)
    tea = _tea(db)
    seen: list[str] = []

    def listen(sender: Flask, changes: list[tuple[Any, str]]) -> None:
        seen.extend(operation for _, operation in changes)

    with signal.connected_to(listen, app), _opened(app, db):
        db.session.add(tea())
        db.session.commit()
    return seen


@proves(
    "flask_sqlalchemy.track_modifications.models_committed", "flask_sqlalchemy.models_committed"
)
def a_signal_follows_a_commit() -> None:
    assert _signalled(models_committed) == ["insert"]


@proves(
    "flask_sqlalchemy.track_modifications.before_models_committed",
    "flask_sqlalchemy.before_models_committed",
)
def a_signal_precedes_a_commit() -> None:
    assert _signalled(before_models_committed) == ["insert"]


@proves(
    "SESSION_CACHELIB",
    *(f"flask-session:SESSION_FILE_{name}" for name in ("DIR", "MODE", "THRESHOLD")),
)
def a_cache_keeps_the_sessions() -> None:
    cache = cachelib.SimpleCache()
    app = Flask("shop")
    app.config.update(SESSION_TYPE="cachelib", SESSION_CACHELIB=cache)
    flask_session.Session(app)

    @app.post("/login")
    def login() -> str:
        session["user"] = "ada"
        return ""

    app.test_client().post("/login")
    assert len(cache._cache) == 1


@proves("flask_session.redis.RedisSessionInterface", "flask_session.RedisSessionInterface")
def sessions_in_redis_are_of_this_class() -> None:
    module = importlib.import_module("flask_session.redis")
    app = Flask("shop")
    app.config.update(SESSION_TYPE="redis", SESSION_REDIS=redis.Redis())
    flask_session.Session(app)
    assert type(app.session_interface) is module.RedisSessionInterface
