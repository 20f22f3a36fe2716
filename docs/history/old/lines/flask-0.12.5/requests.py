"""Old lines of the page on requests; each function returns what came of it."""

from flask import Flask, request


def get(app, path="/", **options):
    """Return status and body of an answer; what a view raises is raised."""
    app.testing = True
    response = app.test_client().open(path, **options)
    text = response.get_data(as_text=True)
    return "%s %s" % (response.status_code, "" if "<title>" in text else text)


def is_xhr():
    with Flask("shop").test_request_context(headers={"X-Requested-With": "XMLHttpRequest"}):
        return request.is_xhr


def json():
    with Flask("shop").test_request_context(method="POST", data="x=1"):
        return request.json is None


def values():
    app = Flask("shop")
    with app.test_request_context("/?a=1", data={"b": "2"}, method="GET"):
        return sorted(request.values)


def browser():
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:52.0) Gecko/20100101 Firefox/52.0"
    with Flask("shop").test_request_context(headers={"User-Agent": agent}):
        return request.user_agent.browser
