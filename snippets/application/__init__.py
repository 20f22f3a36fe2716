"""A notebook for many people: the application factory puts its parts together."""

from datetime import timedelta
from typing import Any

from flask import Flask
from flask_wtf import CSRFProtect

from snippets.converters import CONVERTERS

from . import (
    account,
    audit,
    commands,
    errors,
    instance,
    languages,
    logins,
    middleware,
    models,
    note,
    notes,
    registration,
    sessions,
    users,
)

PARTS = (models, sessions, languages, users, audit, errors, commands, middleware)


def create_app(instance_path: str | None = None, **settings: Any) -> Flask:
    app = Flask(__name__, instance_path=instance_path)
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.config.from_mapping(
        SQLALCHEMY_DATABASE_URI="sqlite:///notes.db",
        REDIS_URL=None,
        PER_PAGE=6,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=7),
        MAX_CONTENT_LENGTH=100_000,
        MAX_FORM_MEMORY_SIZE=100_000,
        MAX_FORM_PARTS=20,
        # a form is good for as long as its session, or an hour of writing would be lost
        WTF_CSRF_TIME_LIMIT=None,
        # WTForms translates its own messages
        WTF_I18N_ENABLED=False,
    )
    app.config.from_prefixed_env("NOTES")
    app.config.from_mapping(settings)
    instance.init_app(app)
    # before the first rule that uses them
    app.url_map.converters.update(CONVERTERS)
    CSRFProtect(app)
    for part in PARTS:
        part.init_app(app)
    for blueprint in (registration.bp, logins.bp, account.bp, notes.bp, note.bp):
        app.register_blueprint(blueprint)
    return app
