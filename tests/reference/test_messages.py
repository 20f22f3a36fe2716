"""reference/messages: each message there is one that Python or a library really raises, word for word."""

from __future__ import annotations

import collections
import hashlib
import io
import os
import re
import socket
import sqlite3
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import click
import flask.cli
import pymysql
import pytest
import redis
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from flask import Flask, render_template_string
from flask_login import LoginManager, UserMixin, current_user, login_user
from flask_sqlalchemy import SQLAlchemy
from itsdangerous import URLSafeSerializer, URLSafeTimedSerializer
from sqlalchemy import ForeignKey, orm
from werkzeug import security, serving
from werkzeug._reloader import run_with_reloader

from proven.claims.proofs import proves
from tests.pitfalls import written

TITLES = [title.strip("`") for page, title in written() if page == "reference/messages"]
MAKERS: dict[str, Callable[[Path], object]] = {}


def says(title: str) -> Callable[[Callable[[Path], object]], Callable[[Path], object]]:
    """Register what ends with this message, or returns it."""

    def register(make: Callable[[Path], object]) -> Callable[[Path], object]:
        assert title not in MAKERS
        MAKERS[title] = make
        return make

    return register


def skeleton(message: str) -> str:
    """Return a message without what differs from run to run: addresses, ports, ages, quoted names."""
    message = re.sub(r"^(?:\w+\.)+(?=[A-Z])", "", " ".join(message.split()))
    message = re.sub(r"\((?:sqlite3|psycopg|builtins)\.\w+Error\) ", "", message)
    return re.sub(r"'[^']*'|-?\d+(\.\d+)*|<[^>]*>|\bb(?=')", "", message)


@proves(
    "reference/messages",
    "The module was found, and an import in it failed.",
    "Another process listens on this port, most often a server that you started earlier.",
    "Flask is not installed in the Python that runs the program.",
    "The shell finds no command flask, because the virtual environment is not active.",
    "The option --env-file needs a package that Flask does not bring.",
    "The rule has a variable that the view does not take.",
    "The browser speaks HTTPS to the development server, which speaks HTTP.",
    'A model has __bind_key__ = "other", and the configuration names no database for it.',
    "SQLAlchemy(app) or db.init_app(app) ran twice for one application.",
    "A string is no statement.",
    "A relationship needs a column that refers to the other table.",
    "Two columns refer to the same table, and the relationship does not say which one it uses.",
    "This one is misspelt, or the column is not defined in the model.",
    "A string was given to a column of type DateTime.",
    "Each model needs a primary key.",
    "A connection of the module sqlite3 is kept in a global variable, and another thread "
    "serves the request.",
    "MySQL 8 asks for the password in a way for which PyMySQL needs another package.",
    "The arguments of paginate are passed by name: query.paginate(page=2, per_page=20).",
    "No Redis server listens there.",
    "No MySQL or MariaDB server listens there.",
    "No PostgreSQL server listens there.",
    "There are migrations that this database has not had yet.",
    "The table alembic_version names a migration whose file is missing, most often "
    "because it was made on another branch or deleted.",
    "A migration changes a table of SQLite by copying it, and a constraint without a name "
    "cannot be addressed.",
    "Werkzeug no longer checks a hash that begins with sha256$: wrap it, or let the user set a new password.",
    "This Python was built without the scrypt of OpenSSL, which generate_password_hash uses.",
    'Pass method="pbkdf2:sha256", or use another build of Python.',
    "Flask-Login does not know how to load a user.",
    "current_user is used, and no LoginManager was set up for this application.",
    "Nobody is logged in, so current_user is the anonymous user, which has none of the "
    "attributes of your model.",
    "The class of the users lacks what Flask-Login asks for.",
    "A template calls csrf_token(), and CSRFProtect was not set up.",
)
@pytest.mark.parametrize("title", TITLES)
def test_the_message_is_raised_word_for_word(
    title: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Flask puts the folder of an application on it, and leaves it there.
    monkeypatch.setattr(sys, "path", sys.path[:])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            said = str(MAKERS[title](tmp_path))
        except click.ClickException as error:
            said = f"Error: {error.format_message()}"
        except BaseException as error:
            said = f"{type(error).__name__}: {error}"
    assert skeleton(title) in skeleton(said), said


def test_no_message_lacks_its_proof() -> None:
    assert sorted(MAKERS) == sorted(TITLES)


def shop(folder: Path, source: str) -> flask.cli.ScriptInfo:
    """Write the module ``shop``; return what `flask --app` makes of it."""
    (folder / "shop.py").write_text(source, encoding="utf-8")
    sys.modules.pop("shop", None)
    return flask.cli.ScriptInfo(str(folder / "shop.py"))


# --- Starting ---------------------------------------------------------------------------------


@says(
    "Error: Could not locate a Flask application. Use the 'flask --app' option, 'FLASK_APP' environment variable, "
    "or a 'wsgi.py' or 'app.py' file in the current directory."
)
def no_application(folder: Path) -> object:
    before = Path.cwd()
    os.chdir(folder)
    try:
        return flask.cli.ScriptInfo().load_app()
    finally:
        os.chdir(before)


@says("Error: Could not import 'shop'.")
def no_module(_folder: Path) -> object:
    return flask.cli.ScriptInfo("there_is_no_shop").load_app()


@says("Error: While importing 'shop', an ImportError was raised:")
def import_fails(folder: Path) -> object:
    return shop(folder, "import there_is_no_such_module").load_app()


@says("Error: Failed to find attribute 'application' in 'shop'.")
def no_attribute(folder: Path) -> object:
    shop(folder, "app = None")
    return flask.cli.ScriptInfo(f"{folder / 'shop.py'}:application").load_app()


@says(
    "Error: Detected multiple Flask applications in module 'shop'. Use 'shop:name' to specify the correct one."
)
def several_applications(folder: Path) -> object:
    return shop(folder, "from flask import Flask\none = Flask('a')\ntwo = Flask('b')").load_app()


@says("OSError: [Errno 98] Address already in use")
def port_is_taken(_folder: Path) -> object:
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        first.listen()
        second.bind(first.getsockname())
    return None


@says("ModuleNotFoundError: No module named 'flask'")
def not_installed(folder: Path) -> object:
    # Without `site` a Python has nothing that was installed.
    command = [sys.executable, "-S", "-E", "-c", "import flask"]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False).stderr


@says("flask: command not found")
def no_command(folder: Path) -> object:
    command = ["/bin/bash", "--noprofile", "--norc", "-c", "flask run"]
    environment = {"PATH": str(folder), "LC_ALL": "C"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    return done.stderr


@says("python-dotenv must be installed to load an env file.")
def no_dotenv(folder: Path) -> object:
    (folder / ".env").write_text("A=1\n", encoding="utf-8")
    code = (
        "import sys; sys.modules['dotenv'] = None\n"
        "from flask.cli import main; sys.argv = ['flask', '--env-file', '.env', 'routes']; main()"
    )
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False).stderr


@says(
    "WARNING: This is a development server. Do not use it in a production deployment. "
    "Use a production WSGI server instead."
)
def development_server(_folder: Path) -> object:
    server = serving.make_server("127.0.0.1", 0, Flask("shop"))
    logged: list[str] = []
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(serving, "_log", lambda _kind, text, *_rest: logged.append(text))
            server.log_startup()
    finally:
        server.server_close()
    return re.sub(r"\x1b\[[\d;]*m", "", "\n".join(logged))


@says("ValueError: signal only works in main thread of the main interpreter")
def reloader_in_a_thread(_folder: Path) -> object:
    raised: list[BaseException] = []

    def run() -> None:
        try:
            run_with_reloader(lambda: None)
        except ValueError as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    raise raised[0]


@says("ImportError: cannot import name 'Mapping' from 'collections'")
def mapping(_folder: Path) -> object:
    assert not hasattr(collections, "Mapping")
    exec("from collections import Mapping")
    return None


# --- Requests and responses -------------------------------------------------------------------


def answer(method: str, path: str, view: Callable[..., Any]) -> str:
    """Return status and text of an answer of an application with one view."""
    app = Flask("shop")
    app.add_url_rule("/notes/<int:number>", view_func=view, endpoint="show")
    response = app.test_client().open(path, method=method)
    text = re.sub(r"<[^>]+>", "", response.text.partition("</h1>")[2])
    return f"{response.status.title()}: {text}"


@says(
    "404 Not Found: The requested URL was not found on the server. If you entered the URL manually please check "
    "your spelling and try again."
)
def not_found(_folder: Path) -> object:
    return answer("GET", "/note/1", lambda number: "")


@says("405 Method Not Allowed: The method is not allowed for the requested URL.")
def wrong_method(_folder: Path) -> object:
    return answer("POST", "/notes/1", lambda number: "")


@says(
    "500 Internal Server Error: The server encountered an internal error and was unable to complete your request. "
    "Either the server is overloaded or there is an error in the application."
)
def server_error(_folder: Path) -> object:
    return answer("GET", "/notes/1", lambda number: 1 // 0)


@says("TypeError: show() got an unexpected keyword argument 'number'")
def view_without_the_variable(_folder: Path) -> object:
    def show() -> str:
        return ""

    app = Flask("shop")
    app.testing = True
    app.add_url_rule("/notes/<int:number>", view_func=show)
    show.__qualname__ = "show"
    return app.test_client().get("/notes/1")


@says("code 400, message Bad request version")
def https_to_http(_folder: Path) -> object:
    logged: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def __init__(self) -> None:
            self.rfile, self.wfile = io.BytesIO(b""), io.BytesIO()
            self.client_address = ("127.0.0.1", 0)
            self.raw_requestline = b"\x16\x03\x01 \x02\x00\x01 h2\x08http/1.1\r\n"
            self.requestline, self.request_version, self.command = "", "", ""

        def log_message(self, text: str, *arguments: object) -> None:
            logged.append(text % arguments)

    assert not Handler().parse_request()
    return "\n".join(logged)


# --- Databases and servers --------------------------------------------------------------------


class Base(orm.DeclarativeBase):
    pass


class Book(Base):
    __tablename__ = "book"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    title: orm.Mapped[str]
    printed = orm.mapped_column(sa.DateTime)


@pytest.fixture(autouse=True)
def closed_engines() -> Iterator[None]:
    yield
    for engine in ENGINES:
        engine.dispose()
    ENGINES.clear()


ENGINES: list[sa.Engine] = []


def engine() -> sa.Engine:
    ENGINES.append(sa.create_engine("sqlite://", poolclass=sa.StaticPool))
    Base.metadata.create_all(ENGINES[-1])
    return ENGINES[-1]


def database(**config: object) -> tuple[Flask, SQLAlchemy]:
    app = Flask("shop")
    app.config.update(SQLALCHEMY_DATABASE_URI="sqlite://", **config)
    return app, SQLAlchemy(app)


@says("sqlalchemy.exc.UnboundExecutionError: Bind key 'other' is not in 'SQLALCHEMY_BINDS' config.")
def no_bind(_folder: Path) -> object:
    app, db = database()
    note = type(
        "Note",
        (db.Model,),
        {"__bind_key__": "other", "id": sa.Column(sa.Integer, primary_key=True)},
    )
    with app.app_context():
        return db.session.execute(sa.select(note))


@says(
    "RuntimeError: A 'SQLAlchemy' instance has already been registered on this Flask app. Import and use that "
    "instance instead."
)
def set_up_twice(_folder: Path) -> object:
    return SQLAlchemy(database()[0])


@says("sqlite3.OperationalError: no such column: note.done")
def no_column(_folder: Path) -> object:
    with engine().connect() as connection:
        connection.execute(sa.text("CREATE TABLE note (id INTEGER)"))
        return connection.execute(sa.text("SELECT note.done FROM note"))


@says("sqlalchemy.exc.ObjectNotExecutableError: Not an executable object: 'SELECT 1'")
def text_is_no_statement(_folder: Path) -> object:
    with engine().connect() as connection:
        return connection.execute("SELECT 1")  # type: ignore[call-overload]


def related(*keys: str) -> object:
    class Models(orm.DeclarativeBase):
        pass

    columns = {name: orm.mapped_column(ForeignKey("author.id")) for name in keys}
    author = type("Author", (Models,), {
        "__tablename__": "author", "id": orm.mapped_column(sa.Integer, primary_key=True),
        "books": orm.relationship("Book"),
    })  # fmt: skip
    book = type("Book", (Models,), {
        "__tablename__": "book", "id": orm.mapped_column(sa.Integer, primary_key=True), **columns,
    })  # fmt: skip
    # A class that nobody holds would be gone by now.
    Models.registry.configure()
    return author, book


@says(
    "sqlalchemy.exc.NoForeignKeysError: Could not determine join condition between parent/child tables on "
    "relationship Author.books - there are no foreign keys linking these tables."
)
def no_foreign_key(_folder: Path) -> object:
    return related()


@says(
    "sqlalchemy.exc.AmbiguousForeignKeysError: Could not determine join condition between parent/child tables on "
    "relationship Author.books - there are multiple foreign key paths linking the tables."
)
def two_foreign_keys(_folder: Path) -> object:
    return related("author_id", "editor_id")


@says("sqlalchemy.orm.exc.UnmappedInstanceError: Class 'builtins.list' is not mapped")
def add_a_list(_folder: Path) -> object:
    with orm.Session(engine()) as session:
        return session.add([])  # type: ignore[func-returns-value]


@says("TypeError: 'titel' is an invalid keyword argument for Book")
def misspelt(_folder: Path) -> object:
    return Book(titel="Flask")


@says("SQLite DateTime type only accepts Python datetime and date objects as input.")
def text_for_a_date(_folder: Path) -> object:
    with orm.Session(engine()) as session:
        session.add(Book(title="Flask", printed="2026-01-01"))
        return session.flush()  # type: ignore[func-returns-value]


@says(
    "sqlalchemy.exc.ArgumentError: Mapper Mapper[Note(note)] could not assemble any primary key columns for "
    "mapped table 'note'"
)
def no_primary_key(_folder: Path) -> object:
    class Models(orm.DeclarativeBase):
        pass

    return type("Note", (Models,), {"__tablename__": "note", "text": orm.mapped_column(sa.String)})


@says(
    "sqlite3.ProgrammingError: SQLite objects created in a thread can only be used in that same thread."
)
def other_thread(_folder: Path) -> object:
    connection = sqlite3.connect(":memory:")
    raised: list[sqlite3.ProgrammingError] = []

    def use() -> None:
        try:
            connection.execute("SELECT 1")
        except sqlite3.ProgrammingError as error:
            raised.append(error)

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    connection.close()
    raise raised[0]


@says(
    "sqlalchemy.exc.InvalidRequestError: Object '<Note at 0x7f1c>' is already attached to session '1' (this is '2')"
)
def two_sessions(_folder: Path) -> object:
    book = Book(title="Flask")
    with orm.Session(engine()) as one, orm.Session(engine()) as two:
        one.add(book)
        return two.add(book)  # type: ignore[func-returns-value]


@says(
    "RuntimeError: 'cryptography' package is required for sha256_password or caching_sha2_password auth methods"
)
def no_cryptography(_folder: Path) -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pymysql._auth, "_have_cryptography", False)
        return pymysql._auth.sha2_rsa_encrypt(b"secret", b"salt", b"key")


@says(
    "sqlalchemy.exc.ResourceClosedError: This result object does not return rows. It has been closed automatically."
)
def rows_of_an_insert(_folder: Path) -> object:
    with engine().connect() as connection:
        return connection.execute(sa.insert(Book).values(title="Flask")).all()


@says("sqlalchemy.exc.NoResultFound: No row was found when one was required")
def no_row(_folder: Path) -> object:
    with orm.Session(engine()) as session:
        return session.scalars(sa.select(Book)).one()


@says(
    "LegacyAPIWarning: The Query.get() method is considered legacy as of the 1.x series of SQLAlchemy and becomes "
    "a legacy construct in 2.0."
)
def legacy(_folder: Path) -> object:
    with orm.Session(engine()) as session:
        return session.query(Book).get(1)


@says("TypeError: Query.paginate() takes 1 positional argument but 3 were given")
def paginate(_folder: Path) -> object:
    app, db = database()
    note = type("Note", (db.Model,), {"id": sa.Column(sa.Integer, primary_key=True)})
    with app.app_context():
        return note.query.paginate(2, 20)  # type: ignore[attr-defined]


def closed_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@says(
    "redis.exceptions.ConnectionError: Error 111 connecting to 127.0.0.1:6379. Connection refused."
)
def no_redis(_folder: Path) -> object:
    with redis.Redis(port=closed_port(), host="127.0.0.1", retry=None) as client:
        return client.ping()


@says("(2003, \"Can't connect to MySQL server on '127.0.0.1' ([Errno 111] Connection refused)\")")
def no_mysql(_folder: Path) -> object:
    return pymysql.connect(host="127.0.0.1", port=closed_port())


@says('connection to server at "127.0.0.1", port 5432 failed: Connection refused')
def no_postgresql(_folder: Path) -> object:
    psycopg = pytest.importorskip("psycopg")
    return psycopg.connect(f"postgresql://127.0.0.1:{closed_port()}/shop", connect_timeout=5)


def migrations(folder: Path, *revisions: str) -> ScriptDirectory:
    """Make a folder of migrations, one after the other."""
    (folder / "versions").mkdir()
    before = None
    for revision in revisions:
        text = f"revision = {revision!r}\ndown_revision = {before!r}\n"
        (folder / "versions" / f"{revision}.py").write_text(text, encoding="utf-8")
        before = revision
    return ScriptDirectory(str(folder))


@says("alembic.util.exc.CommandError: Can't locate revision identified by '3f1c2a9b7d10'")
def lost_migration(folder: Path) -> object:
    return migrations(folder, "aaaa").get_revisions("3f1c2a9b7d10")


@says("alembic.util.exc.CommandError: Target database is not up to date.")
def behind(folder: Path) -> object:
    from alembic import autogenerate  # its names are only read here
    from alembic.autogenerate.api import RevisionContext
    from alembic.config import Config

    assert autogenerate
    scripts = migrations(folder, "aaaa")
    with engine().connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"script": scripts, "target_metadata": sa.MetaData()}
        )
        arguments: dict[str, Any] = {
            "message": None, "autogenerate": True, "sql": False, "head": "head", "splice": False,
            "branch_label": None, "version_path": None, "rev_id": "bbbb", "depends_on": None,
        }  # fmt: skip
        return RevisionContext(Config(), scripts, arguments).run_autogenerate((), context)  # type: ignore[func-returns-value]


@says("ValueError: Constraint must have a name")
def constraint_without_a_name(_folder: Path) -> object:
    with engine().connect() as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("book", recreate="always") as batch:
            return batch.create_unique_constraint(None, ["title"])  # type: ignore[arg-type, func-returns-value]


# --- Passwords, tokens and login --------------------------------------------------------------


@says("ValueError: Invalid hash method 'sha256'.")
def plain_sha(_folder: Path) -> object:
    with pytest.raises(ValueError, match="Invalid hash method 'sha256'"):
        security.check_password_hash("sha256$salt$0123", "secret")
    return security.generate_password_hash("secret", method="sha256")


@says("AttributeError: module 'hashlib' has no attribute 'scrypt'")
def no_scrypt(_folder: Path) -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.delattr(hashlib, "scrypt")
        assert security.generate_password_hash("secret", method="pbkdf2:sha256:1")
        return security.generate_password_hash("secret")


@says("itsdangerous.exc.BadSignature: Signature 'AAAA' does not match")
def other_key(_folder: Path) -> object:
    return URLSafeSerializer("one").loads(URLSafeSerializer("two").dumps("token"))


@says("itsdangerous.exc.SignatureExpired: Signature age 10 > 5 seconds")
def expired(_folder: Path) -> object:
    token = URLSafeTimedSerializer("one").dumps("token")
    return URLSafeTimedSerializer("one").loads(token, max_age=-1)


class User(UserMixin):
    id = "1"


def login(set_up: bool = True, load: bool = True) -> Flask:
    app = Flask("shop")
    app.secret_key = "placeholder"
    app.testing = True
    if set_up:
        manager = LoginManager(app)
        if load:
            manager.user_loader(lambda number: None)
    return app


@says("Exception: Missing user_loader or request_loader.")
def no_loader(_folder: Path) -> object:
    with login(load=False).test_request_context():
        return current_user.is_authenticated


@says("AttributeError: 'Flask' object has no attribute 'login_manager'")
def no_manager(_folder: Path) -> object:
    with login(set_up=False).test_request_context():
        return current_user.is_authenticated


@says("AttributeError: 'AnonymousUserMixin' object has no attribute 'name'")
def nobody(_folder: Path) -> object:
    with login().test_request_context():
        return current_user.name


@says("AttributeError: 'User' object has no attribute 'is_active'")
def no_mixin(_folder: Path) -> object:
    plain = type("User", (), {"get_id": lambda self: "1"})
    with login().test_request_context():
        return login_user(plain())


@says("jinja2.exceptions.UndefinedError: 'csrf_token' is undefined")
def no_csrf(_folder: Path) -> object:
    with Flask("shop").test_request_context():
        return render_template_string("{{ csrf_token() }}")


@says(
    "jinja2.exceptions.TemplateSyntaxError: Unexpected end of template. Jinja was looking for the following tags: "
    "'endblock'. The innermost block that needs to be closed is 'block'."
)
def open_block(_folder: Path) -> object:
    with Flask("shop").test_request_context():
        return render_template_string("{% block main %}")
