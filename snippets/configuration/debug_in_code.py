"""`DEBUG` set in code: the `flask` command overwrites it."""

from flask import Flask

app = Flask(__name__)
app.config["DEBUG"] = True


@app.get("/")
def index() -> dict[str, bool]:
    return {"debug": app.debug}
