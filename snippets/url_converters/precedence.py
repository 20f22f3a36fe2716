"""Rules for the same URL: fixed text first, then the converter with the smallest weight."""

from flask import Flask, request

app = Flask(__name__)


@app.get("/items/<path:rest>")
@app.get("/items/<name>")
@app.get("/items/<int(max=99):number>")
@app.get("/items/new")
def show(**values: object) -> dict[str, object]:
    return {"rule": str(request.url_rule), "values": values}
