"""Old lines of the page on testing; each function returns what came of it."""

import json

from flask import Flask, jsonify, request


def json_loads():
    app = Flask("shop")
    app.add_url_rule("/", "index", lambda: jsonify(tea="green"))
    response = app.test_client().get("/")
    return json.loads(response.data)


def response_json():
    app = Flask("shop")
    app.add_url_rule("/", "index", lambda: jsonify(tea="green"))
    return app.test_client().get("/").json


def set_cookie():
    app = Flask("shop")
    app.add_url_rule("/", "index", lambda: request.cookies["name"])
    client = app.test_client()
    client.set_cookie("localhost", "name", "value")
    return client.get("/").data


def cookie_jar():
    client = Flask("shop").test_client()
    return list(client.cookie_jar)
