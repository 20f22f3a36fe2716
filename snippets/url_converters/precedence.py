"""Rules for the same URL: the converter with the lower weight is tried first."""

from flask import Flask, request

app = Flask(__name__)


@app.get("/items/<path:rest>")
@app.get("/items/<name>")
@app.get("/items/<int(max=99):number>")
@app.get("/items/new")
def show(**values: object) -> dict[str, object]:
    return {"rule": str(request.url_rule), "values": values}
