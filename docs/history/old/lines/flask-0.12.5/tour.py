"""Old lines of the tour; each function returns what came of it."""

from flask import Flask


def create_tables():
    app, created = Flask("notebook"), []

    @app.before_first_request
    def create():
        created.append("note")

    for _ in range(2):
        app.test_client().get("/")
    return created
