"""What the notebook says of Flask, tried line by line; each function returns what happened."""

import io
import os
import tempfile

import flask
from flask import (
    Flask, flash, get_flashed_messages, make_response, redirect, render_template_string, request, session, url_for,
)
from werkzeug.routing import BaseConverter


def sent(app, path="/", **options):
    """Return the status and what the client sees of an answer."""
    response = app.test_client().open(path, **options)
    text = response.get_data().decode()
    return "%s %s" % (response.status_code, "" if "<title>" in text else text)


def failing(app, path="/", **options):
    """Return the exception behind a 500."""
    app.testing = True
    return sent(app, path, **options)


def key(name):
    return repr(Flask("notes").config.get(name, "no such key"))


# 1 configuration

def config_is_a_dict():
    return isinstance(Flask("notes").config, dict)


def config_keys():
    return "%d keys" % len(Flask("notes").config)


def config_debug():
    return key("DEBUG")


def config_preserve():
    return key("PRESERVE_CONTEXT_ON_EXCEPTION")


def config_logger():
    return key("LOGGER_NAME")


def config_application_root():
    return key("APPLICATION_ROOT")


def config_max_age():
    return key("SEND_FILE_MAX_AGE_DEFAULT")


def config_trap():
    return key("TRAP_BAD_REQUEST_ERRORS")


def config_json_as_ascii():
    return key("JSON_AS_ASCII")


def config_pretty():
    return key("JSONIFY_PRETTYPRINT_REGULAR")


def config_samesite():
    return key("SESSION_COOKIE_SAMESITE")


def upload(view):
    app = Flask("notes")
    app.route("/", methods=["POST"])(view)
    data = {"the_file_name": (io.BytesIO(b"x"), "a.txt")}
    return failing(app, method="POST", data=data)


def upload_name():
    from werkzeug.utils import secure_filename

    def view():
        obj = request.files["the_file_name"]
        obj.save(os.path.join(tempfile.gettempdir(), secure_filename(f.filename)))
        return "saved"

    return upload(view)


def upload_path():
    from werkzeug.utils import secure_filename

    return secure_filename("../../etc/passwd")


def request_script_root():
    app = Flask("notes")
    app.route("/x")(lambda: "%s|%s|%s" % (request.script_root, request.path, request.url_root))
    return sent(app, "/x", base_url="http://localhost/shop")


def redirect_status():
    app = Flask("notes")
    app.route("/")(lambda: redirect("/index.html"))
    response = app.test_client().get("/")
    return "%s %s" % (response.status_code, response.headers["Location"])


def upload_missing():
    app = Flask("notes")
    app.route("/", methods=["POST"])(lambda: request.files["the_file_name"].filename)
    return sent(app, method="POST", data={"other": "1"})


def upload_chinese():
    from werkzeug.utils import secure_filename

    return repr(secure_filename(u"\u5934\u50cf.png"))


def request_full_path():
    app = Flask("notes")
    app.route("/")(lambda: request.full_path)
    return sent(app)


def request_values():
    app = Flask("notes")
    app.route("/", methods=["GET", "POST"])(lambda: request.values.get("a", "nothing"))
    return sent(app, method="GET", data={"a": "1"})


def response_type():
    with Flask("notes").test_request_context():
        return isinstance(make_response("x"), flask.wrappers.Response)


def delete_cookie_path():
    app = Flask("notes")

    def view():
        response = make_response("x")
        response.set_cookie("key", "value", path="/shop")
        response.delete_cookie("key")
        return response

    app.route("/")(view)
    response = app.test_client().get("/")
    return " | ".join(
        "; ".join(p for p in value.split("; ") if p.lower().startswith(("key", "path")))
        for value in response.headers.getlist("Set-Cookie")
    )


def config_update():
    app = Flask("notes")
    app.config.update(DEBUG=True)
    return app.debug


def written(name, text):
    path = os.path.join(tempfile.mkdtemp(), name)
    with open(path, "w") as stream:
        stream.write(text)
    return path


def from_pyfile():
    app = Flask("notes")
    app.config.from_pyfile(written("settings.py", "DEBUG = True\nlower = 1\n"))
    return "DEBUG %s, lower %s" % (app.config["DEBUG"], app.config.get("lower"))


def from_envvar():
    app = Flask("notes")
    os.environ["NOTES_SETTINGS"] = written("settings.py", "DEBUG = True\n")
    return app.config.from_envvar("NOTES_SETTINGS")


def from_json():
    app = Flask("notes")
    app.config.from_json(written("settings.json", '{"DEBUG": true}'))
    return app.config["DEBUG"]


def from_mapping():
    app = Flask("notes")
    app.config.from_mapping({"DEBUG": True, "lower": 1})
    return "DEBUG %s, lower %s" % (app.config["DEBUG"], app.config.get("lower"))


def from_object():
    class Config(object):
        TESTING = False

        @property
        def NAME(self):
            return "x"

    class TestingConfig(Config):
        TESTING = True

    app = Flask("notes")
    app.config.from_object(TestingConfig)
    return "TESTING %s, NAME %s" % (app.config["TESTING"], type(app.config["NAME"]).__name__)


def relative_files():
    folder = tempfile.mkdtemp()
    app = Flask("notes", instance_path=folder, instance_relative_config=True)
    return "%s, %s" % (app.config.root_path == folder, app.config.root_path == app.root_path)


def database_uri():
    from sqlalchemy import create_engine

    return create_engine("sqlite://:memory:")


def mysql_uri():
    from sqlalchemy import create_engine

    return create_engine("mysql://user@localhost/foo")


# 2 routing

def add_url_rule():
    app = Flask("notes")
    app.add_url_rule("/login", endpoint="m1", view_func=lambda: "login", methods=["GET", "POST"])
    return sent(app, "/login", method="POST")


def view_name():
    app = Flask("notes")
    app.add_url_rule("/login", endpoint="m1", view_func="login")
    return failing(app, "/login")


def defaults():
    app = Flask("notes")
    app.add_url_rule("/page/", defaults={"k": "v"}, view_func=lambda k: k, endpoint="page")
    return sent(app, "/page/")


def methods_text():
    app = Flask("notes")
    app.route("/", methods="GET")(lambda: "x")
    return "registered"


def strict(value, path):
    app = Flask("notes")
    app.route("/index", strict_slashes=value)(lambda: "index")
    return sent(app, path)


def strict_false():
    return strict(False, "/index/") + ", " + strict(False, "/index")


def strict_true():
    return strict(True, "/index/") + ", " + strict(True, "/index")


def strict_folder():
    app = Flask("notes")
    app.route("/index/")(lambda: "index")
    return sent(app, "/index")


def redirect_to(target):
    app = Flask("notes")
    app.route("/index/<int:nid>", redirect_to=target)(lambda nid: "never")
    response = app.test_client().get("/index/7")
    return "%s %s" % (response.status_code, response.headers["Location"].replace("http://localhost", ""))


def redirect_to_text():
    return redirect_to("/home/<nid>")


def redirect_to_function():
    return redirect_to(lambda adapter, nid: "/home/888")


def subdomain_app():
    app = Flask(__name__)
    app.config["SERVER_NAME"] = "wupeiqi.com:5000"
    app.route("/", subdomain="admin", endpoint="a")(lambda: "admin")
    app.route("/dynamic", subdomain="<username>", endpoint="b")(lambda username: username)
    return app


def subdomain():
    return sent(subdomain_app(), base_url="http://admin.wupeiqi.com:5000/")


def subdomain_docstring():
    return sent(subdomain_app(), base_url="http://static.wupeiqi.com:5000/")


def subdomain_matching():
    app = Flask(__name__, **({} if flask.__version__.startswith("0.") else {"subdomain_matching": True}))
    app.config["SERVER_NAME"] = "wupeiqi.com:5000"
    app.route("/", subdomain="admin")(lambda: "admin")
    return sent(app, base_url="http://admin.wupeiqi.com:5000/")


def subdomain_dynamic():
    return sent(subdomain_app(), "/dynamic", base_url="http://user1.wupeiqi.com:5000/")


def server_name_run():
    import werkzeug.serving

    found = []
    werkzeug.serving.run_simple = lambda host, port, *a, **k: found.append("%s:%s" % (host, port))
    subdomain_app().run()
    return found[0]


# 3 converters

class RegexConverter(BaseConverter):
    def __init__(self, url_map, regex):
        super().__init__(map=url_map)
        self.regex = regex


def regex_app(rule=r'/send/<re(r"\d{11}"):mobile>'):
    app = Flask("notes")
    app.url_map.converters["re"] = RegexConverter
    app.route(rule, endpoint="send")(lambda mobile: "send message to {}".format(mobile))
    return app


def regex_match():
    return sent(regex_app(), "/send/13800138000") + ", " + sent(regex_app(), "/send/1380013800")


def regex_digits():
    return sent(regex_app(), u"/send/\uff11\uff13\uff18\uff10\uff10\uff11\uff13\uff18\uff10\uff10\uff10")


def regex_type():
    app = Flask("notes")
    app.url_map.converters["re"] = RegexConverter
    app.route(r'/send/<re(r"\d{11}"):mobile>')(lambda mobile: type(mobile).__name__)
    return sent(app, "/send/13800138000")


def regex_build():
    with regex_app().test_request_context():
        return url_for("send", mobile="not a number")


def regex_slash():
    return sent(regex_app('/send/<re(".+"):mobile>'), "/send/a/b")


def regex_bracket():
    return sent(regex_app('/send/<re("(a|b)"):mobile>'), "/send/a")


def converter_values():
    class Number(BaseConverter):
        regex = r"\d+"

        def to_python(self, value):
            return int(value)

        def to_url(self, value):
            return str(value * 2)

    app = Flask("notes")
    app.url_map.converters["number"] = Number
    app.route("/n/<number:n>", endpoint="n")(lambda n: "%s %s" % (type(n).__name__, url_for("n", n=n)))
    return sent(app, "/n/7")


# 4 flashing

def flash_app(secret_key=None):
    app = Flask(__name__)
    app.secret_key = secret_key

    def index():
        val = request.args.get("v")
        if val == "ZJL":
            return "Hello world"
        flash("timeout", category="x1")
        flash("other", category="x2")
        return "Hello"

    def error():
        data = get_flashed_messages(category_filter=["x1"])
        return data[0] if data else "..."

    app.route("/index")(index)
    app.route("/error")(error)
    return app


def flash_no_key():
    return failing(flash_app(), "/index")


def flash_with_key():
    client = flash_app("key").test_client()
    client.get("/index")
    return ", ".join(client.get("/error").get_data().decode() for _ in range(2))


def flash_filter():
    client = flash_app("key").test_client()
    client.get("/index")
    client.get("/error")
    with client.session_transaction() as kept:
        return "%d left of x2" % len(kept.get("_flashes", ()))


# 5 hooks

def hooks_app():
    app = Flask(__name__)
    app.log = []

    @app.before_request
    def process_request1(*args, **kwargs):
        app.log.append("request 1")

    @app.before_request
    def process_request2(*args, **kwargs):
        app.log.append("request 2")

    app.route("/index", methods=["GET"])(lambda: "Index")
    return app


def before_order():
    app = hooks_app()
    return sent(app, "/index") + ", " + ", ".join(app.log)


def after_none():
    app = hooks_app()

    @app.after_request
    def process_response1(*args, **kwargs):
        app.log.append("response 1")

    return failing(app, "/index")


def after_order():
    app = hooks_app()

    @app.after_request
    def process_response1(response):
        app.log.append("response 1")
        return response

    @app.after_request
    def process_response2(response):
        app.log.append("response 2")
        return response

    sent(app, "/index")
    return ", ".join(app.log)


def error_status():
    app = Flask(__name__)

    @app.errorhandler(404)
    def error_404(arg):
        return "404 error"

    return sent(app, "/nowhere")


def template_helpers():
    app = Flask(__name__)

    @app.template_global()
    def sb(a1, a2):
        return a1 + a2

    @app.template_filter()
    def db(a1, a2, a3):
        return a1 + a2 + a3

    app.route("/")(lambda: render_template_string("{{sb(1,2)}} {{ 1|db(2,3)}}"))
    return sent(app)


def template_indent():
    compile("@app.template_global()\n    def sb(a1, a2):\n        return a1 + a2\n", "notes", "exec")


# 8 contexts

def contexts_app_name():
    from flask import app

    return type(app).__name__


def contexts_current_app():
    from flask import current_app

    with Flask("notes").app_context():
        return current_app.name


def contexts_g():
    app = Flask("notes")
    with app.app_context():
        flask.g.user = "ada"
        with app.test_request_context():
            return getattr(flask.g, "user", "another g")


def contexts_g_outside():
    with Flask("notes").app_context():
        flask.g.user = "ada"
        return "%s without a request" % flask.g.user


def contexts_proxy():
    return "%s.%s" % (type(flask.request).__module__, type(flask.request).__name__)


def contexts_add():
    class Money(object):
        def __add__(self, other):
            return "added"

    return Money() + Money()


def contexts_dict():
    class Base(object):
        x = 1

    class Child(Base):
        y = 2

    return "x" in Child.__dict__


def contexts_type():
    return eval("Type")


def contexts_metaclass():
    return type(Flask).__name__


# 9 signals

def signal_order(path="/"):
    log = []
    app = Flask(__name__)
    app.before_request(lambda: log.append("before_request"))
    app.after_request(lambda response: log.append("after_request") or response)
    app.teardown_request(lambda error: log.append("teardown"))

    class Interface(flask.sessions.SecureCookieSessionInterface):
        def open_session(self, *args):
            log.append("open_session")
            return super().open_session(*args)

        def save_session(self, *args):
            log.append("save_session")

    app.session_interface = Interface()

    def view():
        log.append("view")
        return render_template_string("x")

    def broken():
        raise KeyError("broken")

    app.route("/")(view)
    app.route("/broken")(broken)

    @app.errorhandler(LookupError)
    def handle(error):
        log.append("handler")
        return "handled"

    receivers = []
    for name in (
        "request_started", "request_finished", "before_render_template", "template_rendered",
        "got_request_exception", "request_tearing_down", "appcontext_tearing_down",
        "appcontext_pushed", "appcontext_popped",
    ):
        def hear(sender, name=name, **extra):
            log.append(name)

        receivers.append(hear)
        getattr(flask, name).connect(hear, app)
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "SERVER_NAME": "x", "SERVER_PORT": "80",
               "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO()}
    app.testing = False
    app.logger.disabled = True
    for part in app.wsgi_app(environ, lambda status, headers, error=None: log.append("start_response")):
        log.append("body")
    return log


def place(*names):
    log = signal_order()
    return ", ".join(name for name in log if name in names)


def signal_started():
    return place("appcontext_pushed", "open_session", "request_started", "before_request")


def signal_finished():
    return place("after_request", "save_session", "request_finished", "start_response", "body")


def signal_rendered():
    return place("view", "before_render_template", "template_rendered")


def signal_exception():
    return ", ".join(n for n in signal_order("/broken") if n in ("handler", "got_request_exception"))


def signal_exception_404():
    return "sent" if "got_request_exception" in signal_order("/nowhere") else "not sent"


def signal_teardown():
    return place("request_tearing_down", "teardown", "appcontext_tearing_down", "appcontext_popped")


def signal_without_request():
    log = []
    app = Flask("notes")
    receivers = []
    for name in ("appcontext_pushed", "appcontext_popped", "appcontext_tearing_down"):
        def hear(sender, name=name, **extra):
            log.append(name)

        receivers.append(hear)
        getattr(flask, name).connect(hear, app)
    with app.app_context():
        pass
    return ", ".join(log)


def signal_flashed():
    app = flash_app("key")
    found = []

    def hear(sender, message, category, **extra):
        found.append(category)

    flask.message_flashed.connect(hear, app)
    app.test_client().get("/index")
    return ", ".join(found)


def storage():
    from werkzeug import local

    return "contextvars" if "ContextVar" in dir(local) else "thread ident"


def auto_pop():
    app = Flask("notes")
    return "RequestContext" if hasattr(app.test_request_context(), "auto_pop") else "no auto_pop"


def before_first():
    app = Flask("notes")
    app.before_first_request(lambda: None)
    return "registered"


def before_funcs():
    return type(Flask("notes").before_request_funcs.get(None, ())).__name__


def session_save():
    app = Flask("notes")
    app.secret_key = "key"
    app.route("/")(lambda: str(hasattr(session, "save_session")))
    return sent(app)


def session_saved_by():
    return hasattr(Flask("notes").session_interface, "save_session")


def full_dispatch():
    app = Flask("notes")
    return ", ".join(
        name for name in ("full_dispatch_request", "preprocess_request", "finalize_request", "process_response")
        if hasattr(app, name)
    )


def matched_when():
    app = Flask("notes")
    with app.test_request_context("/nowhere"):
        return "matched before the dispatch: %s" % type(request.routing_exception).__name__


# 11 sessions

def session_readable():
    import base64
    import json

    app = Flask("notes")
    app.secret_key = "key"

    def view():
        session["user"] = "ada"
        return "x"

    app.route("/")(view)
    cookie = app.test_client().get("/").headers["Set-Cookie"].partition("=")[2]
    payload = cookie.partition(".")[0]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)).decode())


def open_session():
    return "Flask.open_session" if hasattr(Flask, "open_session") else "no Flask.open_session"


def ext():
    from flask.ext.session import Session

    return Session


def main_colon():
    compile("if __name__  ==  '__main__'\n    app.run()\n", "notes", "exec")


def cookie_expires():
    response = make_response_outside()
    response.set_cookie("k", "v", exipre=None)
    return "set"


def session_in_browser():
    app = Flask("notes")
    app.secret_key = "key"
    app.route("/")(lambda: session.update(a=1) or "x")
    cookie = app.test_client().get("/").headers["Set-Cookie"]
    return "expires" if "Expires" in cookie else "ends with the browser"


def make_response_outside():
    return flask.Response("x")


def cookie_session():
    response = make_response_outside()
    response.set_cookie("k", "v")
    return response.headers["Set-Cookie"]


def response_name():
    return eval("reponse")


# What stands beside the lines

def add_url_rule_alone():
    exec("add_url_rule('/login', endpoint='m1', view_func=login, methods=['GET', 'POST'])", {"login": str})


def route_view_func():
    Flask("notes").route("/login", view_func=str)(str)


def endpoint_name():
    app = Flask("notes")
    app.add_url_rule("/login", endpoint="m1", view_func=str)
    with app.test_request_context():
        return url_for("m1")


def misspelled_converter():
    from werkzeug.routing import BasseConverter

    return BasseConverter


def who_reads_regex():
    return BaseConverter.__module__.partition(".")[0]


def handle_exception_made():
    import inspect

    source = inspect.getsource(Flask.wsgi_app)
    return "make_response(handle_exception(e))" if "self.make_response(self.handle" in source else "handle_exception(e)"


def signal_finished_once():
    app = Flask("notes")
    heard = []

    def hear(sender, **extra):
        heard.append("sent")

    flask.request_finished.connect(hear, app)
    app.test_client().get("/")
    return ", ".join(heard)


def template_path():
    folder = tempfile.mkdtemp()
    os.mkdir(os.path.join(folder, "templates"))
    path = os.path.join(folder, "templates", "index.html")
    with open(path, "w") as file:
        file.write("index")
    app = Flask("notes", root_path=folder)
    found = []
    for name in ("index.html", "templates/index.html", path):
        with app.test_request_context():
            try:
                found.append(flask.render_template(name))
            except Exception as error:
                found.append(type(error).__name__)
    return ", ".join(found)


def total_seconds_imported():
    from flask.helpers import total_seconds

    return total_seconds.__name__
