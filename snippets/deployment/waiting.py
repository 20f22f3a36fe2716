"""Views that say in which process and when they ran."""

import os
import time

from flask import Flask

LOADED_IN = os.getpid()

app = Flask(__name__)


def answer(began: float) -> dict[str, float]:
    return {"loaded": LOADED_IN, "pid": os.getpid(), "began": began, "ended": time.monotonic()}


@app.get("/wait/<float:seconds>")
def wait(seconds: float) -> dict[str, float]:
    began = time.monotonic()
    time.sleep(seconds)
    return answer(began)


@app.get("/compute/<float:seconds>")
def compute(seconds: float) -> dict[str, float]:
    began = time.monotonic()
    while time.monotonic() < began + seconds:
        pass
    return answer(began)
