"""One URL, two view functions: GET lists the notes, POST adds one."""

from flask import Flask, request


def create_app() -> Flask:
    app = Flask(__name__)
    notes = ["milk"]

    @app.get("/notes")
    def list_notes() -> list[str]:
        return notes

    @app.post("/notes")
    def add_note() -> tuple[list[str], int]:
        notes.append(request.form["text"])
        return notes, 201

    @app.route("/login", methods=["GET", "POST"])
    def login() -> dict[str, str]:
        return {"method": request.method}

    return app
