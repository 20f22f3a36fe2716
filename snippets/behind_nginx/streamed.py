"""A stream that nginx passes on line by line."""

import time
from collections.abc import Iterator

from flask import Flask, Response, request, stream_with_context

app = Flask(__name__)


@app.get("/lines")
def lines() -> Response:
    def each() -> Iterator[str]:
        yield "first\n"
        time.sleep(float(request.args.get("pause", "0")))
        yield "last\n"

    response = Response(stream_with_context(each()), mimetype="text/plain")
    if "now" in request.args:
        response.headers["X-Accel-Buffering"] = "no"
    return response
