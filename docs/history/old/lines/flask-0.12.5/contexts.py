"""Old lines of the page on contexts; each function returns what came of it."""

from flask import Flask, current_app, g


def top():
    from flask import _request_ctx_stack

    with Flask("shop").test_request_context("/tea"):
        return _request_ctx_stack.top.request.path


def g_belongs():
    app = Flask("shop")
    with app.app_context():
        g.user = "ada"
        with app.test_request_context():
            return g.get("user")


def auto_pop():
    context = Flask("shop").test_request_context()
    context.push()
    return context.auto_pop(None)


def preserve():
    return Flask("shop").config["PRESERVE_CONTEXT_ON_EXCEPTION"]


def should_ignore_error():
    return Flask("shop").should_ignore_error(ValueError())


def metaclass():
    from flask.views import MethodView

    return type(MethodView).__name__


def ident_func():
    from werkzeug.local import LocalManager

    return LocalManager().ident_func.__name__
