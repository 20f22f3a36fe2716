"""reference/glossary: what the definitions say of Flask, run."""

import re

import flask
import pytest
from flask import Flask, current_app, g, request, session
from flask.sessions import SecureCookieSessionInterface, SessionInterface
from itsdangerous import BadSignature, URLSafeTimedSerializer
from jinja2 import DictLoader
from markupsafe import Markup
from sqlalchemy import QueuePool, create_engine, text
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from wtforms import Field, Form, StringField, ValidationError

from proven.base.project import ROOT
from proven.claims.proofs import proves
from proven.translation.catalogs import GLOSSARY, glossary, names, read
from proven.translation.languages import TRANSLATED, by_code
from proven.translation.rules import prose


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    app.secret_key = "placeholder"
    return app


@proves(
    "reference/glossary",
    "The object that flask.current_app and flask.g refer to while Flask handles a request "
    "or runs a command.",
)
def test_the_application_context_is_what_current_app_and_g_look_at(app: Flask) -> None:
    with app.app_context():
        g.user = "ada"
        assert (current_app.name, g.user) == (app.name, "ada")
    with pytest.raises(RuntimeError, match="Working outside of application context"):
        _ = current_app.name


@proves(
    "reference/glossary",
    "The object that flask.request and flask.session refer to while Flask handles a request.",
)
def test_the_request_context_is_what_request_and_session_look_at(app: Flask) -> None:
    with app.test_request_context("/somewhere"):
        session["user"] = "ada"
        assert (request.path, session["user"]) == ("/somewhere", "ada")
    with pytest.raises(RuntimeError, match="Working outside of request context"):
        _ = request.path


@proves("reference/glossary", "Each call returns a new application.")
def test_each_call_of_a_factory_makes_a_new_application() -> None:
    def create_app() -> Flask:
        return Flask(__name__)

    assert create_app() is not create_app()


@proves(
    "reference/glossary",
    "A group of rules, view functions, hooks and templates that you register on an "
    "application; see flask.Blueprint.",
)
def test_a_blueprint_does_nothing_until_it_is_registered(app: Flask) -> None:
    blueprint = flask.Blueprint("shop", __name__)
    blueprint.add_url_rule("/shop", view_func=lambda: "open", endpoint="shop")
    assert app.test_client().get("/shop").status_code == 404
    app = Flask(__name__)
    app.register_blueprint(blueprint)
    assert app.test_client().get("/shop").text == "open"


@proves("reference/glossary", "An uppercase name in flask.Config.")
def test_a_lower_case_name_is_no_configuration_key(app: Flask) -> None:
    app.config.from_mapping(COLOUR="red", colour="red")
    assert "COLOUR" in app.config
    assert "colour" not in app.config


@proves(
    "reference/glossary",
    "An object that converts one part of a URL into a Python value, and the value back "
    "into text; see werkzeug.routing.BaseConverter.",
)
def test_a_converter_works_both_ways(app: Flask) -> None:
    converter = app.url_map.converters["int"](app.url_map)
    assert (converter.to_python("7"), converter.to_url(7)) == (7, "7")


@proves(
    "reference/glossary",
    "The name of a rule, from which flask.url_for() builds URLs.",
    "By default it is the name of the view function.",
)
def test_the_endpoint_is_the_name_of_the_view_function_unless_another_is_given(app: Flask) -> None:
    @app.get("/a")
    def plain() -> str:
        return "a"

    @app.get("/b", endpoint="chosen")
    def named() -> str:
        return "b"

    assert (plain(), named()) == ("a", "b")
    with app.test_request_context():
        assert (flask.url_for("plain"), flask.url_for("chosen")) == ("/a", "/b")


@proves(
    "reference/glossary",
    "Storing a message in the session so that the next page can show it; see flask.flash().",
)
def test_a_flashed_message_waits_in_the_session_for_the_next_page(app: Flask) -> None:
    @app.get("/save")
    def save() -> str:
        flask.flash("saved")
        return ""

    @app.get("/next")
    def next_page() -> list[str]:
        return list(flask.get_flashed_messages())

    client = app.test_client()
    client.get("/save")
    assert client.get("/next").json == ["saved"]
    assert client.get("/next").json == []


@proves(
    "reference/glossary",
    "A function that Flask calls at a fixed point of each request; see "
    "flask.Flask.before_request().",
)
def test_flask_calls_a_hook_in_each_request(app: Flask) -> None:
    calls = []
    app.before_request(lambda: calls.append(request.path))
    client = app.test_client()
    client.get("/one")
    client.get("/two")
    assert calls == ["/one", "/two"]


@proves(
    "reference/glossary",
    "A folder beside the application for files that do not belong in the repository; see "
    "flask.Flask.instance_path.",
)
def test_the_instance_folder_is_beside_the_application(app: Flask) -> None:
    assert app.instance_path.endswith("instance")


@proves("reference/glossary", "Finding the view function that belongs to a URL.")
def test_routing_finds_the_view_function_for_a_url(app: Flask) -> None:
    @app.get("/a")
    def view() -> str:
        return "found"

    assert view() == app.test_client().get("/a").text
    endpoint, _ = app.url_map.bind("localhost").match("/a")
    assert app.view_functions[endpoint] is view
    with pytest.raises(HTTPException, match="404"):
        app.url_map.bind("localhost").match("/b")


@proves(
    "reference/glossary",
    "An object that opens the session at the start of a request and saves it at the end; "
    "see flask.sessions.SessionInterface.",
)
def test_the_session_interface_opens_and_saves_the_session(app: Flask) -> None:
    calls: list[str] = []

    class Spy(flask.sessions.SecureCookieSessionInterface):
        def open_session(self, app, request):  # type: ignore[no-untyped-def]
            calls.append("open")
            return super().open_session(app, request)

        def save_session(self, app, session, response) -> None:  # type: ignore[no-untyped-def]
            calls.append("save")
            super().save_session(app, session, response)

    app.session_interface = Spy()
    app.before_request(lambda: calls.append("request"))
    app.test_client().get("/")
    assert calls == ["open", "request", "save"]
    assert isinstance(app.session_interface, SessionInterface)


@proves(
    "reference/glossary",
    "A function that is connected to a signal; see the page on signals.",
    "An object through which Flask calls every function that is connected to it; see "
    "blinker.base.Signal.",
)
def test_a_signal_reaches_every_function_connected_to_it(app: Flask) -> None:
    heard = []

    def first(sender: Flask, **extra: object) -> None:
        heard.append(("first", sender))

    def second(sender: Flask, **extra: object) -> None:
        heard.append(("second", sender))

    with (
        flask.request_started.connected_to(first, app),
        flask.request_started.connected_to(second, app),
    ):
        app.test_client().get("/")
    assert sorted(heard, key=lambda item: item[0]) == [("first", app), ("second", app)]


@proves("reference/glossary", "The class of which a class is an instance.")
def test_the_class_of_a_class_is_its_metaclass() -> None:
    class Meta(type):
        pass

    class Thing(metaclass=Meta):
        pass

    assert type(Thing) is Meta


@proves(
    "reference/glossary",
    "A function that returns variables for every template; see flask.Flask.context_processor().",
)
def test_a_context_processor_adds_values_to_what_each_template_sees(app: Flask) -> None:
    app.context_processor(lambda: {"shop": "tea"})
    with app.app_context():
        assert flask.render_template_string("{{ shop }}") == "tea"
        assert flask.render_template_string("{{ shop|upper }}") == "TEA"


@proves(
    "reference/glossary",
    "A template that other templates extend; see Template inheritance and macros.",
    "A function in a template that returns HTML; see Macros.",
)
def test_a_layout_is_extended_and_a_macro_returns_html(app: Flask) -> None:
    macro = "{% macro bold(text) %}<b>{{ text }}</b>{% endmacro %}"
    page = "{% extends 'layout' %}{% from 'macros' import bold %}{% block main %}{{ bold('<') }}{% endblock %}"
    layout = "[{% block main %}{% endblock %}]"
    app.jinja_loader = DictLoader({"layout": layout, "macros": macro, "page.html": page})
    app.select_jinja_autoescape = lambda filename: True  # type: ignore[method-assign]
    with app.app_context():
        assert flask.render_template("page.html") == "[<b>&lt;</b>]"
        assert isinstance(flask.get_template_attribute("macros", "bold")("x"), Markup)


@proves(
    "reference/glossary", "A session whose cookie has an expiry date; see How long a session lasts."
)
def test_a_permanent_session_has_a_cookie_that_says_when_it_expires(app: Flask) -> None:
    @app.get("/<int:permanent>")
    def visit(permanent: int) -> str:
        session["n"] = permanent
        session.permanent = bool(permanent)
        return ""

    client = app.test_client()
    cookies = [client.get(path).headers["Set-Cookie"] for path in ("/0", "/1")]
    assert ["Expires=" in cookie for cookie in cookies] == [False, True]


@proves(
    "reference/glossary",
    "The value with which Flask signs the session.",
    "It is set in the configuration key SECRET_KEY.",
    "A cookie that its owner can read, but not change without invalidating it; see "
    "Signed, not encrypted.",
)
def test_the_owner_of_a_signed_cookie_can_read_it_and_not_change_it(app: Flask) -> None:
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    cookie = str(serializer.dumps({"user": "ada"}))
    assert serializer.loads_unsafe(cookie) == (True, {"user": "ada"})
    stranger = URLSafeTimedSerializer("another key", salt="cookie-session")
    assert stranger.loads_unsafe(cookie)[0] is False
    with pytest.raises(BadSignature):
        serializer.loads("x" + cookie[1:])


@proves(
    "reference/glossary",
    "An input of a form, with its value and its errors; see wtforms.fields.Field.",
    "A function that checks the value of a field and raises an error if it is not valid; "
    "see Validators.",
    "An object that renders a field as HTML; see From a field to HTML.",
)
def test_a_field_has_value_and_errors_a_validator_raises_a_widget_makes_html() -> None:
    def no_digit(form: Form, field: Field) -> None:
        if field.data.isdigit():
            raise ValidationError("letters, please")

    class NoteForm(Form):
        text = StringField(validators=[no_digit])

    form = NoteForm(MultiDict({"text": "1"}))
    assert not form.validate()
    assert (form.text.data, form.text.errors) == ("1", ["letters, please"])
    assert form.text.widget(form.text) == '<input id="text" name="text" type="text" value="1">'
    assert NoteForm(MultiDict({"text": "tea"})).validate()


@proves(
    "reference/glossary",
    "A point inside a transaction to which you can roll back; see Savepoints: undo only a part.",
    "A group of statements that a database carries out completely or not at all; see The "
    "database session in a request.",
)
def test_a_transaction_goes_back_as_a_whole_or_to_a_savepoint() -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE note (n INTEGER)"))
        connection.commit()
        connection.execute(text("BEGIN"))
        connection.execute(text("INSERT INTO note VALUES (1)"))
        with connection.begin_nested() as savepoint:
            connection.execute(text("INSERT INTO note VALUES (2)"))
            savepoint.rollback()
        assert connection.scalars(text("SELECT n FROM note")).all() == [1]
        connection.rollback()
        assert connection.scalars(text("SELECT n FROM note")).all() == []
    engine.dispose()


@proves(
    "reference/glossary",
    "The open connections to a database that an engine keeps for reuse; see The pool, and "
    "a server that has gone away.",
)
def test_an_engine_keeps_open_connections_and_lends_them() -> None:
    engine = create_engine("sqlite://", poolclass=QueuePool)
    numbers = []
    for _ in range(2):
        with engine.connect() as connection:
            numbers.append(id(connection.connection.dbapi_connection))
    assert numbers[0] == numbers[1]
    engine.dispose()


@proves(
    "reference/glossary",
    "Each term on this page has one meaning on this site, and one Chinese translation.",
)
def test_every_term_has_one_rendering() -> None:
    chinese = glossary(ROOT, by_code("zh_CN"))
    assert {"converter": "转换器", "view function": "视图函数"}.items() <= chinese.items()
    for language in TRANSLATED:
        terms = glossary(ROOT, language)
        assert len(set(terms.values())) == len(terms)


@proves(
    "reference/glossary",
    "A function that Flask calls when a context ends, even after an error; see "
    "flask.Flask.teardown_request().",
)
def test_a_teardown_function_runs_when_the_context_ends_even_after_an_error(app: Flask) -> None:
    ended: list[tuple[str, str | None]] = []

    def note(where: str, error: BaseException | None) -> None:
        ended.append((where, error and type(error).__name__))

    app.teardown_request(lambda error: note("request", error))
    app.teardown_appcontext(lambda error: note("application", error))
    app.add_url_rule("/good", "good", lambda: "")
    app.add_url_rule("/bad", "bad", lambda: 1 / 0)  # type: ignore[arg-type,return-value]
    client = app.test_client()
    client.get("/good")
    assert ended == [("request", None), ("application", None)]
    ended.clear()
    client.get("/bad")
    assert ended == [("request", "ZeroDivisionError"), ("application", "ZeroDivisionError")]


def test_a_chinese_reader_finds_each_term_by_its_english_name() -> None:
    catalog = read(ROOT, by_code("zh_CN"), GLOSSARY)
    shown = {entry.msgid: entry.msgstr for entry in catalog}
    for term, rendering in glossary(ROOT, by_code("zh_CN")).items():
        assert "（" not in rendering
        assert shown[term] == f"{rendering}（{term}）"


# A word for a concept that has another one in the glossary or in the interface, and what is written instead.
REJECTED = {
    "访问者": "访客",
    "接收者|接收器": "接收函数",
    "目录文件": "翻译文件",
    "收尾函数|拆除函数": "清理函数",
    "推入": "压入",
    "名字": "名称",
    "登记": "注册",
    "停机|宕机": "不可用",
    "作答": "响应",
    "露馅|网开一面|又短又规矩": "a word of the language that is written",
}


@pytest.mark.parametrize("rejected", REJECTED)
def test_a_concept_has_one_word_in_every_catalog(rejected: str) -> None:
    chinese = by_code("zh_CN")
    found = [
        f"{name}: {entry.msgstr}"
        for name in names(ROOT, chinese)
        for entry in read(ROOT, chinese, name)
        if re.search(rejected, prose(entry.msgstr))
    ]
    assert found == [], f"write {REJECTED[rejected]}"
