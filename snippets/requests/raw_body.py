"""Read a body of any size in pieces, so that it does not fill the memory."""

import hashlib

from flask import Flask, request
from flask.typing import ResponseReturnValue

app = Flask(__name__)
PIECE = 64 * 1024


@app.put("/files/<name>")
def store(name: str) -> ResponseReturnValue:
    digest, size = hashlib.sha256(), 0
    while piece := request.stream.read(PIECE):
        digest.update(piece)
        size += len(piece)
    return {
        "declared": request.content_length,
        "size": size,
        "sha256": digest.hexdigest()[:12],
    }
