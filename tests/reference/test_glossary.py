"""reference/glossary: what the definitions say of Flask, run."""

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

from catalogs import ROOT, TRANSLATED, glossary


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    app.secret_key = "placeholder"
    return app


def test_the_application_context_is_what_current_app_and_g_look_at(app: Flask) -> None:
    with app.app_context():
        g.user = "ada"
        assert (current_app.name, g.user) == (app.name, "ada")
    with pytest.raises(RuntimeError, match="Working outside of application context"):
        _ = current_app.name


def test_the_request_context_is_what_request_and_session_look_at(app: Flask) -> None:
    with app.test_request_context("/somewhere"):
        session["user"] = "ada"
        assert (request.path, session["user"]) == ("/somewhere", "ada")
    with pytest.raises(RuntimeError, match="Working outside of request context"):
        _ = request.path


def test_each_call_of_a_factory_makes_a_new_application() -> None:
    def create_app() -> Flask:
        return Flask(__name__)

    assert create_app() is not create_app()


def test_a_blueprint_does_nothing_until_it_is_registered(app: Flask) -> None:
    blueprint = flask.Blueprint("shop", __name__)
    blueprint.add_url_rule("/shop", view_func=lambda: "open", endpoint="shop")
    assert app.test_client().get("/shop").status_code == 404
    app = Flask(__name__)
    app.register_blueprint(blueprint)
    assert app.test_client().get("/shop").text == "open"


def test_a_lower_case_name_is_no_configuration_key(app: Flask) -> None:
    app.config.from_mapping(COLOUR="red", colour="red")
    assert "COLOUR" in app.config
    assert "colour" not in app.config


def test_a_converter_works_both_ways(app: Flask) -> None:
    converter = app.url_map.converters["int"](app.url_map)
    assert (converter.to_python("7"), converter.to_url(7)) == (7, "7")


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


def test_flask_calls_a_hook_in_each_request(app: Flask) -> None:
    calls = []
    app.before_request(lambda: calls.append(request.path))
    client = app.test_client()
    client.get("/one")
    client.get("/two")
    assert calls == ["/one", "/two"]


def test_the_instance_folder_is_beside_the_application(app: Flask) -> None:
    assert app.instance_path.endswith("instance")


def test_routing_finds_the_view_function_for_a_url(app: Flask) -> None:
    @app.get("/a")
    def view() -> str:
        return "found"

    assert view() == app.test_client().get("/a").text
    endpoint, _ = app.url_map.bind("localhost").match("/a")
    assert app.view_functions[endpoint] is view
    with pytest.raises(HTTPException, match="404"):
        app.url_map.bind("localhost").match("/b")


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


def test_the_class_of_a_class_is_its_metaclass() -> None:
    class Meta(type):
        pass

    class Thing(metaclass=Meta):
        pass

    assert type(Thing) is Meta


def test_a_context_processor_adds_values_to_what_each_template_sees(app: Flask) -> None:
    app.context_processor(lambda: {"shop": "tea"})
    with app.app_context():
        assert flask.render_template_string("{{ shop }}") == "tea"
        assert flask.render_template_string("{{ shop|upper }}") == "TEA"


def test_a_layout_is_extended_and_a_macro_returns_html(app: Flask) -> None:
    macro = "{% macro bold(text) %}<b>{{ text }}</b>{% endmacro %}"
    page = "{% extends 'layout' %}{% from 'macros' import bold %}{% block main %}{{ bold('<') }}{% endblock %}"
    layout = "[{% block main %}{% endblock %}]"
    app.jinja_loader = DictLoader({"layout": layout, "macros": macro, "page.html": page})
    app.select_jinja_autoescape = lambda filename: True  # type: ignore[method-assign]
    with app.app_context():
        assert flask.render_template("page.html") == "[<b>&lt;</b>]"
        assert isinstance(flask.get_template_attribute("macros", "bold")("x"), Markup)


def test_a_permanent_session_has_a_cookie_that_says_when_it_expires(app: Flask) -> None:
    @app.get("/<int:permanent>")
    def visit(permanent: int) -> str:
        session["n"] = permanent
        session.permanent = bool(permanent)
        return ""

    client = app.test_client()
    cookies = [client.get(path).headers["Set-Cookie"] for path in ("/0", "/1")]
    assert ["Expires=" in cookie for cookie in cookies] == [False, True]


def test_the_owner_of_a_signed_cookie_can_read_it_and_not_change_it(app: Flask) -> None:
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    cookie = str(serializer.dumps({"user": "ada"}))
    assert serializer.loads_unsafe(cookie) == (True, {"user": "ada"})
    stranger = URLSafeTimedSerializer("another key", salt="cookie-session")
    assert stranger.loads_unsafe(cookie)[0] is False
    with pytest.raises(BadSignature):
        serializer.loads("x" + cookie[1:])


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


def test_an_engine_keeps_open_connections_and_lends_them() -> None:
    engine = create_engine("sqlite://", poolclass=QueuePool)
    numbers = []
    for _ in range(2):
        with engine.connect() as connection:
            numbers.append(id(connection.connection.dbapi_connection))
    assert numbers[0] == numbers[1]
    engine.dispose()


def test_every_term_has_one_rendering() -> None:
    for language in TRANSLATED:
        terms = glossary(ROOT, language)
        assert {"converter": "转换器", "view function": "视图函数"}.items() <= terms.items()
        assert len(set(terms.values())) == len(terms)
