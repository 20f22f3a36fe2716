"""The error look-up answers the bank, in Node; ``nox -s findable`` asks the same in Chromium."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from proven.claims.proofs import proves
from tests.findable.bank import FOLDERS, HAN, Places
from tests.findable.node import ask, asked, listed
from tests.findable.score import LOOK_UP_BOUNDS, score_look_up, verdict


def test_the_right_entry_is_first(site: Path) -> None:
    places = Places(site / "en")
    pairs = asked(site, ["tuned"])
    score = score_look_up(pairs, places)
    missed = [
        f"{message.id}: {[entry.title for entry in found[:2]]}"
        for message, found in pairs
        if not verdict(message, found, places).first
    ]
    assert score.share(score.first) >= LOOK_UP_BOUNDS["tuned"].first, missed
    assert score.share(score.wrong) <= LOOK_UP_BOUNDS["tuned"].wrong, missed


@pytest.mark.parametrize("folder", FOLDERS.values())
def test_each_entry_finds_itself(site: Path, folder: str) -> None:
    page = site / folder / "reference/errors.html"
    found = [
        (key, title)
        for (key, _name), (title, _text) in listed(page).items()
        if not HAN.search(title)
    ]
    answers = ask(site, folder, [title for _key, title in found])
    lost = [
        title
        for (key, title), answer in zip(found, answers, strict=True)
        if key not in [each.get("key") for each in answer["results"]]
    ]
    assert len(found) > 250
    assert len(lost) <= 0.05 * len(found), lost


UNKNOWN = {
    "AttributeError: 'Flask' object has no attribute 'teapot'": "teapot",
    "ImportError: cannot import name 'teapot' from 'flask'": "teapot",
    "AttributeError: module 'werkzeug.urls' has no attribute 'teapot'": "teapot",
    "ModuleNotFoundError: No module named 'teapot'": "teapot",
    "NameError: name 'teapot' is not defined": "teapot",
    "TypeError: brew() got an unexpected keyword argument 'teapot'": "teapot",
}


@pytest.mark.parametrize("text", UNKNOWN)
def test_a_name_that_no_release_has_is_unknown(site: Path, text: str) -> None:
    (answer,) = ask(site, "en", [text])
    assert answer["results"] == []
    assert answer["unknown"]["name"] == UNKNOWN[text]


KNOWN = {
    "ImportError: cannot import name 'safe_str_cmp' from 'werkzeug.security'": "werkzeug.security.safe_str_cmp",
    "AttributeError: 'Engine' object has no attribute 'execute'": "sqlalchemy.engine.Engine.execute",
    "AttributeError: module 'wtforms.validators' has no attribute 'Required'": "wtforms.validators.Required",
    "TypeError: send_file() got an unexpected keyword argument 'cache_timeout'": "flask.send_file(cache_timeout)",
    "ModuleNotFoundError: No module named 'werkzeug.contrib.cache'": "werkzeug.contrib.cache",
    "NameError: name 'url_for' is not defined": "flask.url_for",
    "ImportError: cannot import name 'stream_template' from 'flask'": "flask.stream_template",
    # As titles, pages and questions write them.
    "AttributeError: Engine object has no attribute execute": "sqlalchemy.engine.Engine.execute",
    "cannot import name safe_str_cmp from werkzeug.security": "werkzeug.security.safe_str_cmp",
    "cannot import name &#39;Markup&#39; from &#39;jinja2&#39;": "jinja2.Markup",
    "'OptionEngine' object has no attribute 'execute'": "sqlalchemy.engine.Engine.execute",
    "from werkzeug import secure_filename": "werkzeug.secure_filename",
    "werkzeug.security.safe_str_cmp": "werkzeug.security.safe_str_cmp",
    # A warning about what is still there.
    "The '__version__' attribute is deprecated and will be removed in Flask 3.2.": "flask.__version__",
}


@proves(
    "reference/errors",
    "If the message is about a name, such as cannot import name or has no attribute, the "
    "look-up reads the releases of the libraries and tells you which release removed the "
    "name, what to write today, and which package is too old.",
)
@pytest.mark.parametrize("text", KNOWN)
def test_a_name_is_answered_from_the_releases(site: Path, text: str) -> None:
    (answer,) = ask(site, "en", [text])
    names = [each.get("names", [""])[0] for each in answer["results"]]
    assert KNOWN[text] in names, answer


@proves(
    "reference/errors",
    "If the message is about a name, such as cannot import name or has no attribute, the "
    "look-up reads the releases of the libraries and tells you which release removed the "
    "name, what to write today, and which package is too old.",
)
def test_a_module_that_answers_for_its_old_names_is_read_off_the_traceback(site: Path) -> None:
    text = (
        '  File "/v/site-packages/flask/__init__.py", line 60, in __getattr__\n'
        "    raise AttributeError(name)\nAttributeError: Markup"
    )
    (answer,) = ask(site, "en", [text])
    assert "flask.Markup" in str(answer["results"]) or "markup" in answer["results"][0]["key"]


def test_a_name_that_went_and_came_back_is_missed_before_it_did(site: Path) -> None:
    text = "AttributeError: 'LoginManager' object has no attribute 'request_callback'"
    (answer,) = ask(site, "en", [text])
    (said,) = answer["results"][0]["says"]
    assert "was added in Flask-Login 0.6. The installed release is older" in said


def test_a_package_that_makes_the_call_is_named(site: Path) -> None:
    text = """Traceback (most recent call last):
  File "/srv/app.py", line 3, in <module>
    import flask_login
  File "/srv/env/lib/python3.11/site-packages/flask_login/utils.py", line 13, in <module>
    from werkzeug.urls import url_decode
ImportError: cannot import name 'url_decode' from 'werkzeug.urls'
"""
    (answer,) = ask(site, "en", [text])
    first = answer["results"][0]
    said = " ".join(first["says"])
    assert "the package `flask_login`" in said
    assert "Install Flask-Login 0.6.3 or newer" in said
    assert first["place"].startswith("history/pairs.html#name-flask-login-0-6-2")


@pytest.mark.parametrize(
    ("text", "name", "says"),
    [
        pytest.param(
            '  File "/v/site-packages/flask_restplus/api.py", line 19, in <module>\n'
            "ImportError: cannot import name '_endpoint_from_view_func' from 'flask.helpers'",
            "flask.helpers._endpoint_from_view_func",
            "it is private to Flask, and it may go in any release. The package `flask_restplus`",
            id="private",
        ),
        pytest.param(
            '  File "/v/site-packages/dash/dash.py", line 20, in <module>\n'
            "ImportError: cannot import name 'get_current_traceback' from 'werkzeug.debug.tbtools'",
            "werkzeug.debug.tbtools.get_current_traceback",
            "among its public names. The package `dash` imports it: update `dash`.",
            id="no public name",
        ),
        pytest.param(
            "ImportError: cannot import name '_private' from 'flask'",
            "flask._private",
            "Update the package that imports it; in your own code, use a public name.",
            id="private, by whomever",
        ),
        pytest.param(
            '  File "/v/site-packages/rich_click/rich_command.py", line 151, in main\n'
            "TypeError: Parameter.make_metavar() missing 1 required positional argument: 'ctx'",
            "click.Parameter.make_metavar(ctx)",
            "has the parameter `ctx` since Click 8.2. The package `rich_click` was written for an",
            id="a parameter that came",
        ),
        pytest.param(
            "TypeError: Parameter.make_metavar() missing 1 required positional argument: 'ctx'",
            "click.Parameter.make_metavar(ctx)",
            "The code that calls it was written for an older release",
            id="a parameter that came, asked by whomever",
        ),
        pytest.param(
            "    from wtforms.widgets.core import HTMLString\n"
            "ImportError: cannot import name 'HTMLString' from 'wtforms.widgets.core'",
            "wtforms.widgets.HTMLString",
            "was removed in WTForms 3.0",
            id="in another module of the library",
        ),
        pytest.param(
            "    from werkzeug.contrib.cache import SimpleCache\n"
            "ModuleNotFoundError: No module named 'werkzeug.contrib'",
            "werkzeug.contrib.cache.SimpleCache",
            "was removed in Werkzeug 1.0",
            id="what the line wants of a module that went",
        ),
        pytest.param(
            "    from werkzeug.contrib.cache import SimpleCache\n"
            "ImportError: No module named contrib.cache",
            "werkzeug.contrib.cache.SimpleCache",
            "was removed in Werkzeug 1.0",
            id="as Python 2 said it",
        ),
        pytest.param(
            "ImportError: cannot import name 'SQLAlchemy' from partially initialized module "
            "'flask_sqlalchemy' (most likely due to a circular import)",
            "flask_sqlalchemy.py",
            "is imported instead of Flask-SQLAlchemy",
            id="half of a library",
        ),
    ],
)
def test_what_the_releases_say_fits_what_was_asked(
    site: Path, text: str, name: str, says: str
) -> None:
    (answer,) = ask(site, "en", [text])
    first = answer["results"][0]
    assert first["names"][0] == name
    assert says in " ".join(first["says"])


def test_a_file_of_ones_own_that_hides_a_library(site: Path) -> None:
    text = (
        "ImportError: cannot import name 'Flask' from partially initialized module 'flask' "
        "(most likely due to a circular import) (/srv/me/flask.py)"
    )
    (answer,) = ask(site, "en", [text])
    # The page for beginners has an entry of this very message.
    first, second = answer["results"][:2]
    assert first["key"] == "start/first-app#pitfall-importerror-cannot-import-name-flask"
    assert second["title"] == "flask.py"


ENTRIES = {
    # The line of the status is that of another message too.
    "400 Bad Request: The CSRF session token is missing.": "#forms-csrf-errors",
    "413 Request Entity Too Large: The data value transmitted exceeds the capacity limit.": "guide/uploads#",
    # Since 3.10, Python says of which class a method is.
    "TypeError: __call__() missing 1 required positional argument: 'start_response'": "guide/deployment#",
    "TypeError: RegexConverter.__init__() missing 1 required positional argument: 'regex'": "guide/regex-converters#",
    # The class is the reader's, the attribute is not.
    "'UploadForm' object has no attribute 'validate_on_submit'": "guide/forms#",
    # A database numbers its messages.
    "MySQLdb.OperationalError: (2006, '')": "guide/database#pitfall-2006",
    # Cut off, or without its class.
    "RuntimeError: The session is unavailable because no sec": "#pitfall-runtimeerror-the-session-is",
    "Error: Could not locate a Flask": "#pitfall-error-could-not-locate",
    "'user' is undefined": "guide/template-errors#pitfall-jinja2-exceptions-undefinederror",
    "werkzeug.exceptions.NotFound: 404 Not Found: The requested URL was not found on the server.": "#pitfall-404-not",
    "from flask.ext.login import LoginManager": "#pitfall-modulenotfounderror-no-module-named-flask-ext",
    # The same fault on another system.
    "ConnectionError: Error 10061 connecting to localhost:6379. 由于目标计算机积极拒绝，无法连接。.": "#pitfall-redis",
    "kombu.exceptions.OperationalError: [Errno 61] Connection refused": "guide/background#pitfall-kombu",
    "OSError: [WinError 10048] 通常每个套接字地址(协议/网络地址/端口)只允许使用一次。": "address-already-in-use",
    "FileNotFoundError: [WinError 3] 系统找不到指定的路径。: 'D:\\shop'": "guide/uploads#pitfall-filenotfounderror",
    # Of another driver, and of the programs of a database.
    "ERROR 1045 (28000): Access denied for user 'me'@'localhost'": "guide/database#pitfall-1045",
    'psycopg2.errors.UndefinedTable: relation "note" does not exist': "no-such-table",
    # Any error, and the code of a browser among words of the reader.
    "Object of type ValidationError is not JSON serializable": "guide/flashing#",
    "the page only shows ERR_TOO_MANY_REDIRECTS since yesterday": "#pitfall-err-too-many-redirects",
}


@pytest.mark.parametrize("text", ENTRIES)
def test_a_message_is_known_however_it_is_pasted(site: Path, text: str) -> None:
    (answer,) = ask(site, "en", [text])
    assert ENTRIES[text] in answer["results"][0]["key"], answer


STRANGERS = [
    "TypeError: Basket.__init__() missing 1 required positional argument: 'owner'",
    "UnicodeEncodeError: 'gbk' codec can't encode character '\\u2022' in position 3",
    "AttributeError: 'dict' object has no attribute 'has_key'",
    "ConnectionRefusedError: [WinError 10061] 由于目标计算机积极拒绝，无法连接。",
    "NotImplementedError: Cannot call run_async in SQL mode",
    "EmailSyntaxError: An email address must have an @-sign.",
    "TypeError: port must be an int",
    "ValueError: mode must be 'r' or 'w'",
    "SyntaxError: Unexpected token o in JSON at position 1",
    "UnicodeEncodeError: 'gbk' codec can't encode character '\\u2022': illegal multibyte sequence",
    "pymysql.err.OperationalError: (1153, \"Got a packet bigger than 'max_allowed_packet' bytes\")",
    # The functions of a library are none of a reader.
    "TypeError: create_engine() missing 1 required positional argument: 'engine_opts'",
    "TypeError: Parameter.make_metavar() missing 1 required positional argument: 'teapot'",
    '  File "/v/site-packages/flask/app.py", line 1469, in dispatch_request\n'
    '  File "/app/shop.py", line 14, in catalog\n    paint("tea", colour="green")\n'
    "TypeError: paint() got an unexpected keyword argument 'colour'",
    # Two modules called __init__ are no circle.
    '  File "/app/gna/__init__.py", line 4, in <module>\n'
    '  File "/app/gna/routes/__init__.py", line 4, in <module>\n'
    "ImportError: cannot import name 'api_bp' from 'gna.routes.api' (/app/gna/routes/api.py)",
    # The log of an exception that nothing is known of.
    "\"GET / HTTP/1.1\" 500 -\nTypeError: key: expected bytes or bytearray, but got 'tuple'",
    # A function of Python is no class of a reader.
    "TypeError: 'encoding' is an invalid keyword argument for this function",
    # What anything runs into, and nothing of the site is on the way.
    '  File "/usr/lib/python3.12/ssl.py", line 561, in options\n'
    "RecursionError: maximum recursion depth exceeded",
    '  File "gevent/threadpool.py", line 173, in __run_task\n'
    "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xcd in position 0: invalid continuation byte",
]


@pytest.mark.parametrize("text", STRANGERS)
def test_what_only_looks_like_a_message_of_the_site_has_no_entry(site: Path, text: str) -> None:
    (answer,) = ask(site, "en", [text])
    assert answer["results"] == []


OUTSIDE = "RuntimeError: Working outside of application context."
# Messages that several entries explain alike, with what stands around them and tells which one is meant.
AROUND = {
    '  File "/app/forms.py", line 31, in <module>\n    search = SearchForm()\n'
    '  File "/v/site-packages/flask_wtf/form.py", line 73, in __init__\n' + OUTSIDE: "guide/forms",
    'app/models.py:40: in make_token\n    key = current_app.config["KEY"]\n'
    f"E   {OUTSIDE}\nFAILED tests/test_models.py::test_token - RuntimeError": "guide/testing",
    '  File "/app/settings.py", line 3, in <module>\n    url = current_app.config["URL"]\n'
    + OUTSIDE: "guide/configuration",
    "BuildError: Could not build url for endpoint 'a'. Did you mean 'b' instead?": "guide/building-urls",
    "BuildError: Could not build url for endpoint 'a'. Did you mean 'b.a' instead?": "guide/blueprints",
    "AttributeError: module 'project.users' has no attribute 'register'": "guide/blueprints",
    '  File "/v/site-packages/gunicorn/util.py", line 370, in import_app\n'
    "ModuleNotFoundError: No module named 'manage'": "guide/deployment",
    '  File "/app/tests/conftest.py", line 5, in <module>\n    from flaskr import create_app\n'
    "ModuleNotFoundError: No module named 'flaskr'\nERROR: could not load /app/tests/conftest.py": "guide/testing",
    "tests/conftest.py:1: in <module>\n    import flaskr\n"
    "E   ModuleNotFoundError: No module named 'flaskr'": "guide/testing",
    '  File "/v/site-packages/flask/sessions.py", line 326, in save_session\n'
    "TypeError: ObjectId('52050bbd') is not JSON serializable": "guide/sessions",
    # With a blueprint on both sides, none is left out.
    "BuildError: Could not build url for endpoint 'a.b' with values ['id']. Did you mean 'a.c' instead?": (
        "guide/building-urls"
    ),
    '  File "/v/site-packages/gunicorn/util.py", line 371, in import_app\n'
    "ModuleNotFoundError: No module named '/srv/shop/app'": "guide/deployment",
    "ImportError: cannot import name 'app'\n循环导入怎么解决": "guide/application-factory",
    '127.0.0.1 - - [22/Apr/2023 16:23:39] "GET /notes HTTP/1.1" 404 -': "reference/messages",
    "   WARNING: This is a development server. Do not use it in a production deployment.\n"
    "   Use a production WSGI server instead.\n"
    "Error: Could not import 'main'.": "guide/command-line",
    '  File "/app/tasks.py", line 4, in purge\n    db.engine.dispose()\n'
    + OUTSIDE: "guide/database",
    "<html><head><title>413 Request Entity Too Large</title></head><body>"
    "<center><h1>413 Request Entity Too Large</h1></center><hr><center>nginx</center>": "guide/behind-nginx",
    "413 Request Entity Too Large": "guide/uploads",
    '  File "/app/session.py", line 64, in log_out\n    del session[self.name]\n'
    "KeyError: 'user_id'": "guide/sessions",
    "    number = request.get_json()['number']\nTypeError: 'NoneType' object is not subscriptable": "guide/requests",
    # A function that was called with too much was called by Flask, or by somebody else.
    '  File "/v/site-packages/flask/app.py", line 1469, in dispatch_request\n'
    "TypeError: catalog() got an unexpected keyword argument 'platform_id'": "reference/messages",
    "OperationalError: (sqlite3.OperationalError) database is locked": "guide/database",
    "Failed to find application object 'app' in 'shop'": "guide/deployment",
    "(sqlite3.OperationalError) database is locked [SQL: UPDATE sessions SET payload=?]": "reference/sessions",
}


@pytest.mark.parametrize("text", AROUND)
def test_what_is_pasted_with_a_message_tells_which_entry_is_meant(site: Path, text: str) -> None:
    (answer,) = ask(site, "en", [text])
    assert answer["results"][0]["key"].partition("#")[0] == AROUND[text]


@pytest.mark.parametrize("folder", FOLDERS.values())
def test_the_data_is_small(site: Path, folder: str) -> None:
    size = len(gzip.compress((site / folder / "look-up.js").read_bytes(), 6))
    # The names of eleven libraries are in it.
    assert size < 85_000
