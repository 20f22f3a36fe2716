"""A file in memory with a Chinese name, for conditional requests and ranges."""

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
        # for a path, send_file reads these two from the file
        etag="v1",
        last_modified=datetime(2026, 1, 1, tzinfo=UTC),
    )
