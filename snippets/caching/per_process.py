"""What a process keeps for itself: the result of a function, until the process ends."""

import json
import os
from functools import lru_cache
from pathlib import Path

from flask import Flask, current_app

app = Flask(__name__)
app.config["RATES"] = "rates.json"


@lru_cache(maxsize=100)
def rate(currency: str) -> float:
    rates = json.loads(Path(current_app.config["RATES"]).read_text(encoding="utf-8"))
    return float(rates[currency])


@app.get("/rates/<currency>")
def show(currency: str) -> dict[str, float]:
    return {"rate": rate(currency), "pid": os.getpid()}


@app.delete("/rates")
def clear() -> dict[str, float]:
    # only in this process
    rate.cache_clear()
    return {"pid": os.getpid()}
