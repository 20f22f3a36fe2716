"""Store an upload under a new name, and send it with its original name."""

import tempfile
from pathlib import Path, PurePath

from flask import Flask, abort, request, send_from_directory, url_for
from flask.typing import ResponseReturnValue

ALLOWED = {".jpg", ".pdf", ".png"}


def create_app() -> Flask:
    app = Flask(__name__)
    # in your application: an absolute path outside the static folder
    app.config["UPLOAD_FOLDER"] = Path(tempfile.gettempdir(), "flask-uploads")
    # in your application: a table of the database
    names: dict[str, str] = {}

    @app.post("/files")
    def upload() -> ResponseReturnValue:
        file = request.files["file"]
        name = file.filename or ""
        suffix = PurePath(name).suffix.lower()
        if suffix not in ALLOWED:
            abort(400, "Send a .jpg, .pdf or .png file.")
        # the number of the record: a name that the client cannot choose
        stored = f"{len(names) + 1}{suffix}"
        app.config["UPLOAD_FOLDER"].mkdir(exist_ok=True)
        file.save(app.config["UPLOAD_FOLDER"] / stored)
        names[stored] = name
        return {"url": url_for("download", stored=stored)}, 201

    @app.get("/files/<stored>")
    def download(stored: str) -> ResponseReturnValue:
        if stored not in names:
            abort(404)
        return send_from_directory(
            app.config["UPLOAD_FOLDER"],
            stored,
            as_attachment=True,
            download_name=names[stored],
        )

    return app
