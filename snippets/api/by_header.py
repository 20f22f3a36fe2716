"""Two versions of an API at one address, chosen by a header."""

from flask import Flask, Response, abort, jsonify, request

TAGS: dict[str, dict[str, object]] = {"1": {"tag": "green"}, "2": {"tags": ["green", "hot"]}}
NEWEST = "2"

app = Flask(__name__)


@app.get("/note")
def note() -> Response:
    version = request.headers.get("API-Version", NEWEST)
    if version not in TAGS:
        abort(400, f"There is no version {version} of this API.")
    response = jsonify(title="tea", **TAGS[version])
    response.headers["API-Version"] = version
    response.vary.add("API-Version")
    return response
