"""Refuse requests for another host, in another encoding or from another site."""

from urllib.parse import unquote_to_bytes

from flask import Flask, current_app, request
from flask_wtf import CSRFProtect
from werkzeug.exceptions import BadRequest

from .targets import SAFE
from .users import current_user

csrf = CSRFProtect()


class ForeignForm(BadRequest):
    pass


class NotUtf8(BadRequest):
    pass


def from_here() -> bool:
    # a browser sends this header with every form, and no page can change it
    return request.headers.get("Origin", "").partition("://")[2] == request.host


def check() -> None:
    if isinstance(request.routing_exception, BadRequest):
        # another host: no rule was matched, and no URL can be built
        raise request.routing_exception
    if request.method not in SAFE:
        check_encoding()
        if current_app.config["WTF_CSRF_ENABLED"]:
            check_site()


def check_encoding() -> None:
    # a form in GBK would be stored as "%D6%D0" or as "��"
    if request.mimetype == "application/x-www-form-urlencoded":
        text = unquote_to_bytes(request.get_data()).decode(errors="replace")
    else:
        text = "".join(request.form.values())
    if "\ufffd" in text:
        raise NotUtf8


def check_site() -> None:
    if current_user():
        csrf.protect()
    elif not from_here():
        # a visitor without a login has no session, so there is no token to compare
        raise ForeignForm


def init_app(app: Flask) -> None:
    csrf.init_app(app)
    app.before_request(check)
