"""Send a long body line by line; the generator can still read the request."""

from collections.abc import Iterator

from flask import Flask, Response, request, stream_with_context

app = Flask(__name__)


@app.get("/lines")
def lines() -> Response:
    def generate() -> Iterator[str]:
        for number in range(1, 4):
            yield f"{number}. {request.args.get('text', '')}\n"

    return Response(stream_with_context(generate()), mimetype="text/plain")
