"""Which libraries are read, from which release on, and which of their modules.

A public module is named here, read or passed over: a release with another one stops ``nox -s history``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Library:
    """What is read of a library."""

    #: Its name on the index, and the name of its data file.
    project: str
    #: Its name for readers.
    title: str
    #: The package or module that is imported.
    package: str
    #: The oldest release that is read.
    first: str
    #: The modules whose public names are recorded; a module may be absent in some releases.
    modules: tuple[str, ...]
    #: Public modules that are not recorded, each with all beneath it that is not among `modules`.
    passed_over: tuple[str, ...] = ()
    #: Whether it reads configuration keys of an application.
    keys: bool = False
    #: Keys that it reads but that are another library's.
    not_keys: tuple[str, ...] = ()
    #: Read the newest and the first of each minor, and others only between two that differ.
    sparse: bool = False
    #: Parts of the package that are never looked at.
    skip: tuple[str, ...] = ()
    #: Whether people import from the package itself; of what is also elsewhere that is the main name.
    front: bool = True
    #: Modules that offer what they import; else every module that is a package's front.
    reexports: tuple[str, ...] = ()
    #: Modules whose classes are recorded without their members.
    shallow: tuple[str, ...] = ()
    #: Classes whose `__getattr__` does not provide what they had before.
    not_dynamic: tuple[str, ...] = ()
    #: If given, the only classes whose members and signatures are recorded.
    deep: tuple[str, ...] = ()
    #: Releases that are passed over, each because of a fault of its own.
    faulty: tuple[str, ...] = ()

    def unaccounted(self, modules: Iterable[str]) -> list[str]:
        """Return those of a release's public ``modules`` of which nobody said what becomes of them."""
        known = tuple(f"{name}." for name in (*self.passed_over, *self.skip))
        return [
            name
            for name in modules
            if name not in self.modules and not f"{name}.".startswith(known)
        ]


def beneath(package: str, *modules: str) -> tuple[str, ...]:
    """Return the dotted names of what lies in a package."""
    return tuple(f"{package}.{module}" for module in modules)


def _under(package: str, *modules: str) -> tuple[str, ...]:
    return (package, *beneath(package, *modules))


LIBRARIES = (
    Library(
        project="flask",
        title="Flask",
        package="flask",
        first="0.10",
        modules=_under(
            "flask", "blueprints", "cli", "config", "ctx", "exthook", "globals", "helpers", "json",
            "json.provider", "json.tag", "logging", "module", "sessions", "signals", "templating",
            "testing", "views", "wrappers",
        ),
        # The insides of the application, and what it is annotated with.
        passed_over=beneath("flask", "app", "debughelpers", "ext", "sansio", "scaffold", "typing"),
        keys=True,
        skip=("flask.testsuite",),
        # Its wheel holds files of the branch in development; the next release is the same, repackaged.
        faulty=("0.12.3",),
    ),
    Library(
        project="werkzeug",
        title="Werkzeug",
        package="werkzeug",
        first="0.9",
        modules=_under(
            "werkzeug", "contrib.atom", "contrib.cache", "contrib.fixers", "contrib.iterio",
            "contrib.lint", "contrib.profiler", "contrib.securecookie", "contrib.sessions",
            "contrib.wrappers", "datastructures", "debug", "exceptions", "formparser", "http", "local",
            "middleware.dispatcher", "middleware.http_proxy", "middleware.lint",
            "middleware.profiler", "middleware.proxy_fix", "middleware.shared_data", "routing",
            "security", "serving", "test", "testapp", "urls", "useragents", "user_agent", "utils",
            "wrappers", "wsgi",
        ),
        # The pieces of packages that offer them, what is without input and output, and what few have used.
        passed_over=beneath(
            "werkzeug", "contrib.jsrouting", "contrib.limiter", "contrib.testtools", "datastructures",
            "debug", "filesystem", "posixemulation", "routing", "sansio", "script", "websocket",
            "wrappers",
        ),
        skip=("werkzeug.testsuite",),
        front=False,
        reexports=_under("werkzeug", "datastructures", "routing", "wrappers"),
        shallow=_under(
            "werkzeug", "contrib.atom", "contrib.cache", "contrib.fixers", "contrib.iterio",
            "contrib.lint", "contrib.profiler", "contrib.securecookie", "contrib.sessions",
            "contrib.wrappers", "debug", "formparser", "middleware.lint", "serving",
        ),
    ),
    Library(
        project="jinja2",
        title="Jinja",
        package="jinja2",
        first="2.7",
        modules=_under(
            "jinja2", "bccache", "environment", "exceptions", "ext", "filters", "loaders", "runtime",
            "sandbox", "tests", "utils",
        ),
        # The compiler, and what extensions of the language are written with.
        passed_over=beneath(
            "jinja2", "async_utils", "asyncfilters", "asyncsupport", "compiler", "constants", "debug",
            "defaults", "idtracking", "lexer", "meta", "nativetypes", "nodes", "optimizer", "parser",
            "visitor",
        ),
        skip=("jinja2.testsuite",),
        reexports=("jinja2",),
    ),
    Library(
        project="itsdangerous",
        title="ItsDangerous",
        package="itsdangerous",
        first="0.21",
        modules=_under(
            "itsdangerous", "encoding", "exc", "jws", "serializer", "signer", "timed", "url_safe"
        ),
    ),
    Library(
        project="wtforms",
        title="WTForms",
        package="wtforms",
        first="1.0.4",
        modules=_under(
            "wtforms", "csrf.core", "csrf.session", "ext.csrf", "ext.csrf.form", "ext.csrf.session",
            "ext.dateutil.fields", "ext.i18n.form", "ext.sqlalchemy.fields", "ext.sqlalchemy.orm",
            "fields", "fields.core", "fields.html5", "form", "i18n", "meta", "utils", "validators",
            "widgets", "widgets.html5",
        ),
        # The pieces of packages that offer them, and what joined WTForms to other frameworks.
        passed_over=beneath(
            "wtforms", "compat", "datalist", "ext.appengine", "ext.csrf.fields", "ext.django",
            "ext.i18n.utils", "ext.sqlalchemy.validators", "fields", "widgets",
        ),
        reexports=_under("wtforms", "fields", "widgets"),
    ),
    Library(
        project="sqlalchemy",
        title="SQLAlchemy",
        package="sqlalchemy",
        first="0.9.0",
        modules=_under(
            "sqlalchemy", "engine", "exc", "ext.asyncio", "ext.declarative", "orm", "orm.exc"
        ),
        # Of Core and the extensions only what the package itself offers.
        passed_over=beneath(
            "sqlalchemy", "cprocessors", "engine", "event", "events", "ext.associationproxy",
            "ext.asyncio", "ext.automap", "ext.baked", "ext.compiler", "ext.declarative",
            "ext.horizontal_shard", "ext.hybrid", "ext.indexable", "ext.instrumentation",
            "ext.mutable", "ext.orderinglist", "ext.serializer", "future", "inspection",
            "interfaces", "log", "orm", "pool", "processors", "schema", "sql", "types", "util",
        ),
        sparse=True,
        skip=(
            "sqlalchemy.connectors", "sqlalchemy.databases", "sqlalchemy.dialects", "sqlalchemy.ext.mypy",
            "sqlalchemy.testing",
        ),
        front=False,
        deep=(
            "sqlalchemy.MetaData", "sqlalchemy.Table", "sqlalchemy.engine.Connection",
            "sqlalchemy.engine.Engine", "sqlalchemy.engine.Result", "sqlalchemy.engine.Row",
            "sqlalchemy.engine.URL", "sqlalchemy.orm.Query", "sqlalchemy.orm.Session",
            "sqlalchemy.orm.scoped_session", "sqlalchemy.orm.sessionmaker",
        ),
        reexports=_under("sqlalchemy", "engine", "ext.asyncio", "ext.declarative", "orm"),
    ),
    Library(
        project="flask-session",
        title="Flask-Session",
        package="flask_session",
        first="0.1",
        modules=_under(
            "flask_session", "base", "cachelib", "defaults", "dynamodb", "filesystem", "memcached",
            "mongodb", "redis", "sessions", "sqlalchemy",
        ),
        # Each is the one module of a package that offers what is in it.
        passed_over=beneath(
            "flask_session", "cachelib", "dynamodb", "filesystem", "memcached", "mongodb", "redis",
            "sqlalchemy",
        ),
        keys=True,
        not_keys=("SESSION_COOKIE_NAME", "SESSION_REFRESH_EACH_REQUEST"),
    ),
    Library(
        project="flask-sqlalchemy",
        title="Flask-SQLAlchemy",
        package="flask_sqlalchemy",
        first="1.0",
        modules=_under(
            "flask_sqlalchemy", "extension", "model", "pagination", "query", "record_queries",
            "session", "table", "track_modifications",
        ),
        passed_over=beneath("flask_sqlalchemy", "cli", "utils"),
        keys=True,
        not_keys=("TESTING",),
        # It looks in SQLAlchemy.
        not_dynamic=("flask_sqlalchemy.SQLAlchemy",),
    ),
    Library(
        project="click",
        title="Click",
        package="click",
        first="2.0",
        modules=_under(
            "click", "core", "decorators", "exceptions", "formatting", "globals", "parser",
            "shell_completion", "termui", "testing", "types", "utils",
        ),
        # Of one release.
        passed_over=("click.helpers",),
    ),
    Library(
        project="markupsafe",
        title="MarkupSafe",
        package="markupsafe",
        first="0.23",
        modules=("markupsafe",),
        skip=("markupsafe.bench", "markupsafe.tests"),
    ),
    Library(
        project="flask-login",
        title="Flask-Login",
        package="flask_login",
        first="0.2.0",
        modules=_under(
            "flask_login", "config", "login_manager", "mixins", "signals", "test_client", "utils"
        ),
    ),
    Library(
        project="flask-wtf",
        title="Flask-WTF",
        package="flask_wtf",
        first="0.9.0",
        modules=_under(
            "flask_wtf", "csrf", "file", "form", "html5", "recaptcha", "recaptcha.fields",
            "recaptcha.validators", "recaptcha.widgets",
        ),
        # It needs Flask-Babel.
        passed_over=("flask_wtf.i18n",),
    ),
)  # fmt: skip
