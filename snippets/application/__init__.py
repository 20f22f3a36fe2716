"""Create the application, a notebook for many users, from its parts."""

from typing import Any

from flask import Flask

from snippets.converters import CONVERTERS

from . import (
    account,
    attempts,
    audit,
    commands,
    errors,
    gate,
    headers,
    instance,
    language_switch,
    languages,
    logins,
    middleware,
    note,
    notes,
    passwords,
    registration,
    sessions,
    settings,
    tables,
    users,
)

PARTS = (
    *(tables, sessions, attempts, languages, language_switch, users),
    *(gate, audit, errors, commands, headers, middleware),
)
PAGES = (registration, logins, passwords, language_switch, account, notes, note)


def create_app(instance_path: str | None = None, **given: Any) -> Flask:
    app = Flask(__name__, instance_path=instance_path)
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.config.from_mapping(settings.DEFAULTS)
    app.config.from_prefixed_env("NOTES")
    app.config.from_mapping(given)
    instance.init_app(app)
    # before the first rule that uses them
    app.url_map.converters.update(CONVERTERS)
    for part in PARTS:
        part.init_app(app)
    for page in PAGES:
        app.register_blueprint(page.bp)
    return app
