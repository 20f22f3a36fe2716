"""Arguments in parentheses restrict what a built-in converter matches."""

from flask import Flask

app = Flask(__name__)


@app.get("/language/<string(length=2):value>")
@app.get("/nickname/<string(minlength=2, maxlength=12):value>")
@app.get("/page/<int(min=1, max=99):value>")
@app.get("/ticket/<int(fixed_digits=4):value>")
@app.get("/floor/<int(signed=True):value>")
@app.get("/latitude/<float(signed=True, max=90):value>")
def show(value: object) -> dict[str, str]:
    return {"type": type(value).__name__, "value": str(value)}
