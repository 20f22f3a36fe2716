"""Look a user up by a name: pasted into the query, and passed beside it."""

import sqlite3

from flask import Flask, request

app = Flask(__name__)


def find(query: str, *values: str) -> list[str]:
    with sqlite3.connect(":memory:") as database:
        database.execute("CREATE TABLE user (name TEXT)")
        database.execute("INSERT INTO user VALUES ('ada'), ('grace')")
        names = [name for (name,) in database.execute(query, values)]
    database.close()
    return names


@app.get("/careless")
def careless() -> list[str]:
    return find(f"SELECT name FROM user WHERE name = '{request.args['name']}'")


@app.get("/careful")
def careful() -> list[str]:
    return find("SELECT name FROM user WHERE name = ?", request.args["name"])
