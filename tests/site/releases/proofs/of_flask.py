"""What replaces the names that Flask gave up does the job."""

from __future__ import annotations

import importlib
import importlib.metadata
import io
import json
import logging
import warnings
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import flask
import markupsafe
import pytest
from flask import Blueprint, Flask, g, request, session
from flask.json.provider import DefaultJSONProvider
from flask.logging import default_handler
from flask.testing import EnvironBuilder
from jinja2.utils import htmlsafe_json_dumps
from werkzeug.utils import cached_property, safe_join

from tests.site.releases.proofs.register import SETTINGS, Proof, proves


def answer(app: Flask, value: object) -> flask.Response:
    with app.test_request_context():
        return app.json.response(value)


@proves("app.json.ensure_ascii", "flask:JSON_AS_ASCII")
def json_may_be_more_than_ascii() -> None:
    app = Flask("shop")
    assert answer(app, "早").get_data(as_text=True) == '"\\u65e9"\n'
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    assert answer(app, "早").get_data(as_text=True) == '"早"\n'


@proves("app.json.sort_keys", "flask:JSON_SORT_KEYS")
def json_may_keep_its_order() -> None:
    app = Flask("shop")
    assert answer(app, {"b": 1, "a": 2}).get_data(as_text=True) == '{"a":2,"b":1}\n'
    app.json.sort_keys = False  # type: ignore[attr-defined]
    assert answer(app, {"b": 1, "a": 2}).get_data(as_text=True) == '{"b":1,"a":2}\n'


@proves("app.json.mimetype", "flask:JSONIFY_MIMETYPE")
def json_may_have_another_type() -> None:
    app = Flask("shop")
    app.json.mimetype = "application/vnd.api+json"  # type: ignore[attr-defined]
    assert answer(app, {}).mimetype == "application/vnd.api+json"


@proves("app.json.compact", "flask:JSONIFY_PRETTYPRINT_REGULAR")
def json_may_be_indented() -> None:
    app = Flask("shop")
    assert answer(app, {"a": 1}).get_data(as_text=True) == '{"a":1}\n'
    app.json.compact = False  # type: ignore[attr-defined]
    assert answer(app, {"a": 1}).get_data(as_text=True) == '{\n  "a": 1\n}\n'


class Sets(DefaultJSONProvider):
    """Writes a set as a list, which an encoder of old would have done, and reads upper case."""

    def default(self, o: Any) -> Any:  # type: ignore[override]
        return sorted(o) if isinstance(o, set) else DefaultJSONProvider.default(o)

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        return super().loads(s, **kwargs | {"parse_int": lambda digits: -int(digits)})


@proves(
    "app.json",
    *("flask.Flask.json_encoder", "flask.Flask.json_decoder"),
    *("flask.Blueprint.json_encoder", "flask.Blueprint.json_decoder"),
)
def the_provider_of_an_application_writes_and_reads_json() -> None:
    app = Flask("shop")
    app.json = Sets(app)

    @app.post("/double")
    def double() -> dict[str, Any]:
        return {"numbers": {request.get_json()["number"], 1}}

    response = app.test_client().post(
        "/double", data='{"number": 2}', content_type="application/json"
    )
    assert response.text == '{"numbers":[-2,1]}\n'


@proves(
    "flask.json.provider.DefaultJSONProvider", "flask.json.JSONEncoder", "flask.json.JSONDecoder"
)
def a_provider_can_be_subclassed() -> None:
    app = Flask("shop")
    assert Sets(app).dumps({"b", "a"}) == '["a", "b"]'
    assert Sets(app).loads("[1]") == [-1]


@proves("jinja2.utils.htmlsafe_json_dumps", "flask.json.htmlsafe_dumps", "flask.json.tojson_filter")
def jinja_writes_json_that_is_safe_in_html() -> None:
    assert htmlsafe_json_dumps("</script>") == '"\\u003c/script\\u003e"'
    with Flask("shop").app_context():
        text = flask.render_template_string("{{ '<' | tojson }}")
    assert text == htmlsafe_json_dumps("<")


@proves("app.config.from_file(name, load=json.load)", "flask.Config.from_json")
def from_file_loads_json() -> None:
    app = Flask("shop", root_path=str(SETTINGS.parent))
    assert app.config.from_file(SETTINGS.name, load=json.load) is True
    assert app.config["SHOP_NAME"] == "阿达"


@proves("app.debug", "flask:ENV", "flask.Flask.env")
def debug_follows_the_variable() -> None:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("FLASK_DEBUG", "1")
        assert Flask("shop").debug is True
        environment.setenv("FLASK_DEBUG", "0")
        environment.setenv("FLASK_ENV", "development")
        assert Flask("shop").debug is False


@proves("app.logger.name", "flask:LOGGER_NAME", "flask.Flask.logger_name")
def the_logger_is_found_by_its_name() -> None:
    app = Flask("shop.site")
    assert app.logger.name == "shop.site"
    assert logging.getLogger("shop.site") is app.logger


@proves("flask.logging.default_handler", "flask:LOGGER_HANDLER_POLICY")
def the_handler_of_the_logger_can_be_removed() -> None:
    app = Flask("shop.quiet")
    # Flask adds its handler only where nobody listens; pytest listens.
    app.logger.addHandler(default_handler)
    app.logger.removeHandler(default_handler)
    assert default_handler not in app.logger.handlers


@proves("with app.app_context():", "flask.Flask.before_first_request")
def set_up_runs_before_the_first_request() -> None:
    app = Flask("shop")
    prices = {}
    with app.app_context():
        prices.update(tea=3, of=flask.current_app.name)
    app.add_url_rule("/tea", "tea", lambda: str(prices["tea"]))
    assert app.test_client().get("/tea").text == "3"
    assert prices["of"] == "shop"


@proves("Blueprint.record_once", "flask.Blueprint.before_app_first_request")
def a_blueprint_sets_up_when_it_is_registered() -> None:
    blueprint = Blueprint("shop", __name__)
    seen = []
    blueprint.record_once(lambda state: seen.append(state.app.name))
    app = Flask("market")
    app.register_blueprint(blueprint, name="one")
    app.register_blueprint(blueprint, name="two")
    assert seen == ["market"]


@proves("static_url_path", "flask.Flask(static_path)")
def static_files_have_a_path() -> None:
    app = Flask("shop", static_url_path="/assets")
    assert app.static_url_path == "/assets"
    assert "/assets/<path:filename>" in {rule.rule for rule in app.url_map.iter_rules()}


@proves("app.register_error_handler", "flask.Flask.error_handlers")
def an_error_handler_can_be_registered_without_a_decorator() -> None:
    app = Flask("shop")
    app.register_error_handler(404, lambda error: ("nothing", 404))
    assert app.test_client().get("/").text == "nothing"


@proves("app.jinja_env.globals", "flask.Flask.init_jinja_globals")
def templates_get_names() -> None:
    app = Flask("shop")
    app.jinja_env.globals["currency"] = "元"
    with app.app_context():
        assert flask.render_template_string("{{ currency }}") == "元"


@proves("app.session_interface.open_session", "flask.Flask.open_session")
def the_interface_opens_a_session() -> None:
    app = Flask("shop")
    app.secret_key = "dev"
    with app.test_request_context() as context:
        opened = app.session_interface.open_session(app, context.request)
    assert opened == {}


@proves("app.session_interface.save_session", "flask.Flask.save_session")
def the_interface_saves_a_session() -> None:
    app = Flask("shop")
    app.secret_key = "dev"
    with app.test_request_context():
        session["user"] = "ada"
        response = flask.make_response("")
        app.session_interface.save_session(app, session, response)  # type: ignore[arg-type]
    assert response.headers["Set-Cookie"].startswith("session=")


@proves("app.session_interface.make_null_session", "flask.Flask.make_null_session")
def the_interface_makes_a_null_session() -> None:
    app = Flask("shop")
    empty = app.session_interface.make_null_session(app)
    assert isinstance(empty, flask.sessions.NullSession)


@proves("flask.sessions.SecureCookieSession", "flask.Session")
def a_session_is_a_secure_cookie_session() -> None:
    app = Flask("shop")
    app.secret_key = "dev"
    with app.test_request_context():
        assert type(session._get_current_object()) is flask.sessions.SecureCookieSession


@proves("app.blueprints", "flask.Flask.modules")
def the_blueprints_of_an_application_are_listed() -> None:
    app, blueprint = Flask("shop"), Blueprint("tea", __name__)
    app.register_blueprint(blueprint)
    assert app.blueprints == {"tea": blueprint}


@proves("app.register_blueprint", "flask.Flask.register_module")
def a_blueprint_is_registered_under_a_prefix() -> None:
    blueprint = Blueprint("tea", __name__)
    blueprint.add_url_rule("/green", "green", lambda: "green")
    app = Flask("shop")
    app.register_blueprint(blueprint, url_prefix="/tea")
    assert app.test_client().get("/tea/green").text == "green"


@proves("flask.Blueprint", "flask.Module")
def a_blueprint_takes_routes() -> None:
    blueprint = Blueprint("tea", __name__)
    blueprint.get("/")(lambda: "green")
    app = Flask("shop")
    app.register_blueprint(blueprint)
    assert app.test_client().get("/").text == "green"


@proves("request.blueprint", "flask.Request.module")
def a_request_knows_its_blueprint() -> None:
    blueprint = Blueprint("tea", __name__)
    blueprint.add_url_rule("/", "index", lambda: str(request.blueprint))
    app = Flask("shop")
    app.register_blueprint(blueprint)
    assert app.test_client().get("/").text == "tea"


@proves("app.app_ctx_globals_class", "flask.Flask.request_globals_class")
def g_may_be_of_another_class() -> None:
    class Globals(flask.ctx._AppCtxGlobals):
        currency = "元"

    app = Flask("shop")
    app.app_ctx_globals_class = Globals
    with app.app_context():
        assert g.currency == "元"


@proves("flask.g", "flask._app_ctx_stack", "flask._request_ctx_stack", "flask.ctx.RequestContext.g")
def an_extension_keeps_its_data_on_g() -> None:
    app = Flask("shop")
    with app.app_context():
        g._shop_database = "open"
        assert g._shop_database == "open"
    with app.test_request_context():
        assert "_shop_database" not in g


def _from_the_configuration(key: str, value: object) -> Proof:
    def proof() -> None:
        app = Flask("shop")
        assert key in app.config
        app.config[key] = value
        assert EFFECTS[key](app) == value

    return proof


EFFECTS: dict[str, Callable[[Flask], object]] = {
    "PROPAGATE_EXCEPTIONS": lambda app: not _answers_500(app),
    "SEND_FILE_MAX_AGE_DEFAULT": lambda app: _sent(app).cache_control.max_age,
    "SESSION_COOKIE_NAME": lambda app: app.session_interface.get_cookie_name(app),
    "TEMPLATES_AUTO_RELOAD": lambda app: app.jinja_env.auto_reload,
    "USE_X_SENDFILE": lambda app: _sent(app, __file__).headers.get("X-Sendfile") == __file__,
}


def _answers_500(app: Flask) -> bool:
    app.logger.disabled = True

    @app.get("/average")
    def average() -> str:
        return str(1 / 0)

    try:
        return app.test_client().get("/average").status_code == 500
    except ZeroDivisionError:
        return False


def _sent(app: Flask, file: Any = None, **options: Any) -> flask.Response:
    with app.test_request_context():
        response = flask.send_file(file or io.BytesIO(b"tea"), "text/plain", **options)
        response.close()
        return response


for _attribute, _value in {
    "propagate_exceptions": True,
    "send_file_max_age_default": 60,
    "session_cookie_name": "shop",
    "templates_auto_reload": True,
    "use_x_sendfile": True,
}.items():
    _key = _attribute.upper()
    proves(f'app.config["{_key}"]', f"flask.Flask.{_attribute}")(
        _from_the_configuration(_key, _value)
    )


@proves("markupsafe.Markup", "flask.Markup", "jinja2.Markup")
def markup_is_not_escaped() -> None:
    with Flask("shop").app_context():
        text = flask.render_template_string("{{ a }}{{ b }}", a=markupsafe.Markup("<b>"), b="<b>")
    assert text == "<b>&lt;b&gt;"


@proves(
    "markupsafe.escape",
    *("flask.escape", "jinja2.escape", "werkzeug.escape", "werkzeug.utils.escape"),
)
def escape_escapes() -> None:
    assert str(markupsafe.escape('<a href="\'">&')) == "&lt;a href=&#34;&#39;&#34;&gt;&amp;"


@proves('importlib.metadata.version("flask")', "flask.__version__")
def the_version_is_in_the_metadata() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        old = flask.__version__
    assert importlib.metadata.version("flask") == old


class Lazy:
    """Counts how often its property is computed."""

    computed = 0

    @cached_property
    def answer(self) -> int:
        self.computed += 1
        return 42


@proves(
    "werkzeug.utils.cached_property",
    *("flask.helpers.locked_cached_property", "werkzeug.cached_property"),
)
def a_cached_property_is_computed_once() -> None:
    lazy = Lazy()
    assert (lazy.answer, lazy.answer, lazy.computed) == (42, 42, 1)


@proves("datetime.timedelta.total_seconds", "flask.helpers.total_seconds")
def a_timedelta_knows_its_seconds() -> None:
    assert timedelta(days=1, seconds=1).total_seconds() == 86401


@proves("werkzeug.utils.safe_join", "flask.safe_join")
def safe_join_stays_in_its_folder() -> None:
    assert safe_join("/uploads", "tea.txt") == "/uploads/tea.txt"
    assert safe_join("/uploads", "../passwords") is None


@proves("path_or_file", "flask.send_file(filename_or_fp)")
def send_file_takes_a_path_or_a_file() -> None:
    app = Flask("shop")
    with app.test_request_context():
        response = flask.send_file(path_or_file=io.BytesIO(b"tea"), mimetype="text/plain")
        response.direct_passthrough = False
        assert response.get_data() == b"tea"


@proves("download_name", "flask.send_file(attachment_filename)")
def send_file_names_the_download() -> None:
    response = _sent(Flask("shop"), as_attachment=True, download_name="tea.txt")
    assert response.headers["Content-Disposition"] == "attachment; filename=tea.txt"


@proves("max_age", "flask.send_file(cache_timeout)")
def send_file_says_how_long_it_may_be_kept() -> None:
    assert _sent(Flask("shop"), max_age=60).cache_control.max_age == 60


@proves("etag", "flask.send_file(add_etags)")
def send_file_may_leave_out_its_etag() -> None:
    assert "ETag" in _sent(Flask("shop"), __file__).headers
    assert "ETag" not in _sent(Flask("shop"), __file__, etag=False).headers


@proves("path", "flask.send_from_directory(filename)")
def send_from_directory_takes_a_path() -> None:
    app = Flask("shop")
    with app.test_request_context():
        response = flask.send_from_directory(SETTINGS.parent, path=SETTINGS.name)
        assert response.mimetype == "application/json"
        response.close()


@proves("flask.testing.EnvironBuilder", "flask.testing.make_test_environ_builder")
def a_builder_makes_the_environment_of_an_application() -> None:
    app = Flask("shop")
    app.config["SERVER_NAME"] = "shop.example"
    assert EnvironBuilder(app, "/tea").get_environ()["HTTP_HOST"] == "shop.example"
