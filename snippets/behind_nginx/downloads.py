"""Check who asks in Flask, and let nginx send the file."""

from flask import Flask, Response, abort, request

app = Flask(__name__)


@app.get("/reports/<int:number>")
def report(number: int) -> Response:
    if request.authorization is None:
        abort(401)
    response = Response(mimetype="application/pdf")
    response.headers["X-Accel-Redirect"] = f"/files/{number}.pdf"
    return response
