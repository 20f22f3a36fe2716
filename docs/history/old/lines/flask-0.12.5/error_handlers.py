"""Old lines of the page on error handlers; each function returns what came of it."""

from flask import Flask


def get(app, path="/", **options):
    """Return status and body of an answer; what a view raises is raised."""
    app.testing = True
    response = app.test_client().open(path, **options)
    text = response.get_data(as_text=True)
    return "%s %s" % (response.status_code, "" if "<title>" in text else text)


def text():
    app = Flask("shop")
    app.errorhandler(404)(lambda error: "404 error")
    return get(app, "/missing")


def dictionary():
    return Flask("shop").error_handlers


def error():
    app = Flask("shop")
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/", "index", lambda: 1 / 0)
    app.errorhandler(500)(lambda error: type(error).__name__)
    return get(app)
