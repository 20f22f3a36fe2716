"""An application factory: configuration first, then extensions, then blueprints."""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from . import notes, search
from .extensions import storage


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    app = Flask(__name__)
    app.config.from_mapping(PAGE_SIZE=2, FIRST_NOTES=["milk", "bread", "tea"])
    app.config.update(config or {})
    storage.init_app(app)
    app.register_blueprint(notes.bp)
    app.register_blueprint(search.bp)
    return app
