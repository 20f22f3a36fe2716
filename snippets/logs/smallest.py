"""A view that logs at three levels, and one that fails."""

from flask import Flask

app = Flask(__name__)


@app.get("/tea/<int:cups>")
def tea(cups: int) -> str:
    app.logger.debug("looking for %s cups", cups)
    app.logger.info("found %s cups", cups)
    if cups < 3:
        app.logger.warning("only %s cups left", cups)
    return f"{cups} cups"


@app.get("/share")
def share() -> str:
    return str(1 // 0)
