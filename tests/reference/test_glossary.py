"""reference/glossary: what the definitions say of Flask, run."""

import flask
import pytest
from flask import Flask, current_app, g, request, session
from flask.sessions import SessionInterface
from werkzeug.exceptions import HTTPException

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


def test_every_term_has_one_rendering() -> None:
    for language in TRANSLATED:
        terms = glossary(ROOT, language)
        assert {"converter": "转换器", "view function": "视图函数"}.items() <= terms.items()
        assert len(set(terms.values())) == len(terms)
