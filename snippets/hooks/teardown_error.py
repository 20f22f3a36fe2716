"""What a teardown function gets: the error that no handler took, or None."""

from flask import Flask, abort, request

app = Flask(__name__)
given: list[str] = []


@app.teardown_request
def remember(error: BaseException | None) -> None:
    if request.endpoint != "read_given":
        given.append(f"{request.path} {error!r}")


@app.errorhandler(KeyError)
def key_error(error: KeyError) -> tuple[str, int]:
    return "No such key", 400


@app.errorhandler(500)
def server_error(error: Exception) -> tuple[str, int]:
    return "Out of order", 500


@app.get("/fine")
def fine() -> str:
    return "Fine"


@app.get("/missing")
def missing() -> str:
    abort(404)


@app.get("/handled")
def handled() -> str:
    raise KeyError("colour")


@app.get("/unhandled")
def unhandled() -> str:
    raise ValueError("colour")


@app.get("/given")
def read_given() -> tuple[str, dict[str, str]]:
    text = "\n".join(given)
    given.clear()
    return text, {"Content-Type": "text/plain; charset=utf-8"}
