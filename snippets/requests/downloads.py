"""A file made in memory, with a Chinese name, that a client may ask for again or in parts."""

import io
from datetime import UTC, datetime

from flask import Flask, Response, send_file

app = Flask(__name__)
REPORT = "编号,名称\n1,苹果\n".encode()


@app.get("/report")
def report() -> Response:
    return send_file(
        io.BytesIO(REPORT),
        mimetype="text/csv",
        as_attachment=True,
        download_name="报告.csv",
        # from a path, these two are read off the file
        etag="v1",
        last_modified=datetime(2026, 1, 1, tzinfo=UTC),
    )
