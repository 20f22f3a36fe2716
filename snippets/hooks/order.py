"""Two hooks of each kind record when they run, and the next request returns the record."""

from flask import Flask, Response, request

app = Flask(__name__)
steps: list[str] = []


def note(step: str) -> None:
    # reading the list must not change it
    if request.endpoint != "read_steps":
        steps.append(step)


@app.before_request
def process_request1() -> None:
    note("process_request 1")


@app.before_request
def process_request2() -> None:
    note("process_request 2")


@app.after_request
def process_response1(response: Response) -> Response:
    note("process_response 1")
    return response


@app.after_request
def process_response2(response: Response) -> Response:
    note("process_response 2")
    return response


@app.teardown_request
def process_end1(error: BaseException | None) -> None:
    note("process_end 1")


@app.teardown_request
def process_end2(error: BaseException | None) -> None:
    note("process_end 2")


@app.get("/index")
def index() -> str:
    note("index")
    return "Index"


@app.get("/steps")
def read_steps() -> tuple[str, dict[str, str]]:
    text = "\n".join(steps)
    steps.clear()
    return text, {"Content-Type": "text/plain; charset=utf-8"}
