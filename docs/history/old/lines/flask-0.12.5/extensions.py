"""Old lines of the page on extensions; each function returns what came of it."""

import sys
from types import ModuleType

from flask import Flask


def flask_ext():
    sys.modules["flask_notice"] = ModuleType("flask_notice")
    sys.modules["flask_notice"].Notice = "Notice of flask_notice"
    from flask.ext.notice import Notice

    return Notice


def app_ctx_stack():
    from flask import _app_ctx_stack

    with Flask("shop").app_context():
        _app_ctx_stack.top.notice = "connection"
        return _app_ctx_stack.top.notice
