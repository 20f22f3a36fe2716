"""Stream a long list as JSON lines: one object a line, each sent when it is there."""

from collections.abc import Iterator

from flask import Flask, Response, json, stream_with_context

app = Flask(__name__)


@app.get("/export")
def export() -> Response:
    def each() -> Iterator[str]:
        for number in range(1, 4):
            yield json.dumps({"id": number}) + "\n"

    return Response(stream_with_context(each()), mimetype="application/jsonl")
