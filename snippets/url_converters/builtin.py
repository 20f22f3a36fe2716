"""All built-in converters, with a view that returns the value it receives."""

from flask import Flask

app = Flask(__name__)


@app.get("/default/<value>")
@app.get("/string/<string:value>")
@app.get("/int/<int:value>")
@app.get("/float/<float:value>")
@app.get("/path/<path:value>")
@app.get("/any/<any(about, 'terms-of-use'):value>")
@app.get("/uuid/<uuid:value>")
def show(value: object) -> dict[str, str]:
    return {"type": type(value).__name__, "value": str(value)}
