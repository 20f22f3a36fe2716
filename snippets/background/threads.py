"""Answer at once, and work on in a thread."""

import time
from threading import Thread

from flask import Flask, request
from flask.typing import ResponseReturnValue

app = Flask(__name__)
app.config.update(SECONDS=0.0, DONE=[])


def work(name: str) -> None:
    # no request belongs to this thread: it gets values instead
    with app.app_context():
        time.sleep(app.config["SECONDS"])
        app.config["DONE"].append(name)
        app.logger.info("report for %s", name)


@app.post("/reports")
def order() -> ResponseReturnValue:
    name = request.form["name"]
    Thread(target=work, args=(name,)).start()
    return {"accepted": name}, 202
