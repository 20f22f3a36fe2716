"""Work that continues after the response and pushes an application context itself."""

from concurrent.futures import Future, ThreadPoolExecutor

from flask import Flask, current_app, request
from flask.globals import app_ctx

app = Flask(__name__)
app.config["AUTHOR"] = "the shop"
pool = ThreadPoolExecutor(max_workers=2)
reports: list[Future[str]] = []


def write_report(owner: Flask, reader: str) -> str:
    with owner.app_context():
        return f"For {reader}, from {current_app.config['AUTHOR']}"


@app.post("/reports")
def order() -> tuple[dict[str, int], int]:
    # pass the application itself, and values instead of the request
    reports.append(pool.submit(write_report, app_ctx.app, request.form["reader"]))
    return {"report": len(reports) - 1}, 202


@app.get("/reports/<int:number>")
def report(number: int) -> dict[str, str]:
    return {"text": reports[number].result()}
