"""Start a job once, although the reloader imports this module in two processes."""

from flask import Flask
from werkzeug.serving import is_running_from_reloader

app = Flask(__name__)
jobs: list[str] = []

# True in the process that serves requests, with and without the reloader.
serves = is_running_from_reloader() or not app.debug
if serves:
    jobs.append("clean up")  # in your application: start the scheduler


@app.get("/jobs")
def show() -> list[str]:
    return jobs
