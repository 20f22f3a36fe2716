"""HEAD and OPTIONS: handled by Flask, handled by the view, or turned off."""

from flask import Flask, request

app = Flask(__name__)


@app.get("/report")
def report() -> tuple[str, dict[str, str]]:
    return "All is well.", {"X-View-Ran": request.method}


@app.route("/by-hand", methods=["GET", "OPTIONS"])
def by_hand() -> tuple[str, int, dict[str, str]]:
    if request.method == "OPTIONS":
        return "", 204, {"Allow": "GET, HEAD, OPTIONS", "X-View-Ran": "OPTIONS"}
    return "Handled by hand", 200, {}


@app.get("/refused", provide_automatic_options=False)
def refused() -> str:
    return "No OPTIONS here"
