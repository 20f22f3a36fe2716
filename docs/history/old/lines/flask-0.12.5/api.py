"""Old lines of the page on interfaces; each function returns what came of it."""

from flask import Flask, jsonify


def json_as_ascii():
    app = Flask("shop")
    app.config["JSON_AS_ASCII"] = False
    app.add_url_rule("/", "index", lambda: jsonify(tea="早"))
    return app.test_client().get("/").get_data(as_text=True)
