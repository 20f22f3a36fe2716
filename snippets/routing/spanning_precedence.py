"""A variable that spans segments is compared together with the rest of the rule."""

from flask import Flask, request

app = Flask(__name__)


@app.get("/<int:number>/edit")
@app.get("/<path:page>/edit")
@app.get("/<int:number>")
@app.get("/<path:page>")
def show(**values: object) -> dict[str, object]:
    return {"rule": str(request.url_rule), "values": values}
