"""Store and list notes in SQLite, with the standard library only."""

import os
import sqlite3

from flask import Flask, abort, request

from . import db


def create_app(path: str | None = None) -> Flask:
    app = Flask(__name__, instance_relative_config=True)
    app.config["DATABASE"] = path or os.path.join(app.instance_path, "notes.sqlite")
    db.init_app(app)

    @app.get("/notes")
    def notes() -> list[dict[str, object]]:
        rows = db.get_db().execute(
            "SELECT note.id, title, name FROM note JOIN author ON author.id = author_id"
            " WHERE title LIKE ? ORDER BY note.id",
            (f"%{request.args.get('with', '')}%",),
        )
        return [dict(row) for row in rows]

    @app.post("/notes")
    def add() -> tuple[dict[str, object], int]:
        connection = db.get_db()
        try:
            # commits at its end, and rolls back if an exception leaves it
            with connection:
                added = connection.execute(
                    "INSERT INTO note (author_id, title) VALUES (:author, :title)", request.form
                )
        except sqlite3.IntegrityError as error:
            abort(409, str(error))
        return {"id": added.lastrowid}, 201

    return app
