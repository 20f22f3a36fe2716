"""Old lines of the page on hooks; each function returns what came of it."""

from flask import Flask


def get(app, path="/", **options):
    """Return status and body of an answer; what a view raises is raised."""
    app.testing = True
    response = app.test_client().open(path, **options)
    text = response.get_data(as_text=True)
    return "%s %s" % (response.status_code, "" if "<title>" in text else text)


def no_return():
    app = Flask("shop")

    @app.after_request
    def process_response1(*args, **kwargs):
        print("process_response 1")

    return get(app)


def arguments():
    app = Flask("shop")
    seen = []

    @app.before_request
    def process_request1(*args, **kwargs):
        seen.append(args)

    get(app)
    return seen


def before_first_request():
    app = Flask("shop")
    seen = []

    @app.before_first_request
    def open_shop():
        seen.append("open")

    get(app), get(app)
    return seen


def got_first_request():
    return Flask("shop").got_first_request


def preserve():
    return Flask("shop").config["PRESERVE_CONTEXT_ON_EXCEPTION"]
