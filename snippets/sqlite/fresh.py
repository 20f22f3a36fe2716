"""The same application with its tables in a new file, for requests and for tests."""

import tempfile
from pathlib import Path

from flask import Flask

from . import db, notes


def create_app() -> Flask:
    app = notes.create_app(str(Path(tempfile.mkdtemp(), "notes.sqlite")))
    with app.app_context():
        db.init_db()
    return app
