"""A connection is opened at first use and closed when the request ends, even after an error."""

import sqlite3

from flask import Flask, g

app = Flask(__name__)
app.config["DATABASE"] = ":memory:"


def database() -> sqlite3.Connection:
    if "database" not in g:
        g.database = sqlite3.connect(app.config["DATABASE"])
    connection: sqlite3.Connection = g.database
    return connection


@app.teardown_appcontext
def close_database(error: BaseException | None) -> None:
    connection = g.pop("database", None)
    if connection is not None:
        connection.close()


@app.get("/answer")
def answer() -> str:
    (number,) = database().execute("select 6 * 7").fetchone()
    return f"The answer is {number}"


@app.get("/broken")
def broken() -> str:
    return str(database().execute("select from nowhere"))
