"""Static files that a browser keeps for a year, and fetches anew once they change."""

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask, render_template_string, request


class Site(Flask):
    def get_send_file_max_age(self, filename: str | None) -> int | None:
        if "v" in request.args:
            return 365 * 24 * 3600
        return super().get_send_file_max_age(filename)


app = Site(__name__)
versions: dict[tuple[Path, float], str] = {}


@app.url_defaults
def add_version(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint != "static" or "v" in values or app.static_folder is None:
        return
    file = Path(app.static_folder, values["filename"])
    if file.is_file():
        key = file, file.stat().st_mtime
        if key not in versions:
            versions[key] = hashlib.sha256(file.read_bytes()).hexdigest()[:8]
        values["v"] = versions[key]


@app.get("/")
def index() -> str:
    return render_template_string(
        '<link rel="stylesheet" href="{{ url_for("static", filename="site.css") }}">'
    )
