"""Old lines of the page on async views; each function returns what came of it."""

from flask import Flask


async def tea():
    return "tea"


def view():
    app = Flask("shop")
    app.testing = True
    app.add_url_rule("/", "tea", tea)
    return app.test_client().get("/").data.decode()
