"""A notice above each page, which a command sets."""

from pathlib import Path

from flask import Flask

from .bar import bar, blueprint
from .store import Store, changed, close, current_store

__all__ = ["Notice", "Store", "changed", "current_store"]


class Notice:
    """Binds the extension to applications, and keeps nothing of any of them."""

    def __init__(self, app: Flask | None = None) -> None:
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Read the settings, and register everything on the application."""
        if "notice" in app.extensions:
            raise RuntimeError("Notice was bound to this application before.")
        app.config.setdefault("NOTICE_DATABASE", Path(app.instance_path, "notice.sqlite"))
        app.config.setdefault("NOTICE_DEFAULT", "")
        app.config.setdefault("NOTICE_URL_PREFIX", "/notice")
        path = Path(app.config["NOTICE_DATABASE"])
        app.extensions["notice"] = Store(path, app.config["NOTICE_DEFAULT"])
        app.teardown_appcontext(close)
        app.register_blueprint(blueprint, url_prefix=app.config["NOTICE_URL_PREFIX"])
        app.add_template_global(bar, "notice")
