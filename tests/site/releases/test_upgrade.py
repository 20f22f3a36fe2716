"""The check of somebody's code: each line that fails today is named, and no other."""

from __future__ import annotations

import ast
import importlib
from functools import cache
from pathlib import Path

import pytest

from proven.commands import upgrade_check
from proven.releases import recorded, upgrade
from proven.releases.timeline import History

TUTORIAL = """\
from flask import Flask, Markup, g, jsonify, request as req, session
from flask.ext.login import LoginManager
import flask
from flask_sqlalchemy import SQLAlchemy, get_debug_queries
from werkzeug.contrib.fixers import ProxyFix
from werkzeug.security import generate_password_hash, safe_str_cmp
from wtforms import TextField
from wtforms.validators import Required
from jinja2 import escape
from itsdangerous import TimedJSONWebSignatureSerializer as Serializer

app = Flask(__name__)
app.config['JSON_AS_ASCII'] = False
app.config.update(SECRET_KEY='x', JSONIFY_PRETTYPRINT_REGULAR=True)
app.config.from_json('settings.json')
db = SQLAlchemy(app)

@app.before_first_request
def create_tables():
    db.create_all()

@app.route('/')
def index():
    if req.is_xhr:
        return jsonify(ok=True)
    return flask.escape('x')

class Config:
    SQLALCHEMY_POOL_SIZE = 5
"""
GONE = [1, 2, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 18, 24, 26, 29]


# In the manner of a tutorial of 2014 to 2018: a blog in one file, with forms, a database, an interface and mail.
BLOG = '''\
# -*- coding: utf-8 -*-
import os
from datetime import datetime

import flask
from flask import (Flask, Markup, abort, current_app, escape,
                   flash, json_available, request,
                   session, _request_ctx_stack)
from flask import _app_ctx_stack as stack
from flask.ext.script import Manager, Shell
from flask.ext.sqlalchemy import SQLAlchemy
from flask.json import JSONEncoder as Base
from flask_sqlalchemy import BaseQuery, get_debug_queries
from itsdangerous import TimedJSONWebSignatureSerializer as Serializer, BadSignature
from jinja2 import contextfunction, Markup as M
from werkzeug import generate_password_hash, secure_filename
from werkzeug.contrib.cache import SimpleCache
from werkzeug.urls import url_quote, url_encode
from werkzeug.wsgi import SharedDataMiddleware
from wtforms import StringField, TextField, validators
from wtforms.fields.html5 import EmailField
from wtforms.validators import Required

basedir = os.path.abspath(os.path.dirname(__file__))


class Config(object):
    SECRET_KEY = os.environ.get('SECRET_KEY') or 'hard to guess'
    SQLALCHEMY_COMMIT_ON_TEARDOWN = True
    JSON_SORT_KEYS = False


class Quiet(Config): LOGGER_NAME = 'blog'; MAIL = 'off'


app = application = Flask(__name__)
app.config.from_object(Config)
app.config['JSON_AS_ASCII'] = False
app.config.update(
    PRESERVE_CONTEXT_ON_EXCEPTION=True,
    SESSION_REFRESH_EACH_REQUEST=True,
)
app.config.update({'JSONIFY_MIMETYPE': 'application/json', u'TEA': 1})
app.json_encoder = Base
if app.config["ENV"] == 'production': application.session_cookie_name = 'blog'


def link(name):
    """Says 'from flask import Markup' in words: request.is_xhr."""
    s = Serializer(current_app.config['SECRET_KEY'], expires_in=60)  # Markup
    return url_quote(name) + '[' + "JSON_AS_ASCII" + ']'


@app.before_first_request
def create():
    app.open_session(request)


@app.route('/', methods=['GET', 'POST'])
def index():
    wants = request.is_xhr or flask.request.is_xhr
    text = f"{request.is_xhr!r:>5} {{request.is_xhr}}"
    return flask.send_file(
        'a.txt',
        attachment_filename='b.txt',
        cache_timeout=-1, as_attachment=True,
    ) if wants else Markup('<b>%s</b>') % escape(text)


@app.template_filter
def cut(request, words=[validators.Required() for _ in ()]):
    return request.args
'''
# Beside its imports, which are run below: keys that nothing reads, attributes, and parameters.
BLOG_GONE = [29, 30, 33, 38, 40, 43, 44, 45, 50, 54, 56, 61, 62, 65, 66, 71]


@cache
def history() -> History:
    return History()


def checked(tmp_path: Path, source: str) -> list[upgrade.Finding]:
    (tmp_path / "app.py").write_text(source, encoding="utf-8")
    found, unread = upgrade.read(tmp_path, history())
    assert unread == []
    return found


def test_each_line_of_a_tutorial_that_fails_today_is_named(tmp_path: Path) -> None:
    found = checked(tmp_path, TUTORIAL)
    assert sorted({item.line for item in found if item.removed}) == GONE


def test_each_line_of_a_blog_of_those_years_that_fails_today_is_named(tmp_path: Path) -> None:
    """What its imports do is tried, name by name."""
    failing = []
    for node in ast.parse(BLOG).body:
        for alias in node.names if isinstance(node, ast.Import | ast.ImportFrom) else ():
            module = node.module if isinstance(node, ast.ImportFrom) else alias.name
            try:
                found = importlib.import_module(module or "")
                if isinstance(node, ast.ImportFrom):
                    getattr(found, alias.name)
            except (ImportError, AttributeError):
                failing.append(alias.lineno)
    assert len(failing) > 15
    found = checked(tmp_path, BLOG)
    named = sorted({item.line for item in found if item.removed})
    assert named == sorted({*failing, *BLOG_GONE})


def test_code_of_today_has_nothing_to_mend(tmp_path: Path) -> None:
    source = (recorded.CODE / "3.0.3" / "diary.py").read_text(encoding="utf-8")
    assert checked(tmp_path, source) == []


def test_a_name_says_since_when_and_what_to_write(tmp_path: Path) -> None:
    (item,) = checked(tmp_path, "from flask import Markup\n")
    assert upgrade.sentence(item) == (
        f"{tmp_path}/app.py:1: flask.Markup: removed in Flask 3.0.0, deprecated since 2.3.1; "
        "write markupsafe.Markup"
    )


@pytest.mark.parametrize(
    "source",
    [
        "app = object()\napp.before_first_request\n",
        "from mine import Markup\n",
        "request = None\nrequest.is_xhr\n",
        "from . import Markup\n",
        "send_file(attachment_filename='x')\n",
    ],
)
def test_what_only_looks_like_a_name_is_not_named(tmp_path: Path, source: str) -> None:
    assert checked(tmp_path, source) == []


def test_the_line_of_a_keyword_argument_is_named(tmp_path: Path) -> None:
    source = "from flask import send_file\nsend_file(\n    'x',\n    attachment_filename='y',\n)\n"
    assert [(item.line, item.use) for item in checked(tmp_path, source)] == [(4, "download_name")]


def test_a_file_that_is_no_python_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text("print 'x'\n")
    (tmp_path / "good.py").write_text("from flask import Markup\n")
    found, unread = upgrade.read(tmp_path, history())
    assert [item.file.name for item in found] == ["good.py"]
    assert len(unread) == 1 and "bad.py" in unread[0]  # noqa: PT018


def test_the_command_prints_links_and_fails_where_names_are_gone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "app.py").write_text("from flask import Markup\n")
    assert upgrade_check.main([str(tmp_path)]) == 1
    printed = capsys.readouterr().out
    assert "history/api.html#name-flask-Markup" in printed
    assert printed.endswith("1 names are gone\n")
    (tmp_path / "app.py").write_text("from flask import Flask\n")
    assert upgrade_check.main([str(tmp_path)]) == 0
    assert capsys.readouterr().out == "no name that is gone was found\n"
