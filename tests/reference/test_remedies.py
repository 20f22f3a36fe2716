"""reference/messages: what each pitfall tells you to write does work."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import flask.cli
import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from flask import Flask, abort, render_template_string
from flask_login import LoginManager, UserMixin, current_user, login_required, login_user
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect, FlaskForm
from itsdangerous import BadSignature, SignatureExpired, URLSafeSerializer, URLSafeTimedSerializer
from sqlalchemy import orm
from werkzeug import security

from proven.claims.proofs import proves
from tests.reference.test_messages import (
    Book,
    answer,
    closed_engines,
    database,
    engine,
    shop,
)

__all__ = ["closed_engines"]
ONE = "from flask import Flask\n{} = Flask('shop')\n"


# --- Starting ---------------------------------------------------------------------------------


@proves(
    "reference/messages",
    "The command looks for app.py or wsgi.py in the current folder and finds neither.",
    "Change into the folder of the application, or name its module: flask --app shop run.",
)
@pytest.mark.parametrize(
    ("file", "works"), [("app.py", True), ("wsgi.py", True), ("main.py", False)]
)
def test_flask_looks_for_two_files(
    file: str, works: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / file).write_text(ONE.format("app"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    for name in ("app", "wsgi", "main"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    if works:
        assert flask.cli.ScriptInfo().load_app().name == "shop"
    else:
        with pytest.raises(flask.cli.NoAppException):
            flask.cli.ScriptInfo().load_app()
        assert flask.cli.ScriptInfo("main").load_app().name == "shop"


@proves(
    "reference/messages",
    "Change into the folder of the application, or name its module: flask --app shop run.",
    "Python finds no module of this name from the current folder.",
    "Run the command in the folder that holds shop.py or the package shop, and check the "
    "spelling behind --app.",
)
def test_flask_finds_a_module_or_a_package_in_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("one", "two/shop", "three"):
        (tmp_path / place).mkdir(parents=True)
    (tmp_path / "one/shop.py").write_text(ONE.format("app"), encoding="utf-8")
    (tmp_path / "two/shop/__init__.py").write_text(ONE.format("app"), encoding="utf-8")
    for place, status in (("one", 0), ("two", 0), ("three", 2)):
        command = [sys.executable, "-m", "flask", "--app", "shop", "routes"]
        done = subprocess.run(
            command, cwd=tmp_path / place, capture_output=True, text=True, check=False
        )
        assert done.returncode == status, done.stderr
        assert ("Error: Could not import 'shop'." in done.stderr) == (status == 2)


@proves(
    "reference/messages",
    "The traceback below this line ends with the import that failed: correct that one.",
)
def test_the_traceback_below_ends_with_the_import_that_failed(tmp_path: Path) -> None:
    with pytest.raises(flask.cli.NoAppException) as raised:
        shop(tmp_path, "import there_is_no_such_module").load_app()
    assert str(raised.value).rstrip().endswith("No module named 'there_is_no_such_module'")


@proves(
    "reference/messages",
    "The name behind the colon, as in flask --app shop:application, is not a global name "
    "of the module.",
    "Write the variable or the factory that the module has: shop:app or shop:create_app().",
    "Gunicorn says the same of gunicorn shop:application.",
)
def test_a_variable_or_a_factory_behind_the_colon(tmp_path: Path) -> None:
    source = ONE.format("admin") + "def create_app():\n    return Flask('made')\n"
    source += "def hidden():\n    inner = Flask('inner')\n"
    shop(tmp_path, source)
    for name, found in (("admin", "shop"), ("create_app()", "made")):
        loaded = flask.cli.ScriptInfo(f"{tmp_path / 'shop.py'}:{name}").load_app()
        assert loaded.name == found
    with pytest.raises(flask.cli.NoAppException, match="Failed to find attribute 'inner'"):
        flask.cli.ScriptInfo(f"{tmp_path / 'shop.py'}:inner").load_app()
    command = [sys.executable, "-m", "gunicorn", "--check-config", "shop:application"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Failed to find attribute 'application' in 'shop'." in done.stderr


@proves(
    "reference/messages",
    "Several global variables of the module are applications, and none of them is called "
    "app or application.",
    "Name the one that you mean: flask --app shop:admin run.",
)
@pytest.mark.parametrize(
    ("names", "works"),
    [(("one", "two"), False), (("app", "two"), True), (("one", "application"), True)],
)
def test_several_applications_are_no_question_if_one_is_called_app(
    tmp_path: Path, names: tuple[str, ...], works: bool
) -> None:
    info = shop(tmp_path, "".join(map(ONE.format, names)))
    if works:
        assert isinstance(info.load_app(), Flask)
    else:
        with pytest.raises(flask.cli.NoAppException, match="Detected multiple Flask applications"):
            info.load_app()
        named = flask.cli.ScriptInfo(f"{tmp_path / 'shop.py'}:{names[1]}")
        assert isinstance(named.load_app(), Flask)


@proves("reference/messages", "Activate it, or call the module: python -m flask run.")
def test_the_module_is_the_command() -> None:
    command = [sys.executable, "-m", "flask", "--version"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env={**os.environ, "PATH": ""}
    )
    assert "Flask" in done.stdout


@proves(
    "reference/messages",
    "app.run(debug=True) was called in a thread, and the reloader sets a signal handler, "
    "which only the main thread may do.",
    "Pass use_reloader=False.",
)
def test_without_the_reloader_no_signal_is_set() -> None:
    code = """
import threading, sys, werkzeug.serving
from flask import Flask
werkzeug.serving.BaseWSGIServer.serve_forever = lambda self, *_: None
options = {"use_reloader": False} if sys.argv[1] == "without" else {}
thread = threading.Thread(target=lambda: Flask("shop").run(port=0, debug=True, **options))
thread.start()
thread.join()
"""
    said = "ValueError: signal only works in main thread of the main interpreter"
    for argument, fails in (("with", True), ("without", False)):
        command = [sys.executable, "-c", code, argument]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (said in done.stderr) is fails
        assert "Running on" in done.stderr


@proves(
    "reference/messages",
    "flask run and app.run() always log this, and on your own machine nothing is wrong.",
)
@pytest.mark.parametrize("call", ["app.run(port=0)", "run_command(['--port', '0'])"])
def test_both_ways_to_run_log_the_warning(call: str, tmp_path: Path) -> None:
    code = f"""
import werkzeug.serving
from flask.cli import run_command
from app import app
werkzeug.serving.BaseWSGIServer.serve_forever = lambda self, *_: None
{call}
"""
    (tmp_path / "app.py").write_text(ONE.format("app"), encoding="utf-8")
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "WARNING: This is a development server." in done.stderr


@proves(
    "reference/messages",
    "Python 3.10 removed these classes from collections; they are in collections.abc.",
)
def test_the_classes_are_in_collections_abc() -> None:
    import collections.abc

    assert issubclass(dict, collections.abc.Mapping)
    assert not hasattr(collections, "MutableMapping")


# --- Requests ---------------------------------------------------------------------------------


@proves("reference/messages", "No rule matches the path, or a view called abort(404).")
def test_a_404_without_a_rule_and_by_a_view() -> None:
    assert answer("GET", "/nowhere", lambda number: "").startswith("404")
    assert answer("GET", "/notes/1", lambda number: abort(404)).startswith("404")


@proves(
    "reference/messages",
    "A rule matches the path, but not with this method: a route takes GET only, unless it "
    "names others.",
    'Write @app.post("/notes") or methods=["GET", "POST"].',
)
def test_a_route_takes_get_only_unless_it_names_others() -> None:
    app = Flask("shop")
    app.add_url_rule("/one", "one", lambda: "")
    app.post("/two")(lambda: "")
    app.add_url_rule("/three", "three", lambda: "", methods=["GET", "POST"])
    client = app.test_client()
    for path, get, post in (("/one", 200, 405), ("/two", 405, 200), ("/three", 200, 200)):
        assert (client.get(path).status_code, client.post(path).status_code) == (get, post)
        assert {client.open(path, method=m).status_code for m in ("PUT", "PATCH", "DELETE")} == {
            405
        }


@proves(
    "reference/messages",
    "A view or a hook raised an exception, and this page does not say which.",
    "The log of the server has the traceback; with flask run --debug the browser shows it.",
)
@pytest.mark.parametrize("where", ["view", "hook"])
def test_a_500_hides_the_exception_and_the_log_has_it(
    where: str, caplog: pytest.LogCaptureFixture
) -> None:
    # A logger of its own: who configures logging in another test may switch off those that are there.
    app = Flask(f"a_{where}_that_fails")
    app.logger.addHandler(caplog.handler)
    app.add_url_rule(
        "/", view_func=(lambda: 1 // 0) if where == "view" else (lambda: ""), endpoint="a"
    )
    if where == "hook":
        app.before_request(lambda: 1 // 0)
    response = app.test_client().get("/")
    assert response.status_code == 500
    assert "ZeroDivisionError" not in response.text
    assert "ZeroDivisionError" in caplog.text


@proves(
    "reference/messages",
    "Flask passes each variable of the rule by its name: /notes/<int:number> needs def "
    "show(number).",
)
def test_a_variable_is_passed_by_its_name() -> None:
    app = Flask("shop")
    app.add_url_rule("/notes/<int:number>", view_func=lambda **given: given, endpoint="show")
    assert app.test_client().get("/notes/7").json == {"number": 7}


# --- Databases --------------------------------------------------------------------------------


@proves(
    "reference/messages",
    'Set SQLALCHEMY_BINDS = {"other": "sqlite:///other.db"} before db.init_app(app).',
)
def test_a_bind_that_is_configured() -> None:
    app = Flask("shop")
    app.config.update(SQLALCHEMY_DATABASE_URI="sqlite://", SQLALCHEMY_BINDS={"other": "sqlite://"})
    db = SQLAlchemy()
    db.init_app(app)
    key = sa.Column(sa.Integer, primary_key=True)
    note = type("Note", (db.Model,), {"__bind_key__": "other", "id": key})
    with app.app_context():
        db.create_all()
        assert db.session.execute(sa.select(note)).all() == []
        assert sa.inspect(db.engines["other"]).get_table_names() == ["note"]
        db.session.remove()
        for each in db.engines.values():
            each.dispose()


@proves("reference/messages", "SQLAlchemy(app) or db.init_app(app) ran twice for one application.")
def test_init_app_twice_is_the_same_error() -> None:
    app = Flask("shop")
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    db = SQLAlchemy()
    db.init_app(app)
    with pytest.raises(RuntimeError, match="has already been registered"):
        db.init_app(app)


@proves(
    "reference/messages",
    "The model has a column that the table does not have: db.create_all() creates missing "
    "tables and does not change existing ones.",
)
def test_create_all_changes_no_table_that_is_there() -> None:
    app, db = database()
    with app.app_context():
        db.session.execute(sa.text("CREATE TABLE note (id INTEGER PRIMARY KEY)"))
        columns = {
            "id": sa.Column(sa.Integer, primary_key=True),
            "done": sa.Column(sa.Boolean),
        }
        note = type("Note", (db.Model,), columns)
        type("Other", (db.Model,), {"id": sa.Column(sa.Integer, primary_key=True)})
        db.session.commit()
        db.create_all()
        assert sa.inspect(db.engine).get_table_names() == ["note", "other"]
        with pytest.raises(sa.exc.OperationalError, match=r"no such column: note\.done"):
            db.session.execute(sa.select(note))
        db.session.remove()
        db.engine.dispose()


@proves(
    "reference/messages",
    'Wrap it: connection.execute(text("SELECT 1")), with from sqlalchemy import text.',
)
def test_text_makes_a_statement_of_a_string() -> None:
    with engine().connect() as connection:
        assert connection.execute(sa.text("SELECT 1")).scalar() == 1


@proves(
    "reference/messages",
    "Add it to the model whose objects the relationship lists: author_id = "
    'db.Column(db.ForeignKey("author.id")).',
    'Name it: db.relationship("Book", foreign_keys="Book.author_id").',
)
@pytest.mark.parametrize(
    ("keys", "named"), [(["author_id"], None), (["author_id", "editor_id"], "author_id")]
)
def test_a_relationship_with_its_column(keys: list[str], named: str | None) -> None:
    class Models(orm.DeclarativeBase):
        pass

    options = {"foreign_keys": f"Book.{named}"} if named else {}
    columns = {name: orm.mapped_column(sa.ForeignKey("author.id")) for name in keys}
    author = type("Author", (Models,), {
        "__tablename__": "author", "id": orm.mapped_column(sa.Integer, primary_key=True),
        "books": orm.relationship("Book", **options),
    })  # fmt: skip
    book = type("Book", (Models,), {
        "__tablename__": "book", "id": orm.mapped_column(sa.Integer, primary_key=True), **columns,
    })  # fmt: skip
    Models.registry.configure()
    (column,) = sa.inspect(author).relationships["books"].remote_side
    assert column is book.__table__.c.author_id  # type: ignore[attr-defined]


@proves(
    "reference/messages",
    "session.add and session.delete take one object of a model, and they were given a "
    "list or another plain value.",
    "Use session.add_all for a list.",
)
@pytest.mark.parametrize("method", ["add", "delete"])
@pytest.mark.parametrize("value", [[], "text", 1])
def test_add_and_delete_take_one_object(method: str, value: object) -> None:
    with orm.Session(engine()) as session:
        with pytest.raises(
            orm.exc.UnmappedInstanceError, match=f"Class 'builtins.{type(value).__name__}'"
        ):
            getattr(session, method)(value)
        session.add_all([Book(title="a"), Book(title="b")])
        session.flush()
        assert session.scalar(sa.select(sa.func.count()).select_from(Book)) == 2


@proves(
    "reference/messages",
    "The constructor of a model takes the names of its columns and relationships.",
    "This one is misspelt, or the column is not defined in the model.",
)
def test_a_constructor_takes_columns_and_relationships() -> None:
    class Models(orm.DeclarativeBase):
        pass

    class Note(Models):
        __tablename__ = "note"
        id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
        parent_id: orm.Mapped[int | None] = orm.mapped_column(sa.ForeignKey("note.id"))
        notes: orm.Mapped[list[Note]] = orm.relationship("Note")

    assert Note(id=1, notes=[Note(id=2)]).notes[0].id == 2
    with pytest.raises(TypeError, match=r"'done' is an invalid keyword argument for Note"):
        Note(done=True)


@proves("reference/messages", "Parse it first: datetime.fromisoformat(text).")
def test_a_text_that_is_parsed_is_a_date() -> None:
    with orm.Session(engine()) as session:
        session.add(Book(title="Flask", printed=datetime.fromisoformat("2026-01-01")))
        session.flush()
        assert session.scalar(sa.select(Book.printed)) == datetime(2026, 1, 1)


@proves(
    "reference/messages",
    "The object was loaded in one session and added to another.",
    "Use one session for both, or take the object over: session.merge(note).",
)
def test_merge_takes_an_object_over() -> None:
    shared = engine()
    with orm.Session(shared) as one, orm.Session(shared) as two:
        book = Book(title="Flask")
        one.add(book)
        one.commit()
        with pytest.raises(sa.exc.InvalidRequestError, match="already attached"):
            two.add(book)
        assert two.merge(book) in two


@proves(
    "reference/messages",
    "Your code reads rows from the result of an INSERT, UPDATE or DELETE, which returns no rows.",
    "Ask for result.rowcount, or add .returning(…) to the statement.",
)
def test_the_row_count_and_returning() -> None:
    with engine().connect() as connection:
        assert connection.execute(sa.insert(Book).values(title="a")).rowcount == 1
        found = connection.execute(sa.insert(Book).values(title="b").returning(Book.title)).all()
        assert found == [("b",)]
        for statement in (
            sa.insert(Book).values(title="c"),
            sa.update(Book).values(title="d"),
            sa.delete(Book),
        ):
            with pytest.raises(sa.exc.ResourceClosedError):
                connection.execute(statement).all()


@proves(
    "reference/messages",
    ".one() and .scalar_one() demand exactly one row.",
    "Where there may be none, use .scalar_one_or_none(), or db.one_or_404 to respond with 404.",
)
@pytest.mark.parametrize("rows", [0, 1, 2])
def test_one_demands_exactly_one_row(rows: int) -> None:
    with orm.Session(engine()) as session:
        session.add_all([Book(title="a") for _ in range(rows)])
        session.flush()
        for method in (
            session.scalars(sa.select(Book)).one,
            session.execute(sa.select(Book)).scalar_one,
        ):
            if rows == 1:
                assert method().title == "a"
            else:
                with pytest.raises((sa.exc.NoResultFound, sa.exc.MultipleResultsFound)):
                    method()
        if not rows:
            assert session.execute(sa.select(Book)).scalar_one_or_none() is None


@proves(
    "reference/messages",
    "Where there may be none, use .scalar_one_or_none(), or db.one_or_404 to respond with 404.",
    "The method still works.",
    "Write db.session.get(Note, number) instead of Note.query.get(number).",
    "The arguments of paginate are passed by name: query.paginate(page=2, per_page=20).",
)
def test_what_replaces_query_get_and_positional_pagination() -> None:
    app, db = database()
    note = type("Note", (db.Model,), {"id": sa.Column(sa.Integer, primary_key=True)})
    app.add_url_rule("/", "one", lambda: str(db.one_or_404(sa.select(note))))
    with app.app_context():
        db.create_all()
        assert app.test_client().get("/").status_code == 404
        db.session.add_all([note() for _ in range(30)])
        db.session.flush()
        with pytest.warns(sa.exc.LegacyAPIWarning):
            assert note.query.get(7).id == 7  # type: ignore[attr-defined]
        assert db.session.get(note, 7).id == 7  # type: ignore[union-attr, attr-defined]
        page = note.query.paginate(page=2, per_page=20)  # type: ignore[attr-defined]
        assert [each.id for each in page] == list(range(21, 31))
        db.session.remove()
        db.engine.dispose()


@proves(
    "reference/messages",
    "Give a naming convention: db = SQLAlchemy(metadata=MetaData(naming_convention={…})).",
)
def test_a_naming_convention_names_the_constraint() -> None:
    with engine().connect() as connection:
        metadata = sa.MetaData(naming_convention={"uq": "uq_%(table_name)s_%(column_0_name)s"})
        context = MigrationContext.configure(connection, opts={"target_metadata": metadata})
        with Operations(context).batch_alter_table("book", recreate="always") as batch:
            batch.create_unique_constraint(None, ["title"])  # type: ignore[arg-type]
        (found,) = sa.inspect(connection).get_unique_constraints("book")
        assert found["name"] == "uq_book_title"


# --- Passwords, tokens and login --------------------------------------------------------------


@proves(
    "reference/messages",
    "Werkzeug hashes a password with scrypt or pbkdf2 only.",
    "Leave out method in generate_password_hash.",
)
def test_two_methods_hash_a_password() -> None:
    for method in ("scrypt", "pbkdf2"):
        assert security.check_password_hash(security.generate_password_hash("a", method), "a")
    for method in ("sha256", "sha512", "md5", "plain", "bcrypt"):
        with pytest.raises(ValueError, match="Invalid hash method"):
            security.generate_password_hash("a", method)
    assert security.generate_password_hash("a").startswith("scrypt:")


@proves(
    "reference/messages",
    "The token was signed with another secret key or another salt, or it was changed on the way.",
    "Use the same SECRET_KEY and the same salt on both sides, and treat a token that "
    "still fails as invalid.",
)
def test_a_token_needs_the_key_and_the_salt_that_it_was_signed_with() -> None:
    token = URLSafeSerializer("key", salt="a").dumps("x")
    assert URLSafeSerializer("key", salt="a").loads(token) == "x"
    for other in (URLSafeSerializer("other", salt="a"), URLSafeSerializer("key", salt="b")):
        with pytest.raises(BadSignature):
            other.loads(token)
    with pytest.raises(BadSignature):
        URLSafeSerializer("key", salt="a").loads(token[:-1] + ("A" if token[-1] != "A" else "B"))


@proves("reference/messages", "The token is older than the max_age that loads was given.")
def test_a_token_expires_by_the_age_that_loads_is_given() -> None:
    serializer = URLSafeTimedSerializer("key")
    token = serializer.dumps("x")
    assert serializer.loads(token, max_age=60) == "x"
    with pytest.raises(SignatureExpired):
        serializer.loads(token, max_age=-1)


class Ada(UserMixin):
    id = "1"


@proves(
    "reference/messages",
    "Register the function: @login_manager.user_loader above def load_user(user_id).",
    "Call login_manager.init_app(app) in the factory.",
    "Ask current_user.is_authenticated first, or protect the view with @login_required.",
    "Let it inherit from flask_login.UserMixin.",
)
def test_a_login_that_is_set_up() -> None:
    app = Flask("shop")
    app.secret_key = "a key"
    manager = LoginManager()
    manager.init_app(app)
    manager.user_loader(lambda user_id: Ada())
    app.add_url_rule("/login", view_func=lambda: str(login_user(Ada())), endpoint="login")
    app.add_url_rule("/", view_func=lambda: str(current_user.is_authenticated), endpoint="who")
    app.add_url_rule("/own", view_func=login_required(lambda: current_user.id), endpoint="own")
    client = app.test_client()
    assert client.get("/").text == "False"
    assert client.get("/own").status_code == 401
    assert client.get("/login").text == "True"
    assert client.get("/").text == "True"
    assert client.get("/own").text == "1"


@proves(
    "reference/messages",
    "Call CSRFProtect(app), or use {{ form.hidden_tag() }} in a template that has a form.",
)
def test_csrf_token_needs_its_extension_or_a_form() -> None:
    app = Flask("shop")
    app.secret_key = "a key"
    with app.test_request_context():
        hidden = render_template_string("{{ form.hidden_tag() }}", form=FlaskForm())
        assert 'name="csrf_token"' in hidden
    CSRFProtect(app)
    with app.test_request_context():
        assert render_template_string("{{ csrf_token() }}")


@proves(
    "reference/messages",
    "A tag such as {% block %}, {% if %} or {% for %} is not closed before the template ends.",
    "Write the tag that the message names.",
)
@pytest.mark.parametrize("tag", ["block main", "if 1", "for a in []"])
def test_the_tag_that_the_message_names_ends_the_template(tag: str) -> None:
    name = tag.split()[0]
    with Flask("shop").test_request_context():
        with pytest.raises(Exception, match=f"'end{name}'"):
            render_template_string(f"{{% {tag} %}}")
        assert render_template_string(f"{{% {tag} %}}{{% end{name} %}}") == ""
