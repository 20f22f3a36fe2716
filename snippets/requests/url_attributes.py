"""Every URL attribute of one request."""

from flask import Flask, Response, request, url_for

NAMES = [
    *["scheme", "host", "script_root", "path", "query_string"],
    *["full_path", "url", "base_url", "url_root", "host_url"],
]


def create_app() -> Flask:
    app = Flask(__name__)

    @app.get("/notes/<title>")
    def note(title: str) -> Response:
        lines = [f"{name:13}{getattr(request, name)}" for name in NAMES]
        lines.append(f"{'url_for':13}{url_for('note', title=title)}")
        return Response("\n".join(lines), mimetype="text/plain")

    return app
