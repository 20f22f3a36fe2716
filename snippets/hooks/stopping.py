"""During maintenance a hook responds to every request except the health check."""

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue

app = Flask(__name__)
app.config["MAINTENANCE"] = True


@app.before_request
def close_for_maintenance() -> ResponseReturnValue | None:
    if app.config["MAINTENANCE"] and request.endpoint != "health":
        return "Back soon", 503, {"Retry-After": "600"}
    return None


@app.after_request
def forbid_sniffing(response: Response) -> Response:
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@app.get("/")
def front_page() -> str:
    return "Front page"


@app.get("/health")
def health() -> str:
    return "Well"
