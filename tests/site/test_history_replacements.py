"""What docs/history/replacements.toml offers exists and does the job of what it replaces.

The file is the one part of the history that is written by hand. Each replacement in it names its proof here; one
without a proof, or a proof of something that the file no longer says, fails.
"""

from __future__ import annotations

import hashlib
import hmac
import importlib
import importlib.metadata
import io
import json
import logging
import pkgutil
import tempfile
import time
import tomllib
import urllib.parse
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import cachelib
import flask
import flask_session
import flask_sqlalchemy
import itsdangerous
import jinja2
import markupsafe
import pytest
import redis
import sqlalchemy.orm
import werkzeug.exceptions
import wtforms
from flask import Blueprint, Flask, g, request, session
from flask.json.provider import DefaultJSONProvider
from flask.logging import default_handler
from flask.testing import EnvironBuilder
from flask_sqlalchemy.record_queries import get_recorded_queries
from flask_sqlalchemy.track_modifications import before_models_committed, models_committed
from jinja2.utils import htmlsafe_json_dumps
from werkzeug.datastructures import FileStorage, Headers, ImmutableMultiDict, MultiDict
from werkzeug.local import LocalProxy, LocalStack
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.profiler import ProfilerMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.middleware.shared_data import SharedDataMiddleware
from werkzeug.security import check_password_hash, generate_password_hash
from werkzeug.test import Client
from werkzeug.utils import cached_property, import_string, safe_join, secure_filename
from wtforms.validators import DataRequired

import timeline
from tests.site import proofs_sqlalchemy  # noqa: F401  it registers its proofs
from tests.site.proofs import PROOFS, Proof, proves
from timeline import History

HISTORY = History()
USES = {name: note["use"] for name, note in HISTORY.notes.items() if "use" in note}


# --- the file -------------------------------------------------------------------------------


def test_each_replacement_has_a_proof_and_each_proof_a_replacement() -> None:
    assert {name: use for name, (use, _) in PROOFS.items()} == USES


def test_each_replaced_name_is_gone_or_going() -> None:
    for name in USES:
        entry = HISTORY.find(name)
        assert entry.removed or entry.deprecated, f"{name} is neither removed nor deprecated"


def test_each_replacement_that_is_a_name_exists() -> None:
    checked = [use for use in USES.values() if use.partition(".")[0] in PACKAGES and "(" not in use]
    assert len(checked) > 60
    for use in checked:
        assert pkgutil.resolve_name(use) is not None


PACKAGES = {
    *("cachelib", "datetime", "flask", "flask_session", "flask_sqlalchemy", "hashlib", "hmac"),
    *("itsdangerous", "jinja2", "markupsafe", "sqlalchemy", "urllib", "werkzeug", "wtforms"),
}


def test_the_file_is_in_alphabetical_order_and_says_nothing_twice() -> None:
    path = timeline.FOLDER / "replacements.toml"
    names = list(tomllib.loads(path.read_text("utf-8")))
    assert names == sorted(names)


@pytest.mark.parametrize("name", sorted(USES))
def test_the_replacement_does_the_job(name: str) -> None:
    PROOFS[name][1]()


# --- JSON -----------------------------------------------------------------------------------


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


# --- the application ------------------------------------------------------------------------


@proves("app.config.from_file(name, load=json.load)", "flask.Config.from_json")
def from_file_loads_json(folder: Path | None = None) -> None:
    app = Flask("shop", root_path=str(SETTINGS.parent))
    assert app.config.from_file(SETTINGS.name, load=json.load) is True
    assert app.config["SHOP_NAME"] == "阿达"


SETTINGS = Path(__file__).with_name("history_settings.json")


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


# --- functions ------------------------------------------------------------------------------


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


# --- Werkzeug -------------------------------------------------------------------------------


@proves("werkzeug.utils.secure_filename", "werkzeug.secure_filename")
def a_file_name_is_made_safe() -> None:
    assert secure_filename("../../etc/passwd") == "etc_passwd"


@proves("werkzeug.utils.import_string", "werkzeug.import_string")
def a_name_is_imported() -> None:
    assert import_string("json.loads") is json.loads


@proves("werkzeug.security.generate_password_hash", "werkzeug.generate_password_hash")
def a_password_is_hashed() -> None:
    assert generate_password_hash("tea") != generate_password_hash("tea")


@proves("werkzeug.security.check_password_hash", "werkzeug.check_password_hash")
def a_password_is_checked() -> None:
    hashed = generate_password_hash("tea")
    assert check_password_hash(hashed, "tea") is True
    assert check_password_hash(hashed, "coffee") is False


@proves("hmac.compare_digest", "werkzeug.security.safe_str_cmp")
def strings_are_compared_in_constant_time() -> None:
    assert hmac.compare_digest("tea", "tea") is True
    assert hmac.compare_digest("tea", "tee") is False


@proves("hashlib.pbkdf2_hmac", "werkzeug.security.pbkdf2_bin", "werkzeug.security.pbkdf2_hex")
def the_standard_library_derives_keys() -> None:
    # The first test vector of RFC 6070.
    key = hashlib.pbkdf2_hmac("sha1", b"password", b"salt", 1)
    assert key.hex() == "0c60c80f961f0e71f3a9b524af6012062fe037a6"


@proves("werkzeug.datastructures.MultiDict", "werkzeug.MultiDict")
def a_multi_dict_keeps_all_values() -> None:
    assert MultiDict([("a", 1), ("a", 2)]).getlist("a") == [1, 2]


@proves("werkzeug.datastructures.ImmutableMultiDict", "werkzeug.ImmutableMultiDict")
def an_immutable_multi_dict_refuses_changes() -> None:
    with pytest.raises(TypeError):
        ImmutableMultiDict({"a": 1})["a"] = 2


@proves("werkzeug.datastructures.Headers", "werkzeug.Headers")
def headers_ignore_case() -> None:
    assert Headers({"Content-Type": "text/plain"})["content-type"] == "text/plain"


@proves("werkzeug.datastructures.FileStorage", "werkzeug.FileStorage")
def an_upload_is_read() -> None:
    assert FileStorage(io.BytesIO(b"tea"), "tea.txt").read() == b"tea"


@proves("werkzeug.local.LocalProxy", "werkzeug.LocalProxy")
def a_proxy_follows_its_function() -> None:
    values = ["tea"]
    proxy = LocalProxy(lambda: values[-1])
    values.append("coffee")
    assert proxy == "coffee"


@proves("werkzeug.local.LocalStack", "werkzeug.LocalStack")
def a_stack_has_a_top() -> None:
    stack: LocalStack[str] = LocalStack()
    stack.push("tea")
    assert stack.top == "tea"
    assert stack.pop() == "tea"


@proves("flask.abort", "werkzeug.abort")
def abort_raises() -> None:
    with pytest.raises(werkzeug.exceptions.NotFound):
        flask.abort(404)


@proves("flask.redirect", "werkzeug.redirect")
def redirect_answers_302() -> None:
    response = flask.redirect("/tea")
    assert (response.status_code, response.headers["Location"]) == (302, "/tea")


def _mounted(environ: Any, start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["SCRIPT_NAME"].encode()]


@proves(
    "werkzeug.middleware.dispatcher.DispatcherMiddleware",
    *("werkzeug.DispatcherMiddleware", "werkzeug.wsgi.DispatcherMiddleware"),
)
def the_dispatcher_mounts_an_application() -> None:
    app = DispatcherMiddleware(_mounted, {"/shop": _mounted})
    assert Client(app).get("/shop/tea").text == "/shop"


@proves(
    "werkzeug.middleware.shared_data.SharedDataMiddleware",
    *("werkzeug.SharedDataMiddleware", "werkzeug.wsgi.SharedDataMiddleware"),
)
def shared_data_serves_files() -> None:
    app = SharedDataMiddleware(_mounted, {"/files": str(SETTINGS.parent)})
    with Client(app).get(f"/files/{SETTINGS.name}") as response:
        assert response.json == {"SHOP_NAME": "阿达"}


@proves("werkzeug.middleware.proxy_fix.ProxyFix", "werkzeug.contrib.fixers.ProxyFix")
def the_address_behind_a_proxy_is_found() -> None:
    app = Flask("shop")
    app.add_url_rule("/", "index", lambda: str(request.remote_addr))
    app.wsgi_app = ProxyFix(app.wsgi_app)  # type: ignore[method-assign]
    response = app.test_client().get("/", headers={"X-Forwarded-For": "203.0.113.7"})
    assert response.text == "203.0.113.7"


@proves(
    "werkzeug.middleware.profiler.ProfilerMiddleware",
    "werkzeug.contrib.profiler.ProfilerMiddleware",
)
def requests_are_profiled() -> None:
    stream = io.StringIO()
    with Client(ProfilerMiddleware(_mounted, stream=stream)).get("/tea"):
        pass
    assert "PATH: '/tea'" in stream.getvalue()


@proves("werkzeug.wrappers.Request", "werkzeug.wrappers.BaseRequest")
def a_request_reads_its_environment() -> None:
    environ = werkzeug.test.create_environ("/tea?size=big")
    assert werkzeug.wrappers.Request(environ).args["size"] == "big"


@proves("werkzeug.wrappers.Response", "werkzeug.wrappers.BaseResponse")
def a_response_is_an_application() -> None:
    assert Client(werkzeug.wrappers.Response("tea")).get("/").text == "tea"


@proves(
    'request.headers.get("X-Requested-With") == "XMLHttpRequest"',
    "werkzeug.wrappers.Request.is_xhr",
)
def a_header_tells_requests_of_scripts() -> None:
    app = Flask("shop")
    with app.test_request_context(headers={"X-Requested-With": "XMLHttpRequest"}):
        assert request.headers.get("X-Requested-With") == "XMLHttpRequest"
    with app.test_request_context():
        assert request.headers.get("X-Requested-With") is None


QUOTED = "早 tea&a/b"


@proves("urllib.parse.quote", "werkzeug.url_quote", "werkzeug.urls.url_quote")
def text_is_quoted() -> None:
    assert urllib.parse.quote(QUOTED) == "%E6%97%A9%20tea%26a/b"


@proves("urllib.parse.quote_plus", "werkzeug.urls.url_quote_plus")
def text_is_quoted_with_plus() -> None:
    assert urllib.parse.quote_plus(QUOTED) == "%E6%97%A9+tea%26a%2Fb"


@proves("urllib.parse.unquote", "werkzeug.urls.url_unquote")
def text_is_unquoted() -> None:
    assert urllib.parse.unquote(urllib.parse.quote(QUOTED)) == QUOTED


@proves("urllib.parse.unquote_plus", "werkzeug.urls.url_unquote_plus")
def text_is_unquoted_with_plus() -> None:
    assert urllib.parse.unquote_plus(urllib.parse.quote_plus(QUOTED)) == QUOTED


@proves("urllib.parse.urlencode", "werkzeug.url_encode", "werkzeug.urls.url_encode")
def a_query_is_encoded() -> None:
    assert urllib.parse.urlencode({"tag": ["tea", "早"]}, doseq=True) == "tag=tea&tag=%E6%97%A9"


@proves("urllib.parse.parse_qs", "werkzeug.urls.url_decode")
def a_query_is_decoded() -> None:
    assert urllib.parse.parse_qs("tag=tea&tag=%E6%97%A9") == {"tag": ["tea", "早"]}


@proves("urllib.parse.urlsplit", "werkzeug.urls.url_parse")
def an_address_is_taken_apart() -> None:
    parts = urllib.parse.urlsplit("https://shop.example/tea?size=big#top")
    assert (parts.netloc, parts.path, parts.query) == ("shop.example", "/tea", "size=big")


@proves("urllib.parse.urljoin", "werkzeug.urls.url_join")
def addresses_are_joined() -> None:
    assert (
        urllib.parse.urljoin("https://shop.example/tea/", "green")
        == "https://shop.example/tea/green"
    )


# --- caches ---------------------------------------------------------------------------------


@proves("cachelib.SimpleCache", "werkzeug.contrib.cache.SimpleCache")
def a_simple_cache_keeps_values() -> None:
    cache = cachelib.SimpleCache()
    cache.set("tea", "green", timeout=60)
    assert cache.get("tea") == "green"


@proves("cachelib.FileSystemCache", "werkzeug.contrib.cache.FileSystemCache")
def a_cache_of_files_keeps_values() -> None:
    with tempfile.TemporaryDirectory() as folder:
        cachelib.FileSystemCache(folder).set("tea", "green")
        assert cachelib.FileSystemCache(folder).get("tea") == "green"


class FakeRedis:
    """As much of a Redis client as the cache asks for."""

    def __init__(self) -> None:
        self.values: dict[str, bytes] = {}

    def set(self, name: str, value: bytes, ex: int) -> bool:
        self.values[name] = value
        return True

    def get(self, name: str) -> bytes | None:
        return self.values.get(name)


@proves("cachelib.RedisCache", "werkzeug.contrib.cache.RedisCache")
def a_redis_cache_hands_values_to_its_client() -> None:
    cache = cachelib.RedisCache(host=FakeRedis(), key_prefix="shop:")
    assert cache.set("tea", "green", timeout=60) is True
    assert cache.get("tea") == "green"
    assert list(cache._write_client.values) == ["shop:tea"]


class FakeMemcached:
    """As much of a Memcached client as the cache asks for."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def set(self, key: str, value: Any, timeout: int) -> bool:
        self.values[key] = (value, timeout > time.time())
        return True

    def get(self, key: str) -> Any:
        return self.values.get(key, (None, False))[0]

    def get_multi(self, keys: list[str]) -> dict[str, Any]:
        return {key: self.get(key) for key in keys}

    def delete(self, key: str) -> bool:
        return self.values.pop(key, None) is not None


@proves("cachelib.MemcachedCache", "werkzeug.contrib.cache.MemcachedCache")
def a_memcached_cache_hands_values_to_its_client() -> None:
    client = FakeMemcached()
    cache = cachelib.MemcachedCache(client, key_prefix="shop:")
    assert cache.set("tea", "green", timeout=60)
    assert cache.get("tea") == "green"
    assert client.values == {"shop:tea": ("green", True)}


# --- other libraries ------------------------------------------------------------------------


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
