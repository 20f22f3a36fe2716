"""Static files that a browser keeps for a year, and requests again once they have changed."""

import hashlib
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, render_template_string, request

app = Flask(__name__)
admin = Blueprint("admin", __name__, url_prefix="/admin", static_folder="admin/static")
app.register_blueprint(admin)
versions: dict[tuple[Path, float], str] = {}

PAGE = """\
<link rel="stylesheet" href="{{ url_for('static', filename='site.css') }}">
<link rel="stylesheet" href="{{ url_for('admin.static', filename='admin.css') }}">
"""


@app.url_defaults
def add_version(endpoint: str, values: dict[str, Any]) -> None:
    blueprint, _, name = endpoint.rpartition(".")
    folder = app.blueprints.get(blueprint, app).static_folder
    if name != "static" or folder is None or "v" in values:
        return
    file = Path(folder, values["filename"])
    if file.is_file():
        key = file, file.stat().st_mtime
        if key not in versions:
            versions[key] = hashlib.sha256(file.read_bytes()).hexdigest()[:8]
        values["v"] = versions[key]


@app.after_request
def keep_versions(response: Response) -> Response:
    static = (request.endpoint or "").rpartition(".")[2] == "static"
    if static and "v" in request.args and response.status_code in {200, 304}:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@app.get("/")
def index() -> str:
    return render_template_string(PAGE)
