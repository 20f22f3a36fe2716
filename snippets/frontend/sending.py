"""Take JSON and forms from a script, each with a CSRF token, and report errors as JSON."""

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect
from werkzeug.exceptions import HTTPException, UnprocessableEntity

csrf = CSRFProtect()


def create_app() -> Flask:
    app = Flask(__name__)
    app.secret_key = "dev"
    csrf.init_app(app)
    # in your application: a table of the database
    notes: list[str] = []

    def add(title: str) -> ResponseReturnValue:
        if not title.strip():
            raise UnprocessableEntity("A note needs a title.")
        notes.append(title)
        return {"title": title, "number": len(notes)}, 201

    @app.get("/")
    def index() -> str:
        return render_template("sending.html")

    @app.post("/api/notes")
    def add_json() -> ResponseReturnValue:
        return add(request.get_json()["title"])

    @app.post("/api/forms/notes")
    def add_form() -> ResponseReturnValue:
        return add(request.form["title"])

    @app.errorhandler(HTTPException)
    def explain(error: HTTPException) -> ResponseReturnValue:
        if request.path.startswith("/api/"):
            return {"error": error.description}, error.code or 500
        return error

    return app
