"""Keep the sessions of Flask-Session in files, without a server."""

import atexit
import shutil
import tempfile

from cachelib.file import FileSystemCache
from flask import Flask, session
from flask_session import Session


def create_app() -> Flask:
    app = Flask(__name__)
    # In your application, use a folder that is kept and that nobody else can write to.
    folder = tempfile.mkdtemp(prefix="flask-session-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    app.config.update(SESSION_TYPE="cachelib", SESSION_CACHELIB=FileSystemCache(folder))
    Session(app)

    @app.post("/visits")
    def count_visits() -> dict[str, int]:
        session["visits"] = session.get("visits", 0) + 1
        return {"visits": session["visits"]}

    return app
